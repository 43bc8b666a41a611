//! Watches lifetimes under way: starts them as places become free, asks them to
//! flush and to write checkpoints, ends what hangs, passes signals on, and collects
//! how each ended. What a lifetime computes depends on none of this.

use super::progress::{Progress, Watcher};
use super::signals::Signals;
use super::{End, LifetimeReport, PlanError};
use crate::engine::Request;
use std::collections::{BTreeMap, VecDeque};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

const TICK: Duration = Duration::from_millis(50);
const FLUSH_EVERY: Duration = Duration::from_secs(1);

/// A lifetime under way, in a thread or in a process.
pub(super) trait Running {
    /// How far it is.
    fn progress(&self) -> Progress;

    /// Asks it for something.
    fn request(&self, request: Request);

    /// Gives it up where a call into agent or environment has taken longer than
    /// `timeout`; says whose call it was and where.
    fn give_up_if_hung(&mut self, _timeout: Duration) -> Option<LifetimeReport> {
        None
    }
}

/// What lifetimes under way tell the supervisor.
pub(super) enum Event {
    /// A lifetime ended.
    Ended(LifetimeReport),
}

/// How to supervise.
#[derive(Clone, Copy, Debug)]
pub struct Supervision {
    /// Lifetimes under way at a time.
    pub jobs: usize,
    /// A call into agent or environment that takes longer is a fault.
    pub timeout: Option<Duration>,
    /// Bytes of data that a lifetime's own process may hold.
    pub memory_limit: Option<u64>,
    /// Time between checkpoints.
    pub checkpoint_every: Duration,
    /// When lifetimes are asked to stop, as a signal would do it.
    pub stop_at: Option<Instant>,
}

impl Supervision {
    /// How long until lifetimes are to stop, if they are.
    fn left(&self) -> Option<Duration> {
        self.stop_at.map(|at| at.saturating_duration_since(Instant::now()))
    }
}

/// Runs `lifetimes` and returns a report of each that was started, by index.
pub(super) fn supervise(
    lifetimes: impl IntoIterator<Item = u64>,
    how: Supervision,
    signals: &Signals,
    watcher: &mut dyn Watcher,
    mut start: impl FnMut(u64, Sender<Event>) -> Result<Box<dyn Running>, PlanError>,
) -> Result<Vec<LifetimeReport>, PlanError> {
    let mut waiting: VecDeque<u64> = lifetimes.into_iter().collect();
    let mut under_way: BTreeMap<u64, Box<dyn Running>> = BTreeMap::new();
    let mut reports: Vec<LifetimeReport> = Vec::new();
    let mut failed = None;
    let (sender, events): (Sender<Event>, Receiver<Event>) = channel();
    let (mut flushed, mut saved) = (Instant::now(), Instant::now());
    let (mut stopping, mut asked) = (false, false);
    loop {
        while !stopping && under_way.len() < how.jobs.max(1) {
            let Some(lifetime) = waiting.pop_front() else { break };
            match start(lifetime, sender.clone()) {
                Ok(running) => {
                    under_way.insert(lifetime, running);
                }
                // Those under way are stopped in good order before this is told.
                Err(error) => {
                    failed = Some(error);
                    stopping = true;
                }
            }
        }
        if under_way.is_empty() {
            break;
        }
        let left = how.left().filter(|left| !left.is_zero());
        match events.recv_timeout(left.map_or(TICK, |left| left.min(TICK))) {
            Ok(Event::Ended(report)) => {
                // One that was given up may still report; its fault stands.
                if under_way.remove(&report.lifetime).is_some() {
                    stopping |= report.end == End::DiskFull;
                    reports.push(report);
                }
            }
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {}
        }
        if let Some(timeout) = how.timeout {
            under_way.retain(|_, running| match running.give_up_if_hung(timeout) {
                Some(report) => {
                    reports.push(report);
                    false
                }
                None => true,
            });
        }
        if signals.any() && !std::mem::replace(&mut asked, true) && signals.ends_at_second() {
            watcher.stopping();
        }
        if asked || stopping || how.left() == Some(Duration::ZERO) {
            stopping = true;
            ask(&under_way, Request::Stop);
        } else if saved.elapsed() >= how.checkpoint_every {
            (saved, flushed) = (Instant::now(), Instant::now());
            ask(&under_way, Request::Checkpoint);
        } else if flushed.elapsed() >= FLUSH_EVERY {
            flushed = Instant::now();
            ask(&under_way, Request::Flush);
        }
        watcher.show(&under_way.iter().map(|(&i, r)| (i, r.progress())).collect());
    }
    reports.sort_by_key(|r| r.lifetime);
    failed.map_or(Ok(reports), Err)
}

fn ask(under_way: &BTreeMap<u64, Box<dyn Running>>, request: Request) {
    for running in under_way.values() {
        running.request(request);
    }
}
