//! Living the lifetimes of a sweep that are left, so many at a time, whatever runs they are of.

use super::{Standing, Sweep, SweepRun};
use crate::run::{self, Display, End, Isolate, LifetimeReport, PlanError, Signals, Supervision};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

const TICK: Duration = Duration::from_millis(10);

/// How often it is looked, a tick apart, whether another process took a lifetime.
const LOOKS: u32 = 50;

/// One lifetime of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Which of [`Sweep::runs`].
    pub run: usize,
    /// The lifetime's index.
    pub lifetime: u64,
}

/// How a unit ended, or why it could not begin.
pub type Ended = Result<LifetimeReport, PlanError>;

impl Sweep {
    /// Lives `units`, `how.jobs` at a time, and tells of each as it ends. Those that are left when
    /// a signal comes or the disk is full are not begun; those that another process lives, or has
    /// lived since, are passed by.
    pub fn live(
        &self,
        units: &[Unit],
        isolation: Option<Isolate>,
        how: Supervision,
        signals: &Signals,
        tell: &(dyn Fn(Unit, Ended) + Sync),
    ) {
        let waiting: Mutex<VecDeque<Unit>> = Mutex::new(units.iter().copied().collect());
        let full = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let mut threads = Vec::new();
            for _ in 0..how.jobs.clamp(1, units.len().max(1)) {
                threads.push(scope.spawn(|| {
                    while !signals.any() && !full.load(Relaxed) {
                        let next =
                            waiting.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
                        let Some(unit) = next else { break };
                        let run = &self.runs[unit.run];
                        let elsewhere =
                            || Standing::is_lived_elsewhere(&self.run_dir(run), unit.lifetime);
                        if elsewhere() {
                            continue;
                        }
                        let ended = self.live_one(run, unit.lifetime, isolation, how, signals);
                        // Two may look at the same time; one of them finds a folder that is
                        // there a moment before it can be seen to be lived in.
                        if ended.as_ref().is_ok_and(|report| report.end == End::Running) {
                            continue;
                        }
                        let lost = |report: &LifetimeReport| report.end == End::LogError;
                        let seen = || {
                            std::thread::sleep(TICK);
                            elsewhere()
                        };
                        if ended.as_ref().is_ok_and(lost) && (0..LOOKS).any(|_| seen()) {
                            continue;
                        }
                        if ended.as_ref().is_ok_and(|report| report.end == End::DiskFull) {
                            full.store(true, Relaxed);
                        }
                        tell(unit, ended);
                    }
                }));
            }
            // Where the program that embeds this one minds signals, this thread alone is told.
            while threads.iter().any(|thread| !thread.is_finished()) {
                signals.any();
                std::thread::sleep(TICK);
            }
        });
    }

    fn live_one(
        &self,
        run: &SweepRun,
        lifetime: u64,
        isolation: Option<Isolate>,
        how: Supervision,
        signals: &Signals,
    ) -> Ended {
        let plan = Arc::new(self.plan(run)?);
        let isolation = isolation.unwrap_or(run.isolation);
        let how = Supervision { jobs: 1, ..how };
        let mut reports =
            run::run(&plan, &[lifetime], isolation, how, signals, &mut Display::silent())?;
        Ok(reports.pop().unwrap_or_else(|| LifetimeReport::unseen(lifetime, End::Interrupted)))
    }
}
