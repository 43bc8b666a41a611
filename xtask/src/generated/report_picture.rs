//! The picture of a report in README: a figure that the program makes of two agents' runs.
//!
//! The runs take some seconds: this is part of `cargo xtask gen`, and no test.

use super::compare;
use anyhow::{Context, Result, ensure};
use fs_err as fs;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The picture, relative to the workspace's root.
const PICTURE: &str = "docs/src/images/evaluations.svg";

/// What makes it, in a fresh folder.
const COMMANDS: [&str; 3] = [
    "run quickstart --agent q-learning --num-lifetimes 3 --curriculum-seed 1 --agent-seed 1 --jobs 2 --out learner",
    "run quickstart --agent random --num-lifetimes 3 --curriculum-seed 1 --agent-seed 2 --jobs 2 --out random",
    "report learner random --formats svg -o report",
];

/// Makes the picture and writes it, or compares it with the one there is.
pub(super) fn report_picture(check: bool) -> Result<()> {
    let program = program()?;
    let dir = tempfile::tempdir()?;
    for line in COMMANDS {
        let mut command = Command::new(&program);
        command.args(line.split(' ')).current_dir(dir.path()).env("TELLA_NO_PROGRESS", "1");
        let output = command.output().context("tella")?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "tella {line}: {said}");
    }
    let made = fs::read_to_string(dir.path().join("report/plots/evaluations.svg"))?;
    match check {
        true => compare(PICTURE, &made),
        false => Ok(fs::write(crate::root().join(PICTURE), made)?),
    }
}

/// The program, built.
fn program() -> Result<PathBuf> {
    let mut cargo = crate::cargo();
    cargo.args(["build", "--quiet", "--locked", "--bin", "tella"]);
    ensure!(cargo.status()?.success(), "the program does not build");
    let output = crate::cargo().args(["metadata", "--no-deps", "--format-version=1"]).output()?;
    let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
    let target = metadata["target_directory"].as_str().context("no target directory")?;
    Ok(Path::new(target).join("debug/tella"))
}
