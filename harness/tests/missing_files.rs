//! A file of a run folder that is lost or changed ends every command that reads the folder
//! with exit code 4 and is named; a path that leads to no run folder ends it with 2.

mod support;

use std::path::{Path, PathBuf};
use support::{arg, curriculum, run_expecting, tella};

const CURRICULUM: &str = "
schema: 1
name: missing
tasks: {CartPole: CartPole-v1}
blocks:
  - {learn: CartPole, episodes: 30}
  - {eval: CartPole, episodes: 3}
  - {learn: CartPole, episodes: 1000000}
";

/// Every command that reads a run folder.
fn commands(dir: &Path, out: &Path) -> Vec<Vec<String>> {
    let (dir, out) = (arg(dir), arg(out));
    let line = format!(
        "metrics {dir}|log show {dir}|log check {dir}|log hash {dir}|\
         log export {dir} --format csv --out {out}|verify {dir}|resume {dir}"
    );
    line.split('|').map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// A run stopped in the midst of its last block, by SIGTERM once a checkpoint is there.
fn interrupted(dir: &Path) -> PathBuf {
    let file = curriculum(dir, "c.yaml", CURRICULUM);
    let out = dir.join("run");
    let mut child = tella()
        .args(["run", arg(&file), "--agent", "q-learning", "--agent-seed", "1"])
        .args(["--curriculum-seed", "2", "--checkpoint-every", "0", "--out", arg(&out)])
        .args(["--set", "agent.segment=8"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    while !out.join("lifetime-0000/checkpoint.bin").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    rustix::process::kill_process(
        rustix::process::Pid::from_child(&child),
        rustix::process::Signal::TERM,
    )
    .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(75));
    out
}

#[test]
fn every_file_is_missed() {
    let dir = support::quick_folder();
    let run = interrupted(dir.path());
    let export = dir.path().join("export");
    let names = files(&run);
    assert_eq!(names.len(), 12, "{names:?}");
    run_expecting(0, &["log", "check", arg(&run)]);
    for file in names {
        let bytes = fs_err::read(&file).unwrap();
        fs_err::remove_file(&file).unwrap();
        for command in commands(&run, &export) {
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            let (stdout, stderr) = run_expecting(4, &words);
            let message = format!("{} is missing", file.display());
            assert!(format!("{stdout}{stderr}").contains(&message), "{words:?}: {stdout}{stderr}");
        }
        fs_err::write(&file, bytes).unwrap();
    }
    run_expecting(0, &["log", "check", arg(&run)]);
}

#[test]
fn a_damaged_checkpoint_or_curriculum_is_seen_and_not_resumed_from() {
    let dir = support::quick_folder();
    let run = interrupted(dir.path());
    for name in ["checkpoint.bin", "curriculum.yaml"] {
        let file = run.join("lifetime-0000").join(name);
        let whole = fs_err::read(&file).unwrap();
        for at in (0..whole.len()).step_by(whole.len() / 5) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            for bytes in [flipped.as_slice(), &whole[..at]] {
                fs_err::write(&file, bytes).unwrap();
                let (stdout, _) = run_expecting(4, &["log", "check", arg(&run)]);
                assert!(stdout.contains(&format!("{} is damaged at byte", file.display())));
            }
        }
        fs_err::write(&file, &whole[1..]).unwrap();
        let (_, stderr) = run_expecting(4, &["resume", arg(&run)]);
        assert!(stderr.contains(name), "{stderr}");
        assert!(stderr.contains("hint: move lifetime-0000 out of the run folder"), "{stderr}");
        fs_err::write(&file, &whole).unwrap();
    }
}

#[test]
fn what_is_no_run_folder_is_a_matter_of_usage() {
    let dir = tempfile::tempdir().unwrap();
    let export = dir.path().join("export");
    for no_run in [dir.path(), &dir.path().join("nowhere")] {
        for command in commands(no_run, &export) {
            let words: Vec<&str> = command.iter().map(String::as_str).collect();
            let (_, stderr) = run_expecting(2, &words);
            assert!(stderr.contains("is not a run folder"), "{words:?}: {stderr}");
        }
    }
}

/// A run that was killed before it began is told how it begins, and then does.
#[test]
fn a_run_that_never_began_says_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("run");
    let run = ["run", "SimpleCartPole", "--agent", "random", "--agent-seed", "1"];
    let run = [&run[..], &["--curriculum-seed", "2", "--out", arg(&out)]].concat();
    run_expecting(0, &run);
    fs_err::remove_dir_all(out.join("lifetime-0000")).unwrap();
    fs_err::rename(out.join("run.json"), out.join("run.json.77-0.tmp")).unwrap();
    let (_, said) = run_expecting(2, &["resume", arg(&out)]);
    assert!(
        said.contains("the run was stopped before it began\nhint: give the `tella run`"),
        "{said}"
    );
    run_expecting(0, &run);
    assert!(!out.join("run.json.77-0.tmp").exists());
}

#[test]
fn a_lifetime_that_is_planned_and_not_there_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let text = "schema: 1\nname: two\ntasks: {CartPole: CartPole-v1}\nblocks: [{learn: CartPole, episodes: 3}]\n";
    let file = curriculum(dir.path(), "c.yaml", text);
    let out = dir.path().join("run");
    let args = ["run", arg(&file), "--agent", "random", "--num-lifetimes", "3"];
    let seeds = ["--agent-seed", "1", "--curriculum-seed", "2", "--out", arg(&out)];
    run_expecting(0, &[&args[..], &seeds].concat());
    let check = || {
        let output = tella().args(["log", "check", arg(&out)]).output().unwrap();
        assert_eq!(output.status.code(), Some(0));
        String::from_utf8(output.stdout).unwrap()
    };
    assert!(!check().contains("planned"), "{}", check());
    fs_err::remove_dir_all(out.join("lifetime-0001")).unwrap();
    let note = "note: lifetime 1 is planned and not there; `tella resume` lives it";
    assert!(check().contains(note), "{}", check());
}
