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

/// A small interrupted run.
fn small_interrupted(dir: &Path) -> RunFolder {
    let steps = lifetime(World::CartPole, 12, 5, 12);
    let run = create(dir);
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(5)).unwrap();
    write(&mut writer, &steps);
    writer.stop(LifetimeState::Interrupted, None).unwrap();
    run
}

/// A small killed run: flushed, then dropped.
fn small_killed(dir: &Path) -> RunFolder {
    let steps = lifetime(World::CartPole, 12, 5, 13);
    let run = create(dir);
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(5)).unwrap();
    write(&mut writer, &steps);
    writer.flush().unwrap();
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
    sweep(small_interrupted, tella_reference::sweep(5, 1));
}

#[test]
fn every_flip_and_cut_of_a_killed_folder() {
    sweep(small_killed, tella_reference::sweep(5, 1));
}
