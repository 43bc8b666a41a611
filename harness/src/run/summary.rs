//! What is told of a run at its end.

use super::{LifetimeReport, Plan};
use serde_json::{Value, json};
use std::fmt;
use std::path::PathBuf;
use tella_events::EventError;
use tella_metrics::l2metrics::Settings;
use tella_metrics::run::{RunMetrics, measure_run};
use tella_metrics::told::counted;

/// The lifetimes of a run that was just lived, and its metrics.
pub struct Summary {
    run: PathBuf,
    /// The experiment's seeds, of curricula and of agents.
    seeds: (u64, u64),
    reports: Vec<LifetimeReport>,
    /// The metrics of all lifetimes in the folder, or why there are none.
    metrics: Result<RunMetrics, EventError>,
}

impl Summary {
    /// The summary of a run: lifetimes that ended as `reports` say, and those that
    /// were complete before.
    pub fn new(plan: &Plan, reports: &[LifetimeReport]) -> Self {
        let mut all = reports.to_vec();
        for lifetime in plan.lifetimes().unwrap_or_default() {
            if !reports.iter().any(|r| r.lifetime == lifetime) {
                all.extend(plan.report_of_complete(lifetime));
            }
        }
        all.sort_by_key(|r| r.lifetime);
        Summary {
            run: plan.dir().to_owned(),
            seeds: (plan.spec.curriculum_seed, plan.spec.agent_seed),
            reports: all,
            metrics: measure_run(plan.folder(), &Settings::default()),
        }
    }

    /// One object: run folder, status and content hash of each lifetime.
    pub fn to_json(&self) -> Value {
        let lifetimes: Vec<Value> = self.reports.iter().map(LifetimeReport::to_json).collect();
        let metrics = self.metrics.as_ref().map_or(Value::Null, RunMetrics::to_json);
        let (curriculum_seed, agent_seed) = self.seeds;
        json!({
            "run": self.run, "curriculum_seed": curriculum_seed, "agent_seed": agent_seed,
            "lifetimes": lifetimes, "metrics": metrics,
        })
    }
}

impl Summary {
    /// Whether a log of the run was found damaged when it was measured.
    pub fn is_corrupt(&self) -> bool {
        match &self.metrics {
            Ok(metrics) => !metrics.damaged.is_empty(),
            Err(error) => error.is_corruption(),
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for r in &self.reports {
            let hash = r.content_hash.as_deref().unwrap_or("-");
            let end = r.end.as_str();
            writeln!(
                f,
                "lifetime {}  {end}  {}  content {hash}",
                r.lifetime,
                counted(r.experiences, "experience")
            )?;
        }
        match &self.metrics {
            // Nothing was lived: there is nothing to measure.
            Ok(_) if self.reports.iter().all(|r| r.experiences == 0) => {}
            Ok(metrics) => writeln!(f, "\n{}", metrics.table())?,
            Err(error) => writeln!(f, "\nno metrics: {error}")?,
        }
        writeln!(f, "run folder: {}", self.run.display())?;
        let (curriculum, agent) = self.seeds;
        writeln!(f, "seeds: --curriculum-seed {curriculum} --agent-seed {agent}")
    }
}
