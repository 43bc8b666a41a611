//! Readers beside a writer: never an error, always a prefix, never less than before.

mod support;

use std::sync::atomic::{AtomicBool, Ordering};
use support::*;
use tella_events::*;

#[test]
fn readers_while_a_writer_appends() {
    let rows = tella_reference::sweep(6_000, 600_000);
    let steps = lifetime(World::CartPole, rows, 500, 30);
    let dir = tempfile::tempdir().unwrap();
    let run = create(dir.path());
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(13)).unwrap();
    let (whole, _) = sealed(&dir.path().join("whole"), &steps, 8192);
    let whole = LifetimeLog::open(&whole, 0).unwrap().table().unwrap();
    let done = AtomicBool::new(false);
    let reads = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut seen, mut reads) = (0, 0);
            while !done.load(Ordering::Acquire) || reads == 0 {
                let table = LifetimeLog::open(&run, 0).unwrap().table().unwrap();
                assert!(table.len() >= seen, "{} rows after {seen}", table.len());
                seen = table.len();
                if seen > 0 {
                    let (row, whole) = (table.experience(seen - 1), whole.experience(seen - 1));
                    // Times may not be there yet.
                    let timeless = |e| Experience { started_at: None, finished_at: 0, ..e };
                    assert_eq!(timeless(row), timeless(whole));
                }
                let report = check(run.dir()).unwrap();
                assert!(report.is_sound(), "{report:#?}");
                reads += 1;
            }
            reads
        });
        for (n, step) in steps.iter().enumerate() {
            write(&mut writer, std::slice::from_ref(step));
            match n % 400 {
                0 => drop(writer.flush().unwrap()),
                200 => writer.publish().unwrap(),
                _ => {}
            }
        }
        writer.seal(&[]).unwrap();
        done.store(true, Ordering::Release);
        reader.join().unwrap()
    });
    assert_eq!(LifetimeLog::open(&run, 0).unwrap().table().unwrap(), whole);
    println!("{reads} reads beside the writer");
}
