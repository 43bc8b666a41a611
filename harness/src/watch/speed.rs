//! How fast a lifetime goes, by the times of its log.

use std::collections::VecDeque;

/// The stretch of the log that counts, in microseconds.
const WINDOW: i64 = 60_000_000;

/// What was done when.
#[derive(Clone, Copy)]
struct Done {
    /// In microseconds since 1970 UTC.
    at: i64,
    steps: u64,
    work: u64,
}

/// What was done in the last minute of the log, a pause (a run that was dead for a while) left out.
#[derive(Default)]
pub(super) struct Speed {
    /// When the first of `done` began.
    since: i64,
    done: VecDeque<Done>,
}

impl Speed {
    /// An experience that began and ended in microseconds since 1970 UTC.
    pub(super) fn add(&mut self, started: Option<i64>, finished: i64, steps: u64, work: u64) {
        let started = started.unwrap_or(finished);
        // What begins long after the last ended is another sitting.
        if self.done.back().is_none_or(|last| started - last.at > WINDOW) {
            self.done.clear();
            self.since = started;
        }
        self.done.push_back(Done { at: finished, steps, work });
        while let Some(first) = self.done.front().filter(|first| finished - first.at > WINDOW) {
            self.since = first.at;
            self.done.pop_front();
        }
    }

    fn a_second(&self, of: fn(&Done) -> u64) -> Option<f64> {
        let seconds = (self.done.back()?.at - self.since) as f64 / 1e6;
        let all: u64 = self.done.iter().map(of).sum();
        (seconds > 0.0 && all > 0).then(|| all as f64 / seconds)
    }

    /// Steps a second.
    pub(super) fn steps(&self) -> Option<f64> {
        self.a_second(|done| done.steps)
    }

    /// Work a second.
    pub(super) fn work(&self) -> Option<f64> {
        self.a_second(|done| done.work)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: i64 = 1_000_000;

    #[test]
    fn the_last_minute_counts_and_no_pause() {
        let mut speed = Speed::default();
        assert_eq!(speed.steps(), None);
        // Ten steps a second for 100 seconds, then twice as many.
        for second in 0..200 {
            let steps = if second < 100 { 10 } else { 20 };
            speed.add(Some(second * SECOND), (second + 1) * SECOND, steps, 1);
        }
        assert_eq!((speed.steps(), speed.work()), (Some(20.0), Some(1.0)));
        // A day later it was resumed.
        let day = 86_400 * SECOND;
        speed.add(Some(day), day + 2 * SECOND, 50, 4);
        assert_eq!((speed.steps(), speed.work()), (Some(25.0), Some(2.0)));
    }
}
