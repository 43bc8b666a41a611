//! Transitions, where a log keeps them: every step comes back as it was written, a log cut and
//! resumed is that of one left alone, and damage is found.

mod support;

use std::path::Path;
use support::*;
use tella_events::*;

/// A step and its action: a discrete part, and three floats.
type Taken = (Transition, i64, [f32; 3]);

fn columns() -> Vec<ActionColumn> {
    let column = |name: &str, kind, width| ActionColumn { name: name.into(), kind, width };
    vec![column("action.0", ActionKind::I64, None), column("action.1", ActionKind::F32, Some(3))]
}

fn keeping(frame_rows: usize) -> WriterOptions {
    WriterOptions { transitions: Some(columns()), ..frames_of(frame_rows) }
}

/// The steps of some episodes on two environments, mixed as they would be.
fn taken(n: u64) -> Vec<Taken> {
    let mut draws = Draws(7);
    (0..n)
        .map(|i| {
            let transition = Transition {
                variant_num: i / 100,
                episode_index: i % 100 / 20 * 2 + i % 2,
                step: i % 20 / 2 + 1,
                reward: if i == 50 { f64::NAN } else { draws.unit() - 0.5 },
                terminated: i % 20 == 18,
                truncated: i % 20 == 19,
            };
            let floats = [draws.unit() as f32, -0.0, f32::MIN_POSITIVE];
            (transition, draws.below(5) as i64, floats)
        })
        .collect()
}

fn push(writer: &mut LifetimeWriter, steps: &[Taken]) {
    for (transition, discrete, floats) in steps {
        let action = [ActionValues::I64(std::slice::from_ref(discrete)), ActionValues::F32(floats)];
        writer.push_transition(transition, action).unwrap();
    }
}

/// Everything a log holds, NaN rewards as their bits.
fn read(log: &LifetimeLog) -> Vec<(Transition, u64, i64, [f32; 3])> {
    let mut found = Vec::new();
    for table in log.transitions().unwrap() {
        let table = table.unwrap();
        for row in 0..table.len() {
            let transition = table.transition(row);
            let (ActionValues::I64([discrete]), ActionValues::F32(floats)) =
                (table.actions[0].row(row), table.actions[1].row(row))
            else {
                panic!("actions of other columns")
            };
            let bits = transition.reward.to_bits();
            let transition = Transition { reward: 0.0, ..transition };
            found.push((transition, bits, *discrete, floats.try_into().unwrap()));
        }
    }
    found
}

fn expected(steps: &[Taken]) -> Vec<(Transition, u64, i64, [f32; 3])> {
    let bits = |reward: f64| if reward.is_nan() { 0x7ff8_0000_0000_0000 } else { reward.to_bits() };
    steps
        .iter()
        .map(|(t, discrete, floats)| {
            (Transition { reward: 0.0, ..*t }, bits(t.reward), *discrete, *floats)
        })
        .collect()
}

/// A sealed lifetime with transitions beside its experiences.
fn whole(dir: &Path, steps: &[Taken], frame_rows: usize) -> (RunFolder, ContentHash) {
    let run = create(dir);
    let mut writer = LifetimeWriter::create(&run, status(0), keeping(frame_rows)).unwrap();
    write(&mut writer, &lifetime(World::CartPole, 30, 15, 1));
    push(&mut writer, steps);
    let hash = writer.seal(&[]).unwrap();
    (run, hash)
}

