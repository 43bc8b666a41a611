//! Running the program from tests.

#![allow(dead_code, reason = "every test file uses its own part of this")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The program, ready to be given arguments.
pub(crate) fn tella() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tella"));
    command.env("TELLA_NO_PROGRESS", "1").env("NO_COLOR", "1");
    command
}

/// Runs the program and returns what it printed, whatever its exit code.
pub(crate) fn run(args: &[&str]) -> Output {
    tella().args(args).output().expect("the program starts")
}

/// Runs the program, which must end with `code`, and returns standard output and
/// standard error.
#[track_caller]
pub(crate) fn run_expecting(code: i32, args: &[&str]) -> (String, String) {
    let output = run(args);
    let stdout = String::from_utf8(output.stdout).expect("standard output is UTF-8");
    let stderr = String::from_utf8(output.stderr).expect("standard error is UTF-8");
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{stdout}\n{stderr}");
    (stdout, stderr)
}

/// Runs the program with `--json`, which must end with `code`, and parses what it printed.
#[track_caller]
pub(crate) fn json_expecting(code: i32, args: &[&str]) -> Value {
    let (stdout, stderr) = run_expecting(code, args);
    serde_json::from_str(&stdout).unwrap_or_else(|e| panic!("{args:?}: {e}\n{stdout}\n{stderr}"))
}

/// The content hash of every lifetime in a summary, by index.
pub(crate) fn hashes(summary: &Value) -> Vec<String> {
    let lifetimes = summary["lifetimes"].as_array().expect("a list of lifetimes");
    lifetimes.iter().map(|l| l["content_hash"].as_str().unwrap_or("none").to_owned()).collect()
}

/// A path as an argument.
pub(crate) fn arg(path: &Path) -> &str {
    path.to_str().expect("test paths are UTF-8")
}

/// Writes a curriculum file and returns its path.
pub(crate) fn curriculum(dir: &Path, name: &str, text: &str) -> PathBuf {
    let path = dir.join(name);
    fs_err::write(&path, text).expect("the temporary folder can be written");
    path
}

/// A temporary folder in memory where the system has one: what a kill leaves does not
/// depend on the disk, and syncing one that is busy takes seconds.
pub(crate) fn quick_folder() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir()
        && let Ok(dir) = tempfile::tempdir_in(memory)
    {
        return dir;
    }
    tempfile::tempdir().expect("a temporary folder can be made")
}

/// Runs the program on a pseudo-terminal of so many rows and columns (by `script` of util-linux)
/// and returns what the terminal was told, line ends as they are, once it has ended with `code`.
#[track_caller]
pub(crate) fn on_a_terminal(code: i32, (rows, columns): (u32, u32), args: &[&str]) -> String {
    let words = [env!("CARGO_BIN_EXE_tella")].into_iter().chain(args.iter().copied());
    let quoted: Vec<String> =
        words.map(|word| format!("'{}'", word.replace('\'', "'\\''"))).collect();
    let command = format!("stty rows {rows} cols {columns}; exec {}", quoted.join(" "));
    let output = Command::new("script")
        .args(["-q", "-e", "-c", &command, "/dev/null"])
        .env("TELLA_NO_PROGRESS", "1")
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .stdin(std::process::Stdio::null())
        .output()
        .expect("script (util-linux) is there");
    let said = String::from_utf8(output.stdout).expect("the terminal is told UTF-8");
    assert_eq!(output.status.code(), Some(code), "{args:?}\n{said}");
    said.replace("\r\n", "\n")
}

/// What a terminal shows one after the other when it is told this: drawings that each begin by
/// clearing the screen from its upper left corner. Nothing may come before the first.
#[track_caller]
pub(crate) fn drawings(told: &str) -> Vec<&str> {
    let mut drawings = told.split("\x1b[H\x1b[J");
    assert_eq!(drawings.next(), Some(""), "something is drawn before the screen is cleared");
    drawings.collect()
}
