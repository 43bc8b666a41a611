//! Our side: the program itself, built for speed.

use super::turns::Clock;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

/// The program.
pub(super) struct Program {
    path: PathBuf,
}

impl Program {
    /// Builds it.
    pub(super) fn build() -> Result<Program> {
        let built =
            crate::cargo().args(["build", "--release", "--locked", "--bin", "tella"]).status()?;
        ensure!(built.success(), "the program does not build");
        let output =
            crate::cargo().args(["metadata", "--no-deps", "--format-version=1"]).output()?;
        let metadata: Value = serde_json::from_slice(&output.stdout).context("cargo metadata")?;
        let target = metadata["target_directory"].as_str().context("no target directory")?;
        Ok(Program { path: PathBuf::from(target).join("release/tella") })
    }

    /// The command `tella` with these arguments.
    pub(super) fn command<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new(&self.path);
        command.args(args).env("TELLA_NO_PROGRESS", "1");
        command
    }

    /// What it prints as JSON.
    pub(super) fn json<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Result<Value> {
        let output = self.command(args).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice(&output.stdout).context("tella")
    }

    /// Steps a second by `clock` of a raw batch.
    pub(super) fn env_speed(
        &self,
        env: &str,
        num_envs: u32,
        threads: u32,
        seconds: f64,
        clock: Clock,
    ) -> Result<f64> {
        let (num_envs, threads) = (num_envs.to_string(), threads.to_string());
        let seconds = seconds.to_string();
        let told = self.json([
            "bench",
            "env",
            env,
            "--num-envs",
            &num_envs,
            "--threads",
            &threads,
            "--seconds",
            &seconds,
            "--json",
        ])?;
        clock.speed(&told)
    }
}
