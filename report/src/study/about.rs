//! What is said of a run besides its experiences: `run.json`, the state of its lifetimes,
//! or L2Logger's descriptions.

use crate::shell;
use serde_json::{Map, Value};
use std::path::Path;
use tella_events::convert::Scenario;
use tella_events::{BlockEventKind, EventError, LifetimeLog, LifetimeStatus, RunFolder, RunInfo};
use tella_metrics::cohort::Place;

/// What is said of a run.
#[derive(Clone, Debug)]
pub enum About {
    /// A run folder.
    Run {
        /// Its folder, as it was given.
        dir: String,
        /// `run.json`.
        info: Box<RunInfo>,
        /// What is said of its lifetimes, by index.
        lifetimes: Vec<LifetimeAbout>,
    },
    /// An L2Logger scenario.
    Scenario {
        /// Its folder, as it was given.
        dir: String,
        /// `logger_info.json`.
        logger_info: Map<String, Value>,
        /// `scenario_info.json`.
        scenario_info: Map<String, Value>,
    },
}

/// What is said of a lifetime besides its experiences.
#[derive(Clone, Debug, Default)]
pub struct LifetimeAbout {
    /// How it stands.
    pub status: LifetimeStatus,
    /// The evaluation blocks after which the agent's learned state was found changed.
    pub learned_in_evaluation: Vec<u64>,
    /// What else its log warns of.
    pub warnings: Vec<String>,
}

impl LifetimeAbout {
    fn read(run: &RunFolder, index: u32) -> Result<Self, EventError> {
        let status = match run.status(index) {
            Err(error) if error.is_corruption() => {
                LifetimeStatus { lifetime_idx: index, ..LifetimeStatus::default() }
            }
            status => status?,
        };
        let mut about = Self { status, ..Self::default() };
        // A log that is only being made, or is damaged, warns of nothing; its damage is told
        // where its experiences are read.
        let Ok(events) = LifetimeLog::open(run, index).and_then(|log| log.block_events()) else {
            return Ok(about);
        };
        for event in events.into_iter().map(|row| row.event) {
            match event.kind {
                BlockEventKind::LearnedInEvaluation => {
                    about.learned_in_evaluation.push(event.block_num);
                }
                BlockEventKind::Warning => about.warnings.extend(event.detail),
                _ => {}
            }
        }
        Ok(about)
    }

    /// The fault that ended it, in words.
    pub fn fault(&self) -> Option<String> {
        let fault = self.status.fault.as_ref()?;
        let said = |key: &str| fault.get(key).and_then(Value::as_str);
        let mut text = match (said("party"), said("message")) {
            (Some(party), Some(message)) => format!("{party}: {message}"),
            _ => return Some(fault.to_string()),
        };
        let place = fault.get("place").and_then(Value::as_object);
        let parts = place.into_iter().flatten().filter(|(_, value)| !value.is_null());
        let parts: Vec<String> = parts
            .map(|(key, value)| match value.as_str() {
                Some(word) => format!("{key} {word}"),
                None => format!("{key} {value}"),
            })
            .collect();
        if !parts.is_empty() {
            text.push_str(&format!(" (at {})", parts.join(", ")));
        }
        Some(text)
    }
}

/// The lifetimes that a run was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The index of the first.
    pub first: u64,
    /// How many.
    pub count: u64,
}

impl About {
    /// Reads what is said of the run in a folder.
    ///
    /// # Errors
    ///
    /// Where a description cannot be read.
    pub(super) fn read(dir: &Path) -> Result<Self, EventError> {
        let name = dir.display().to_string();
        if !dir.join("run.json").exists() {
            let scenario = Scenario::open(dir)?;
            return Ok(Self::Scenario {
                dir: name,
                logger_info: scenario.logger_info().clone(),
                scenario_info: scenario.scenario_info().clone(),
            });
        }
        let run = RunFolder::open(dir)?;
        let indices = run.lifetimes()?.into_iter();
        let lifetimes = indices.map(|index| LifetimeAbout::read(&run, index));
        let lifetimes = lifetimes.collect::<Result<_, _>>()?;
        Ok(Self::Run { dir: name, info: Box::new(run.info().clone()), lifetimes })
    }

