//! The store of single-task experts: what is kept, in which order, by whom, and for how long.

use crate::odd_logs::with;
use std::path::{Path, PathBuf};
use tella_events::{BlockSubtype, BlockType};
use tella_metrics::Experiences;
use tella_metrics::ste::{Mode, SteError, Store};

/// The log of an expert: `task` is learnt, then evaluated once.
fn expert(task: &str, rewards: &[f64]) -> Experiences {
    let mut log = Experiences::default();
    for (row, reward) in rewards.iter().chain(&[7.5]).enumerate() {
        let learning = row < rewards.len();
        log.block_num.push(u64::from(!learning));
        log.exp_num.push(Some(row as u64));
        log.block_type.push(if learning { BlockType::Train } else { BlockType::Test });
        log.block_subtype.push(BlockSubtype::Wake);
        log.task_name.push(task);
        log.task_params.push("{}");
        log.complete.push(row != 1 || rewards.len() < 3);
        log.episode_step_count.get_or_insert_default().push(10 + row as u64);
        log.measures.entry("reward".to_owned()).or_default().push(*reward);
    }
    log
}

fn rewards(store: &Store, task: &str) -> Vec<Vec<f64>> {
    store.load(task).unwrap().iter().map(|e| e.log.measures["reward"].clone()).collect()
}

#[test]
fn write_replaces_and_append_puts_in_front() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path().join("not/yet/there"));
    assert!(store.names().unwrap().is_empty());
    assert_eq!(store.add(expert("Nav_V1", &[1.0]), "a", Mode::Append).unwrap(), "nav_v1");
    store.add(expert("nav_v1", &[2.0]), "b", Mode::Append).unwrap();
    store.add(expert("Pole_x", &[3.0]), "c", Mode::Write).unwrap();
    assert_eq!(store.names().unwrap(), ["nav_v1", "pole_x"]);
    assert_eq!(rewards(&store, "nav_v1"), [[2.0, 7.5], [1.0, 7.5]]);
    store.add(expert("NAV_v1", &[4.0]), "d", Mode::Write).unwrap();
    let listed = store.list().unwrap();
    let runs: Vec<&str> = listed[0].experts.iter().map(|e| e.source.as_str()).collect();
    assert_eq!(runs, ["d"]);
    assert_eq!(store.clear().unwrap(), 2);
    assert!(store.list().unwrap().is_empty());
}

/// The reference stores completed experiences only.
#[test]
fn completed_experiences_are_kept() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path());
    store.add(expert("a_x", &[1.0, 2.0, f64::NAN]), "run", Mode::Write).unwrap();
    let log = store.load("a_x").unwrap().remove(0).log;
    assert_eq!(log.exp_num.iter().collect::<Vec<_>>(), [Some(0), Some(2), Some(3)]);
    assert_eq!(log.episode_step_count, Some(vec![10, 12, 13]));
    let kept = &log.measures["reward"];
    assert!(kept[0] == 1.0 && kept[1].is_nan() && kept[2] == 7.5);
    assert_eq!(log.task_name.iter().collect::<Vec<_>>(), ["a_x"; 3]);
}

#[test]
fn logs_of_no_task_and_of_several_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path());
    let add = |log| store.add(log, "run-7", Mode::Write).unwrap_err().to_string();
    let error = add(expert("a_x", &[]));
    assert!(error.starts_with("run-7 is no log of a single-task expert: it learns nothing"));
    let mut two = expert("a_x", &[1.0, 2.0, 3.0]);
    two.task_name = ["a_x", "a_x", "B_y", "a_x"].into_iter().collect();
    assert!(add(two).contains("it learns 2 tasks (a_x, b_y)"));
    let mut unnumbered = expert("a_x", &[1.0]);
    unnumbered.exp_num = with(unnumbered.exp_num.iter(), 0, None);
    assert_eq!(add(unnumbered), "run-7: row 1: a completed experience without `exp_num`");
    assert!(store.names().unwrap().is_empty());
}

