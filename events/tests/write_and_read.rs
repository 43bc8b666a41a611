//! What is written is read back, whatever the frames, and hashes the same.

mod support;

use support::*;
use tella_events::*;

#[test]
fn rows_come_back_as_they_were_written() {
    let steps = lifetime(World::MiniGrid, 1000, 90, 1);
    let dir = tempfile::tempdir().unwrap();
    let (run, _) = sealed(&dir.path().join("run"), &steps, 64);
    let log = LifetimeLog::open(&run, 0).unwrap();
    let table = log.table().unwrap();
    let events = log.block_events().unwrap();

    let (mut row, mut event, mut segment) = (0, 0, None);
    for step in &steps {
        match step {
            Step::Segment(s) => segment = Some(s.clone()),
            Step::Row(experience) => {
                let us = |ns: i64| ns / 1000 * 1000;
                let expected = Experience {
                    started_at: experience.started_at.map(us),
                    finished_at: us(experience.finished_at),
                    ..*experience
                };
                assert_eq!(table.experience(row), expected, "row {row}");
                assert_eq!(Some(table.segment(row)), segment, "row {row}");
                row += 1;
            }
            Step::Block(e) => {
                assert_eq!(events[event].at_row, row as u64);
                assert_eq!(events[event].event, BlockEvent { at: e.at / 1000 * 1000, ..e.clone() });
                event += 1;
            }
        }
    }
    assert_eq!((row, event), (table.len(), events.len()));
}

#[test]
fn the_content_hash_knows_rows_but_not_frames() {
    let steps = lifetime(World::CartPole, 500, 37, 2);
    let hash = |steps: &[Step], frame_rows| {
        let dir = tempfile::tempdir().unwrap();
        let (run, hash) = sealed(dir.path(), steps, frame_rows);
        let read = LifetimeLog::open(&run, 0).unwrap();
        assert_eq!(read.content_hash().unwrap(), hash, "frames of {frame_rows}");
        assert_eq!(read.seal().unwrap().hash, hash);
        assert_eq!(read.status().content_hash.as_ref(), Some(&hash.content));
        hash
    };
    let one = hash(&steps, 8192);
    for frame_rows in [1, 7, 64, 500] {
        assert_eq!(hash(&steps, frame_rows), one);
    }
    // Setting the same segment again changes nothing; wall times do not enter.
    let mut retimed = steps.clone();
    for step in &mut retimed {
        if let Step::Row(row) = step {
            row.started_at = None;
            row.finished_at += 12345;
        }
    }
    let at = retimed.iter().position(|s| matches!(s, Step::Segment(_))).unwrap();
    retimed.insert(at + 3, retimed[at].clone());
    assert_eq!(hash(&retimed, 100), one);
    // Every field of a row does.
    let changes: [fn(&mut Experience); 9] = [
        |r| r.exp_num = None,
        |r| r.episode_index += 1,
        |r| r.env_index += 1,
        |r| r.seed = None,
        |r| r.reward = -r.reward,
        |r| r.episode_step_count += 1,
        |r| r.terminated = !r.terminated,
        |r| r.truncated = !r.truncated,
        |r| r.complete = !r.complete,
    ];
    let mut seen = vec![one.content];
    for change in changes {
        let mut changed = steps.clone();
        let row = changed.iter_mut().rev().find_map(|s| match s {
            Step::Row(row) => Some(row),
            _ => None,
        });
        change(row.unwrap());
        let hash = hash(&changed, 100).content;
        assert!(!seen.contains(&hash));
        seen.push(hash);
    }
}

#[test]
fn a_running_log_is_read_up_to_what_was_published() {
    let steps = lifetime(World::CartPole, 300, 50, 3);
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(1000)).unwrap();
    write(&mut writer, &steps[..200]);
    assert!(run.is_being_written(0));
    assert_eq!(LifetimeLog::open(&run, 0).unwrap().table().unwrap().len(), 0);
    writer.publish().unwrap();
    let rows = writer.rows();
    let table = LifetimeLog::open(&run, 0).unwrap().table().unwrap();
    assert_eq!(table.len() as u64, rows);
    drop(writer);
    assert!(!run.is_being_written(0));
    assert_eq!(LifetimeLog::open(&run, 0).unwrap().table().unwrap(), table);
}

#[test]
fn many_different_segments_in_one_frame() {
    // More labels than a dictionary keeps, so that it starts over between frames.
    let row = match &lifetime(World::CartPole, 1, 1, 4)[3] {
        Step::Row(row) => *row,
        other => panic!("{other:?}"),
    };
    let segment = |n: u64| Segment {
        block_num: n / 10,
        block_type: BlockType::Train,
        block_subtype: BlockSubtype::Sleep,
        task_name: format!("T{n}_V"),
        task: format!("T{n}"),
        variant: "V".into(),
        task_params: format!("{{\"n\":{n}}}"),
        worker_id: "w".into(),
    };
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(100)).unwrap();
    for n in 0..300 {
        writer.set_segment(&segment(n)).unwrap();
        for _ in 0..n % 4 {
            writer.push(&row).unwrap();
        }
    }
    writer.seal(&[]).unwrap();
    let table = LifetimeLog::open(&run, 0).unwrap().table().unwrap();
    let mut at = 0;
    for n in 0..300 {
        for _ in 0..n % 4 {
            assert_eq!(table.segment(at), segment(n));
            at += 1;
        }
    }
    assert_eq!(at, table.len());
}

/// Task parameters that change from row to row: the same as a segment of its own for
/// each, whatever the frames, and also after a resume.
#[test]
fn task_parameters_row_by_row() {
    let row = match &lifetime(World::CartPole, 1, 1, 4)[3] {
        Step::Row(row) => *row,
        other => panic!("{other:?}"),
    };
    let segment = |task_params: String| Segment {
        block_num: 0,
        block_type: BlockType::Train,
        block_subtype: BlockSubtype::Wake,
        task_name: "T_V".into(),
        task: "T".into(),
        variant: "V".into(),
        task_params,
        worker_id: "w".into(),
    };
    // Every fifth row repeats the parameters of the row before.
    let params = |n: u64| format!("{{\"n\":{}}}", n - u64::from(n % 5 == 4));
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut whole = LifetimeWriter::create(&run, status(0), frames_of(100)).unwrap();
    let mut rowwise = LifetimeWriter::create(&run, status(1), frames_of(73)).unwrap();
    assert!(rowwise.set_task_params("{}").is_err(), "there is no segment yet");
    rowwise.set_segment(&segment("never seen".into())).unwrap();
    let mut position = None;
    for n in 0..500 {
        if n == 251 {
            position = Some(rowwise.flush().unwrap());
        }
        whole.set_segment(&segment(params(n))).unwrap();
        whole.push(&row).unwrap();
        rowwise.set_task_params(&params(n)).unwrap();
        rowwise.push(&row).unwrap();
    }
    let hash = whole.seal(&[]).unwrap();
    assert_eq!(rowwise.content_hash(), hash);
    drop(rowwise);
    let mut resumed = LifetimeWriter::resume(&run, 1, &position.unwrap(), frames_of(50)).unwrap();
    resumed.set_segment(&segment("never seen".into())).unwrap();
    for n in 251..500 {
        resumed.set_task_params(&params(n)).unwrap();
        resumed.push(&row).unwrap();
    }
    assert_eq!(resumed.seal(&[]).unwrap(), hash);
    let table = LifetimeLog::open(&run, 1).unwrap().table().unwrap();
    assert!((0..500).all(|n| table.task_params.get(n) == params(n as u64)));
    assert!(check(dir.path()).unwrap().is_sound());
}
