//! What all trials came to: of each setting the trial of the lowest validation perplexity, of each task the mean
//! over its settings.

use super::folder::Trial;
use super::published::{PUBLISHED, TASKS};
use super::spearman::correlation;
use super::{Folder, FolderError, Plan, TaskSetting, Unit};
use serde::Serialize;
use tella_nn::mad::{Accuracy, Outcome};

/// The trials of a plan that are over.
#[derive(Clone, Debug)]
pub struct Results {
    /// The plan.
    pub plan: Plan,
    /// Its settings.
    pub settings: Vec<TaskSetting>,
    /// Each trial with what it came to, in the plan's order.
    pub trials: Vec<(Unit, Trial)>,
    /// Numbers of the trials that were chosen, one a setting and architecture where one did not fail.
    pub chosen: Vec<usize>,
}

/// The score of an architecture on a task.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TaskScore {
    /// The architecture.
    pub architecture: String,
    /// The task.
    pub task: String,
    /// Settings that it is a mean over, and of how many.
    pub settings: [usize; 2],
    /// Test accuracy of the chosen trials.
    pub macro_accuracy: f64,
    /// By token.
    pub micro_accuracy: f64,
    /// The exact solver's macro accuracy.
    pub ceiling: f64,
    /// Macro accuracy over the exact solver's, setting by setting.
    pub normalized: f64,
}

/// How scores agree with those of others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Agreement {
    /// Whose scores here.
    pub ours: String,
    /// Whose there.
    pub theirs: String,
    /// Over what: tasks, or architectures.
    pub over: &'static str,
    /// Pairs of scores.
    pub pairs: usize,
    /// Spearman's rank correlation.
    pub spearman: Option<f64>,
}

impl Results {
    /// Reads what is over.
    ///
    /// # Errors
    ///
    /// A file that is damaged.
    pub fn read(plan: &Plan, folder: &Folder) -> Result<Self, FolderError> {
        let mut trials = Vec::new();
        for unit in plan.units() {
            if let Some(trial) = folder.trial(unit.number)? {
                trials.push((unit, trial));
            }
        }
        let settings = plan.task_settings();
        let mut chosen = Vec::new();
        for setting in 0..settings.len() {
            for architecture in 0..plan.architectures.len() {
                let of = trials.iter().filter(|(unit, _)| {
                    (unit.setting, unit.architecture) == (setting, architecture)
                });
                let whole =
                    of.filter_map(|(unit, t)| Some((unit.number, t.outcome.as_ref().ok()?)));
                let best = whole.min_by(|a, b| perplexity(a.1).total_cmp(&perplexity(b.1)));
                chosen.extend(best.map(|(number, _)| number));
            }
        }
        Ok(Self { plan: plan.clone(), settings, trials, chosen })
    }

    /// Trials without an outcome.
    pub fn failed(&self) -> impl Iterator<Item = (&Unit, &String)> {
        self.trials.iter().filter_map(|(unit, trial)| Some((unit, trial.outcome.as_ref().err()?)))
    }

    /// Whether every trial of the plan is over.
    pub fn is_complete(&self) -> bool {
        self.trials.len() == self.plan.units().len()
    }

    /// Chosen trials of an architecture, with their outcomes and ceilings.
    fn chosen_of(&self, architecture: usize) -> impl Iterator<Item = (&Unit, &Outcome, Accuracy)> {
        let of = move |(unit, trial)| -> Option<(&Unit, &Outcome, Accuracy)> {
            let (unit, trial): (&Unit, &Trial) = (unit, trial);
            let is = unit.architecture == architecture && self.chosen.contains(&unit.number);
            Some((unit, trial.outcome.as_ref().ok().filter(|_| is)?, trial.ceiling))
        };
        self.trials.iter().map(|(unit, trial)| (unit, trial)).filter_map(of)
    }

