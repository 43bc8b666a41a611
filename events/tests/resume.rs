//! Going back to a position and writing on gives the table of an uninterrupted run.

mod support;

use support::*;
use tella_events::*;

/// The log of `steps` written without a break.
fn uninterrupted(steps: &[Step]) -> ContentHash {
    let dir = tempfile::tempdir().unwrap();
    sealed(dir.path(), steps, 8192).1
}

/// The last segment set before step `at`; a resumed engine sets it again.
fn segment_before(steps: &[Step], at: usize) -> Option<&Step> {
    steps[..at].iter().rev().find(|s| matches!(s, Step::Segment(_)))
}

fn go_on(writer: &mut LifetimeWriter, steps: &[Step], at: usize) {
    let next = steps[at..].iter().find(|s| !matches!(s, Step::Block(_)));
    if let (Some(Step::Row(_)), Some(segment)) = (next, segment_before(steps, at)) {
        write(writer, std::slice::from_ref(segment));
    }
    write(writer, &steps[at..]);
}

#[test]
fn kills_at_many_places_then_resume() {
    let steps = lifetime(World::MiniGrid, 400, 60, 5);
    let expected = uninterrupted(&steps);
    let mut draws = Draws(6);
    for round in 0..40 {
        let frame_rows = [16, 64, 1000][round % 3];
        let dir = tempfile::tempdir().unwrap();
        let run = create(dir.path());
        let mut writer = LifetimeWriter::create(&run, status(0), frames_of(frame_rows)).unwrap();
        let checkpoint = draws.below(steps.len() as u64) as usize;
        let killed = checkpoint + draws.below((steps.len() - checkpoint) as u64) as usize;
        write(&mut writer, &steps[..checkpoint]);
        let position = writer.flush().unwrap();
        write(&mut writer, &steps[checkpoint..killed]);
        if round % 2 == 0 {
            writer.publish().unwrap();
        }
        drop(writer);
        // A kill may leave part of a frame, and part of an index entry.
        for name in ["experiences", "blocks", "timing"] {
            for ending in ["arrow", "index"] {
                use std::io::Write;
                let path = run.lifetime_dir(0).join(format!("{name}.{ending}"));
                let mut file = fs_err::OpenOptions::new().append(true).open(path).unwrap();
                let torn: Vec<u8> = (0..draws.below(47)).map(|_| draws.next() as u8).collect();
                file.write_all(&torn).unwrap();
            }
        }
        let before = LifetimeLog::open(&run, 0).unwrap().table().unwrap();

        let mut writer = LifetimeWriter::resume(&run, 0, &position, frames_of(frame_rows)).unwrap();
        assert_eq!(writer.rows(), position.experiences.rows);
        go_on(&mut writer, &steps, checkpoint);
        assert_eq!(writer.seal(&[]).unwrap(), expected, "round {round}");
        let log = LifetimeLog::open(&run, 0).unwrap();
        assert_eq!(log.content_hash().unwrap(), expected);

        // What was cut away is kept.
        let lost = before.len() as u64 - position.experiences.rows;
        let kept = log.superseded().unwrap();
        assert_eq!(kept.iter().map(|(_, t)| t.len() as u64).sum::<u64>(), lost, "round {round}");
        if let Some((k, kept)) = kept.first() {
            assert_eq!(*k, 0);
            let from = position.experiences.rows as usize;
            for row in 0..kept.len() {
                let cut = before.experience(from + row);
                assert_eq!(
                    kept.experience(row),
                    Experience { started_at: None, finished_at: 0, ..cut }
                );
            }
        }
    }
}

#[test]
fn restart_begins_anew_and_keeps_the_old_rows() {
    let steps = lifetime(World::CartPole, 200, 50, 7);
    let expected = uninterrupted(&steps);
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    for round in 0..3u32 {
        let mut writer = LifetimeWriter::restart(&run, status(0), frames_of(20)).unwrap();
        write(&mut writer, &steps[..100]);
        writer.stop(LifetimeState::Interrupted, None).unwrap();
        let log = LifetimeLog::open(&run, 0).unwrap();
        assert_eq!(log.status().state, LifetimeState::Interrupted);
        assert_eq!(log.superseded().unwrap().len() as u32, round);
    }
    // Killed before anything was flushed: only an empty Arrow file is there.
    for file in ["status.json", "flushed.json", "experiences.index", "blocks.arrow"] {
        fs_err::remove_file(run.lifetime_dir(0).join(file)).unwrap();
    }
    let mut writer = LifetimeWriter::restart(&run, status(0), frames_of(20)).unwrap();
    write(&mut writer, &steps);
    assert_eq!(writer.seal(&[]).unwrap(), expected);
}