#[test]
fn every_step_comes_back_whatever_the_frames() {
    let steps = taken(500);
    let mut hashes = Vec::new();
    for frame_rows in [1, 7, 8192] {
        let dir = tempfile::tempdir().unwrap();
        let (run, hash) = whole(dir.path(), &steps, frame_rows);
        let log = LifetimeLog::open(&run, 0).unwrap();
        assert_eq!(read(&log), expected(&steps));
        assert_eq!(log.content_hash().unwrap(), hash);
        assert!(check(dir.path()).unwrap().is_sound());
        hashes.push(hash);
    }
    assert!(hashes.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(hashes[0].transitions.as_ref().unwrap().rows, 500);

    // The content hash is that of a log without them; one other action is another hash.
    let dir = tempfile::tempdir().unwrap();
    let (run, without) = sealed(dir.path(), &lifetime(World::CartPole, 30, 15, 1), 8192);
    assert_eq!((&without.content, &without.transitions), (&hashes[0].content, &None));
    let error = LifetimeLog::open(&run, 0).unwrap().transitions().err().unwrap();
    assert!(matches!(error, EventError::NotKept { .. }), "{error}");
    let mut other = steps;
    other[499].2[1] = 0.0;
    let dir = tempfile::tempdir().unwrap();
    assert_ne!(whole(dir.path(), &other, 8192).1.transitions, hashes[0].transitions);
}

#[test]
fn cut_and_resumed_they_are_those_of_one_left_alone() {
    let steps = taken(300);
    let dir = tempfile::tempdir().unwrap();
    let (_, alone) = whole(dir.path(), &steps, 16);
    for (checkpoint, killed) in [(0, 40), (100, 100), (123, 290)] {
        let dir = tempfile::tempdir().unwrap();
        let run = create(dir.path());
        let mut writer = LifetimeWriter::create(&run, status(0), keeping(16)).unwrap();
        write(&mut writer, &lifetime(World::CartPole, 30, 15, 1));
        push(&mut writer, &steps[..checkpoint]);
        let position = writer.flush().unwrap();
        push(&mut writer, &steps[checkpoint..killed]);
        writer.publish().unwrap();
        drop(writer);
        // Part of a frame that was being written.
        for ending in ["arrow", "index"] {
            use std::io::Write;
            let path = run.lifetime_dir(0).join(format!("transitions.{ending}"));
            let mut file = fs_err::OpenOptions::new().append(true).open(path).unwrap();
            file.write_all(b"torn").unwrap();
        }
        assert_eq!(
            read(&LifetimeLog::open(&run, 0).unwrap()),
            expected(&steps[..killed]),
            "what was published is read"
        );
        // What is kept is the log's own, whatever is asked for now.
        let mut writer = LifetimeWriter::resume(&run, 0, &position, frames_of(16)).unwrap();
        assert_eq!(writer.action_columns(), Some(columns().as_slice()));
        push(&mut writer, &steps[checkpoint..]);
        assert_eq!(writer.seal(&[]).unwrap(), alone);
        let superseded = run.lifetime_dir(0).join("superseded-0-transitions.arrow");
        assert_eq!(superseded.exists(), killed > checkpoint);
        assert_eq!(run.superseded(0).unwrap(), [0; 0], "no experience was cut away");
        let report = check(dir.path()).unwrap();
        assert!(report.is_sound(), "{report:?}");
    }
}

#[test]
fn begun_anew_what_there_was_is_kept_under_one_number() {
    let steps = taken(60);
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut writer = LifetimeWriter::create(&run, status(0), keeping(16)).unwrap();
    write(&mut writer, &lifetime(World::CartPole, 30, 15, 1));
    push(&mut writer, &steps);
    writer.publish().unwrap();
    drop(writer);
    let mut writer = LifetimeWriter::restart(&run, status(0), frames_of(16)).unwrap();
    write(&mut writer, &lifetime(World::CartPole, 30, 15, 1));
    assert!(writer.action_columns().is_none(), "now none are asked for");
    let seal = writer.seal(&[]).unwrap();
    assert_eq!(seal.transitions, None);
    for name in ["superseded-0.arrow", "superseded-0-transitions.arrow"] {
        assert!(run.lifetime_dir(0).join(name).exists(), "{name}");
    }
    assert!(!run.lifetime_dir(0).join("transitions.arrow").exists());
    assert!(check(dir.path()).unwrap().is_sound());
}

#[test]
fn every_flip_and_every_cut_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let (run, _) = whole(dir.path(), &taken(60), 16);
    for name in ["transitions.arrow", "transitions.index"] {
        let path = run.lifetime_dir(0).join(name);
        let bytes = fs_err::read(&path).unwrap();
        for at in (0..bytes.len()).step_by(tella_reference::sweep(41, 1) as usize) {
            let mut bad = bytes.clone();
            bad[at] ^= 1 << (at % 8);
            fs_err::write(&path, &bad).unwrap();
            assert!(!check(dir.path()).unwrap().is_sound(), "{name}: byte {at} flipped");
            fs_err::write(&path, &bytes[..at]).unwrap();
            assert!(!check(dir.path()).unwrap().is_sound(), "{name}: cut at {at}");
        }
        fs_err::remove_file(&path).unwrap();
        let report = check(dir.path()).unwrap();
        assert!(report.problems.iter().any(|p| p.file == path), "{report:?}");
        assert!(LifetimeLog::open(&run, 0).is_err());
        fs_err::write(&path, &bytes).unwrap();
    }
    assert!(check(dir.path()).unwrap().is_sound());
}

#[test]
fn an_action_of_other_columns_ends_the_log_in_order() {
    let wrong: [(&str, &[ActionValues<'_>]); 4] = [
        ("too few", &[ActionValues::I64(&[1])]),
        ("of another type", &[ActionValues::F64(&[1.0]), ActionValues::F32(&[0.0; 3])]),
        ("of another size", &[ActionValues::I64(&[1]), ActionValues::F32(&[0.0; 2])]),
        (
            "too many",
            &[ActionValues::I64(&[1]), ActionValues::F32(&[0.0; 3]), ActionValues::U8(&[])],
        ),
    ];
    for (what, action) in wrong {
        let dir = tempfile::tempdir().unwrap();
        let run = create(dir.path());
        let mut writer = LifetimeWriter::create(&run, status(0), keeping(16)).unwrap();
        let steps = taken(20);
        push(&mut writer, &steps);
        writer.flush().unwrap();
        let error = writer.push_transition(&steps[0].0, action.iter().copied()).unwrap_err();
        assert!(matches!(error, EventError::Grammar(_)), "{what}: {error}");
        assert!(writer.flush().is_err(), "{what}");
        drop(writer);
        assert_eq!(read(&LifetimeLog::open(&run, 0).unwrap()), expected(&steps), "{what}");
    }
}
