//! The columns that metrics look at, read straight from the frames, are those of the rows.

mod support;

use support::*;
use tella_events::*;

/// Compares with the table, which is read batch by batch through Arrow's own reader.
fn agrees(run: &RunFolder) {
    let log = LifetimeLog::open(run, 0).unwrap();
    let (columns, table) = (log.columns().unwrap(), log.table().unwrap());
    assert_eq!(columns.len(), table.len());
    assert!(columns.block_num.iter().eq(table.block_num.iter().copied()));
    assert!(columns.exp_num.iter().eq(table.exp_num.iter().copied()));
    assert!(columns.block_type.iter().eq(table.block_type.iter().copied()));
    assert!(columns.block_subtype.iter().eq(table.block_subtype.iter().copied()));
    assert!(columns.complete.iter().eq(table.complete.iter().copied()));
    assert_eq!(columns.worker_id, table.worker_id);
    assert_eq!(columns.task_name, table.task_name);
    assert_eq!(columns.task_params, table.task_params);
    assert_eq!(columns.task_name.values(), table.task_name.values());
    assert_eq!(columns.episode_step_count.as_ref(), Some(&table.episode_step_count));
    assert_eq!(columns.measures["reward"], table.reward);
    let times = columns.finished_at.unwrap();
    assert!((0..table.len()).all(|row| times.get(row) == table.finished_at[row]));
    let memory = log.block_events().unwrap().iter().filter_map(|row| row.event.agent_memory).max();
    assert_eq!(columns.agent_memory, memory);
    for (name, values) in &table.extra {
        let ExtraValues::Float(values) = values else {
            assert!(columns.texts.contains_key(name));
            continue;
        };
        let missing_is_nan = |(value, read): (&Option<f64>, &f64)| match value {
            Some(value) => value.to_bits() == read.to_bits(),
            None => read.is_nan(),
        };
        assert!(values.iter().zip(&columns.measures[name]).all(missing_is_nan), "{name}");
    }
}

/// One thread or several, one frame or dozens, sealed, running and cut short.
#[test]
fn columns_are_those_of_the_rows() {
    for (world, rows, frame_rows) in [
        (World::MiniGrid, 3_000, 8192),
        (World::CartPole, 3_000, 64),
        (World::MiniGrid, 777, 10),
        (World::CartPole, 1, 8192),
    ] {
        let steps = lifetime(world, rows, 50, rows);
        let dir = tempfile::tempdir().unwrap();
        let (run, _) = sealed(&dir.path().join("sealed"), &steps, frame_rows);
        agrees(&run);
        let run = create(&dir.path().join("running"));
        let mut writer = LifetimeWriter::create(&run, status(0), frames_of(frame_rows)).unwrap();
        agrees(&run);
        write(&mut writer, &steps);
        writer.flush().unwrap();
        agrees(&run);
        drop(writer);
        let data = run.lifetime_dir(0).join("experiences.arrow");
        let mut torn = fs_err::read(&data).unwrap();
        torn.extend_from_slice(b"a frame that was never finished");
        fs_err::write(&data, torn).unwrap();
        agrees(&run);
    }
}

/// Rows of every kind: unfinished ones without a number, numbers that jump, a worker and
/// parameters of their own, further measures of which some are missing, and texts.
#[test]
fn odd_rows_are_read_alike() {
    for texts in [false, true] {
        let dir = tempfile::tempdir().unwrap();
        let run = create(dir.path());
        let column = |name: &str, kind| ExtraColumn { name: name.into(), kind };
        let mut extra_columns =
            vec![column("lives", ExtraKind::Float), column("luck", ExtraKind::Float)];
        extra_columns.extend(texts.then(|| column("note", ExtraKind::Text)));
        let options = WriterOptions { extra_columns, ..frames_of(16) };
        let mut writer = LifetimeWriter::create(&run, status(0), options).unwrap();
        let mut draws = Draws(7);
        for row in 0..1000u64 {
            if row % 7 == 0 {
                let kind = [BlockType::Train, BlockType::Test][draws.below(2) as usize];
                let task = ["a", "b", "c"][draws.below(3) as usize];
                let mut segment = Segment::new(row / 50, kind, task, "Default");
                segment.worker_id = format!("worker-{}", draws.below(2));
                segment.task_params = format!("{{\"gravity\":{}}}", draws.below(5));
                segment.block_subtype =
                    [BlockSubtype::Wake, BlockSubtype::Sleep][draws.below(2) as usize];
                writer.set_segment(&segment).unwrap();
            }
            let mut experience = Experience::ended(row + draws.below(2), draws.unit(), 3);
            experience.complete = draws.below(5) > 0;
            if !experience.complete {
                experience.exp_num = None;
            }
            let some =
                |draws: &mut Draws| ExtraValue::Float((draws.below(3) > 0).then(|| draws.unit()));
            // For a while no row has one, then all do.
            let lives = ExtraValue::Float((row > 500).then_some(row as f64));
            let mut extra = vec![lives, some(&mut draws)];
            extra.extend(texts.then_some(ExtraValue::Text(Some("fell"))));
            writer.push_with(&experience, &extra).unwrap();
        }
        writer.seal(&[]).unwrap();
        agrees(&run);
    }
}
