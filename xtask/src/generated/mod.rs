//! Files generated from code and committed. `xtask/tests/generated.rs` has one
//! test for each: it fails where the file differs from what the code gives, and
//! writes the file where [`WRITE`] is set, as `cargo xtask gen` does.

mod command_reference;

pub use command_reference::command_reference;

use anyhow::{Context, Result, bail};
use fs_err as fs;

/// The environment variable that lets the tests write.
const WRITE: &str = "TELLA_GEN_WRITE";

/// `cargo xtask gen [--check]`: whether all files are (now) as generated.
pub fn run(check: bool) -> Result<bool> {
    let mut cargo = crate::cargo();
    // All members are selected, though one has the tests: with fewer, cargo would
    // choose other features of shared dependencies and build those again.
    cargo.args(["test", "--quiet", "--locked", "--workspace", "--test", "generated"]);
    if !check {
        cargo.env(WRITE, "1");
    }
    Ok(cargo.status().context("cargo test")?.success())
}

/// Compares the file at `path`, relative to the workspace's root, with `content`,
/// or writes it.
pub fn compare(path: &str, content: &str) -> Result<()> {
    let file = crate::root().join(path);
    if std::env::var_os(WRITE).is_some() {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        return Ok(fs::write(file, content)?);
    }
    let found = match fs::read_to_string(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        found => found?,
    };
    if found == content {
        return Ok(());
    }
    let same = found.lines().zip(content.lines()).take_while(|(a, b)| a == b).count();
    bail!(
        "{path}:{}: not as generated: found `{}`, generated `{}`; run `cargo xtask gen`",
        same + 1,
        found.lines().nth(same).unwrap_or_default(),
        content.lines().nth(same).unwrap_or_default(),
    )
}
