//! `cargo xtask torch`: libtorch for the room `nn`, installed once, and the variables that name it.
//!
//! It is PyPI's wheel, of which `nn` links the part for processors; the part for graphics processors is in it too and is
//! loaded where its own libraries are. So nothing has to be importable in Python, and the folder is named by
//! `LIBTORCH`; who has the whole of PyTorch may set `LIBTORCH_USE_PYTORCH=1` instead.

use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;
use tella_reference::Stack;

/// What `cargo` is told to build `nn` with all that computes.
pub(crate) const FEATURES: [&str; 2] = ["--features", "tella-nn/torch"];

/// The variables that a build with libtorch needs; installs it first where that is needed.
pub(crate) fn variables() -> Result<[(&'static str, PathBuf); 2]> {
    crate::test::compiler()?;
    if !Stack::TORCH.installed() {
        crate::test::python()?;
        eprintln!("Installing libtorch, once: half a gigabyte to download, 1.3 on disk");
    }
    let python = Stack::TORCH.install()?;
    let environment =
        python.parent().and_then(|bin| bin.parent()).context("bin/python has a folder")?;
    let libtorch = environment.join("lib/python3.11/site-packages/torch");
    // The room and the command know the folder; tests of what stands above them do not.
    let mut folders = vec![libtorch.join("lib")];
    folders.extend(std::env::var_os("LD_LIBRARY_PATH").iter().flat_map(std::env::split_paths));
    let folders = std::env::join_paths(folders).context("a folder's name has a colon")?;
    Ok([("LIBTORCH", libtorch), ("LD_LIBRARY_PATH", folders.into())])
}

/// Runs a command with the variables set, or prints them for a shell where there is none. Whether it succeeded.
pub fn run(command: &[String]) -> Result<bool> {
    let variables = variables()?;
    let Some((program, arguments)) = command.split_first() else {
        for (name, value) in variables {
            println!("export {name}={}", value.display());
        }
        return Ok(true);
    };
    let status = Command::new(program).args(arguments).envs(variables).status();
    Ok(status.with_context(|| format!("{program} cannot be run"))?.success())
}
