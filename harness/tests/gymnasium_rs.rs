//! The example that runs an environment of the crate gymnasium-rs: its adapter stays
//! small, and it lives through its curriculum. That is among the long sweeps, since the
//! example is built for it.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use tella_reference::{sweep, workspace_root};

fn folder() -> PathBuf {
    workspace_root().join("examples/gymnasium-rs")
}

/// Runs the example with these arguments and returns what it printed.
fn example(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--"])
        .args(args)
        .current_dir(folder())
        .env("TELLA_NO_PROGRESS", "1")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Lives through the example's curriculum; the content hash.
fn live(out: &Path) -> String {
    let args = ["run", "curriculum.yaml", "--agent", "sarsa-tiles", "--num-parallel-envs", "2"];
    let seeds = ["--curriculum-seed", "1", "--agent-seed", "1", "--json", "--out"];
    let out = [out.to_str().unwrap()];
    let summary: Value =
        serde_json::from_str(&example(&[&args[..], &seeds, &out].concat())).unwrap();
    assert_eq!(summary["lifetimes"][0]["status"], "complete", "{summary}");
    assert!(summary["metrics"].is_object(), "{summary}");
    summary["lifetimes"][0]["content_hash"].to_string()
}

#[test]
fn the_example_lives_through_its_curriculum() {
    let adapter = fs_err::read_to_string(folder().join("src/adapter.rs")).unwrap();
    assert!(adapter.lines().count() <= 100);
    if sweep(0, 1) == 0 {
        return;
    }
    // What both workspaces need has one version.
    fs_err::copy(workspace_root().join("Cargo.lock"), folder().join("Cargo.lock")).unwrap();
    let list = example(&["env", "list"]);
    assert!(list.contains("gymnasium-rs/CartPole\n") && list.contains("\nCartPole-v1\n"), "{list}");
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(live(&dir.path().join("one")), live(&dir.path().join("again")));
}
