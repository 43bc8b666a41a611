//! Files that the log keeps for its caller: vouched for at every instant, a kill in the
//! middle of a replacement included, and missed where they are lost.

mod support;

use std::path::Path;
use support::*;
use tella_events::*;

fn begun(dir: &Path) -> (RunFolder, LifetimeWriter) {
    let run = create(dir);
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(8)).unwrap();
    write(&mut writer, &lifetime(World::CartPole, 20, 10, 70));
    writer.flush().unwrap();
    (run, writer)
}

fn problems(run: &RunFolder) -> Vec<String> {
    check(run.dir()).unwrap().problems.into_iter().map(|problem| problem.message).collect()
}

/// Opening says which file is missing.
fn missed(run: &RunFolder) -> String {
    match LifetimeLog::open(run, 0) {
        Err(e @ EventError::Missing { .. }) => {
            assert!(e.is_corruption());
            e.to_string()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_replacement_that_fails_leaves_the_file_that_was() {
    let dir = tempfile::tempdir().unwrap();
    let (run, mut writer) = begun(dir.path());
    let file = run.lifetime_dir(0).join("checkpoint.bin");
    // Written for the first time: noted, and not there yet.
    fs_err::create_dir(&file).unwrap();
    writer.keep("checkpoint.bin", b"zero").unwrap_err();
    fs_err::remove_dir(&file).unwrap();
    assert_eq!(problems(&run), [""; 0]);
    assert_eq!(run.kept(0, "checkpoint.bin").unwrap(), None);
    LifetimeLog::open(&run, 0).unwrap();
    // Noted again and still not written.
    fs_err::create_dir(&file).unwrap();
    writer.keep("checkpoint.bin", b"naught").unwrap_err();
    fs_err::remove_dir(&file).unwrap();
    assert_eq!(problems(&run), [""; 0]);

    writer.keep("checkpoint.bin", b"one").unwrap();
    assert_eq!(run.kept(0, "checkpoint.bin").unwrap().unwrap(), b"one");
    // Replaced: what is noted already is the next one.
    let before = fs_err::read(&file).unwrap();
    writer.keep("checkpoint.bin", b"two").unwrap();
    fs_err::write(&file, before).unwrap();
    assert_eq!(problems(&run), [""; 0]);
    assert_eq!(run.kept(0, "checkpoint.bin").unwrap().unwrap(), b"one");
    fs_err::write(&file, "three").unwrap();
    assert_eq!(problems(&run).len(), 1);
    assert!(run.kept(0, "checkpoint.bin").unwrap_err().is_corruption());
}

#[test]
fn a_lost_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let (run, mut writer) = begun(dir.path());
    for name in ["curriculum.yaml", "checkpoint.bin"] {
        writer.keep(name, name.as_bytes()).unwrap();
    }
    writer.stop(LifetimeState::Interrupted, None).unwrap();
    let mut names: Vec<String> = fs_err::read_dir(run.lifetime_dir(0))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 10, "{names:?}");
    for name in names {
        let file = run.lifetime_dir(0).join(&name);
        let bytes = fs_err::read(&file).unwrap();
        fs_err::remove_file(&file).unwrap();
        let message = format!("{} is missing", file.display());
        assert_eq!(missed(&run), message);
        assert!(problems(&run).contains(&message), "{name}: {:?}", problems(&run));
        fs_err::write(&file, bytes).unwrap();
    }
    LifetimeLog::open(&run, 0).unwrap();
    for name in ["curriculum.yaml", "run.json"] {
        let file = run.dir().join(name);
        let bytes = fs_err::read(&file).unwrap();
        fs_err::remove_file(&file).unwrap();
        let error = RunFolder::open(run.dir()).unwrap_err();
        assert!(error.is_corruption(), "{error}");
        assert_eq!(error.to_string(), format!("{} is missing", file.display()));
        assert_eq!(problems(&run), [error.to_string()]);
        fs_err::write(&file, bytes).unwrap();
    }
}

/// The seal names what counts; what was kept on the way there is not needed any more.
#[test]
fn a_seal_takes_over() {
    let dir = tempfile::tempdir().unwrap();
    let (run, mut writer) = begun(dir.path());
    for name in ["curriculum.yaml", "checkpoint.bin"] {
        writer.keep(name, name.as_bytes()).unwrap();
    }
    let (kept, lost) =
        (run.lifetime_dir(0).join("curriculum.yaml"), run.lifetime_dir(0).join("checkpoint.bin"));
    // A file that is not what was kept is not sealed.
    fs_err::write(&kept, "name: another\n").unwrap();
    assert!(writer.seal(&["curriculum.yaml"]).unwrap_err().is_corruption());
    fs_err::write(&kept, "curriculum.yaml").unwrap();
    writer.seal(&["curriculum.yaml"]).unwrap();
    drop(writer);
    fs_err::write(run.lifetime_dir(0).join("agent.log"), "hello\n").unwrap();
    run.vouch_for_beginning(0, "agent.log").unwrap();
    fs_err::remove_file(&lost).unwrap();
    LifetimeLog::open(&run, 0).unwrap();
    assert_eq!(problems(&run), [""; 0]);
    // What grows may grow.
    let log = run.lifetime_dir(0).join("agent.log");
    fs_err::write(&log, "hello\nworld\n").unwrap();
    assert_eq!(problems(&run), [""; 0]);
    fs_err::write(&log, "hell").unwrap();
    assert!(problems(&run)[0].contains("at byte 4: the file was cut, it had 6 bytes"));
    for file in [kept, log, run.lifetime_dir(0).join("seal.json")] {
        let bytes = fs_err::read(&file).unwrap();
        fs_err::remove_file(&file).unwrap();
        assert_eq!(missed(&run), format!("{} is missing", file.display()));
        fs_err::write(&file, bytes).unwrap();
    }
}