    /// The scores of all architectures on all tasks.
    pub fn scores(&self) -> Vec<TaskScore> {
        let mut scores = Vec::new();
        for (architecture, declared) in self.plan.architectures.iter().enumerate() {
            for task in &self.plan.tasks {
                let is = |unit: &Unit| self.settings[unit.setting].task == *task;
                let of: Vec<_> = self.chosen_of(architecture).filter(|(u, ..)| is(u)).collect();
                if of.is_empty() {
                    continue;
                }
                let mean = |value: fn(&Outcome, Accuracy) -> f64| {
                    of.iter().map(|(_, o, ceiling)| value(o, *ceiling)).sum::<f64>()
                        / of.len() as f64
                };
                let all = self.settings.iter().filter(|setting| setting.task == *task).count();
                scores.push(TaskScore {
                    architecture: declared.name.clone(),
                    task: task.clone(),
                    settings: [of.len(), all],
                    macro_accuracy: mean(|o, _| o.test.macro_accuracy),
                    micro_accuracy: mean(|o, _| o.test.micro_accuracy),
                    ceiling: mean(|_, ceiling| ceiling.macro_accuracy),
                    normalized: mean(|o, c| o.test.macro_accuracy / c.macro_accuracy.max(1e-9)),
                });
            }
        }
        scores
    }

    /// How the scores agree with those of others: each architecture's over tasks with every list there is of
    /// architectures of the same mixers, and over architectures where three have one.
    pub fn agreements(&self) -> Vec<Agreement> {
        let scores = self.scores();
        let of = |architecture: &str, task: &str| {
            let mut all = scores.iter();
            all.find(|s| s.architecture == architecture && s.task == task).map(|s| s.macro_accuracy)
        };
        let mut found = Vec::new();
        let mut means: [Vec<(f64, f64)>; 2] = Default::default();
        for architecture in &self.plan.architectures {
            let mixers = mixers(&architecture.yaml);
            for theirs in PUBLISHED.iter().filter(|theirs| theirs.mixers == mixers) {
                let pairs: Vec<(f64, f64)> = TASKS
                    .iter()
                    .zip(theirs.scores)
                    .filter_map(|(task, theirs)| Some((of(&architecture.name, task)?, theirs)))
                    .collect();
                found.push(Agreement {
                    ours: architecture.name.clone(),
                    theirs: theirs.name.to_owned(),
                    over: "tasks",
                    pairs: pairs.len(),
                    spearman: over(&pairs),
                });
                if pairs.len() == TASKS.len() {
                    let mean =
                        |side: fn(&(f64, f64)) -> f64| pairs.iter().map(side).sum::<f64>() / 6.0;
                    means[usize::from(theirs.full)].push((mean(|p| p.0), mean(|p| p.1)));
                }
            }
        }
        for (pairs, theirs) in means.iter().zip(["mad-lab's layers, H200", "mad-lab's README"]) {
            if let Some(spearman) = over(pairs) {
                found.push(Agreement {
                    ours: "means of all architectures".to_owned(),
                    theirs: theirs.to_owned(),
                    over: "architectures",
                    pairs: pairs.len(),
                    spearman: Some(spearman),
                });
            }
        }
        found
    }
}

fn over(pairs: &[(f64, f64)]) -> Option<f64> {
    let (ours, theirs): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
    correlation(&ours, &theirs)
}

/// The validation perplexity that chooses.
fn perplexity(outcome: &Outcome) -> f64 {
    outcome.epochs[outcome.best_epoch as usize - 1].validation.perplexity
}

/// The layers of a declaration that mix positions, in order and without repetition. What is no list of
/// layers has none.
fn mixers(yaml: &str) -> Vec<String> {
    let value: serde_json::Value = serde_saphyr::from_str(yaml).unwrap_or_default();
    let name = |layer: &serde_json::Value| match layer {
        serde_json::Value::String(name) => Some(name.clone()),
        serde_json::Value::Object(map) => map.keys().next().cloned(),
        _ => None,
    };
    let mut found: Vec<String> = Vec::new();
    for name in value["layers"].as_array().into_iter().flatten().filter_map(name) {
        if !["swiglu", "mlp", "experts"].contains(&name.as_str()) && !found.contains(&name) {
            found.push(name);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::mixers;

    #[test]
    fn mixers_of_a_declaration() {
        let yaml = "layers: [hyena: {order: 3}, swiglu, attention, mlp, hyena]";
        assert_eq!(mixers(yaml), ["hyena", "attention"]);
        assert!(mixers("{").is_empty());
    }
}
