//! A slow and obvious version of the formalism and of what rests on the same windows: each
//! definition of the documentation, read off the rows one by one.

use crate::history::{History, Values, differences, plain};
use std::collections::{BTreeMap, BTreeSet};
use tella_events::BlockType;
use tella_metrics::Experiences;

/// A row: whether it learns, its task, its block, its return.
struct Row {
    learning: bool,
    task: String,
    block: u64,
    value: f64,
}

struct Slow {
    rows: Vec<Row>,
    experts: Vec<(String, Vec<f64>)>,
    range: BTreeMap<String, (f64, f64)>,
}

/// The mean of as many neighbours on each side as there are, up to half a window.
fn smoothed(curve: &[f64]) -> Vec<f64> {
    let window = (curve.len() / 5).clamp(1, 100);
    let half = (window - 1) / 2;
    let at = |i: usize| {
        let mut reach = half;
        while i < reach || i + reach >= curve.len() {
            reach -= 1;
        }
        let around = &curve[i - reach..=i + reach];
        around.iter().sum::<f64>() / around.len() as f64
    };
    (0..curve.len()).map(at).collect()
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

fn theil_sen(y: &[f64]) -> Option<f64> {
    let points: Vec<(f64, f64)> = y.iter().enumerate().map(|(x, y)| (x as f64, *y)).collect();
    let mut slopes = Vec::new();
    for (x0, y0) in &points {
        slopes.extend(points.iter().filter(|(x, _)| x > x0).map(|(x, y)| (y - y0) / (x - x0)));
    }
    slopes.sort_by(f64::total_cmp);
    match slopes.len() {
        0 => None,
        n if n % 2 == 1 => Some(slopes[n / 2]),
        n => Some((slopes[n / 2 - 1] + slopes[n / 2]) / 2.0),
    }
}

impl Slow {
    fn new(log: &Experiences, experts: Vec<(String, Vec<f64>)>) -> Self {
        let row = |at: usize| Row {
            learning: log.block_type[at] == BlockType::Train,
            task: log.task_name.get(at).to_owned(),
            block: log.block_num[at],
            value: log.measures["reward"][at],
        };
        let rows = (0..log.len()).map(row).collect();
        let mut slow = Self { rows, experts, range: BTreeMap::new() };
        for task in slow.tasks() {
            let curves = slow.stretches(&task).into_iter().flatten();
            let evaluations = slow.evaluations(&task).into_values();
            let runs = slow.experts.iter().filter(|(name, _)| *name == task);
            let runs = runs.flat_map(|(_, run)| smoothed(run));
            let all: Vec<f64> = curves.chain(evaluations).chain(runs).collect();
            let low = all.iter().copied().fold(f64::INFINITY, f64::min);
            let high = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            slow.range.insert(task, (low, high));
        }
        slow
    }

    fn tasks(&self) -> BTreeSet<String> {
        self.rows.iter().map(|row| row.task.clone()).collect()
    }

    /// The number of learning regimes that begin in the rows before `at`.
    fn regimes_before(&self, at: usize) -> usize {
        let begins = |i: usize| {
            let row = &self.rows[i];
            row.learning
                && (i == 0 || {
                    let before = &self.rows[i - 1];
                    !before.learning || before.task != row.task || before.block != row.block
                })
        };
        (0..at).filter(|i| begins(*i)).count()
    }

    /// The task of each learning regime.
    fn learning(&self) -> Vec<String> {
        let mut tasks = Vec::new();
        for (at, row) in self.rows.iter().enumerate() {
            if row.learning && self.regimes_before(at + 1) > tasks.len() {
                tasks.push(row.task.clone());
            }
        }
        tasks
    }

    /// The mean evaluation of a task by the number of learning regimes before it.
    fn evaluations(&self, task: &str) -> BTreeMap<usize, f64> {
        let mut found: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
        for (at, row) in self.rows.iter().enumerate() {
            if !row.learning && row.task == task {
                found.entry(self.regimes_before(at)).or_default().push(row.value);
            }
        }
        found.into_iter().map(|(gap, values)| (gap, mean(&values).unwrap())).collect()
    }

    /// The smoothed curves of a task's learning, cut where another task is learnt.
    fn stretches(&self, task: &str) -> Vec<Vec<f64>> {
        let learning = self.rows.iter().filter(|row| row.learning);
        let mut curves: Vec<Vec<f64>> = vec![Vec::new()];
        for row in learning {
            match row.task == task {
                true => curves.last_mut().unwrap().push(row.value),
                false if !curves.last().unwrap().is_empty() => curves.push(Vec::new()),
                false => {}
            }
        }
        curves.into_iter().filter(|c| !c.is_empty()).map(|c| smoothed(&c)).collect()
    }

    fn share(&self, task: &str, value: f64) -> f64 {
        let (low, high) = self.range[task];
        if high - low < 1e-9 { 0.0 } else { (value - low) / (high - low) }
    }

    fn points(&self, task: &str, value: f64) -> f64 {
        1.0 + 100.0 * self.share(task, value)
    }

    /// (before, after, learnt between, learnt before) of a task, longest windows first.
    fn windows(&self, task: &str) -> Vec<(f64, f64, BTreeSet<String>, bool)> {
        let learning = self.learning();
        let evaluations: Vec<(usize, f64)> = self.evaluations(task).into_iter().collect();
        let between = |i: usize, j: usize| -> BTreeSet<String> {
            learning[evaluations[i].0..evaluations[j].0].iter().cloned().collect()
        };
        let mut windows = Vec::new();
        let mut i = 0;
        while i + 1 < evaluations.len() {
            let learnt = between(i, i + 1);
            let mut j = i + 1;
            while j + 1 < evaluations.len() && between(j, j + 1) == learnt {
                j += 1;
            }
            let known = learning[..evaluations[i].0].iter().any(|t| t == task);
            windows.push((evaluations[i].1, evaluations[j].1, learnt, known));
            i = j;
        }
        windows
    }

    /// The mean over pairs of tasks of the mean of a value of each window.
    fn over_pairs(
        &self,
        known: Option<bool>,
        value: impl Fn(&str, f64, f64) -> f64,
    ) -> Option<f64> {
        let mut by_pair: BTreeMap<(String, String), Vec<f64>> = BTreeMap::new();
        for task in self.tasks() {
            for (before, after, learnt, was_known) in self.windows(&task) {
                if learnt.contains(&task) || known.is_some_and(|known| known != was_known) {
                    continue;
                }
                for from in learnt {
                    let values = by_pair.entry((from, task.clone())).or_default();
                    values.push(value(&task, before, after));
                }
            }
        }
        let means: Vec<f64> = by_pair.values().map(|values| mean(values).unwrap()).collect();
        mean(&means)
    }

    fn over_learnt(&self, value: impl Fn(&str) -> Option<f64>) -> Option<f64> {
        let learnt: BTreeSet<String> = self.learning().into_iter().collect();
        mean(&learnt.iter().filter_map(|task| value(task)).collect::<Vec<_>>())
    }

    fn maintenance(&self, task: &str) -> Option<f64> {
        let learning = self.learning();
        let evaluations = self.evaluations(task);
        let mut kept = Vec::new();
        for (gap, value) in &evaluations {
            let Some(latest) = (0..*gap).rev().find(|i| learning[*i] == task) else { continue };
            let (first, reference) = evaluations.range(latest + 1..).next().unwrap();
            if first != gap {
                kept.push(self.points(task, *value) - self.points(task, *reference));
            }
        }
        mean(&kept)
    }

    fn recovery(&self, task: &str) -> Option<f64> {
        let stretches = self.stretches(task);
        let mut times = Vec::new();
        for k in 1..stretches.len() {
            let before = &stretches[k - 1];
            let tenth = before.len().div_ceil(10);
            let level = self.share(task, mean(&before[before.len() - tenth..]).unwrap());
            let now = &stretches[k];
            let reached = now.iter().position(|v| self.share(task, *v) >= level - 1e-9);
            times.push(reached.unwrap_or(now.len()) as f64);
        }
        theil_sen(&times).map(|slope| -slope)
    }

    /// A value of the learner and of each of the expert's runs, smoothed, as points.
    fn against_experts(&self, task: &str, value: impl Fn(&[f64], &[f64]) -> f64) -> Option<f64> {
        let points = |curve: Vec<f64>| -> Vec<f64> {
            curve.into_iter().map(|v| self.points(task, v)).collect()
        };
        let own = points(self.stretches(task).concat());
        let runs = self.experts.iter().filter(|(name, _)| name == task);
        mean(&runs.map(|(_, run)| value(&own, &points(smoothed(run)))).collect::<Vec<_>>())
    }

    fn values(&self) -> BTreeMap<&'static str, Option<f64>> {
        let point_ratio = |task: &str, b, a| self.points(task, a) / self.points(task, b);
        let contrast = |task: &str, b, a| {
            let (b, a) = (self.points(task, b), self.points(task, a));
            (a - b) / (a + b)
        };
        let largest =
            |task: &str| self.evaluations(task).values().map(|v| v.abs()).fold(0.0, f64::max);
        let cora = |task: &str, difference: f64| match largest(task) {
            0.0 => 0.0,
            largest => difference / largest,
        };
        let area = |own: &[f64], run: &[f64]| {
            let n = own.len().min(run.len());
            own[..n].iter().sum::<f64>() / run[..n].iter().sum::<f64>()
        };
        let efficiency = |own: &[f64], run: &[f64]| {
            let top = |curve: &[f64]| curve.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let time = |curve: &[f64]| {
                1.0 + curve.iter().position(|v| *v >= top(curve) - 1e-7).unwrap() as f64
            };
            top(own) / top(run) * time(run) / time(own)
        };
        BTreeMap::from([
            ("formalism.performance_maintenance", self.over_learnt(|t| self.maintenance(t))),
            ("formalism.performance_recovery", self.over_learnt(|t| self.recovery(t))),
            ("formalism.forward_transfer_ratio", self.over_pairs(Some(false), point_ratio)),
            ("formalism.backward_transfer_ratio", self.over_pairs(Some(true), point_ratio)),
            ("formalism.forward_transfer_contrast", self.over_pairs(Some(false), contrast)),
            ("formalism.backward_transfer_contrast", self.over_pairs(Some(true), contrast)),
            (
                "formalism.relative_performance",
                self.over_learnt(|task| self.against_experts(task, area)),
            ),
            (
                "formalism.sample_efficiency",
                self.over_learnt(|task| self.against_experts(task, efficiency)),
            ),
            ("cora.isolated_forgetting", self.over_pairs(Some(true), |t, b, a| cora(t, b - a))),
            ("cora.zero_shot_transfer", self.over_pairs(Some(false), |t, b, a| cora(t, a - b))),
            (
                "transfer.matrix",
                self.over_pairs(None, |t, b, a| self.share(t, a) - self.share(t, b)),
            ),
            (
                "plasticity.area_trend",
                self.over_learnt(|t| {
                    let share = |curve: &Vec<f64>| self.share(t, mean(curve).unwrap());
                    theil_sen(&self.stretches(t).iter().map(share).collect::<Vec<_>>())
                }),
            ),
        ])
    }
}

#[test]
fn the_slow_version_says_the_same() {
    let count = tella_reference::sweep(300, 20_000);
    let mut defined: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..count {
        let history = History::random(seed);
        let experts = history.experts.iter().map(|(task, run)| (plain(*task), run.clone()));
        let slow = Slow::new(&history.log(plain), experts.collect());
        let slow_values = slow.values();
        let measured = history.measured(plain);
        let compared: Values = measured
            .into_iter()
            .filter(|(name, _)| slow_values.contains_key(name.as_str()))
            .collect();
        assert_eq!(compared.len(), slow_values.len());
        let expected: Values = compared
            .iter()
            .map(|(name, _)| {
                let (key, value) = slow_values.get_key_value(name.as_str()).unwrap();
                *defined.entry(key).or_default() += usize::from(value.is_some());
                (name.clone(), value.ok_or_else(String::new))
            })
            .collect();
        let found = differences(&compared, &expected, |_| true);
        assert!(found.is_empty(), "seed {seed}: {found:#?}\n{history:?}");
    }
    // Each was defined often enough to say something.
    assert!(defined.values().all(|n| *n as u64 > count / 20), "{defined:?}");
}
