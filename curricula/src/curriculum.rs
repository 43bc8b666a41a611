//! The explicit curriculum: every block, task, variant, length and seed spelled out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use tella_envs::wrappers::Adapter;
use tella_envs::{ParamSources, counted};

/// Whether an agent may learn in a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BlockType {
    /// Learning is allowed (`train` in L2Logger's format).
    Learn,
    /// Evaluation (`test` in L2Logger's format).
    Eval,
}

/// L2Logger's block subtype.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BlockSubtype {
    /// An ordinary block.
    #[default]
    Wake,
    /// A block the agent spends asleep.
    Sleep,
}

impl BlockSubtype {
    /// Whether this is the ordinary subtype, which need not be written.
    pub fn is_wake(&self) -> bool {
        *self == BlockSubtype::Wake
    }
}

/// How long a task variant lasts; at least 1. TELLA lets 0 pass (more passes than
/// episodes to divide among them), and so do curricula with `compat: tella`: such a
/// variant begins and ends without a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Length {
    /// A number of finished episodes.
    Episodes(u64),
    /// A number of steps, over all environments.
    Steps(u64),
}

impl Length {
    /// The number, whatever its unit.
    pub fn amount(self) -> u64 {
        match self {
            Length::Episodes(n) | Length::Steps(n) => n,
        }
    }

    /// The unit, as YAML names it.
    pub fn unit(self) -> &'static str {
        match self {
            Length::Episodes(_) => "episodes",
            Length::Steps(_) => "steps",
        }
    }

    /// One of the unit.
    pub fn one(self) -> &'static str {
        match self {
            Length::Episodes(_) => "episode",
            Length::Steps(_) => "step",
        }
    }

    /// So much in the same unit.
    pub fn with_amount(self, n: u64) -> Length {
        match self {
            Length::Episodes(_) => Length::Episodes(n),
            Length::Steps(_) => Length::Steps(n),
        }
    }
}

/// For people: `1 episode`, `200 steps`.
impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&counted(self.amount(), self.one()))
    }
}

/// How episodes inside a variant are seeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Seeding {
    /// Episode `i` of a variant has its own seed derived from the variant's,
    /// whichever environment runs it.
    #[default]
    PerEpisode,
    /// TELLA's: environment `k` is seeded once with the variant's seed plus `k`
    /// and goes on in that stream.
    GymVector,
}

/// What an agent is told of tasks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TaskLabels {
    /// Names of tasks and variants.
    #[default]
    Visible,
    /// That a task or variant begins or ends, but not which.
    Boundaries,
    /// Nothing.
    Hidden,
}

/// What happens to an agent around an evaluation block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Isolation {
    /// Its state is saved before and restored after.
    #[default]
    Restore,
    /// Nothing (TELLA's way).
    None,
}

/// Whether an agent sees rewards in evaluation blocks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum RewardVisibility {
    /// It does not (TELLA's way).
    #[default]
    Hidden,
    /// It does.
    Visible,
}

/// An environment with parameters, a seed and a length.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskVariant {
    /// The variant's label.
    pub variant: String,
    /// The environment's name.
    pub env: String,
    /// Where the values of the environment's parameters come from, of those that are
    /// given (defaults not filled in).
    pub params: ParamSources,
    /// Adapters around the environment, the first innermost.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adapters: Vec<Adapter>,
    /// The seed all randomness of the variant's environments comes from.
    pub seed: u64,
    /// How long it lasts.
    #[serde(flatten)]
    pub length: Length,
    /// Whether it goes on where the variant learned last stopped: the same variant and
    /// seed, whose first episode here has the index after the last that was started.
    #[serde(default, skip_serializing_if = "is_false")]
    pub continues: bool,
    /// Whether it is only ever evaluated.
    #[serde(default, skip_serializing_if = "is_false")]
    pub held_out: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

/// The part of a lifetime that tuning may see; see [`Curriculum::tuning`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tune {
    /// The part of the learning length, above 0 and below 1.
    pub fraction: f64,
}

/// The part of a block on one task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskBlock {
    /// The task's label.
    pub task: String,
    /// Its variants, in order; at least one.
    pub variants: Vec<TaskVariant>,
}

/// A stretch of learning or evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Block {
    /// Learning or evaluation.
    pub block_type: BlockType,
    /// Wake or sleep.
    #[serde(default, skip_serializing_if = "BlockSubtype::is_wake")]
    pub block_subtype: BlockSubtype,
    /// Its task blocks, in order; at least one.
    pub task_blocks: Vec<TaskBlock>,
}

/// A whole lifetime's schedule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curriculum {
    /// Its name.
    pub name: String,
    /// L2Logger's `scenario_type`: condensed, dispersed, permuted, alternating, ste or custom.
    pub scenario_type: String,
    /// How episodes are seeded.
    pub seeding: Seeding,
    /// What the agent is told of tasks.
    pub task_labels: TaskLabels,
    /// What happens around evaluation blocks.
    pub isolation: Isolation,
    /// Whether rewards are visible in evaluation blocks.
    pub eval_rewards: RewardVisibility,
    /// Whether an episode cut by a step limit takes an `exp_num`
    /// (false under `compat: tella`).
    pub number_incomplete: bool,
    /// The part of a lifetime that tuning may see, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tune: Option<Tune>,
    /// The blocks, in order; at least one.
    pub blocks: Vec<Block>,
}

impl Curriculum {
    /// All task variants, in the order in which they are lived.
    pub fn variants(&self) -> impl Iterator<Item = &TaskVariant> {
        self.blocks.iter().flat_map(|b| &b.task_blocks).flat_map(|t| &t.variants)
    }
}
