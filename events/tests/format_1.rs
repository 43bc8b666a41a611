//! A run folder of format version 1 that must read for ever: the files in `format-1/` are
//! never made anew. The values expected were written down when it was made; the hashes are
//! those that tests/content_hash.rs proves.

mod support;

use std::path::{Path, PathBuf};
use support::*;
use tella_events::*;

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format-1")
}

/// How the sample was made, kept to show what is in it; for a later version, make another
/// folder.
#[test]
#[ignore = "made once"]
fn make() {
    let run = create(&sample());
    let steps = lifetime(World::MiniGrid, 40, 15, 1);
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(12)).unwrap();
    let position = writer.flush().unwrap();
    write(&mut writer, &steps[..20]);
    writer.stop(LifetimeState::Interrupted, None).unwrap();
    drop(writer);
    let mut writer = LifetimeWriter::resume(&run, 0, &position, frames_of(12)).unwrap();
    write(&mut writer, &steps);
    writer.seal(&[]).unwrap();
    let mut writer = LifetimeWriter::create(&run, status(1), frames_of(12)).unwrap();
    write(&mut writer, &steps[..20]);
    writer.stop(LifetimeState::Fault, Some(serde_json::json!({"kind": "agent"}))).unwrap();
}

#[test]
fn the_sample_reads() {
    let report = check(sample()).unwrap();
    assert!(report.is_sound(), "{report:#?}");
    let run = RunFolder::open(sample()).unwrap();
    assert_eq!(run.info().curriculum, "SimpleCartPole");
    assert_eq!(run.curriculum().unwrap(), "name: SimpleCartPole\n");
    let (complete, fault) =
        (LifetimeLog::open(&run, 0).unwrap(), LifetimeLog::open(&run, 1).unwrap());
    assert_eq!(complete.status().state, LifetimeState::Complete);
    assert_eq!(fault.status().state, LifetimeState::Fault);
    assert_eq!(fault.status().fault.as_ref().unwrap()["kind"], "agent");
    assert_eq!(
        complete.content_hash().unwrap().content,
        "9ff19790f941d5ea190ab0b8f0dff756d57b0e9a13b71b2f85ebd25337e1aade"
    );
    assert_eq!(
        fault.content_hash().unwrap().content,
        "41f6d7bc6231cbfae958e31fff0afa8fac6da9abdcf564b27fd91aa833c60052"
    );
    let (superseded, rows) = (complete.superseded().unwrap(), fault.table().unwrap().len());
    assert_eq!(superseded.iter().map(|(k, t)| (*k, t.len())).collect::<Vec<_>>(), [(0, rows)]);
    let table = complete.table().unwrap();
    assert_eq!(table.len(), 40);
    assert_eq!(complete.block_events().unwrap().len(), 9);
    assert_eq!(
        table.experience(39),
        Experience {
            exp_num: Some(39),
            episode_index: 54,
            env_index: 7,
            seed: Some(5_461_980_431_172_623_273),
            reward: 0.0,
            episode_step_count: 341,
            terminated: false,
            truncated: true,
            complete: true,
            started_at: Some(1_790_000_000_001_067_000),
            finished_at: 1_790_000_000_001_305_000,
        }
    );
    assert_eq!(table.segment(39).task_name, "CustomFetch_S5T1N2");
}

/// The same with the agent's memory in `timing.arrow`, which the first logs were without.
fn sample_with_memory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format-1-memory")
}

#[test]
#[ignore = "made once"]
fn make_with_memory() {
    sealed(&sample_with_memory(), &lifetime(World::MiniGrid, 40, 15, 1), 12);
}

/// By the way the sample was made: a kilobyte for every block there was.
#[test]
fn the_sample_with_memory_reads() {
    let report = check(sample_with_memory()).unwrap();
    assert!(report.is_sound(), "{report:#?}");
    let of = |dir: PathBuf| LifetimeLog::open(&RunFolder::open(dir).unwrap(), 0).unwrap();
    let (log, before) = (of(sample_with_memory()), of(sample()));
    let said: Vec<_> =
        log.block_events().unwrap().iter().map(|row| row.event.agent_memory).collect();
    let (no, k) = (None, |k: u64| Some(1024 * k));
    assert_eq!(said, [no, no, k(1), no, no, k(2), no, no, k(3)]);
    assert_eq!(log.columns().unwrap().agent_memory, k(3));
    assert_eq!(log.content_hash().unwrap(), before.content_hash().unwrap());
    assert_eq!(before.columns().unwrap().agent_memory, None);
    assert!(before.block_events().unwrap().iter().all(|row| row.event.agent_memory.is_none()));
}

/// A log from before goes on as it began.
#[test]
fn a_log_without_memory_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let lifetime_dir = dir.path().join("lifetime-0001");
    fs_err::create_dir(&lifetime_dir).unwrap();
    for file in ["run.json", "curriculum.yaml"] {
        fs_err::copy(sample().join(file), dir.path().join(file)).unwrap();
    }
    for file in fs_err::read_dir(sample().join("lifetime-0001")).unwrap() {
        let file = file.unwrap();
        fs_err::copy(file.path(), lifetime_dir.join(file.file_name())).unwrap();
    }
    let run = RunFolder::open(dir.path()).unwrap();
    let end = LifetimeLog::open(&run, 1).unwrap().flushed();
    let mut writer = LifetimeWriter::resume(&run, 1, &end, frames_of(12)).unwrap();
    write(&mut writer, &lifetime(World::MiniGrid, 40, 15, 1)[20..]);
    writer.seal(&[]).unwrap();
    let log = LifetimeLog::open(&run, 1).unwrap();
    assert_eq!(log.columns().unwrap().agent_memory, None);
    assert_eq!(log.table().unwrap().len(), 40);
}
