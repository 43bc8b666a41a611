//! Programs that tests need, from Debian's packages.

use anyhow::{Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};

/// On Debian and its kin, as root, installs packages; else an error that says what is `needed`.
pub(super) fn install(packages: &[&str], needed: &str) -> Result<()> {
    if !is_root() || !Path::new("/etc/debian_version").exists() {
        bail!("{needed}");
    }
    eprintln!("Installing {} with apt-get", packages.join(" and "));
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        command
    };
    // Old package lists may do, so that only the second one's failure counts.
    let _ = apt().args(["-q", "update"]).status();
    let installed =
        apt().args(["-qy", "install", "--no-install-recommends"]).args(packages).status();
    if !installed.is_ok_and(|status| status.success()) {
        bail!("{needed} (apt-get could not install them)");
    }
    Ok(())
}

/// Whether a program runs and succeeds.
pub(super) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

/// Whether this process is root's.
fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
