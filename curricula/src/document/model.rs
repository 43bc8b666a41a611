//! The curriculum language, schema version 1: its records and words.
//!
//! What is added to the language is added here; reader and JSON schema follow.
//! What a record means, and which records are sound, is the room `plan`.

use super::adapters::AdaptersDoc;
use super::read::{At, Entries, Many};
use super::record::{record, text_or, words};
use crate::{BlockSubtype, Isolation, RewardVisibility, Seeding, TaskLabels};
use schemars::JsonSchema;
use serde::Deserialize;
use tella_envs::ParamValue;

/// A number of episodes, steps or passes. 0 is read too: what it means depends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Amount(pub(crate) u64);

/// Greatest amount: logs count in 64-bit signed integers.
pub(crate) const MAX_AMOUNT: u64 = i64::MAX as u64;

impl JsonSchema for Amount {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Amount".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "integer", "minimum": 1, "maximum": MAX_AMOUNT })
    }
}

/// A name of the environment's parameter, and its value.
pub(crate) type ParamsDoc = Entries<ParamDoc>;

/// A parameter's value.
#[derive(Clone, Debug)]
pub(crate) struct ParamDoc(pub(crate) ParamValue);

impl JsonSchema for ParamDoc {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ParamValue".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["boolean", "number", "string"] })
    }
}

record! {
    /// A curriculum: what an agent learns and is evaluated on over one lifetime.
    CurriculumDoc, "a curriculum" {
        /// Version of this language: 1.
        schema: u64,
        /// The curriculum's name; runs and logs carry it.
        name: String,
        /// What it is for, for people.
        description: String,
        /// Tasks and their variants, by label.
        tasks: Entries<TaskDoc>,
        /// Adapters around every environment that names none of its own.
        adapters: AdaptersDoc,
        /// The blocks one by one. Either `blocks` or `generator` is given.
        blocks: Vec<At<BlockDoc>>,
        /// How to make the blocks from the tasks.
        generator: GeneratorDoc,
        /// L2Logger's scenario type of `blocks`; a generator has its own. Default `custom`.
        scenario_type: String,
        /// What the agent is told of tasks. Default `visible`.
        task_labels: TaskLabels,
        /// What happens in evaluation blocks.
        evaluation: EvaluationDoc,
        /// How episodes are seeded. Default `per-episode`.
        seeding: Seeding,
        /// Whether an episode cut by a step limit takes an experience number. Default true.
        number_incomplete: bool,
        /// `tella`: exactly as TELLA 2 does it, that is `seeding: gym-vector`, no
        /// evaluation isolation and `number_incomplete: false`.
        compat: Compat,
        /// What becomes of TELLA's `--curriculum-config`. Needs `compat: tella`. Default `ignored`.
        tella_config: TellaConfigUse,
    }
}

record! {
    /// What happens in evaluation blocks.
    EvaluationDoc, "`evaluation`" {
        /// `restore` (default) saves the agent before and restores it after; `none` does not.
        isolation: Isolation,
        /// Whether the agent sees rewards. Default `hidden`.
        rewards: RewardVisibility,
    }
}

record! {
    /// A task with one variant, `Default`, or with several.
    TaskRecord, "a task" {
        /// Environment of every variant that names none.
        env: String,
        /// Parameters of every variant; a variant's own win.
        params: ParamsDoc,
        /// Adapters around the environment: one or a list, the first innermost. They replace those given further out.
        adapters: AdaptersDoc,
        /// Variants by label; a string is the environment's name.
        variants: Entries<VariantDoc>,
        /// Length of each variant where it is learned.
        learn: LengthDoc,
        /// Length of each variant where it is evaluated.
        eval: LengthDoc,
    }
}

text_or! {
    /// A task; a string is the environment's name.
    TaskDoc, TaskRecord
}

record! {
    /// A variant of a task.
    VariantRecord, "a variant" {
        /// Environment.
        env: String,
        /// Parameters of the environment.
        params: ParamsDoc,
        /// Adapters around the environment: one or a list, the first innermost. They replace those given further out.
        adapters: AdaptersDoc,
        /// Length where it is learned.
        learn: LengthDoc,
        /// Length where it is evaluated.
        eval: LengthDoc,
    }
}

text_or! {
    /// A variant; a string is the environment's name.
    VariantDoc, VariantRecord
}

record! {
    /// A length: episodes or steps, at least 1.
    LengthDoc, "a length" {
        /// Finished episodes.
        episodes: Amount,
        /// Steps over all parallel environments.
        steps: Amount,
    }
}

record! {
    /// A block: `learn` or `eval`, and on what.
    BlockDoc, "a block" {
        /// A learning block on these tasks: `Task`, `Task/Variant`, or task blocks.
        learn: Many<TaskBlockDoc>,
        /// An evaluation block on these tasks.
        eval: Many<TaskBlockDoc>,
        /// Wake (default) or sleep.
        subtype: BlockSubtype,
        /// Length of every variant that has none of its own.
        episodes: Amount,
        /// Length of every variant that has none of its own.
        steps: Amount,
    }
}

text_or! {
    /// The part of a block on one task; a string is `Task` or `Task/Variant`.
    TaskBlockDoc, TaskBlockRecord
}

