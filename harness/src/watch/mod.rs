//! A run folder watched from outside: how its lifetimes stand, from their logs alone.
//!
//! `lifetime` follows one log and adds up what it says, `view` is what there is to see at a
//! moment, `picture` puts it on a screen. Nothing here writes into the folder; a log that
//! appears, grows or ends in a torn tail while it is read is no error.

mod lifetime;
mod picture;
mod speed;
mod view;

pub use picture::picture;
pub use view::{LifetimeView, RunView, TaskView};

use crate::run::planned;
use lifetime::Followed;
use std::collections::BTreeMap;
use std::path::Path;
use tella_events::{EventError, RunFolder};

/// A run folder under watch.
pub struct Watch {
    run: RunFolder,
    only: Option<Vec<u32>>,
    followed: BTreeMap<u32, Followed>,
}

impl Watch {
    /// Watches all lifetimes of `dir`, or `only` these.
    ///
    /// # Errors
    /// Where it is no run folder, or holds none of the lifetimes asked for.
    pub fn open(dir: &Path, only: &[u32]) -> Result<Self, EventError> {
        let run = RunFolder::open(dir)?;
        let only = (!only.is_empty()).then(|| only.to_vec());
        let watch = Self { run, only, followed: BTreeMap::new() };
        let there = watch.lifetimes()?;
        if let Some(missing) = watch.only.iter().flatten().find(|idx| !there.contains(idx)) {
            let path = watch.run.lifetime_dir(*missing);
            return Err(EventError::NoLifetime { path, why: "no such lifetime".into() });
        }
        Ok(watch)
    }

    /// The lifetimes that are planned or begun, in order.
    fn lifetimes(&self) -> Result<Vec<u32>, EventError> {
        let mut all = self.run.lifetimes()?;
        // An imported log has no plan.
        all.extend(planned(&self.run).unwrap_or(0..0).map(|idx| idx as u32));
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    /// Reads on, and says how everything stands now.
    pub fn look(&mut self) -> Result<RunView, EventError> {
        let mut all = self.lifetimes()?;
        if let Some(only) = &self.only {
            all.retain(|idx| only.contains(idx));
        }
        let run = &self.run;
        let look = |idx: &u32| {
            let followed = self.followed.entry(*idx).or_insert_with(|| Followed::new(run, *idx));
            followed.look(run)
        };
        let lifetimes = all.iter().map(look).collect();
        Ok(RunView {
            run: run.dir().to_owned(),
            curriculum: run.info().curriculum.clone(),
            agent: run.info().agent.clone(),
            created_at: run.info().created_at.clone(),
            lifetimes,
        })
    }
}
