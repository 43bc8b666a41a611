//! A kill between two steps of a begin, a resume or a restart leaves a folder in which
//! nothing is wrong. A step is made to fail by a folder that lies where its file goes.

mod support;

use std::path::Path;
use support::*;
use tella_events::*;

/// Runs `act` while `file` cannot be replaced; puts the file back afterwards.
fn with_a_folder_at(file: &Path, act: impl FnOnce()) {
    let before = fs_err::read(file).unwrap();
    fs_err::remove_file(file).unwrap();
    fs_err::create_dir(file).unwrap();
    act();
    fs_err::remove_dir(file).unwrap();
    fs_err::write(file, before).unwrap();
}

/// An interrupted lifetime and a position in its midst.
fn interrupted(dir: &Path, steps: &[Step]) -> (RunFolder, LogPosition) {
    let run = create(dir);
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(8)).unwrap();
    write(&mut writer, &steps[..30]);
    let position = writer.flush().unwrap();
    write(&mut writer, &steps[30..]);
    writer.stop(LifetimeState::Interrupted, None).unwrap();
    (run, position)
}

/// Nothing is wrong, and the lifetime is `running` with all rows.
fn assert_running(run: &RunFolder, rows: u64) {
    let report = check(run.dir()).unwrap();
    assert!(report.is_sound(), "{report:#?}");
    assert_eq!(report.lifetimes[0].state, Some(LifetimeState::Running));
    assert_eq!(report.lifetimes[0].rows, rows);
    assert_eq!(run.status(0).unwrap().rows, None);
}

#[test]
fn begun_but_for_the_status() {
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    drop(LifetimeWriter::create(&run, status(0), frames_of(8)).unwrap());
    let file = run.lifetime_dir(0).join("status.json");
    fs_err::remove_file(&file).unwrap();
    let report = check(dir.path()).unwrap();
    assert!(report.is_sound(), "{report:#?}");
    assert!(report.notes[0].ends_with("was stopped before it began"), "{report:#?}");
    LifetimeWriter::restart(&run, status(0), frames_of(8)).unwrap().seal(&[]).unwrap();
    assert!(check(dir.path()).unwrap().is_sound());
}

#[test]
fn a_lost_status_of_a_lifetime_with_rows_is_still_seen() {
    let dir = tempfile::tempdir().unwrap();
    let (run, _) = interrupted(dir.path(), &lifetime(World::CartPole, 60, 20, 60));
    fs_err::remove_file(run.lifetime_dir(0).join("status.json")).unwrap();
    assert!(!check(dir.path()).unwrap().is_sound());
}

#[test]
fn a_resume_takes_the_status_back_before_it_cuts() {
    let steps = lifetime(World::CartPole, 60, 20, 61);
    let dir = tempfile::tempdir().unwrap();
    let (run, position) = interrupted(dir.path(), &steps);
    with_a_folder_at(&run.lifetime_dir(0).join("flushed.json"), || {
        assert!(LifetimeWriter::resume(&run, 0, &position, frames_of(8)).is_err());
    });
    assert_running(&run, 60);
    // The next step done too, and nothing cut yet.
    let tables = tables(&run);
    drop(LifetimeWriter::resume(&run, 0, &position, frames_of(8)).unwrap());
    for (file, bytes) in tables {
        fs_err::write(file, bytes).unwrap();
    }
    assert_running(&run, 60);
}

fn tables(run: &RunFolder) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let names = ["experiences", "blocks", "timing"];
    let files = names.iter().flat_map(|name| ["arrow", "index"].map(|e| format!("{name}.{e}")));
    let files = files.map(|file| run.lifetime_dir(0).join(file));
    files.map(|file| (file.clone(), fs_err::read(file).unwrap())).collect()
}

#[test]
fn a_restart_takes_promises_back_before_the_tables() {
    let steps = lifetime(World::CartPole, 60, 20, 62);
    let dir = tempfile::tempdir().unwrap();
    let (run, _) = interrupted(dir.path(), &steps);
    let restart = || LifetimeWriter::restart(&run, status(0), frames_of(8));
    with_a_folder_at(&run.lifetime_dir(0).join("flushed.json"), || assert!(restart().is_err()));
    assert_running(&run, 60);
    // Stopped midway through the tables it removes.
    with_a_folder_at(&run.lifetime_dir(0).join("timing.arrow"), || assert!(restart().is_err()));
    let report = check(dir.path()).unwrap();
    assert!(report.is_sound(), "{report:#?}");
    assert!(report.notes[0].ends_with("was stopped before it began"), "{report:#?}");

    let mut writer = restart().unwrap();
    write(&mut writer, &steps);
    let expected = sealed(tempfile::tempdir().unwrap().path(), &steps, 8).1;
    assert_eq!(writer.seal(&[]).unwrap(), expected);
}
