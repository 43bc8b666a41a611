//! What a row costs to write and how many bytes it takes: prints nanoseconds and bytes a
//! row. Times are processor time where the system tells it (Linux), so that a busy machine does
//! not show, else time on the clock. Run with `cargo run --release -p tella-events --example write_cost [FRAME_ROWS]`.

#[path = "../tests/support/mod.rs"]
mod support;

use std::time::{Duration, Instant};
use support::*;
use tella_events::*;

/// Time this process has spent on a processor, or since `start`.
fn spent(start: Instant) -> Duration {
    fs_err::read_to_string("/proc/self/schedstat")
        .ok()
        .and_then(|text| text.split(' ').next()?.parse().ok())
        .map_or_else(|| start.elapsed(), Duration::from_nanos)
}

fn main() {
    let start = Instant::now();
    let frame_rows = std::env::args().nth(1).map_or(8192, |n| n.parse().expect("a number"));
    for world in [World::CartPole, World::MiniGrid] {
        let steps = lifetime(world, 2_000_000, 1000, 1);
        let rows = steps.iter().filter(|s| matches!(s, Step::Row(_))).count() as f64;
        let dir = tempfile::tempdir().expect("a temporary folder");
        let run = create(dir.path());
        let mut writer = LifetimeWriter::create(&run, status(0), frames_of(frame_rows)).unwrap();
        let begun = spent(start);
        write(&mut writer, &steps);
        let pushed = spent(start) - begun;
        writer.seal(&[]).unwrap();
        let sealed = spent(start) - begun;
        let mut bytes = 0;
        print!("{world:?}, frames of {frame_rows}:");
        for name in ["experiences", "blocks", "timing"] {
            for ending in ["arrow", "index"] {
                let file = run.lifetime_dir(0).join(format!("{name}.{ending}"));
                let length = fs_err::metadata(&file).unwrap().len();
                bytes += length;
                print!(" {name}.{ending} {:.2}", length as f64 / rows);
            }
        }
        println!(
            "; {:.1} bytes, {:.0} ns a row ({:.0} with sealing)",
            bytes as f64 / rows,
            pushed.as_nanos() as f64 / rows,
            sealed.as_nanos() as f64 / rows
        );
        let begun = spent(start);
        let table = LifetimeLog::open(&run, 0).unwrap().table().unwrap();
        println!(
            "  read: {:.0} ns a row",
            (spent(start) - begun).as_nanos() as f64 / table.len() as f64
        );
    }
}
