//! Every command that README and documentation show works.
//!
//! The `sh` blocks of a page are run in order, as one script, in a fresh folder, with
//! the program on the path.

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The text of the blocks fenced as `sh`, in order.
fn script(page: &str) -> String {
    let mut script = String::new();
    let mut inside = false;
    for line in page.lines() {
        match line.trim() {
            "```sh" => inside = true,
            "```" => inside = false,
            // Bash does not stop where a negated command succeeds.
            _ if inside && line.starts_with("! ") => {
                script.push_str(&format!("if {}; then exit 1; fi\n", &line[2..]));
            }
            _ if inside => {
                script.push_str(line);
                script.push('\n');
            }
            _ => {}
        }
    }
    script
}

fn pages(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs_err::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            pages(&path, found);
        } else if path.extension().is_some_and(|e| e == "md") {
            found.push(path);
        }
    }
}

#[test]
fn commands_shown_work() {
    let root = tella_reference::workspace_root();
    let mut found = vec![root.join("README.md")];
    pages(&root.join("docs/src"), &mut found);
    found.sort();
    let program = Path::new(env!("CARGO_BIN_EXE_tella"));
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap_or_default()
    );
    let (mut commands, mut failures) = (0, Vec::new());
    for page in found {
        let script = script(&fs_err::read_to_string(&page).unwrap());
        commands += script.lines().filter(|l| l.contains("tella ")).count();
        let dir = tempfile::tempdir().unwrap();
        let output = Command::new("bash")
            .args(["-euo", "pipefail", "-c", &script])
            .current_dir(dir.path())
            .env("PATH", &path)
            .env("TELLA_NO_PROGRESS", "1")
            .output()
            .unwrap();
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
            failures.push(format!("{}:\n{stderr}", page.display()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(commands >= 10, "only {commands} commands were found");
}
