//! What must not change a metric, and what must.

use crate::history::{History, Stay, Values, differences, plain};

fn histories() -> impl Iterator<Item = (u64, History)> {
    (0..tella_reference::sweep(300, 20_000)).map(|seed| (seed, History::random(seed)))
}

#[track_caller]
fn unchanged(seed: u64, before: &History, after: &Values, counts: impl Fn(&str) -> bool) {
    let found = differences(&before.measured(plain), after, counts);
    assert!(found.is_empty(), "seed {seed}: {found:#?}\n{before:?}");
}

/// Metrics that are taken of raw performance.
fn is_raw(name: &str) -> bool {
    name.starts_with("cora.") || name.starts_with("cost.")
}

/// Returns in another unit: a share of the range is what it was.
#[test]
fn the_unit_of_a_task_does_not_count() {
    for (seed, history) in histories() {
        let mut other = history.clone();
        let unit = |task: usize, value: &mut f64| *value = *value * (3.0 + task as f64) - 40.0;
        for stay in &mut other.stays {
            stay.returns.iter_mut().for_each(|value| unit(stay.task, value));
        }
        for (task, run) in &mut other.experts {
            run.iter_mut().for_each(|value| unit(*task, value));
        }
        unchanged(seed, &history, &other.measured(plain), |name| !is_raw(name));
    }
}

#[test]
fn names_do_not_count() {
    for (seed, history) in histories() {
        let renamed = history.measured(|task| format!("{}_{task}", 9 - task));
        unchanged(seed, &history, &renamed, |_| true);
    }
}

/// An evaluation that is logged in two blocks is one evaluation.
#[test]
fn how_an_evaluation_is_cut_into_blocks_does_not_count() {
    for (seed, history) in histories() {
        let mut other = history.clone();
        for stay in &mut other.stays {
            stay.block *= 2;
        }
        let cut = other.stays.iter().flat_map(|stay| {
            let (mut first, mut second) = (stay.clone(), stay.clone());
            let half = stay.returns.len() / 2;
            if stay.learning || half == 0 {
                return vec![first];
            }
            (first.returns, second.returns) =
                (stay.returns[..half].to_vec(), stay.returns[half..].to_vec());
            second.block += 1;
            vec![first, second]
        });
        other.stays = cut.collect();
        // Blocks must not fall back.
        other.stays.sort_by_key(|stay| stay.block);
        let same_order = |a: &History| -> Vec<(bool, usize)> {
            a.stays.iter().map(|stay| (stay.learning, stay.task)).collect::<Vec<_>>()
        };
        let mut merged = same_order(&other);
        merged.dedup();
        let mut original = same_order(&history);
        original.dedup();
        if merged == original {
            unchanged(seed, &history, &other.measured(plain), |_| true);
        }
    }
}

/// Evaluating all tasks once more, in the middle of each learning, changes what is about
/// evaluations themselves (maintenance, performance over time), and nothing else.
#[test]
fn evaluating_while_a_task_is_learnt_changes_no_transfer() {
    for (seed, history) in histories() {
        let mut regular = history.clone();
        regular.stays = evaluated_between(&history, false);
        let mut denser = history.clone();
        denser.stays = evaluated_between(&history, true);
        unchanged(seed, &regular, &denser.measured(plain), |name| {
            !["formalism.performance_maintenance", "coom.average_performance"].contains(&name)
                && !name.starts_with("cost.")
        });
    }
}

/// The learning of a history with an evaluation of all tasks, of one return each, before,
/// between and after; and, where asked for, one that lies between its neighbours in the
/// middle of each learning.
fn evaluated_between(history: &History, in_the_middle: bool) -> Vec<Stay> {
    let level = |task: usize, n: usize| ((7 * task + 5 * n * n) % 11) as f64 / 4.0;
    let evaluations = |block, value: &dyn Fn(usize) -> f64| -> Vec<Stay> {
        let stay = |task| Stay { block, learning: false, task, returns: vec![value(task)] };
        (0..4).map(stay).collect()
    };
    let mut stays = evaluations(0, &|task| level(task, 0));
    for (n, stay) in (0..).zip(history.stays.iter().filter(|stay| stay.learning)) {
        let block = 4 * n as u64 + 1;
        let half = stay.returns.len() / 2;
        if in_the_middle && half > 0 {
            let (first, second) = stay.returns.split_at(half);
            stays.push(Stay { block, returns: first.to_vec(), ..stay.clone() });
            let between = |task| (level(task, n) + level(task, n + 1)) / 2.0;
            stays.extend(evaluations(block + 1, &between));
            stays.push(Stay { block: block + 2, returns: second.to_vec(), ..stay.clone() });
        } else {
            stays.push(Stay { block, ..stay.clone() });
        }
        stays.extend(evaluations(block + 3, &|task| level(task, n + 1)));
    }
    stays
}

/// An agent that is its own expert.
#[test]
fn a_learner_beside_itself() {
    for (seed, history) in histories() {
        let mut own = history.clone();
        own.experts.clear();
        let tasks: std::collections::BTreeSet<usize> =
            own.stays.iter().filter(|stay| stay.learning).map(|stay| stay.task).collect();
        for task in &tasks {
            let stays = history.stays.iter().filter(|s| s.learning && s.task == *task);
            own.experts.push((*task, stays.flat_map(|stay| stay.returns.clone()).collect()));
        }
        // One stretch each: the expert's curve is then smoothed as the learner's.
        let order: Vec<usize> =
            own.stays.iter().filter(|stay| stay.learning).map(|stay| stay.task).collect();
        let mut stretches = order.clone();
        stretches.dedup();
        if stretches.len() != tasks.len() || tasks.is_empty() {
            continue;
        }
        let values = own.measured(plain);
        let value = |name: &str| {
            values.iter().find(|(full, _)| full == name).unwrap().1.clone().unwrap_or(f64::NAN)
        };
        assert!((value("formalism.relative_performance") - 1.0).abs() < 1e-9, "seed {seed}");
        assert!((value("formalism.sample_efficiency") - 1.0).abs() < 1e-9, "seed {seed}");
        assert!(value("curve.jumpstart").abs() < 1e-9, "seed {seed}");
        let gained = value("continual-world.forward_transfer");
        assert!(gained.is_nan() || gained.abs() < 1e-9, "seed {seed}: {gained}");
    }
}

/// No metric is ever NaN or infinite, and performance lies in its range.
#[test]
fn values_are_numbers_within_their_bounds() {
    for (seed, history) in histories() {
        for (name, value) in history.measured(plain) {
            let Ok(value) = value else { continue };
            let bound = |low: f64, high: f64| {
                assert!(value >= low - 1e-9 && value <= high + 1e-9, "seed {seed}: {name} {value}");
            };
            assert!(value.is_finite(), "seed {seed}: {name}");
            match name.as_str() {
                "continual-world.average_performance"
                | "coom.average_performance"
                | "coom.forgetting"
                | "gem.acc"
                | "curve.area"
                | "curve.asymptote" => bound(0.0, 1.0),
                name if name.ends_with("_contrast") || name.starts_with("gem.") => bound(-1.0, 1.0),
                name if name.ends_with("_ratio") => bound(1.0 / 101.0, 101.0),
                "formalism.performance_maintenance" => bound(-100.0, 100.0),
                name if name.starts_with("cora.") => bound(-2.0, 2.0),
                _ => {}
            }
        }
    }
}
