//! Stopping and sealing: what was noted first stays, and a failed seal can still be noted.

mod support;

use support::*;
use tella_events::*;

fn seal_refused(writer: &mut LifetimeWriter, attachments: &[&str]) {
    let error = writer.seal(attachments).unwrap_err();
    assert!(matches!(error, EventError::Io { .. } | EventError::Missing { .. }), "{error:?}");
}

#[test]
fn a_second_stop_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(8)).unwrap();
    let fault = serde_json::json!({"kind": "timeout"});
    writer.stop(LifetimeState::Fault, Some(fault.clone())).unwrap();
    let noted = run.status(0).unwrap();
    assert_eq!(noted.fault, Some(fault));
    writer.stop(LifetimeState::Interrupted, None).unwrap();
    assert_eq!(run.status(0).unwrap(), noted);
    assert!(matches!(writer.seal(&[]), Err(EventError::Stopped { .. })));
    assert_eq!(run.status(0).unwrap(), noted);

    let mut writer = LifetimeWriter::create(&run, status(1), frames_of(8)).unwrap();
    writer.seal(&[]).unwrap();
    writer.stop(LifetimeState::Fault, None).unwrap();
    assert_eq!(run.status(1).unwrap().state, LifetimeState::Complete);
    assert!(check(dir.path()).unwrap().is_sound());
}

#[test]
fn an_attachment_that_is_missing_leaves_the_log_as_it_was() {
    let steps = lifetime(World::CartPole, 60, 20, 50);
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(8)).unwrap();
    write(&mut writer, &steps[..30]);
    seal_refused(&mut writer, &["agent.log"]);
    write(&mut writer, &steps[30..]);
    seal_refused(&mut writer, &["agent.log"]);
    writer.stop(LifetimeState::Interrupted, None).unwrap();
    assert_eq!(run.status(0).unwrap().rows, Some(60));
    let report = check(dir.path()).unwrap();
    assert!(report.is_sound() && report.notes.is_empty(), "{report:#?}");
}

#[test]
fn a_seal_that_cannot_be_written_can_be_noted_and_resumed() {
    let steps = lifetime(World::CartPole, 60, 20, 51);
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(8)).unwrap();
    write(&mut writer, &steps);
    let position = writer.flush().unwrap();
    // A folder in its place cannot be renamed over.
    let in_the_way = run.lifetime_dir(0).join("seal.json");
    fs_err::create_dir(&in_the_way).unwrap();
    seal_refused(&mut writer, &[]);
    assert!(matches!(writer.flush(), Err(EventError::Stopped { .. })));
    assert!(matches!(writer.stop(LifetimeState::DiskFull, None), Err(EventError::Stopped { .. })));
    assert_eq!(run.status(0).unwrap().state, LifetimeState::DiskFull);
    drop(writer);
    fs_err::remove_dir(&in_the_way).unwrap();
    let report = check(dir.path()).unwrap();
    assert!(report.is_sound(), "{report:#?}");
    assert_eq!(report.lifetimes[0].rows, 60);

    let mut writer = LifetimeWriter::resume(&run, 0, &position, frames_of(8)).unwrap();
    let expected = sealed(tempfile::tempdir().unwrap().path(), &steps, 8).1;
    assert_eq!(writer.seal(&[]).unwrap(), expected);
}
