//! Families of metrics: which there are, what each is about, and its metrics.

use crate::definition::Definition;
use crate::{
    continual_world, coom, cora, cost, curve, formalism, gem, l2metrics, plasticity, transfer,
};

/// A family of metrics: one source's, or about one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Family {
    /// The L2M formalism.
    Formalism,
    /// Continual World.
    ContinualWorld,
    /// COOM.
    Coom,
    /// CORA.
    Cora,
    /// Gradient episodic memory.
    Gem,
    /// Transfer by pair of tasks.
    Transfer,
    /// Learning curves.
    Curve,
    /// Plasticity.
    Plasticity,
    /// Reward and what it took.
    Cost,
    /// L2Metrics 3.1.0.
    L2metrics,
    /// Metrics that the program adds, by what their names begin with.
    Added(&'static str),
}

impl Family {
    /// All families that the program has of itself, in the order they are listed in.
    pub const ALL: [Self; 10] = [
        Self::Formalism,
        Self::ContinualWorld,
        Self::Coom,
        Self::Cora,
        Self::Gem,
        Self::Transfer,
        Self::Curve,
        Self::Plasticity,
        Self::Cost,
        Self::L2metrics,
    ];

    /// The name its metrics' names begin with.
    pub fn key(self) -> &'static str {
        match self {
            Self::Formalism => "formalism",
            Self::ContinualWorld => "continual-world",
            Self::Coom => "coom",
            Self::Cora => "cora",
            Self::Gem => "gem",
            Self::Transfer => "transfer",
            Self::Curve => "curve",
            Self::Plasticity => "plasticity",
            Self::Cost => "cost",
            Self::L2metrics => "l2metrics",
            Self::Added(key) => key,
        }
    }

    /// What it is about, in a line.
    pub fn title(self) -> &'static str {
        match self {
            Self::Formalism => "the formalism of DARPA's L2M programme",
            Self::ContinualWorld => "Continual World's metrics",
            Self::Coom => "COOM's metrics, where they differ from Continual World's",
            Self::Cora => "CORA's metrics",
            Self::Gem => "the metrics of gradient episodic memory",
            Self::Transfer => "what learning one task does to another",
            Self::Curve => "the shape of learning curves",
            Self::Plasticity => "how learning changes when a task comes back",
            Self::Cost => "reward and what it took",
            Self::L2metrics => "what L2Metrics 3.1.0 computes",
            Self::Added(_) => "added while the program runs",
        }
    }

    /// The metrics it has of itself, in the order they are listed in; those that are added the
    /// [catalogue](crate::catalogue) knows.
    pub fn metrics(self) -> &'static [&'static Definition] {
        match self {
            Self::Formalism => formalism::METRICS,
            Self::ContinualWorld => continual_world::METRICS,
            Self::Coom => coom::METRICS,
            Self::Cora => cora::METRICS,
            Self::Gem => gem::METRICS,
            Self::Transfer => transfer::METRICS,
            Self::Curve => curve::METRICS,
            Self::Plasticity => plasticity::METRICS,
            Self::Cost => cost::METRICS,
            Self::L2metrics => l2metrics::METRICS,
            Self::Added(_) => &[],
        }
    }

    /// What a reader should know before the metrics, as Markdown.
    pub fn about(self) -> &'static str {
        match self {
            Self::Formalism => {
                "What DARPA's programme Lifelong Learning Machines (L2M) measured, by definition rather \
                 than by the program that computed it. The papers' text was not at hand when this was \
                 written; what is measured is known from their abstracts, from L2Metrics' documents and \
                 from its code, and the exact wording of every definition here is ours. \
                 [The two profiles](../../explanation/two-profiles.md) says where it differs from \
                 L2Metrics and why. Terms (window, stretch, scale) are explained in \
                 [From a log to values](scale.md)."
            }
            Self::ContinualWorld => {
                "Continual World measures a success rate from 0 to 1, evaluated all along; here it is the \
                 share of a task's range (see [From a log to values](scale.md)), evaluated where the \
                 curriculum evaluates."
            }
            Self::Coom => {
                "COOM's metrics are [Continual World's](continual-world.md), forward transfer among them, \
                 but for these two."
            }
            Self::Cora => {
                "Differences of raw evaluations over the evaluated task's largest one: no range is needed. \
                 Windows are explained in [From a log to values](scale.md)."
            }
            Self::Gem => {
                "R(i, j) is the evaluation of task j after learning task i, on the scale explained in \
                 [From a log to values](scale.md). Where a task is learnt again, \"after learning it\" is \
                 after its first stretch."
            }
            Self::Transfer => {
                "Forward and backward transfer together, as differences. `--json` has the matrix under \
                 `pairs`."
            }
            Self::Curve => {
                "Learning curves are smoothed and put on the scale explained in [From a log to \
                 values](scale.md)."
            }
            Self::Plasticity => {
                "A learner loses plasticity where it learns a task less well each time the task comes back."
            }
            Self::Cost => {
                "Costs count all rows of a log, unfinished ones included. Of two agents that do equally \
                 well the cheaper one is better."
            }
            Self::L2metrics => {
                "L2Metrics' own numbers, under its own names. [Metrics](../metrics.md) explains how they \
                 are computed. Each lifetime is normalised by itself, as L2Metrics does, which makes \
                 these numbers a poor base for comparing agents: see [The two \
                 profiles](../../explanation/two-profiles.md)."
            }
            Self::Added(_) => "Metrics that the program adds.",
        }
    }
}
