//! Every flipped bit and every cut is found; nothing panics; what is before it is saved.

mod support;

use std::path::{Path, PathBuf};
use support::*;
use tella_events::*;

/// All files of a folder, relative to it.
fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs_err::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// A small sealed run with everything a folder can hold: two lifetimes of which one was
/// resumed, and an attachment.
fn small_sealed(dir: &Path) -> RunFolder {
    let steps = lifetime(World::MiniGrid, 12, 5, 11);
    let run = create(dir);
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(5)).unwrap();
    let position = writer.flush().unwrap();
    write(&mut writer, &steps[..9]);
    drop(writer.publish());
    drop(writer);
    let mut writer = LifetimeWriter::resume(&run, 0, &position, frames_of(5)).unwrap();
    write(&mut writer, &steps);
    fs_err::write(run.lifetime_dir(0).join("agent.log"), "hello\n").unwrap();
    writer.seal(&["agent.log"]).unwrap();
    run
}

/// A small interrupted run with everything that one can hold: it was resumed, keeps two files
/// of which one was replaced, and has the output of its agent.
fn small_interrupted(dir: &Path) -> RunFolder {
    let steps = lifetime(World::CartPole, 12, 5, 12);
    let run = create(dir);
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(5)).unwrap();
    writer.keep("curriculum.yaml", b"name: x\n").unwrap();
    let position = writer.flush().unwrap();
    write(&mut writer, &steps[..9]);
    writer.keep("checkpoint.bin", b"the first, which is longer").unwrap();
    drop(writer);
    let mut writer = LifetimeWriter::resume(&run, 0, &position, frames_of(5)).unwrap();
    write(&mut writer, &steps);
    writer.keep("checkpoint.bin", b"the second").unwrap();
    writer.stop(LifetimeState::Interrupted, None).unwrap();
    drop(writer);
    fs_err::write(run.lifetime_dir(0).join("agent.log"), "hello\n").unwrap();
    run.vouch_for_beginning(0, "agent.log").unwrap();
    run
}

/// A small killed run: flushed, with a file kept, then dropped.
fn small_killed(dir: &Path) -> RunFolder {
    let steps = lifetime(World::CartPole, 12, 5, 13);
    let run = create(dir);
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(5)).unwrap();
    write(&mut writer, &steps);
    writer.flush().unwrap();
    writer.keep("checkpoint.bin", b"").unwrap();
    writer.keep("curriculum.yaml", b"name: x\n").unwrap();
    run
}

/// Overwrites part of a file. (Writing all of it anew makes some file systems wait for the
/// disk each time.)
fn put(file: &Path, at: usize, bytes: &[u8]) {
    use std::io::{Seek, SeekFrom, Write};
    let mut file = fs_err::OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.write_all(bytes).unwrap();
}

fn found(dir: &Path) -> bool {
    // An error is a finding too: a folder whose run.json has an unknown version, say.
    check(dir).map_or(true, |report| !report.is_sound())
}

/// Reads everything there is; errors are fine, panics are not.
fn read_all(dir: &Path) {
    let Ok(run) = RunFolder::open(dir) else { return };
    let Ok(log) = LifetimeLog::open(&run, 0) else { return };
    let _ = (log.salvage(), log.block_events(), log.content_hash(), log.superseded());
}

