//! The single-task experts of a lifetime's tasks: which of the store's the reference takes,
//! and their learning curves.

use super::regimes::{Regime, RegimeKey};
use super::reread::reread_all;
use super::select::base_task;
use super::settings::Settings;
use crate::ste::{self, Expert, Experts};
use crate::{Experiences, MetricsError, Order};
use std::collections::BTreeSet;
use std::ops::Range;
use tella_events::BlockType;

/// The learning of one run of an expert; preprocessed in place. Its evaluations enter no
/// metric.
#[derive(Clone, Debug)]
pub(crate) struct Curve {
    /// The task it learnt, cut as the lifetime's tasks are.
    pub(crate) task: String,
    /// The tasks that it evaluated.
    pub(crate) evaluated: BTreeSet<String>,
    /// The number of each experience, ascending.
    pub(crate) exp_num: Vec<u64>,
    /// The performance of each.
    pub(crate) perf: Vec<f64>,
    /// Its regimes, as ranges of the above.
    pub(crate) regimes: Vec<Range<usize>>,
}

/// The runs of the experts of each task, by the task's position.
pub(crate) type CurvesByTask = Vec<Vec<Curve>>;

/// The names under which the reference looks for a task's experts in a store.
///
/// A task that is stored under its own name is taken alone. Else, where it is the base name
/// of a stored one (`nav` of `nav_v1`), everything is taken that begins with it: `navigate_v1`
/// too. So the reference has it, whether variants are told apart or not.
pub(crate) fn names_of<'a>(task: &str, stored: &'a [String]) -> Vec<&'a String> {
    if let Some(own) = stored.iter().find(|name| *name == task) {
        return vec![own];
    }
    if !stored.iter().any(|name| base_task(name) == task) {
        return Vec::new();
    }
    stored.iter().filter(|name| name.starts_with(task)).collect()
}

/// The names of all experts that measuring a log with these settings looks at.
pub fn wanted_experts(log: &Experiences, settings: &Settings, stored: &[String]) -> Vec<String> {
    let (tasks, _) = super::select::tasks(log, settings.variant_mode);
    let names: BTreeSet<&String> = tasks.iter().flat_map(|task| names_of(task, stored)).collect();
    names.into_iter().cloned().collect()
}

/// A note where some of the tasks that are learnt have an expert and others none.
pub(crate) fn partly(
    tasks: &[String],
    regimes: &[Regime],
    curves: &CurvesByTask,
) -> Option<String> {
    let learnt = regimes.iter().filter(|regime| regime.key.block_type == BlockType::Train);
    let learnt: BTreeSet<usize> = learnt.map(|regime| regime.key.task).collect();
    ste::partly(learnt.iter().map(|task| (tasks[*task].as_str(), !curves[*task].is_empty())))
}

/// The curves of the tasks' experts.
pub(crate) fn curves(
    tasks: &[String],
    experts: &Experts,
    settings: &Settings,
) -> Result<CurvesByTask, MetricsError> {
    let of_task = |task: &String| {
        let names = names_of(task, experts.names());
        let own = names.first().is_some_and(|name| *name == task);
        let runs =
            names.iter().flat_map(|name| experts.of_task(name).iter().map(move |e| (name, e)));
        runs.map(|(name, expert)| {
            let cut = |name: &str| if own { name.to_owned() } else { base_task(name).to_owned() };
            curve(expert, name, settings, cut)
        })
        .collect()
    };
    tasks.iter().map(of_task).collect()
}

/// The learning of a run. Regimes are those of all its rows, with or without a value.
fn curve(
    expert: &Expert,
    task: &str,
    settings: &Settings,
    cut: impl Fn(&str) -> String,
) -> Result<Curve, MetricsError> {
    let of_expert = |error| MetricsError::Expert {
        task: task.to_owned(),
        source_name: expert.source.clone(),
        error: Box::new(error),
    };
    let log = &expert.log;
    let measure = log.measure(&settings.perf_measure).map_err(of_expert)?;
    let mut curve = Curve {
        task: cut(task),
        evaluated: BTreeSet::new(),
        exp_num: Vec::new(),
        perf: Vec::new(),
        regimes: Vec::new(),
    };
    let (mut last, mut evaluation_noted) = (None, false);
    let order = Order::of(log).map_err(of_expert)?;
    for row in order.rows().filter(|row| log.complete[*row]) {
        let key = RegimeKey {
            block_num: log.block_num[row],
            block_type: log.block_type[row],
            block_subtype: log.block_subtype[row],
            task: log.task_name.codes()[row] as usize,
        };
        let changed = last.replace(key) != Some(key);
        let value = measure[row];
        if key.block_type == BlockType::Test {
            evaluation_noted &= !changed;
            if !evaluation_noted && !value.is_nan() {
                curve.evaluated.insert(cut(&log.task_name.get(row).to_lowercase()));
                evaluation_noted = true;
            }
            continue;
        }
        if value.is_infinite() {
            return Err(of_expert(log.infinite(row, &settings.perf_measure, value)));
        }
        let at = curve.perf.len();
        if changed {
            curve.regimes.push(at..at);
        }
        if !value.is_nan() {
            curve.exp_num.push(log.exp_num.get(row).expect("ordered rows are numbered"));
            curve.perf.push(value);
            curve.regimes.last_mut().expect("pushed at the first row").end = at + 1;
        }
    }
    reread_all(&mut curve.perf);
    Ok(curve)
}