/// Names that no file can bear.
#[test]
fn any_name_has_a_file() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path());
    let long = "x".repeat(10_000);
    let names = ["../a/b", ".", "ü☃", " ", "a\nb", "con%41", &long, &format!("{long}y")];
    for name in names {
        store.add(expert(name, &[1.0]), "run", Mode::Write).unwrap();
    }
    let mut sorted = names.to_vec();
    sorted.sort_unstable();
    assert_eq!(store.names().unwrap(), sorted);
    assert_eq!(fs_err::read_dir(dir.path()).unwrap().count(), names.len());
    assert_eq!(rewards(&store, "../a/b"), [[1.0, 7.5]]);
}

/// Eight that add at once: nothing is lost.
#[test]
fn several_may_add_at_once() {
    let dir = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let store = Store::new(dir.path());
            scope.spawn(move || {
                store.add(expert("a_x", &[f64::from(n)]), "run", Mode::Append).unwrap();
            });
        }
    });
    let mut firsts: Vec<f64> =
        rewards(&Store::new(dir.path()), "a_x").iter().map(|rewards| rewards[0]).collect();
    firsts.sort_by(f64::total_cmp);
    assert_eq!(firsts, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
}

/// What a crash leaves beside the files does not count.
#[test]
fn leftovers_are_passed_by() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path());
    store.add(expert("a_x", &[1.0]), "run", Mode::Write).unwrap();
    fs_err::write(dir.path().join("a_x.ste.77-0.tmp"), "half a fi").unwrap();
    fs_err::write(dir.path().join("notes.txt"), "mine").unwrap();
    assert_eq!(store.names().unwrap(), ["a_x"]);
    assert_eq!(store.clear().unwrap(), 1);
    assert!(dir.path().join("notes.txt").exists());
}

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ste-1")
}

/// A file that version 1 wrote reads for ever, and is still what version 1 writes.
#[test]
fn version_1_is_read_and_written() {
    let dir = tempfile::tempdir().unwrap();
    let again = Store::new(dir.path());
    again.add(expert("Nav_v1", &[3.0]), "first", Mode::Append).unwrap();
    again.add(expert("Nav_v1", &[0.1, 9.0, -2.5]), "second", Mode::Append).unwrap();
    let [kept, made] = [sample(), dir.path().to_owned()].map(|dir| dir.join("nav_v1.ste"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs_err::create_dir_all(sample()).unwrap();
        fs_err::copy(&made, &kept).unwrap();
    }
    assert_eq!(fs_err::read(kept).unwrap(), fs_err::read(made).unwrap());

    let store = Store::new(sample());
    assert_eq!(store.names().unwrap(), ["nav_v1"]);
    assert_eq!(rewards(&store, "nav_v1"), [vec![0.1, -2.5, 7.5], vec![3.0, 7.5]]);
    let experts = store.load("nav_v1").unwrap();
    assert_eq!(experts[0].source, "second");
    assert_eq!(
        experts[0].log.block_type.iter().collect::<Vec<_>>(),
        [BlockType::Train, BlockType::Train, BlockType::Test]
    );
}

#[test]
fn every_flip_and_every_cut_is_seen() {
    let bytes = fs_err::read(sample().join("nav_v1.ste")).unwrap();
    let dir = tempfile::tempdir().unwrap();
    let store = Store::new(dir.path());
    let file = dir.path().join("nav_v1.ste");
    let check = |damaged: &[u8], what: &str| {
        fs_err::write(&file, damaged).unwrap();
        assert!(store.load("nav_v1").is_err(), "{what}");
        // Listing the names looks at the first line only.
        let _ = store.names();
    };
    for at in 0..bytes.len() {
        check(&bytes[..at], &format!("cut at {at}"));
        let mut flipped = bytes.clone();
        flipped[at] ^= 1 << (at % 8);
        check(&flipped, &format!("bit {} of byte {at}", at % 8));
    }
    fs_err::write(&file, [b"tella-ste 2".as_slice(), &bytes[11..]].concat()).unwrap();
    let error = store.load("nav_v1").unwrap_err();
    assert!(matches!(error, SteError::Version { found: 2, supported: 1, .. }), "{error}");
}
