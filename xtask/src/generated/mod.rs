//! Files generated from code and committed. `xtask/tests/generated.rs` has one
//! test for each: it fails where the file differs from what the code gives, and
//! writes the file where [`WRITE`] is set, as `cargo xtask gen` does. The one that takes
//! seconds to make, `report_picture`, has no test and is made or compared by that command alone.

mod command_reference;
mod families;
mod gallery;
mod parameters;
mod report_picture;

pub use command_reference::command_reference;
pub use families::Family;
pub use gallery::{PICTURES, gallery, kind};
pub use parameters::{Described, Parameter, fill, has_marks};

use anyhow::{Context, Result, bail};
use fs_err as fs;
use std::path::Path;

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
    let same = cargo.status().context("cargo test")?.success();
    report_picture::report_picture(check)?;
    Ok(same)
}

/// Compares the file at `path`, relative to the workspace's root, with `content`,
/// or writes it.
pub fn compare(path: &str, content: &str) -> Result<()> {
    let found = match written_or_found(path, content.as_bytes())? {
        None => return Ok(()),
        Some(found) => String::from_utf8(found).with_context(|| path.to_owned())?,
    };
    let same = found.lines().zip(content.lines()).take_while(|(a, b)| a == b).count();
    bail!(
        "{path}:{}: not as generated: found `{}`, generated `{}`; run `cargo xtask gen`",
        same + 1,
        found.lines().nth(same).unwrap_or_default(),
        content.lines().nth(same).unwrap_or_default(),
    )
}

/// The same for files that are no text: the folder `folder` holds these files, by name
/// and content, and no others.
pub fn compare_folder(folder: &str, files: &[(String, Vec<u8>)]) -> Result<()> {
    for (name, content) in files {
        let path = format!("{folder}/{name}");
        if written_or_found(&path, content)?.is_some() {
            bail!("{path}: not as generated; run `cargo xtask gen`");
        }
    }
    for entry in fs::read_dir(crate::root().join(folder))? {
        let name = entry?.file_name();
        if files.iter().all(|(known, _)| Path::new(known) != Path::new(&name)) {
            bail!("{folder}/{}: is not generated; remove it", Path::new(&name).display());
        }
    }
    Ok(())
}

/// Writes the file where that is wanted; else what it holds, nothing where it does not
/// exist, unless that is `content`.
fn written_or_found(path: &str, content: &[u8]) -> Result<Option<Vec<u8>>> {
    let file = crate::root().join(path);
    if std::env::var_os(WRITE).is_some() {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(file, content)?;
        return Ok(None);
    }
    let found = match fs::read(file) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Vec::new(),
        found => found?,
    };
    Ok((found != content).then_some(found))
}
