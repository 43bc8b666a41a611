//! What is shared between a lifetime under way and whoever watches it: requests
//! in, position and counters out. The loop touches atomics only, and reads no clock.

use super::{Party, Place};
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

/// What a watcher may ask of a lifetime; it is done at the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// Write what is logged to disk.
    Flush,
    /// Write a checkpoint (and flush).
    Checkpoint,
    /// Write a checkpoint and stop.
    Stop,
}

/// Whose code is running.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The harness's own.
    Harness,
    /// The agent's.
    Agent,
    /// The environment's.
    Environment,
}

/// The shared state of one lifetime.
#[derive(Debug, Default)]
pub struct Control {
    attention: AtomicBool,
    flush: AtomicBool,
    checkpoint: AtomicBool,
    stop: AtomicBool,
    phase: AtomicU8,
    calls: AtomicU64,
    steps: AtomicU64,
    variant_steps: AtomicU64,
    experiences: AtomicU64,
    done: AtomicU64,
    place: Mutex<Place>,
}

impl Control {
    /// Asks for something.
    pub fn request(&self, request: Request) {
        match request {
            Request::Flush => self.flush.store(true, Relaxed),
            Request::Checkpoint => self.checkpoint.store(true, Relaxed),
            Request::Stop => self.stop.store(true, Relaxed),
        }
        self.attention.store(true, std::sync::atomic::Ordering::Release);
    }

    /// The most far-reaching request there is, taken.
    #[inline]
    pub(super) fn take_request(&self) -> Option<Request> {
        if !self.attention.load(Relaxed) {
            return None;
        }
        self.take_request_slowly()
    }

    #[cold]
    fn take_request_slowly(&self) -> Option<Request> {
        self.attention.swap(false, std::sync::atomic::Ordering::Acquire);
        let flush = self.flush.swap(false, Relaxed);
        let checkpoint = self.checkpoint.swap(false, Relaxed);
        if self.stop.load(Relaxed) {
            // A stop stays asked for: the next check must see it too.
            self.attention.store(true, Relaxed);
            Some(Request::Stop)
        } else if checkpoint {
            Some(Request::Checkpoint)
        } else if flush {
            Some(Request::Flush)
        } else {
            None
        }
    }

    /// Says whose code runs from now on.
    #[inline]
    pub(super) fn enter(&self, phase: Phase) {
        self.phase.store(phase as u8, Relaxed);
        // Only this lifetime's thread writes: no read-modify-write is needed.
        self.calls.store(self.calls.load(Relaxed) + 1, Relaxed);
    }

    /// Whose code is running.
    pub fn phase(&self) -> Phase {
        match self.phase.load(Relaxed) {
            x if x == Phase::Agent as u8 => Phase::Agent,
            x if x == Phase::Environment as u8 => Phase::Environment,
            _ => Phase::Harness,
        }
    }

    /// A number that changes whenever other code begins to run: one that stays
    /// the same for long means a call that hangs.
    pub fn calls(&self) -> u64 {
        self.calls.load(Relaxed)
    }

    /// Adds one step of the batch, in which `lanes` environments took part.
    #[inline]
    pub(super) fn stepped(&self, lanes: u64) {
        self.steps.store(self.steps.load(Relaxed) + lanes, Relaxed);
        self.variant_steps.store(self.variant_steps.load(Relaxed) + lanes, Relaxed);
    }

    /// Says that a variant goes on after so many steps.
    pub(super) fn resumed_at(&self, steps: u64) {
        self.variant_steps.store(steps, Relaxed);
    }

    /// Steps of all environments since the process began this lifetime.
    pub fn steps(&self) -> u64 {
        self.steps.load(Relaxed)
    }

    /// Records experiences logged so far, and the curriculum's work done so far,
    /// in the units of [`super::Lifetime::total_work`].
    pub(super) fn set_progress(&self, experiences: u64, done: u64) {
        self.experiences.store(experiences, Relaxed);
        self.done.store(done, Relaxed);
    }

    /// Experiences logged so far.
    pub fn experiences(&self) -> u64 {
        self.experiences.load(Relaxed)
    }

    /// Work done so far.
    pub fn done(&self) -> u64 {
        self.done.load(Relaxed)
    }

    pub(super) fn set_place(&self, place: Place) {
        self.variant_steps.store(0, Relaxed);
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }

    /// Where the lifetime is, to the variant and its step.
    pub fn place(&self) -> Place {
        let mut place = self.place.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if !place.task.is_empty() {
            place.step = Some(self.variant_steps.load(Relaxed));
        }
        place
    }

    /// Whose fault it is that a call hangs or panics just now.
    pub fn party(&self) -> Party {
        match self.phase() {
            Phase::Harness => Party::Harness,
            Phase::Agent => Party::Agent,
            Phase::Environment => Party::Environment,
        }
    }
}
