//! Single-task experts: what a learner of one task alone achieves.

use super::Lifetime;
use crate::l2metrics::Settings;
use crate::ste::{self, SteError};
use std::collections::BTreeMap;

/// The learning curves of single-task experts: for each task by name, one curve a run,
/// raw performance of its learning experiences in order.
#[derive(Clone, Debug, Default)]
pub struct Experts(BTreeMap<String, Vec<Vec<f64>>>);

impl Experts {
    /// The learning curves of all experts of a store. A run that has no value of the measure
    /// is no expert of it.
    ///
    /// # Errors
    ///
    /// Where the store's files cannot be read or are damaged.
    pub fn read(store: &mut ste::Experts, settings: &Settings) -> Result<Self, SteError> {
        let names = store.names().to_vec();
        store.load(&names)?;
        let mut experts = Self::default();
        for expert in names.iter().flat_map(|name| store.of_task(name)) {
            if let Ok(life) = Lifetime::new(&expert.log, settings)
                && let Some(task) = life.tasks.first()
            {
                experts.add(task, life.raw.clone());
            }
        }
        Ok(experts)
    }

    /// Adds a run of a task's expert. A run without a row adds nothing.
    pub fn add(&mut self, task: &str, curve: Vec<f64>) {
        if !curve.is_empty() {
            self.0.entry(task.to_owned()).or_default().push(curve);
        }
    }

    /// The runs of a task's expert; none where there is none. Names match whatever their case,
    /// since L2Metrics keeps experts under lower-case names.
    pub fn runs(&self, task: &str) -> &[Vec<f64>] {
        let same = |name: &&String| name.to_lowercase() == task.to_lowercase();
        let found = self.0.get(task);
        let found = found.or_else(|| self.0.keys().find(same).and_then(|name| self.0.get(name)));
        found.map_or(&[], Vec::as_slice)
    }

    /// Whether there is no expert at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
