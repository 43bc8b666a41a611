//! Making, joining, refusing and replacing run folders.

mod support;

use std::collections::BTreeMap;
use std::path::Path;
use support::*;
use tella_events::*;

fn make(dir: &Path, identity: &str, on_existing: OnExisting) -> Result<RunFolder, EventError> {
    let info = RunInfo { identity_hash: identity.into(), ..info() };
    RunFolder::create(dir, &info, "name: x\n", on_existing)
}

fn exists(result: Result<RunFolder, EventError>) -> String {
    match result {
        Err(EventError::Exists { why, .. }) => why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_written_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let mut info = info();
    info.extra.insert("threads".into(), serde_json::json!(2));
    info.machine.insert("cpu".into(), serde_json::json!("x"));
    let made = RunFolder::create(dir.path(), &info, "name: ü\n", OnExisting::Join).unwrap();
    let read = RunFolder::open(dir.path()).unwrap();
    assert_eq!(read.info(), made.info());
    assert_eq!(read.curriculum().unwrap(), "name: ü\n");
    assert_eq!(read.info().agent_seed, Some(u64::MAX));
    assert_eq!(read.info().extra["threads"], 2);
}

#[test]
fn only_the_same_run_is_joined() {
    let dir = tempfile::tempdir().unwrap();
    let run = dir.path().join("deep/run");
    make(&run, "a", OnExisting::Join).unwrap();
    fs_err::write(run.join("report.html"), "mine").unwrap();
    make(&run, "a", OnExisting::Join).unwrap();
    let why = exists(make(&run, "b", OnExisting::Join));
    assert_eq!(why, "holds another run (identity a, not b)");
    let replaced = make(&run, "b", OnExisting::Replace).unwrap();
    assert_eq!(RunFolder::open(&run).unwrap().info(), replaced.info());
    assert_eq!(fs_err::read_to_string(run.join("report.html")).unwrap(), "mine");
}

#[test]
fn a_folder_that_is_no_run_is_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    fs_err::write(dir.path().join("thesis.tex"), "years of work").unwrap();
    for on_existing in [OnExisting::Join, OnExisting::Replace] {
        let why = exists(make(dir.path(), "a", on_existing));
        assert_eq!(why, "holds `thesis.tex`, which belongs to no run");
    }
    assert_eq!(fs_err::read_dir(dir.path()).unwrap().count(), 1);
    let file = dir.path().join("thesis.tex");
    assert!(matches!(make(&file, "a", OnExisting::Replace), Err(EventError::Io { .. })));
}

#[test]
fn a_run_stopped_before_it_began_is_begun_again() {
    let dir = tempfile::tempdir().unwrap();
    let said = |dir: &Path| RunFolder::open(dir).unwrap_err().to_string();
    assert!(said(&dir.path().join("none")).ends_with("there is no such folder"));
    assert!(said(dir.path()).ends_with("run.json is missing"));
    fs_err::write(dir.path().join("curriculum.yaml"), "cut").unwrap();
    fs_err::write(dir.path().join("run.json.123.tmp"), "{").unwrap();
    assert!(said(dir.path()).ends_with("the run was stopped before it began"));
    make(dir.path(), "a", OnExisting::Join).unwrap();
    // Lifetimes whose run.json is lost are somebody's data.
    let run = RunFolder::open(dir.path()).unwrap();
    LifetimeWriter::create(&run, status(0), WriterOptions::default()).unwrap().seal(&[]).unwrap();
    fs_err::remove_file(dir.path().join("run.json")).unwrap();
    assert_eq!(exists(make(dir.path(), "a", OnExisting::Join)), "holds lifetimes but no run.json");
    assert!(!check(dir.path()).unwrap().is_sound());
}

/// Every file below a folder, by its path there.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![dir.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs_err::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(dir).unwrap().display().to_string();
                found.insert(name, fs_err::read(&path).unwrap());
            }
        }
    }
    found
}

#[test]
fn a_run_being_written_is_not_replaced() {
    let dir = tempfile::tempdir().unwrap();
    let run = make(dir.path(), "a", OnExisting::Join).unwrap();
    for done in [1, 3] {
        let mut writer = LifetimeWriter::create(&run, status(done), frames_of(8)).unwrap();
        writer.seal(&[]).unwrap();
    }
    let writer = LifetimeWriter::create(&run, status(2), WriterOptions::default()).unwrap();
    let before = files(dir.path());
    assert!(before.contains_key("run.json") && before.contains_key("lifetime-0003/seal.json"));
    let refused = make(dir.path(), "a", OnExisting::Replace);
    assert!(matches!(refused, Err(EventError::Locked { .. })), "{refused:?}");
    assert_eq!(files(dir.path()), before);
    drop(writer);
    let run = make(dir.path(), "a", OnExisting::Replace).unwrap();
    assert!(run.lifetimes().unwrap().is_empty());
}

#[test]
fn many_at_once_make_one_run_and_share_the_lifetimes() {
    let dir = tempfile::tempdir().unwrap();
    let won: u32 = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let run = make(dir.path(), "a", OnExisting::Join).unwrap();
                    let won = (0..4).filter(|idx| {
                        match LifetimeWriter::create(&run, status(*idx), frames_of(8)) {
                            Ok(mut writer) => writer.seal(&[]).is_ok(),
                            Err(EventError::Exists { .. }) => false,
                            Err(e) => panic!("{e}"),
                        }
                    });
                    won.count() as u32
                })
            })
            .collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).sum()
    });
    assert_eq!(won, 4);
    assert!(check(dir.path()).unwrap().is_sound());
}
