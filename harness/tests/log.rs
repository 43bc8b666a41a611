//! `tella log` on the sample folder of the event log's tests: what is printed, and the exit
//! codes.

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const HASH: &str = "9ff19790f941d5ea190ab0b8f0dff756d57b0e9a13b71b2f85ebd25337e1aade";

fn sample() -> PathBuf {
    tella_reference::workspace_root().join("events/tests/format-1")
}

fn log(arguments: &[&str]) -> (i32, String, String) {
    let Output { status, stdout, stderr } =
        Command::new(env!("CARGO_BIN_EXE_tella")).arg("log").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// Runs a verb with `--json`; it must succeed.
fn json(verb: &str, dir: &Path) -> Value {
    let (code, out, err) = log(&[verb, dir.to_str().unwrap(), "--json"]);
    assert_eq!((code, err.as_str()), (0, ""));
    serde_json::from_str(&out).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs_err::create_dir_all(to).unwrap();
    for entry in fs_err::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs_err::copy(path, target).unwrap();
        }
    }
}

#[test]
fn a_sound_folder() {
    let shown = json("show", &sample());
    assert_eq!(shown["run"]["agent"], "random");
    assert_eq!(shown["lifetimes"][0]["state"], "complete");
    assert_eq!(shown["lifetimes"][0]["blocks"][1]["task_name"], "DistShift_R2");
    assert_eq!(shown["lifetimes"][0]["blocks"][1]["experiences"], 15);
    let checked = json("check", &sample());
    assert_eq!(checked["sound"], true);
    assert_eq!(checked["lifetimes"][1]["state"], "fault");
    let hashed = json("hash", &sample());
    assert_eq!(hashed["lifetimes"][0]["content_hash"], HASH);
    let (code, out, _) = log(&["hash", sample().to_str().unwrap()]);
    assert_eq!((code, out.lines().next()), (0, Some(format!("{HASH}  lifetime-0000").as_str())));
}

#[test]
fn damage_ends_with_4_and_names_the_place() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    copy(&sample(), &run);
    let file = run.join("lifetime-0000/experiences.arrow");
    let mut bytes = fs_err::read(&file).unwrap();
    let last = bytes.len() - 100;
    bytes[last] ^= 1;
    fs_err::write(&file, bytes).unwrap();
    for verb in ["check", "show", "hash"] {
        let (code, out, err) = log(&[verb, run.to_str().unwrap()]);
        assert_eq!(code, 4, "{verb}");
        let said = out + &err;
        assert!(said.contains("experiences.arrow is damaged in frame 4 at byte"), "{said}");
        assert!(said.contains("(rows before it that can be read: 36)"), "{said}");
    }
}

/// What only a resume needs is removed when a lifetime is sealed: without the seal, that is
/// not what is missing.
#[test]
fn a_seal_that_is_missing_is_all_that_is_missing() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("run");
    copy(&sample(), &run);
    fs_err::remove_file(run.join("lifetime-0000/seal.json")).unwrap();
    fs_err::write(run.join("run.json.77-0.tmp"), "{").unwrap();
    let (code, out, _) = log(&["check", run.to_str().unwrap()]);
    let damaged: Vec<&str> = out.lines().filter(|line| line.starts_with("damaged: ")).collect();
    assert_eq!((code, damaged.len()), (4, 1), "{out}");
    assert!(damaged[0].ends_with("status.json says complete, but seal.json is missing"), "{out}");
    assert!(out.contains("run.json.77-0.tmp was left by a killed process"), "{out}");
}

#[test]
fn there_and_back() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    let sample = sample();
    for format in ["l2logger", "tsv", "csv", "parquet", "tensorboard"] {
        let arguments = ["export", sample.to_str().unwrap(), "--format", format, "-o", &at(format)];
        let (code, out, err) = log(&arguments);
        assert_eq!((code, out.lines().count(), err.as_str()), (0, 2, ""), "{format}");
        let (code, _, err) = log(&arguments);
        assert_eq!(code, 2, "nothing is overwritten: {err}");
    }
    for format in ["l2logger", "tsv"] {
        let back = at(&format!("back-{format}"));
        assert_eq!(log(&["import", &at(format), "-o", &back]).0, 0);
        assert_eq!(json("check", Path::new(&back))["sound"], true);
    }
    let hash = |dir: &Path| json("hash", dir)["lifetimes"][0]["experiences_hash"].clone();
    assert_eq!(hash(Path::new(&at("back-tsv"))), hash(&sample));
}

#[test]
fn what_is_no_run_folder_ends_with_2() {
    let dir = tempfile::tempdir().unwrap();
    for verb in ["show", "check", "hash"] {
        let (code, _, err) = log(&[verb, dir.path().to_str().unwrap()]);
        assert_eq!(code, 2);
        assert!(err.contains("is not a run folder: run.json is missing"), "{err}");
    }
    let out = dir.path().join("out");
    let (code, _, err) =
        log(&["import", dir.path().to_str().unwrap(), "-o", out.to_str().unwrap()]);
    assert_eq!(code, 2);
    assert!(err.contains("holds neither an L2Logger scenario"), "{err}");
}
