//! The Python packages that tests compare with, and Python itself.

use anyhow::{Result, bail};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tella_reference::Stack;

const NEEDED: &str = "the tests compare with Python programs that need Python 3.11 with venv: \
                      install python3.11 and python3.11-venv, then run this again";

/// Makes sure that the reference packages are there. How long it took.
pub(super) fn install() -> Result<Duration> {
    let start = Instant::now();
    if !Stack::TESTED.iter().all(Stack::installed) {
        if !usable() {
            install_interpreter()?;
        }
        eprintln!("Installing the Python packages to compare with, once, beside the build");
    }
    for stack in Stack::TESTED {
        stack.install()?;
    }
    Ok(start.elapsed())
}

/// Whether there is a Python 3.11 that can make environments.
fn usable() -> bool {
    succeeds(Command::new("python3.11").args(["-c", "import venv, ensurepip"]))
}

/// On Debian and its kin, as root, from the distribution.
fn install_interpreter() -> Result<()> {
    if !is_root() || !Path::new("/etc/debian_version").exists() {
        bail!(NEEDED);
    }
    eprintln!("Installing python3.11 and python3.11-venv with apt-get");
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null());
        command
    };
    // Old package lists may do, so that only the second one's failure counts.
    let _ = apt().args(["-q", "update"]).status();
    let installed = apt().args(["-qy", "install", "python3.11", "python3.11-venv"]).status();
    if !installed.is_ok_and(|status| status.success()) || !usable() {
        bail!("{NEEDED} (apt-get could not install them)");
    }
    Ok(())
}

/// Whether this process is root's.
fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}
