//! Building all tests, and learning which executable is which suite.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::Stdio;

/// A line that cargo prints about an artifact: what is read of it.
#[derive(Deserialize)]
struct Artifact {
    manifest_path: PathBuf,
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
    kind: Vec<String>,
}

/// Builds the tests of the whole workspace. From an executable's file name to the
/// suite's name, `rng tests/numpy`, and from a library's name to that of its
/// documentation tests, `rng documentation`. `variables` name libtorch.
pub(super) fn all(variables: &[(&str, PathBuf)]) -> Result<HashMap<String, String>> {
    let mut cargo = crate::cargo()
        .args(["test", "--workspace", "--locked", "--no-run"])
        .args(crate::torch::FEATURES)
        .envs(variables.iter().cloned())
        .arg("--message-format=json-render-diagnostics")
        .stdout(Stdio::piped())
        .spawn()
        .context("cargo test")?;
    let messages = BufReader::new(cargo.stdout.take().context("stdout is piped")?);
    let mut suites = HashMap::new();
    for line in messages.lines() {
        // Of all kinds of messages only artifacts have these fields.
        if let Ok(artifact) = serde_json::from_str::<Artifact>(&line?)
            && let Some((file, name)) = suite(&artifact)
        {
            suites.insert(file, name);
        }
    }
    if !cargo.wait()?.success() {
        bail!("the tests do not build");
    }
    Ok(suites)
}

fn suite(artifact: &Artifact) -> Option<(String, String)> {
    let folder = artifact.manifest_path.parent()?.file_name()?.to_str()?;
    let target = &artifact.target;
    let Some(executable) = &artifact.executable else {
        return Some((target.name.clone(), format!("{folder} documentation")));
    };
    let name = match target.kind.first()?.as_str() {
        "test" => format!("{folder} tests/{}", target.name),
        "bin" => format!("{folder} unit ({})", target.name),
        _ => format!("{folder} unit"),
    };
    Some((executable.file_name()?.to_str()?.to_owned(), name))
}
