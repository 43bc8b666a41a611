//! Whether a team is worth calling: several threads or one, whichever was faster lately.
//!
//! Handing a step to other threads takes about a microsecond where they have a
//! processor each, and thousands of times as long where other work keeps one of them
//! from running. What a step itself takes is known to nobody beforehand. So both ways
//! are tried for a few steps now and then, and the faster one is kept in between. What
//! a step computes is the same either way.

use std::time::{Duration, Instant};

/// Steps of each way in a trial. Odd, so that there is one in the middle.
const TRIAL: usize = 15;

/// Steps between two trials at first, and at most: the number doubles while the same
/// way wins again.
const STRETCH: (u32, u32) = (512, 65_536);

/// A step of the whole team that takes this many times what one thread takes was kept
/// waiting for a processor.
const STUCK: u32 = 4;

/// As many such steps end a stretch.
const PATIENCE: u32 = 3;

/// What is going on at present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    TryAlone,
    TryTogether,
    Alone,
    Together,
}

/// A step that is being done.
#[derive(Debug)]
pub(crate) struct Turn {
    /// Whether it is for the whole team.
    pub(crate) together: bool,
    began: Option<Instant>,
}

impl Turn {
    /// A step of a batch that has one thread.
    pub(crate) const ALONE: Turn = Turn { together: false, began: None };
}

/// Decides for each step whether a team or one thread does it.
#[derive(Debug)]
pub(super) struct Pace {
    phase: Phase,
    /// Durations of the trial's steps so far.
    tried: [Duration; TRIAL],
    count: usize,
    /// What one thread took in the last trial, in the middle.
    alone: Duration,
    /// Steps of this stretch yet to come, and its length.
    left: u32,
    stretch: u32,
    stuck: u32,
    /// Who won the last trial.
    won: Option<Phase>,
}

impl Pace {
    pub(super) fn new() -> Pace {
        Pace {
            phase: Phase::TryAlone,
            tried: [Duration::ZERO; TRIAL],
            count: 0,
            alone: Duration::ZERO,
            left: 0,
            stretch: STRETCH.0,
            stuck: 0,
            won: None,
        }
    }

    /// Whether work at this moment is for the whole team.
    pub(super) fn together(&self) -> bool {
        matches!(self.phase, Phase::TryTogether | Phase::Together)
    }

    /// A step begins. The clock is not asked where its answer is not needed.
    pub(super) fn begin(&self) -> Turn {
        let began = (self.phase != Phase::Alone).then(Instant::now);
        Turn { together: self.together(), began }
    }

    /// The step ends.
    pub(super) fn end(&mut self, turn: Turn) {
        match turn.began {
            Some(began) => self.took(began.elapsed()),
            None => self.count_down(),
        }
    }

    /// A step of this phase took `time`.
    fn took(&mut self, time: Duration) {
        match self.phase {
            Phase::TryAlone | Phase::TryTogether => self.add_to_trial(time),
            Phase::Together => {
                self.stuck += u32::from(time > STUCK * self.alone);
                if self.stuck == PATIENCE {
                    self.left = 1;
                }
                self.count_down();
            }
            Phase::Alone => self.count_down(),
        }
    }

    fn add_to_trial(&mut self, time: Duration) {
        self.tried[self.count] = time;
        self.count += 1;
        if self.count < TRIAL {
            return;
        }
        self.count = 0;
        let (_, middle, _) = self.tried.select_nth_unstable(TRIAL / 2);
        if self.phase == Phase::TryAlone {
            self.alone = *middle;
            self.phase = Phase::TryTogether;
            return;
        }
        let winner = if *middle < self.alone { Phase::Together } else { Phase::Alone };
        self.stretch = match self.won.replace(winner) {
            Some(last) if last == winner => (2 * self.stretch).min(STRETCH.1),
            _ => STRETCH.0,
        };
        (self.phase, self.left, self.stuck) = (winner, self.stretch, 0);
    }

    fn count_down(&mut self) {
        self.left -= 1;
        if self.left == 0 {
            self.phase = Phase::TryAlone;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Steps done together, of `steps`, where one alone and one together take so long.
    fn share_together(pace: &mut Pace, steps: usize, alone: u64, together: u64) -> f64 {
        let mut count = 0;
        for _ in 0..steps {
            count += usize::from(pace.together());
            let time = if pace.together() { together } else { alone };
            match pace.phase {
                Phase::Alone => pace.count_down(),
                _ => pace.took(Duration::from_nanos(time)),
            }
        }
        count as f64 / steps as f64
    }

    #[test]
    fn the_faster_way_is_kept() {
        let mut pace = Pace::new();
        assert!(share_together(&mut pace, 20_000, 1000, 600) > 0.95);
        // Both go on to be tried, so that a change is seen.
        assert!(share_together(&mut pace, 100_000, 1000, 1400) < 0.5);
        assert!(share_together(&mut pace, 100_000, 1000, 1400) < 0.01);
        share_together(&mut pace, 200_000, 1000, 600);
        assert!(share_together(&mut pace, 20_000, 1000, 600) > 0.95);
    }

    #[test]
    fn a_team_that_is_kept_waiting_is_left_at_once() {
        let mut pace = Pace::new();
        share_together(&mut pace, 1_000_000, 1000, 600);
        while !(pace.phase == Phase::Together && pace.left > 10_000) {
            share_together(&mut pace, 1, 1000, 600);
        }
        // Some steps of this stretch, then a trial, which is lost.
        assert!(share_together(&mut pace, 500, 1000, 3_000_000) < 0.04);
    }

    #[test]
    fn one_slow_step_decides_nothing() {
        let mut pace = Pace::new();
        share_together(&mut pace, 20, 1000, 600);
        share_together(&mut pace, 1, 1000, 5_000_000);
        assert!(share_together(&mut pace, 500, 1000, 600) > 0.95);
    }
}
