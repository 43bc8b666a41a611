//! The lanes of a batch in blocks, one a thread.

use super::Team;
use super::pace::{Pace, Turn};
use crate::EnvFault;
use smallvec::SmallVec;
use std::sync::{Mutex, PoisonError};

/// Threads of a team at most where handing work out shall allocate nothing.
const FEW: usize = 8;

/// What a thread works on, and what came of it.
type Share<S> = (S, Result<usize, EnvFault>);

/// A cut of lanes into contiguous blocks, and the threads that work on them, one block
/// each, while that is faster than one thread.
pub(crate) struct Blocks {
    /// Lanes of a block; the last may have fewer.
    len: usize,
    team: Option<(Team, Pace)>,
}

impl Blocks {
    /// `lanes` lanes, at least one, for `threads` threads.
    pub(crate) fn new(lanes: usize, threads: usize) -> Blocks {
        let len = lanes.div_ceil(threads.max(1));
        let blocks = lanes.div_ceil(len);
        Blocks { len, team: (blocks > 1).then(|| (Team::new(blocks), Pace::new())) }
    }

    /// Lanes of a block.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Whether work other than a step is worth handing out at present.
    pub(crate) fn together(&self) -> bool {
        self.team.as_ref().is_some_and(|(_, pace)| pace.together())
    }

    /// A step of the batch begins: whether it is for one thread, or to be [shared](Self::share).
    pub(crate) fn begin(&self) -> Turn {
        self.team.as_ref().map_or(Turn::ALONE, |(_, pace)| pace.begin())
    }

    /// The step ends.
    pub(crate) fn end(&mut self, turn: Turn) {
        if let Some((_, pace)) = &mut self.team {
            pace.end(turn);
        }
    }

    /// Has each thread do `work` on its share, of which there is one a block; the sum of
    /// what it counted. The lowest lane's fault is reported whichever thread met its own
    /// first.
    pub(crate) fn share<S: Send>(
        &mut self,
        shares: impl Iterator<Item = S>,
        work: impl Fn(&mut S) -> Result<usize, EnvFault> + Sync,
    ) -> Result<usize, EnvFault> {
        let Some((team, _)) = &mut self.team else {
            return shares.map(|mut share| work(&mut share)).sum();
        };
        let share = |share| Mutex::new((share, Ok(0)));
        let shares: SmallVec<[Mutex<Share<S>>; FEW]> = shares.map(share).collect();
        team.run(|member| {
            // Nobody else asks for it: the lock only says so to the compiler.
            let mut share = shares[member].lock().unwrap_or_else(PoisonError::into_inner);
            let (share, result) = &mut *share;
            *result = work(share);
        });
        let shares = shares.into_iter();
        shares.map(|share| share.into_inner().unwrap_or_else(PoisonError::into_inner).1).sum()
    }
}