record! {
    /// The part of a block on one task.
    TaskBlockRecord, "a task block" {
        /// The task's label.
        task: String,
        /// Its variants in order. Default: all that `tasks` declares, else one called `Default`.
        variants: Vec<At<BlockVariantDoc>>,
        /// Environment of every variant that is not declared under `tasks` and names none.
        env: String,
        /// Parameters of every variant that is not declared under `tasks`.
        params: ParamsDoc,
        /// Adapters around the environment: one or a list, the first innermost. They replace those given further out.
        adapters: AdaptersDoc,
        /// Seed, where there is one variant.
        seed: u64,
        /// Length of every variant that has none of its own.
        episodes: Amount,
        /// Length of every variant that has none of its own.
        steps: Amount,
    }
}

record! {
    /// A variant in a task block.
    BlockVariantRecord, "a variant of a task block" {
        /// The variant's label.
        variant: String,
        /// Environment, where `tasks` does not declare the variant.
        env: String,
        /// Parameters, where `tasks` does not declare the variant.
        params: ParamsDoc,
        /// Adapters around the environment: one or a list, the first innermost. They replace those given further out.
        adapters: AdaptersDoc,
        /// Seed. Default: drawn from the lifetime's curriculum seed.
        seed: u64,
        /// Finished episodes.
        episodes: Amount,
        /// Steps over all parallel environments.
        steps: Amount,
    }
}

text_or! {
    /// A variant in a task block; a string is its label.
    BlockVariantDoc, BlockVariantRecord
}

record! {
    /// How to make blocks from the tasks: learning blocks of one variant each, with an
    /// evaluation block before, between and after them.
    GeneratorDoc, "`generator`" {
        /// The scenario type.
        scenario as "type": Scenario,
        /// How often all variants are gone through. Default 1, for `dispersed` 3.
        passes: Amount,
        /// What is learned, and for how long.
        learn: LearnDoc,
        /// What is evaluated, and for how long; `none` for no evaluation.
        eval: EvalChoiceDoc,
    }
}

record! {
    /// What is learned, and for how long.
    LearnDoc, "`learn`" {
        /// `Task` or `Task/Variant`, in order. Default: all.
        tasks: Many<String>,
        /// Length of a variant that has none of its own under `tasks`.
        episodes: Amount,
        /// Length of a variant that has none of its own under `tasks`.
        steps: Amount,
    }
}

record! {
    /// What is evaluated, and for how long.
    EvalDoc, "`eval`" {
        /// `Task` or `Task/Variant`, in order. Default: all.
        tasks: Many<String>,
        /// Length of a variant that has none of its own under `tasks`.
        episodes: Amount,
        /// Length of a variant that has none of its own under `tasks`.
        steps: Amount,
        /// Whether each variant has a seed of its own or all share one. The seeds are the
        /// same in every evaluation block of a lifetime. Default `per-variant`.
        seeds: EvalSeeds,
    }
}

/// Evaluation, or the word `none`.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum EvalChoiceDoc {
    /// No evaluation blocks.
    None(NoEvaluation),
    /// Evaluation blocks.
    Some(EvalDoc),
}

impl super::read::Read for EvalChoiceDoc {
    fn read(
        node: &super::node::Node,
        report: &mut crate::diagnostics::Reporter<'_>,
    ) -> Option<Self> {
        match node.text() {
            Some(_) => super::read::Read::read(node, report).map(EvalChoiceDoc::None),
            None => super::read::Read::read(node, report).map(EvalChoiceDoc::Some),
        }
    }
}

/// The word that stands for no evaluation.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum NoEvaluation {
    /// No evaluation blocks.
    None,
}

/// A preset of policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Compat {
    /// TELLA 2.
    Tella,
}

/// What becomes of TELLA's `--curriculum-config`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TellaConfigUse {
    /// It sets learning lengths and passes, as for TELLA's MiniGrid curricula.
    Accepted,
    /// It is read and without effect, as for TELLA's other curricula.
    Ignored,
}

/// L2M's scenario types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scenario {
    /// Every variant in the order given.
    Interleaved,
    /// Every variant once, at full length, in random order.
    Condensed,
    /// Every variant's length divided among the passes, each in a random order of its own.
    Dispersed,
    /// Every variant at full length in each pass, each in a random order of its own.
    Permuted,
    /// Every variant at full length in each pass, always in the order given.
    Alternating,
    /// Single-task expert: one variant alone.
    Ste,
}

impl Scenario {
    /// L2Logger's name of the type.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Scenario::Interleaved => "custom",
            Scenario::Condensed => "condensed",
            Scenario::Dispersed => "dispersed",
            Scenario::Permuted => "permuted",
            Scenario::Alternating => "alternating",
            Scenario::Ste => "ste",
        }
    }
}

/// How the variants of an evaluation block are seeded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum EvalSeeds {
    /// Each variant has a seed of its own.
    #[default]
    PerVariant,
    /// All variants have the same seed.
    Shared,
}

words! {
    BlockSubtype: "a block's subtype",
    Isolation: "a way to isolate evaluation",
    RewardVisibility: "a visibility of rewards",
    Seeding: "a way to seed episodes",
    TaskLabels: "a visibility of task labels",
    NoEvaluation: "`none` or a mapping",
    Compat: "a compatibility preset",
    TellaConfigUse: "a use of TELLA's configuration",
    Scenario: "a scenario type",
    EvalSeeds: "a way to seed evaluation",
}