    /// The folder, as it was given.
    pub fn dir(&self) -> &str {
        match self {
            Self::Run { dir, .. } | Self::Scenario { dir, .. } => dir,
        }
    }

    /// What is said of a lifetime, where this is its run.
    pub fn lifetime(&self, place: &Place) -> Option<&LifetimeAbout> {
        let Self::Run { dir, lifetimes, .. } = self else { return None };
        let same = |l: &&LifetimeAbout| l.status.lifetime_idx == place.lifetime_idx;
        if *dir == place.run { lifetimes.iter().find(same) } else { None }
    }

    /// The lifetimes that a run was made for, where that is said.
    pub fn planned(&self) -> Option<Planned> {
        let Self::Run { info, .. } = self else { return None };
        match info.extra.get("lifetimes")?.as_array()?.as_slice() {
            [first, end] => {
                let (first, end) = (first.as_u64()?, end.as_u64()?);
                Some(Planned { first, count: end.saturating_sub(first) })
            }
            _ => None,
        }
    }

    /// The lifetimes that were planned but never begun.
    pub fn never_begun(&self) -> Vec<u64> {
        let (Self::Run { lifetimes, .. }, Some(planned)) = (self, self.planned()) else {
            return Vec::new();
        };
        let begun = |n: &u64| lifetimes.iter().any(|l| u64::from(l.status.lifetime_idx) == *n);
        // A plan is as long as its lifetimes take to live: no list of them is too long.
        (planned.first..planned.first + planned.count.min(10_000)).filter(|n| !begun(n)).collect()
    }

    /// The command that makes the same run, where it can be told.
    pub fn command(&self) -> Option<String> {
        let Self::Run { dir, info, .. } = self else { return None };
        let (agent_seed, curriculum_seed) = (info.agent_seed?, info.curriculum_seed?);
        let curriculum = format!("{}/curriculum.yaml", dir.trim_end_matches('/'));
        let mut command = format!(
            "tella run {} --agent {} --agent-seed {agent_seed} --curriculum-seed {curriculum_seed}",
            shell::word(&curriculum),
            shell::word(&info.agent)
        );
        if let Some(Planned { first, count }) = self.planned() {
            if first > 0 {
                command.push_str(&format!(" --lifetime-idx {first}"));
            }
            if count != 1 {
                command.push_str(&format!(" --num-lifetimes {count}"));
            }
        }
        if info.num_parallel_envs != 1 {
            command.push_str(&format!(" --num-parallel-envs {}", info.num_parallel_envs));
        }
        let said = info.extra.get("overrides").and_then(Value::as_array);
        for set in said.into_iter().flatten().filter_map(Value::as_str) {
            command.push_str(&format!(" --set {}", shell::word(set)));
        }
        for (key, value) in info.agent_config.as_object().into_iter().flatten() {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            command.push_str(&format!(" --set {}", shell::word(&format!("agent.{key}={value}"))));
        }
        Some(command)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_command_holds_all_that_the_run_is_a_function_of() {
        let extra = json!({"lifetimes": [2, 5], "overrides": ["blocks=it's"]});
        let info = RunInfo {
            agent: "q-learning".to_owned(),
            agent_config: json!({"discount": 0.5}),
            agent_seed: Some(1),
            curriculum_seed: Some(2),
            num_parallel_envs: 4,
            extra: extra.as_object().unwrap().clone(),
            ..RunInfo::default()
        };
        let about =
            About::Run { dir: "runs/a b".to_owned(), info: Box::new(info), lifetimes: Vec::new() };
        assert_eq!(
            about.command().unwrap(),
            "tella run 'runs/a b/curriculum.yaml' --agent q-learning --agent-seed 1 \
             --curriculum-seed 2 --lifetime-idx 2 --num-lifetimes 3 --num-parallel-envs 4 \
             --set 'blocks=it'\\''s' --set agent.discount=0.5"
        );
        assert_eq!(about.never_begun(), [2, 3, 4]);
    }
}
