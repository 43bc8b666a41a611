//! Grid worlds against the originals themselves, bit for bit: the same seed and
//! actions give the same grids, observations, rewards and ends. An environment is
//! seeded once and later episodes go on in its stream.

mod farama;
mod records;
mod replay;
mod tella;

use records::{Records, play};
use replay::{End, Job, replay};
use tella_reference::parity::Row;
use tella_reference::{Stack, sweep};

/// Small seeds, and large ones as curricula draw them.
fn seeds(count: u64) -> Vec<u64> {
    let large = |k: u64| k.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..count).map(|k| if k % 2 == 0 { k } else { large(k) }).collect()
}

/// A family of environments: those under `names` as they are, and `variations` of
/// them in their parameters. All of it equals the original, and `ends` occur.
struct Family<'a> {
    original: &'a str,
    stack: Stack,
    family: &'a str,
    names: Vec<String>,
    variations: Vec<Job>,
    ends: &'a [End],
}

impl Family<'_> {
    fn check(&self) {
        let plain = self.names.iter().map(|name| Job { name: name.clone(), params: [].into() });
        let plain: Vec<Job> = plain.collect();
        assert!(!plain.is_empty(), "{}: no environments", self.family);
        let steps = sweep(300, 500);
        let (mut compared, mut differences, mut ends) = (0, Vec::new(), Vec::new());
        let parts = [(&plain, seeds(sweep(10, 200))), (&self.variations, seeds(sweep(3, 60)))];
        for (jobs, seeds) in &parts {
            // The originals' answers are large: a few environments at a time.
            for jobs in jobs.chunks(4) {
                let answer = play(self.stack, jobs, seeds, steps);
                let mut records = Records::new(&answer);
                for job in jobs {
                    let played = replay(job, seeds, records.cut());
                    compared += played.steps;
                    differences.extend(played.differences);
                    ends.extend(played.ends);
                }
            }
        }
        let row = Row {
            original: self.original.into(),
            family: self.family.into(),
            ids: plain.len() as u64,
            variations: self.variations.len() as u64,
            seeds: parts[0].1.len() as u64,
            steps: compared,
            differences: differences.len() as u64,
        };
        row.record().unwrap();
        differences.truncate(5);
        assert!(differences.is_empty(), "{row:?}\n{}", differences.join("\n"));
        for end in self.ends {
            assert!(ends.contains(end), "{}: no {end:?}", self.family);
        }
        // Longer sweeps may meet by chance what shorter ones have to look for.
        let more = ends.iter().find(|&end| *end != End::Both && !self.ends.contains(end));
        assert_eq!(more, None, "{}: not known to end so", self.family);
    }
}
