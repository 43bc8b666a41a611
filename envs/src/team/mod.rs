//! Threads that do one piece of work together, thousands of times a second.
//!
//! A step of a batch takes a few microseconds, about as long as waking a thread that
//! sleeps. So the threads of a [`Team`] watch for the next piece of work for a while
//! before they go to sleep, and whoever hands it out watches for its end. Where there
//! are more of them than processors nobody watches: who does would keep another from
//! working.
//!
//! [`Blocks`] cuts a batch for a team, and asks [`Pace`](pace::Pace) whether that is worth
//! its cost.

mod blocks;
mod pace;

pub(crate) use blocks::Blocks;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{
    AtomicBool, AtomicPtr, AtomicUsize,
    Ordering::{Acquire, Relaxed, SeqCst},
};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{JoinHandle, Thread};

/// Looks before a thread goes to sleep: some 30 microseconds.
const LOOKS: usize = 1000;

/// What each member is called with: its number.
type Work<'a> = &'a (dyn Fn(usize) + Sync);

/// A value on cache lines of its own, so that watching it disturbs nobody.
#[derive(Default)]
#[repr(align(128))]
struct Alone<T>(T);

#[derive(Default)]
struct Turn {
    /// Counts the pieces of work handed out.
    number: AtomicUsize,
    /// Where the present piece is; valid while somebody has not finished it.
    work: AtomicPtr<Work<'static>>,
}

/// One of the threads, as the others see it.
#[derive(Default)]
struct Other {
    /// Pieces of work that it has finished.
    done: AtomicUsize,
    /// Whether it must be woken for the next.
    asleep: AtomicBool,
}

#[derive(Default)]
struct Shared {
    turn: Alone<Turn>,
    others: Vec<Alone<Other>>,
    /// Who handed the work out and went to sleep.
    waiting: AtomicBool,
    caller: Mutex<Option<Thread>>,
    quit: AtomicBool,
    looks: usize,
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

/// A fixed number of threads; the one that calls [`Team::run`] is the first of them.
struct Team {
    shared: Arc<Shared>,
    threads: Vec<JoinHandle<()>>,
}

impl Team {
    /// A team of `members`, at least one.
    fn new(members: usize) -> Team {
        let others = members.saturating_sub(1);
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let shared = Arc::new(Shared {
            others: (0..others).map(|_| Alone::default()).collect(),
            looks: if members <= processors { LOOKS } else { 0 },
            ..Shared::default()
        });
        let start = |other: usize| {
            let shared = Arc::clone(&shared);
            std::thread::spawn(move || shared.serve(other))
        };
        Team { threads: (0..others).map(start).collect(), shared }
    }

    /// Calls `work` once for each member with its number, 0 on this thread, and returns
    /// when all are done. A panic in one of them goes on here.
    fn run(&mut self, work: impl Fn(usize) + Sync) {
        let work: Work<'_> = &work;
        let here = &raw const work;
        // What it points to outlives every use: this function returns, or unwinds, only
        // after all others have counted it as done, and none looks at it afterwards.
        self.shared.turn.0.work.store(here.cast_mut().cast(), Relaxed);
        let turn = self.shared.turn.0.number.fetch_add(1, SeqCst) + 1;
        for (thread, other) in self.threads.iter().zip(&self.shared.others) {
            if other.0.asleep.load(SeqCst) {
                thread.thread().unpark();
            }
        }
        let mine = catch_unwind(AssertUnwindSafe(|| work(0)));
        self.shared.wait_for_all(turn);
        let theirs = self.shared.panic.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(panic) = mine.err().or(theirs) {
            resume_unwind(panic);
        }
    }
}

impl Shared {
    /// What thread `number` does until the team is dropped; as a member it is one higher.
    fn serve(&self, number: usize) {
        let other = &self.others[number].0;
        let mut done = 0;
        loop {
            self.wait_for_turn_after(done, &other.asleep);
            if self.quit.load(Relaxed) {
                return;
            }
            // SAFETY: `Team::run` stored a pointer to a value of its own before it counted
            // the turn up, and keeps the value until this thread has counted it as done.
            let work = unsafe { *self.turn.0.work.load(Relaxed) };
            if let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(number + 1))) {
                *self.panic.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
            }
            done += 1;
            other.done.store(done, SeqCst);
            // Either the caller sees that this is done, or this sees that the caller waits.
            if self.waiting.load(SeqCst)
                && let Some(caller) = &*self.caller.lock().unwrap_or_else(PoisonError::into_inner)
            {
                caller.unpark();
            }
        }
    }

    fn wait_for_turn_after(&self, done: usize, asleep: &AtomicBool) {
        if self.looks_until(|| self.turn.0.number.load(Acquire) != done) {
            return;
        }
        // Either the turn is seen here, or whoever counts it up sees this flag.
        asleep.store(true, SeqCst);
        while self.turn.0.number.load(SeqCst) == done {
            std::thread::park();
        }
        asleep.store(false, Relaxed);
    }

    fn wait_for_all(&self, turn: usize) {
        let all_done = || self.others.iter().all(|other| other.0.done.load(SeqCst) == turn);
        if self.looks_until(all_done) {
            return;
        }
        *self.caller.lock().unwrap_or_else(PoisonError::into_inner) = Some(std::thread::current());
        self.waiting.store(true, SeqCst);
        while !all_done() {
            std::thread::park();
        }
        self.waiting.store(false, Relaxed);
    }

    /// Looks for something for a while; whether it was seen.
    fn looks_until(&self, seen: impl Fn() -> bool) -> bool {
        for _ in 0..self.looks {
            if seen() {
                return true;
            }
            std::hint::spin_loop();
        }
        seen()
    }
}

impl Drop for Team {
    fn drop(&mut self) {
        self.shared.quit.store(true, Relaxed);
        self.shared.turn.0.number.fetch_add(1, SeqCst);
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            // It catches every panic of the work; there is none left to tell.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn everyone_works_once_a_turn_and_is_done_when_it_returns() {
        for members in [1, 2, 3, 8] {
            let mut team = Team::new(members);
            let counts: Vec<AtomicUsize> = (0..members).map(|_| AtomicUsize::new(0)).collect();
            for turn in 1..=300 {
                if turn % 100 == 0 {
                    // Long enough for all to fall asleep.
                    std::thread::sleep(Duration::from_millis(5));
                }
                team.run(|i| {
                    counts[i].fetch_add(1, Relaxed);
                });
                assert!(counts.iter().all(|c| c.load(Relaxed) == turn), "{counts:?}");
            }
        }
    }

    #[test]
    fn a_panic_goes_on_at_the_caller_and_the_team_with_the_next_turn() {
        let mut team = Team::new(3);
        for bad in 0..3 {
            let caught = catch_unwind(AssertUnwindSafe(|| {
                team.run(|i| assert!(i != bad, "member {i}"));
            }));
            let message = caught.unwrap_err().downcast::<String>().unwrap();
            assert_eq!(*message, format!("member {bad}"));
            team.run(|_| ());
        }
    }
}
