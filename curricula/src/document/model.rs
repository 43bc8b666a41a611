//! The curriculum language, schema version 1: its records and words.
//!
//! What is added to the language is added here; reader and JSON schema follow.
//! What a record means, and which records are sound, is the room `plan`.

use super::adapters::AdaptersDoc;
use super::read::{At, Entries, Many};
use super::record::{record, text_or, words};
use super::source::{Number, ParamsDoc};
use crate::{BlockSubtype, Isolation, RewardVisibility, Seeding, TaskLabels};
use schemars::JsonSchema;
use serde::Deserialize;

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
        /// The part of a lifetime that tuning may see. Reports keep it apart.
        tune: TuneDoc,
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
    /// The part of a lifetime that tuning may see.
    TuneDoc, "a mapping with `fraction`" {
        /// The first part of the learning length, above 0 and below 1, with the evaluations before its end.
        fraction: Number,
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
        /// The task is only evaluated: learning it is an error. Default false.
        held_out: bool,
        /// Seeds that are only evaluated: learning this task with one of them is an error.
        held_out_seeds: Vec<At<u64>>,
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
        /// It is only evaluated: learning it is an error. Default: as its task says.
        held_out: bool,
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
    /// A block: `learn`, `eval` or `pool`, and on what; or blocks that are repeated.
    BlockDoc, "a block" {
        /// A learning block on these tasks: `Task`, `Task/Variant`, or task blocks.
        learn: Many<TaskBlockDoc>,
        /// An evaluation block on these tasks.
        eval: Many<TaskBlockDoc>,
        /// A learning block on tasks drawn from these, one after the other.
        pool: PoolDoc,
        /// How often `blocks` are lived, each time with seeds of their own.
        repeat: Amount,
        /// The blocks that are repeated.
        blocks: Vec<At<BlockDoc>>,
        /// Evaluations in the middle of a learning block.
        evaluate: EvaluateDoc,
        /// Wake (default) or sleep.
        subtype: BlockSubtype,
        /// Length of every variant that has none of its own.
        episodes: Amount,
        /// Length of every variant that has none of its own.
        steps: Amount,
    }
}

record! {
    /// Tasks drawn one after the other, in a random order, until a length is met.
    PoolDoc, "a pool" {
        /// `Task` or `Task/Variant`. Default: all that may be learned.
        tasks: Many<String>,
        /// How long each stays at least.
        each: LengthDoc,
        /// How long all of it lasts.
        total: LengthDoc,
        /// Whether one may be drawn twice in a row, to stay longer. Default true.
        repeats: bool,
    }
}

record! {
    /// Evaluations in the middle of a learning block.
    EvaluateDoc, "a plan of evaluation" {
        /// How much is learned before each evaluation.
        every: LengthDoc,
        /// `Task` or `Task/Variant`, in order. Default: all.
        tasks: Many<String>,
        /// Length of a variant that has none of its own under `tasks`.
        episodes: Amount,
        /// Length of a variant that has none of its own under `tasks`.
        steps: Amount,
        /// Whether each variant has a seed of its own or all share one. The seeds are the
        /// same in every evaluation of this kind in a lifetime. Default `per-variant`.
        seeds: EvalSeeds,
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
        /// It goes on where the variant learned last stopped: the same variant and seed,
        /// with the next episode. Default false.
        continues: bool,
        /// It is only evaluated, where `tasks` does not declare the variant.
        held_out: bool,
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
        /// An evaluation block in the middle of a learning block, too, after every so much.
        every: LengthDoc,
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
