//! Disks that are full, folders that cannot be written or are there already: a clear
//! error, the right exit code, and nothing lost.

mod support;

use serde_json::Value;
use std::process::{Command, Output};
use support::{arg, curriculum, hashes, json_expecting, run_expecting};
use tella_reference::sweep;

const CURRICULUM: &str = "
schema: 1
name: storage
tasks: {CartPole: CartPole-v1}
blocks:
  - {learn: CartPole, episodes: 3000}
  - {eval: CartPole, episodes: 100}
  - {learn: CartPole, episodes: 3000}
";

const ARGS: &str = "--agent random --agent-seed 1 --curriculum-seed 2 --num-parallel-envs 4 --json";

/// Runs a shell script in a mount namespace of its own, with `$TELLA`, `$DIR` and
/// `$FILE` set.
fn script(dir: &std::path::Path, file: &std::path::Path, text: &str) -> Output {
    // Root needs no user namespace, and some containers allow none.
    let flags = if rustix::process::geteuid().is_root() { "-m" } else { "-Urm" };
    Command::new("unshare")
        .args([flags, "sh", "-ec", text])
        .env("TELLA", env!("CARGO_BIN_EXE_tella"))
        .env("TELLA_NO_PROGRESS", "1")
        .env("DIR", dir)
        .env("FILE", file)
        .env("ARGS", ARGS)
        .output()
        .expect("unshare (util-linux) is there")
}

fn whole(dir: &std::path::Path, file: &std::path::Path) -> Vec<String> {
    let out = dir.join("whole");
    let mut args = vec!["run", arg(file), "--out", arg(&out)];
    args.extend(ARGS.split(' '));
    hashes(&json_expecting(0, &args))
}

/// A run on a file system of so many KiB ends with 75 and a sound log; with more room
/// it goes on to the same log as a run that had room from the start.
#[test]
fn full_disk() {
    let dir = tempfile::tempdir().unwrap();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let expected = whole(dir.path(), &file);
    let disk = dir.path().join("disk");
    fs_err::create_dir(&disk).unwrap();
    let sizes = sweep(4, 40);
    for n in 0..sizes {
        let kib = 40 + n * 100 / sizes;
        let output = script(
            &disk,
            &file,
            &format!(
                "mount -t tmpfs -o size={kib}k tmpfs $DIR
             $TELLA run $FILE $ARGS --out $DIR/run >&2 && code=0 || code=$?
             echo $code
             if [ -e $DIR/run/run.json ]; then
                 [ -e $DIR/run/lifetime-0000/status.json ] && $TELLA log check $DIR/run >&2
                 mount -o remount,size=64m $DIR
                 $TELLA resume $DIR/run --json
             fi"
            ),
        );
        let (stdout, stderr) =
            (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{kib} KiB: {stdout}\n{stderr}");
        let (code, rest) = stdout.split_once('\n').unwrap();
        assert_eq!(code, "75", "{kib} KiB: {stderr}");
        assert!(stderr.contains("no space left"), "{kib} KiB: {stderr}");
        if !rest.is_empty() {
            let summary: Value = serde_json::from_str(rest).unwrap();
            assert_eq!(hashes(&summary), expected, "{kib} KiB");
        }
    }
}

/// A limit on file sizes is told like a full disk, not by a signal that kills.
#[test]
fn limited_file_size() {
    let dir = tempfile::tempdir().unwrap();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let expected = whole(dir.path(), &file);
    let output = script(
        dir.path(),
        &file,
        "
        (ulimit -f 20; $TELLA run $FILE $ARGS --out $DIR/run >&2) && code=0 || code=$?
        echo $code
        $TELLA resume $DIR/run --json",
    );
    let stdout = String::from_utf8_lossy(&output.stdout);
    let (code, rest) = stdout.split_once('\n').unwrap();
    assert_eq!(code, "75", "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(hashes(&serde_json::from_str(rest).unwrap()), expected);
}

#[test]
fn read_only_folder() {
    let dir = tempfile::tempdir().unwrap();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let output = script(
        dir.path(),
        &file,
        "
        mount -t tmpfs -o ro tmpfs $DIR
        $TELLA run quickstart --agent random --out $DIR/run",
    );
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("Read-only file system") && stderr.contains("run"), "{stderr}");
}

#[test]
fn existing_folders_are_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let out = dir.path().join("run");
    let run = |code: i32, more: &[&str]| {
        let mut args = vec!["run", arg(&file), "--out", arg(&out), "--agent", "random"];
        args.extend(["--agent-seed", "1", "--curriculum-seed", "2"]);
        args.extend(more);
        run_expecting(code, &args)
    };
    run(0, &[]);
    let (_, stderr) = run(2, &[]);
    assert!(stderr.contains("lifetime-0000") && stderr.contains("never overwritten"), "{stderr}");
    let (_, stderr) = run(2, &["--num-parallel-envs", "2"]);
    assert!(stderr.contains("holds another run"), "{stderr}");
    run(0, &["--lifetime-idx", "1"]);
    run(0, &["--force", "--num-parallel-envs", "2"]);
    // A folder that is no run is left alone even when forced.
    fs_err::remove_file(out.join("run.json")).unwrap();
    fs_err::write(out.join("thesis.txt"), "years of work").unwrap();
    let (_, stderr) = run(2, &["--force"]);
    assert!(stderr.contains("thesis.txt"), "{stderr}");
}