/// Three flips of every `stride`-th byte of every file and a cut there, and each file lost.
fn sweep(make: fn(&Path) -> RunFolder, stride: u64) {
    let dir = tempfile::tempdir().unwrap();
    make(dir.path());
    let report = check(dir.path()).unwrap();
    assert!(report.is_sound(), "{report:#?}");
    assert!(report.notes.is_empty(), "{report:#?}");
    let mut draws = Draws(14);
    let (mut flips, mut cuts) = (0, 0);
    for file in files(dir.path()) {
        let whole = fs_err::read(&file).unwrap();
        for at in (0..whole.len()).step_by(stride as usize) {
            for _ in 0..3 {
                put(&file, at, &[whole[at] ^ (1 << draws.below(8))]);
                assert!(found(dir.path()), "{} byte {at}: flip unseen", file.display());
                flips += 1;
            }
            if at % 8 == 0 {
                read_all(dir.path());
            }
            put(&file, at, &whole[at..=at]);
            fs_err::OpenOptions::new().write(true).open(&file).unwrap().set_len(at as u64).unwrap();
            assert!(found(dir.path()), "{} cut at {at} unseen", file.display());
            cuts += 1;
            put(&file, at, &whole[at..]);
        }
        fs_err::remove_file(&file).unwrap();
        assert!(found(dir.path()), "{}: loss unseen", file.display());
        fs_err::write(&file, &whole).unwrap();
    }
    assert!(check(dir.path()).unwrap().is_sound());
    println!("{flips} flips and {cuts} cuts, 0 unseen");
}

#[test]
fn every_flip_and_cut_of_a_sealed_folder() {
    sweep(small_sealed, 1);
}

#[test]
fn every_flip_and_cut_of_an_interrupted_folder() {
    sweep(small_interrupted, tella_reference::sweep(9, 1));
}

#[test]
fn every_flip_and_cut_of_a_killed_folder() {
    sweep(small_killed, tella_reference::sweep(5, 1));
}

/// The entries of a frame index: header length 32, entry length 48.
fn entries(index: &[u8]) -> Vec<(usize, usize)> {
    let long = |at: usize| u64::from_le_bytes(index[at..at + 8].try_into().unwrap()) as usize;
    (32..index.len()).step_by(48).map(|at| (long(at + 16), long(at + 24))).collect()
}

/// Whole frames and whole index entries swapped, doubled and dropped, each alone and
/// together, and tables put in each other's place.
#[test]
fn frames_out_of_place() {
    let dir = tempfile::tempdir().unwrap();
    let steps = lifetime(World::MiniGrid, 60, 20, 15);
    let run = create(dir.path());
    for idx in [0, 1] {
        let mut writer = LifetimeWriter::create(&run, status(idx), frames_of(10)).unwrap();
        write(&mut writer, &steps);
        if idx == 0 {
            writer.seal(&[]).unwrap();
        } else {
            writer.stop(LifetimeState::Interrupted, None).unwrap();
        }
    }
    for idx in [0, 1] {
        let lifetime = run.lifetime_dir(idx);
        let (data_file, index_file) =
            (lifetime.join("experiences.arrow"), lifetime.join("experiences.index"));
        let (data, index) = (fs_err::read(&data_file).unwrap(), fs_err::read(&index_file).unwrap());
        let frames = entries(&index);
        let frame = |n: usize| data[frames[n].0..frames[n].0 + frames[n].1].to_vec();
        let entry = |n: usize| index[32 + 48 * n..80 + 48 * n].to_vec();
        let all: Vec<usize> = (0..frames.len()).collect();
        let mut orders = Vec::new();
        for a in 1..frames.len() {
            let mut doubled = all.clone();
            doubled.insert(a, a);
            let mut dropped = all.clone();
            dropped.remove(a);
            orders.extend([doubled, dropped]);
            for b in a + 1..frames.len() {
                let mut swapped = all.clone();
                swapped.swap(a, b);
                orders.push(swapped);
            }
        }
        for order in &orders {
            let other_data: Vec<u8> = order.iter().flat_map(|n| frame(*n)).collect();
            let mut other_index = index[..32].to_vec();
            other_index.extend(order.iter().flat_map(|n| entry(*n)));
            for (d, i) in
                [(&other_data, &index), (&data, &other_index), (&other_data, &other_index)]
            {
                fs_err::write(&data_file, d).unwrap();
                fs_err::write(&index_file, i).unwrap();
                assert!(found(dir.path()), "lifetime {idx}, order {order:?} unseen");
                read_all(dir.path());
            }
        }
        fs_err::write(&data_file, &data).unwrap();
        fs_err::write(&index_file, &index).unwrap();
        assert!(check(dir.path()).unwrap().is_sound());
    }
    // Another lifetime's tables, though of equal rows, are not this one's.
    for ending in ["arrow", "index"] {
        let name = format!("experiences.{ending}");
        fs_err::copy(run.lifetime_dir(0).join(&name), run.lifetime_dir(1).join(&name)).unwrap();
    }
    assert!(found(dir.path()));
}

