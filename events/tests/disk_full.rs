//! No space left: a clear error, a sound log, and after a resume the same table.
//!
//! The limit is the shell's `ulimit -f` on a child process that runs [`child`] of this very
//! test binary, with SIGXFSZ ignored, so that writes fail with EFBIG. A full disk (ENOSPC)
//! and a full quota (EDQUOT) take the same way through the program.
#![cfg(unix)]

mod support;

use std::path::Path;
use std::process::Command;
use support::*;
use tella_events::*;

fn steps() -> Vec<Step> {
    lifetime(World::MiniGrid, 3000, 250, 40)
}

const FLUSH_EVERY: usize = 500;

/// Writes until the limit is met; prints the last flushed position and its step.
#[test]
#[ignore = "a child process of the test below"]
fn child() {
    let dir = std::env::var("TELLA_TEST_DIR").unwrap();
    let run = RunFolder::open(dir).unwrap();
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(64)).unwrap();
    let mut last = (0, writer.flush().unwrap());
    for (n, step) in steps().iter().enumerate() {
        let pushed = match step {
            Step::Segment(segment) => writer.set_segment(segment),
            Step::Row(row) => writer.push(row),
            Step::Block(event) => writer.block_event(event),
        };
        let flushed = pushed.and_then(|()| {
            if n % FLUSH_EVERY == 0 {
                last = (n + 1, writer.flush()?);
            }
            Ok(())
        });
        if let Err(e) = flushed {
            assert!(e.is_disk_full(), "{e:?}");
            assert!(e.to_string().contains("experiences.arrow"), "{e}");
            let again = writer.flush().unwrap_err();
            assert!(matches!(again, EventError::Stopped { .. }), "{again:?}");
            assert!(writer.stop(LifetimeState::DiskFull, None).is_err());
            println!("position={}", serde_json::to_string(&last).unwrap());
            return;
        }
    }
    panic!("the limit was not met");
}

fn run_child(dir: &Path, kib: u64) -> (usize, LogPosition) {
    // POSIX shells count in blocks of 512 bytes.
    let script = format!(
        "trap '' XFSZ; ulimit -f {} && exec \"$0\" --exact child \
         --ignored --nocapture",
        2 * kib
    );
    let output = Command::new("sh")
        .args(["-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env("TELLA_TEST_DIR", dir)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{kib} KiB: {text}\n{output:?}");
    let line = text.lines().find_map(|l| Some(l.split_once("position=")?.1)).unwrap();
    serde_json::from_str(line).unwrap()
}

#[test]
fn a_file_size_limit_at_many_sizes() {
    let steps = steps();
    let uninterrupted = sealed(tempfile::tempdir().unwrap().path(), &steps, 64).1;
    let mut draws = Draws(41);
    for _ in 0..tella_reference::sweep(8, 50) {
        let kib = 8 + draws.below(45);
        let dir = tempfile::tempdir().unwrap();
        let run = create(dir.path());
        let (at, position) = run_child(dir.path(), kib);

        let report = check(dir.path()).unwrap();
        assert!(report.is_sound(), "{kib} KiB: {report:#?}");
        assert_eq!(run.status(0).unwrap().state, LifetimeState::DiskFull);
        let rows = LifetimeLog::open(&run, 0).unwrap().table().unwrap().len() as u64;
        assert!(rows >= position.experiences.rows);

        let mut writer = LifetimeWriter::resume(&run, 0, &position, frames_of(64)).unwrap();
        let segment = steps[..at].iter().rev().find(|s| matches!(s, Step::Segment(_)));
        if let (Some(segment), Some(Step::Row(_))) = (segment, steps.get(at)) {
            write(&mut writer, std::slice::from_ref(segment));
        }
        write(&mut writer, &steps[at..]);
        assert_eq!(writer.seal(&[]).unwrap(), uninterrupted, "{kib} KiB");
    }
}
