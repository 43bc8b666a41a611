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

/// A folder that must read for ever, as that of format_1.rs: never made anew.
fn sample() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/format-1-transitions")
}

/// How the sample was made, kept to show what is in it.
#[test]
#[ignore = "made once"]
fn make() {
    let run = create(&sample());
    let mut writer = LifetimeWriter::create(&run, status(0), keeping(16)).unwrap();
    write(&mut writer, &lifetime(World::CartPole, 20, 15, 1));
    push(&mut writer, &taken(40));
    let position = writer.flush().unwrap();
    push(&mut writer, &taken(60)[40..]);
    writer.stop(LifetimeState::Interrupted, None).unwrap();
    drop(writer);
    let mut writer = LifetimeWriter::resume(&run, 0, &position, keeping(16)).unwrap();
    push(&mut writer, &taken(60)[40..]);
    writer.seal(&[]).unwrap();
}

#[test]
fn the_sample_reads() {
    let report = check(sample()).unwrap();
    assert!(report.is_sound(), "{report:#?}");
    let log = LifetimeLog::open(&RunFolder::open(sample()).unwrap(), 0).unwrap();
    assert_eq!(log.transitions().unwrap().action_columns().unwrap(), columns());
    let steps = read(&log);
    assert_eq!(steps, expected(&taken(60)));
    let (last, bits, discrete, floats) = steps[59];
    assert_eq!((last.variant_num, last.episode_index, last.step), (0, 5, 10));
    assert_eq!((last.terminated, last.truncated), (false, true));
    assert_eq!((bits, discrete), (0x3fcf_7417_b2f3_ae70, 0));
    assert_eq!(floats, [0.291_263_67, -0.0, f32::MIN_POSITIVE]);
    let hash = log.content_hash().unwrap().transitions.unwrap();
    assert_eq!(hash.hash, "7fb181261e6a08ab9fad8ea286121c1cc8907c5f7f34d19eff8bc4e50ad09095");
}

/// The form that content_hash/transitions.rs spells out, put together byte by byte.
#[test]
fn the_hash_is_as_it_is_written_down() {
    let mut bytes = b"tella-events transitions 1\n".to_vec();
    bytes.extend(2u32.to_le_bytes());
    for (name, kind, elements) in [("action.0", 1, 1u64), ("action.1", 2, 3)] {
        bytes.extend((name.len() as u64).to_le_bytes());
        bytes.extend(name.as_bytes());
        bytes.push(kind);
        bytes.extend(elements.to_le_bytes());
    }
    for (transition, reward, discrete, floats) in expected(&taken(60)) {
        bytes.push(b'T');
        bytes.extend(transition.variant_num.to_le_bytes());
        bytes.extend(transition.episode_index.to_le_bytes());
        bytes.extend(transition.step.to_le_bytes());
        bytes.extend(reward.to_le_bytes());
        bytes.push(u8::from(transition.terminated) + 2 * u8::from(transition.truncated));
        bytes.extend(discrete.to_le_bytes());
        floats.iter().for_each(|float| bytes.extend(float.to_le_bytes()));
    }
    let dir = tempfile::tempdir().unwrap();
    let hash = whole(dir.path(), &taken(60), 16).1.transitions.unwrap();
    assert_eq!(hash.hash, blake3::hash(&bytes).to_hex().as_str());
}

/// pyarrow, which knows nothing of us, reads the same columns.
#[test]
fn pyarrow_reads_every_step() {
    let dir = tempfile::tempdir().unwrap();
    let steps = taken(300);
    let (run, _) = whole(dir.path(), &steps, 128);
    let output = std::process::Command::new(tella_reference::Stack::L2M.python())
        .arg(tella_reference::scripts().join("events_peers.py"))
        .arg("arrow")
        .arg(run.lifetime_dir(0).join("transitions.arrow"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap().replace("NaN", "null");
    let found: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found["types"]["action.1"], "fixed_size_list<item: float not null>[3]");
    let columns = &found["columns"];
    assert_eq!(found["rows"], steps.len());
    for (row, (transition, discrete, floats)) in steps.iter().enumerate() {
        assert_eq!(columns["variant_num"][row], transition.variant_num);
        assert_eq!(columns["episode_index"][row], transition.episode_index);
        assert_eq!(columns["step"][row], transition.step);
        if !transition.reward.is_nan() {
            assert_eq!(columns["reward"][row], transition.reward);
        }
        assert_eq!(columns["terminated"][row], transition.terminated);
        assert_eq!(columns["truncated"][row], transition.truncated);
        assert_eq!(columns["action.0"][row], *discrete);
        assert_eq!(columns["action.1"][row], serde_json::json!(floats.map(f64::from)));
    }
}