#[test]
fn the_first_bad_frame_is_named_with_what_can_be_saved() {
    let dir = tempfile::tempdir().unwrap();
    let (run, _) = sealed(dir.path(), &lifetime(World::MiniGrid, 60, 20, 16), 10);
    let lifetime = run.lifetime_dir(0);
    let frames = entries(&fs_err::read(lifetime.join("experiences.index")).unwrap());
    let (offset, length) = frames[4];
    let file = lifetime.join("experiences.arrow");
    let whole = LifetimeLog::open(&run, 0).unwrap().table().unwrap();
    let byte = fs_err::read(&file).unwrap()[offset + length / 2];
    put(&file, offset + length / 2, &[byte ^ 4]);

    let report = check(dir.path()).unwrap();
    let [problem] = report.problems.as_slice() else { panic!("{report:#?}") };
    assert_eq!(problem.file, file);
    assert_eq!(problem.sequence, Some(4));
    assert_eq!(problem.offset, Some(offset as u64));
    assert_eq!(problem.salvaged_rows, Some(30));
    assert_eq!(
        problem.message,
        format!(
            "{} is damaged in frame 4 at byte {offset}: the frame's checksum does not fit \
             (rows before it that can be read: 30)",
            file.display()
        )
    );
    let log = LifetimeLog::open(&run, 0).unwrap();
    assert!(log.table().unwrap_err().is_corruption());
    let (saved, error) = log.salvage();
    assert!(error.unwrap().is_corruption());
    assert_eq!(saved.len(), 30);
    for row in 0..30 {
        let timeless = |e| Experience { started_at: None, finished_at: 0, ..e };
        assert_eq!(timeless(saved.experience(row)), timeless(whole.experience(row)));
    }
}

/// Random mutations of one to many bytes, splices and cuts: no panic, none unseen.
#[test]
fn many_random_mutations() {
    let dir = tempfile::tempdir().unwrap();
    small_sealed(dir.path());
    let files = files(dir.path());
    let mut draws = Draws(17);
    let mut tried = 0;
    for _ in 0..tella_reference::sweep(1000, 100_000) {
        let file = &files[draws.below(files.len() as u64) as usize];
        let whole = fs_err::read(file).unwrap();
        let mut bytes = whole.clone();
        for _ in 0..=draws.below(8) {
            let at = draws.below(bytes.len().max(1) as u64) as usize;
            match draws.below(5) {
                0 => bytes.truncate(at),
                1 => bytes.insert(at.min(bytes.len()), draws.next() as u8),
                2 => drop(bytes.splice(at..at, whole.iter().copied().take(at))),
                _ if at < bytes.len() => bytes[at] = draws.next() as u8,
                _ => {}
            }
        }
        if bytes == whole {
            continue;
        }
        fs_err::OpenOptions::new()
            .write(true)
            .open(file)
            .unwrap()
            .set_len(bytes.len() as u64)
            .unwrap();
        put(file, 0, &bytes);
        assert!(found(dir.path()), "{}", file.display());
        read_all(dir.path());
        fs_err::OpenOptions::new()
            .write(true)
            .open(file)
            .unwrap()
            .set_len(whole.len() as u64)
            .unwrap();
        put(file, 0, &whole);
        tried += 1;
    }
    assert!(check(dir.path()).unwrap().is_sound());
    println!("{tried} mutations, 0 unseen");
}
