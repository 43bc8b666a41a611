//! Single-task experts: the logs that learning a task alone gave, kept in a [`Store`] and
//! handed to a profile as [`Experts`].

mod error;
mod file;
mod store;

pub use error::SteError;
pub use store::{Mode, Store, Stored};

use crate::Experiences;
use crate::told::label;
use std::collections::BTreeMap;

/// The experts at hand, by the name of the task they learnt, in lower case.
///
/// A profile is handed what it may look at: see [`Experts::load`].
#[derive(Clone, Debug, Default)]
pub struct Experts {
    store: Option<Store>,
    names: Vec<String>,
    loaded: BTreeMap<String, Vec<Expert>>,
}

/// A note where some of the tasks that are learnt have an expert and others none. `learnt` are
/// their names, and whether they have.
pub(crate) fn partly<'a>(learnt: impl IntoIterator<Item = (&'a str, bool)>) -> Option<String> {
    let (with, without): (Vec<_>, Vec<_>) = learnt.into_iter().partition(|(_, has)| *has);
    let listed = |tasks: &[(&str, bool)]| {
        tasks.iter().map(|(task, _)| format!("`{}`", label(task))).collect::<Vec<_>>().join(", ")
    };
    (!with.is_empty() && !without.is_empty()).then(|| {
        format!(
            "there is no expert of {}: what is relative to experts is of {} alone",
            listed(&without),
            listed(&with)
        )
    })
}

/// One run of a single-task expert.
#[derive(Clone, Debug)]
pub struct Expert {
    /// Where it came from: the name of its run.
    pub source: String,
    /// Its completed experiences.
    pub log: Experiences,
}

impl Experts {
    /// No expert at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// The experts of a store; none is read yet.
    ///
    /// # Errors
    ///
    /// Where the store cannot be listed.
    pub fn of(store: &Store) -> Result<Self, SteError> {
        let names = store.names()?;
        Ok(Self { store: Some(store.clone()), names, loaded: BTreeMap::new() })
    }

    /// The tasks there are experts of, sorted.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Reads the experts of some tasks, those that were not read before.
    ///
    /// # Errors
    ///
    /// Where a file cannot be read or is damaged.
    pub fn load<'a>(
        &mut self,
        names: impl IntoIterator<Item = &'a String>,
    ) -> Result<(), SteError> {
        let Some(store) = &self.store else { return Ok(()) };
        for name in names {
            if !self.loaded.contains_key(name) {
                self.loaded.insert(name.clone(), store.load(name)?);
            }
        }
        Ok(())
    }

    /// The runs of a task's expert that were read, in the store's order.
    pub fn of_task(&self, name: &str) -> &[Expert] {
        self.loaded.get(name).map_or(&[], Vec::as_slice)
    }
}
