//! What a benchmark is: everything that its results are a function of.

use serde::{Deserialize, Serialize};
use tella_envs::mad::{BenchmarkSetting, TEST_EXAMPLES, benchmark};

/// An architecture: a stack's declaration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Architecture {
    /// What it is called in tables.
    pub name: String,
    /// The declaration, YAML.
    pub yaml: String,
}

/// What was asked for. A folder holds the trials of one plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Version of the form of the folder.
    pub format: u32,
    /// Version of the program.
    pub version: String,
    /// Architectures.
    pub architectures: Vec<Architecture>,
    /// Tasks by name.
    pub tasks: Vec<String>,
    /// Whether all settings of the benchmark are tried, or each task's baseline alone.
    pub full: bool,
    /// What is changed of the tasks' defaults, `key=value`; a setting's own changes win.
    pub settings: Vec<String>,
    /// `corrected` or `mad-lab`.
    pub generator: String,
    /// Examples for learning, where not the setting's.
    pub train_examples: Option<usize>,
    /// Examples for scoring, and as many for validation.
    pub test_examples: usize,
    /// Learning rates.
    pub lr: Vec<f64>,
    /// Weight decays.
    pub weight_decay: Vec<f64>,
    /// Passes over the data at most.
    pub epochs: u64,
    /// Examples of a step.
    pub batch_size: i64,
    /// Seed of data, weights and order.
    pub seed: u64,
    /// Where it computes.
    pub device: String,
    /// Threads of libtorch on a processor.
    pub threads: u32,
}

/// A setting of a task.
#[derive(Clone, Debug, PartialEq)]
pub struct TaskSetting {
    /// The task.
    pub task: String,
    /// The setting.
    pub setting: BenchmarkSetting,
}

/// One trial: places in the plan.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    /// Its number, counted from 0 in the plan's order.
    pub number: usize,
    /// Place of its architecture.
    pub architecture: usize,
    /// Place of its setting in [`Plan::task_settings`].
    pub setting: usize,
    /// Learning rate.
    pub lr: f64,
    /// Weight decay.
    pub weight_decay: f64,
}

impl Plan {
    /// The version of the form of folders that this program writes.
    pub const FORMAT: u32 = 1;

    /// Examples for scoring in the benchmark.
    pub const TEST_EXAMPLES: usize = TEST_EXAMPLES;

    /// The settings of all tasks.
    pub fn task_settings(&self) -> Vec<TaskSetting> {
        let of = |task: &String| {
            let all = benchmark(task).into_iter().take(if self.full { usize::MAX } else { 1 });
            let own = |setting| TaskSetting { task: task.clone(), setting };
            all.map(own).collect::<Vec<_>>()
        };
        self.tasks.iter().flat_map(of).collect()
    }

    /// All trials: settings in order, for each every architecture, for each every learning rate and weight
    /// decay.
    pub fn units(&self) -> Vec<Unit> {
        let settings = self.task_settings().len();
        let mut units = Vec::new();
        for setting in 0..settings {
            for architecture in 0..self.architectures.len() {
                for lr in &self.lr {
                    for weight_decay in &self.weight_decay {
                        units.push(Unit {
                            number: units.len(),
                            architecture,
                            setting,
                            lr: *lr,
                            weight_decay: *weight_decay,
                        });
                    }
                }
            }
        }
        units
    }

    /// The first thing in which `other` is another plan.
    pub fn difference(&self, other: &Self) -> Option<String> {
        let of = |plan: &Self| serde_json::to_value(plan).unwrap_or_default();
        let (here, there) = (of(self), of(other));
        let keys = here.as_object()?.keys();
        let differs = |key: &&String| here[*key] != there[*key];
        let key = keys.into_iter().find(differs)?;
        Some(format!("`{key}` is {} there and {} here", there[key], here[key]))
    }
}