#[test]
fn a_position_of_another_log_is_refused() {
    let steps = lifetime(World::CartPole, 200, 50, 8);
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut first = LifetimeWriter::create(&run, status(0), frames_of(20)).unwrap();
    write(&mut first, &steps);
    let far = first.flush().unwrap();
    drop(first);
    let mut second = LifetimeWriter::create(&run, status(1), frames_of(20)).unwrap();
    write(&mut second, &steps[..50]);
    let near = second.flush().unwrap();
    drop(second);
    let refused = |idx, position| match LifetimeWriter::resume(&run, idx, position, frames_of(20)) {
        Err(e @ EventError::Position { .. }) => e.to_string(),
        Err(e) => panic!("{e}"),
        Ok(_) => panic!("resumed lifetime {idx} at a position of another"),
    };
    assert!(refused(1, &far).contains("frames, the checkpoint"));
    assert!(refused(0, &near).contains("another checksum"));
}

#[test]
fn a_sealed_lifetime_is_not_written_again() {
    let steps = lifetime(World::CartPole, 50, 50, 9);
    let dir = tempfile::tempdir().unwrap();
    let (run, _) = sealed(dir.path(), &steps, 20);
    // As if killed between the seal and the status.
    run.set_status(&status(0)).unwrap();
    let position = run.seal(0).unwrap().unwrap().end;
    for refused in [
        LifetimeWriter::resume(&run, 0, &position, WriterOptions::default()),
        LifetimeWriter::restart(&run, status(0), WriterOptions::default()),
    ] {
        assert!(matches!(refused, Err(EventError::Sealed { .. })));
    }
    assert_eq!(run.status(0).unwrap().state, LifetimeState::Complete);
    assert_eq!(run.status(0).unwrap().rows, Some(50));
}

#[test]
fn two_writers_of_one_lifetime() {
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut writer = LifetimeWriter::create(&run, status(0), WriterOptions::default()).unwrap();
    let position = writer.flush().unwrap();
    let again = LifetimeWriter::create(&run, status(0), WriterOptions::default());
    assert!(matches!(again, Err(EventError::Exists { .. })));
    let resumed = LifetimeWriter::resume(&run, 0, &position, WriterOptions::default());
    assert!(matches!(resumed, Err(EventError::Locked { .. })));
    drop(writer);
    LifetimeWriter::resume(&run, 0, &position, WriterOptions::default()).unwrap();
}

#[test]
fn a_restarted_lifetime_stays_locked() {
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    // A folder that was made and nothing more is guarded like any other.
    fs_err::create_dir(run.lifetime_dir(0)).unwrap();
    for _ in 0..2 {
        let mut writer =
            LifetimeWriter::restart(&run, status(0), WriterOptions::default()).unwrap();
        let position = writer.flush().unwrap();
        assert!(run.is_being_written(0));
        for second in [
            LifetimeWriter::resume(&run, 0, &position, WriterOptions::default()),
            LifetimeWriter::restart(&run, status(0), WriterOptions::default()),
        ] {
            assert!(matches!(second, Err(EventError::Locked { .. })));
        }
        assert_eq!(writer.flush().unwrap(), position);
    }
    assert!(!run.is_being_written(0));
}

#[test]
fn events_out_of_order_are_refused() {
    let steps = lifetime(World::CartPole, 3, 3, 10);
    let Some(Step::Segment(segment)) = steps.get(2) else { panic!("{steps:?}") };
    let Some(Step::Row(row)) = steps.get(3) else { panic!("{steps:?}") };
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut writer = LifetimeWriter::create(&run, status(0), WriterOptions::default()).unwrap();
    let said = |result: Result<(), EventError>| result.unwrap_err().to_string();
    assert!(said(writer.push(row)).contains("before any segment"));
    writer.set_segment(&Segment { block_num: 3, ..segment.clone() }).unwrap();
    assert!(said(writer.set_segment(segment)).contains("block 0 after block 3"));
    writer.push(&Experience { exp_num: Some(5), ..*row }).unwrap();
    assert!(said(writer.push(&Experience { exp_num: Some(4), ..*row })).contains("exp_num"));
    let row = Experience { exp_num: Some(5), ..*row };
    assert!(said(writer.push_with(&row, &[ExtraValue::Float(None)])).contains("extra values"));
    // None of them was logged, and the log goes on.
    assert_eq!(writer.rows(), 1);
    writer.push(&row).unwrap();
    assert_eq!(writer.seal(&[]).unwrap().experience_rows, 2);
}
