//! Reading a cohort from run folders.

use crate::definition::Measured;
use crate::family::Family;
use crate::l2metrics::{self, Settings};
use crate::lifetime::Lifetime;
use crate::run::{self, Damaged, Place, Run};
use crate::ste::{Experts, SteError};
use crate::{Definition, Experiences, MetricsError, added};
use tella_events::LifetimeState;

/// The lifetimes of one agent.
#[derive(Clone, Debug, Default)]
pub struct Cohort {
    /// The lifetimes, run by run, by index.
    pub members: Vec<Member>,
    /// Those whose logs are damaged: they do not count.
    pub damaged: Vec<Damaged>,
}

/// A lifetime of a cohort.
#[derive(Clone, Debug)]
pub struct Member {
    /// Where it stands.
    pub place: Place,
    /// How it stands.
    pub state: LifetimeState,
    /// Its agent.
    pub agent: String,
    /// The name of its curriculum.
    pub curriculum: String,
    /// The hash of its curriculum's text: what tells curricula of one name apart.
    pub curriculum_text: String,
    /// Its own curriculum seed, where it is known.
    pub curriculum_seed: Option<u64>,
    /// What it lived, or why it cannot be measured.
    pub lifetime: Result<Lifetime, MetricsError>,
    /// What the profile `l2metrics` says of it, where its metrics are asked for.
    pub l2metrics: Option<l2metrics::Report>,
    /// What the metrics that were added say of its log, those that are asked for.
    pub added: Vec<(&'static Definition, Measured)>,
}

impl Cohort {
    /// Reads all lifetimes of these runs, as far as their logs reach. The experts are those
    /// that L2Metrics' own metrics are measured against.
    ///
    /// # Errors
    ///
    /// Where a log or an expert cannot be read, or an expert is damaged. A lifetime that has
    /// nothing to measure is no error: it is a member without a lifetime. One whose log is damaged
    /// is no member.
    pub fn read(
        runs: &[Run],
        experts: &mut Experts,
        metrics: &[&'static Definition],
        settings: &Settings,
    ) -> Result<Self, SteError> {
        let mut cohort = Self::default();
        for run in runs {
            let read: Result<_, SteError> = run.read(|lifetime, log| {
                if of_l2metrics(metrics) {
                    experts.load(&l2metrics::wanted_experts(log, settings, experts.names()))?;
                }
                Ok(Member::new(run, lifetime, log, experts, metrics, settings))
            });
            let (members, damaged) = read?;
            cohort.members.extend(members);
            cohort.damaged.extend(damaged);
        }
        Ok(cohort)
    }

    /// The lifetimes that can be measured.
    pub fn lifetimes(&self) -> impl Iterator<Item = &Lifetime> {
        self.members.iter().filter_map(|member| member.lifetime.as_ref().ok())
    }
}

impl Member {
    /// A lifetime of a run with what its log says, as far as it reaches. Where a metric of
    /// L2Metrics' is among `metrics`, the experts that
    /// [`wanted_experts`](l2metrics::wanted_experts) names must be loaded.
    pub fn new(
        run: &Run,
        lifetime: &run::Lifetime,
        log: &Experiences,
        experts: &Experts,
        metrics: &[&'static Definition],
        settings: &Settings,
    ) -> Self {
        let report = of_l2metrics(metrics).then(|| l2metrics::measure(log, experts, settings).ok());
        Self {
            place: run.place(lifetime.lifetime_idx),
            state: lifetime.state,
            agent: run.agent.clone(),
            curriculum: run.curriculum.clone(),
            curriculum_text: run.curriculum_text.clone(),
            curriculum_seed: lifetime.curriculum_seed,
            lifetime: Lifetime::new(log, settings),
            l2metrics: report.flatten(),
            added: added::measure(metrics, log),
        }
    }
}

fn of_l2metrics(metrics: &[&'static Definition]) -> bool {
    metrics.iter().any(|metric| metric.family == Family::L2metrics)
}
