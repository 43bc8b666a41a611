//! How much room a log takes, and whether there is as much.

use super::Estimator;
use crate::App;
use std::path::Path;
use tella_curricula::{Curriculum, TaskVariant};

/// Bytes that an experience takes on disk, its share of all tables; measured on
/// CartPole with a random agent.
const BYTES_AN_EXPERIENCE: f64 = 20.0;

/// Bytes more for each parameter that varies by episode.
const BYTES_A_PARAMETER: f64 = 20.0;

/// Bytes that a step takes where transitions are kept; measured on MiniGrid with random
/// agents, where 64 environments run side by side.
const BYTES_A_STEP: f64 = 4.3;

/// About how many bytes a variant's log of so many experiences takes.
pub(super) fn log_bytes(variant: &TaskVariant, experiences: f64) -> f64 {
    let varying = variant.params.values().filter(|source| !source.is_fixed()).count() as f64;
    let bytes = BYTES_AN_EXPERIENCE + varying * BYTES_A_PARAMETER;
    experiences * bytes
}

/// A warning where the logs of so many lifetimes would not fit the disk of `dir`, which
/// need not be there yet.
pub fn warning(
    app: &App,
    curriculum: &Curriculum,
    lifetimes: u64,
    transitions: bool,
    dir: &Path,
) -> Option<String> {
    let dir = std::path::absolute(dir).ok()?;
    let there = dir.ancestors().find(|ancestor| ancestor.exists())?;
    let disk = rustix::fs::statvfs(there).ok()?;
    let free = disk.f_bavail as f64 * disk.f_frsize as f64;
    // Environments need not be tried out where even episodes of one step each would fit.
    let most = |v: &TaskVariant| log_bytes(v, v.length.amount() as f64);
    let most: f64 = curriculum.variants().map(most).sum();
    if !transitions && most * lifetimes as f64 <= free {
        return None;
    }
    let mut estimator = Estimator::new(app);
    let a_step = if transitions { BYTES_A_STEP } else { 0.0 };
    let variants = curriculum.variants().map(|v| estimator.of(v));
    let one: f64 = variants.map(|v| v.log_bytes + v.steps * a_step).sum();
    warn(one * lifetimes as f64, lifetimes, free, there)
}

fn warn(needed: f64, lifetimes: u64, free: f64, place: &Path) -> Option<String> {
    let of = match lifetimes {
        1 => "the log".to_owned(),
        n => format!("the logs of {n} lifetimes"),
    };
    (needed > free).then(|| {
        format!(
            "{of} may take about {}, and {} has {} left; a run that fills the disk stops and can be resumed",
            bytes(needed),
            place.display(),
            bytes(free)
        )
    })
}

/// A number of bytes for people.
pub fn bytes(n: f64) -> String {
    let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let (mut n, mut unit) = (n, 0);
    while n >= 1024.0 && unit + 1 < units.len() {
        n /= 1024.0;
        unit += 1;
    }
    match unit {
        0 => format!("{n:.0} B"),
        _ => format!("{n:.1} {}", units[unit]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_larger_than_the_disk_is_warned_of() {
        let place = Path::new("/there");
        assert_eq!(warn(1024.0, 1, 1024.0, place), None);
        let expected = "the logs of 3 lifetimes may take about 2.0 KiB, and /there has 1.0 KiB left; \
                        a run that fills the disk stops and can be resumed";
        assert_eq!(warn(2048.0, 3, 1024.0, place).as_deref(), Some(expected));
        assert_eq!(bytes(5e18), "4.3 EiB");
    }
}
