//! The language of grids, schema version 1: its records and words.

use crate::document::model::Amount;
use crate::document::read::{At, Entries, Many};
use crate::document::record::{record, text_or, words};
use crate::document::source::ValueDoc;
use schemars::JsonSchema;
use serde::Deserialize;

/// Keys as `--set` takes them, and for each a value or a list of values.
pub(crate) type ConfigDoc = Entries<Many<ValueDoc>>;

record! {
    /// A grid of runs: every agent through every curriculum, with every configuration and every seed.
    GridDoc, "a grid" {
        /// Version of this language: 1.
        schema: u64,
        /// What it is for, for people.
        description: String,
        /// The agents.
        agents: Vec<At<GridAgentDoc>>,
        /// The curricula.
        curricula: Vec<At<GridCurriculumDoc>>,
        /// Seeds of runs, each that of the curricula and of the agents. Default: 0 alone.
        seeds: Vec<At<u64>>,
        /// Lifetimes of each run. Default 1.
        lifetimes: Amount,
        /// Values for all runs, by the key that `--set` takes; a list has a run for each.
        config: ConfigDoc,
        /// Environments stepped together. Default 1.
        num_parallel_envs: Amount,
        /// An episode that takes more steps is taken for endless. Default 1000000.
        max_episode_steps: Amount,
        /// What logs keep besides experiences.
        log: GridLog,
        /// Runs that are left out: those that fit all that a part says.
        exclude: Vec<At<PartDoc>>,
        /// Runs that are added.
        include: Vec<At<PartDoc>>,
    }
}

record! {
    /// An agent of a grid.
    GridAgentRecord, "an agent of a grid" {
        /// Its name, as after `--agent`; a file's path is relative to the grid's.
        agent: String,
        /// What runs are named after. Default: made from the agent's name.
        name: String,
        /// Its parameters, each a value or a list that has a run for each.
        config: ConfigDoc,
        /// A file with parameters, as after `--agent-config`.
        agent_config: String,
    }
}

text_or! {
    /// An agent of a grid; a string is its name, as after `--agent`.
    GridAgentDoc, GridAgentRecord
}

record! {
    /// A curriculum of a grid.
    GridCurriculumRecord, "a curriculum of a grid" {
        /// A name from `tella curriculum list`, or a file's path, relative to the grid's.
        curriculum: String,
        /// What runs are named after. Default: the curriculum's name or the file's.
        name: String,
        /// Overrides, each a value or a list that has a run for each.
        config: ConfigDoc,
        /// A file with lengths in TELLA's own YAML, as after `--curriculum-config`.
        curriculum_config: String,
    }
}

text_or! {
    /// A curriculum of a grid; a string is its name or path.
    GridCurriculumDoc, GridCurriculumRecord
}

record! {
    /// A part of a grid.
    PartDoc, "a part of a grid" {
        /// The agents' names in the grid. Default: all.
        agent: Many<String>,
        /// The curricula's names in the grid. Default: all.
        curriculum: Many<String>,
        /// The seeds. Default: all.
        seed: Many<u64>,
        /// Values by key. To exclude: those it must have. To include: those it gets, in place of the grid's.
        config: ConfigDoc,
    }
}

/// What a log may keep besides experiences.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum GridLog {
    /// Every step.
    Transitions,
}

words! {
    GridLog: "something that a log keeps",
}
