//! rliable 1.2.0 and SciPy on the same scores, with the same resamples and with its own.

use serde_json::{Value, json};
use std::io::Write;
use std::process::{Command, Stdio};
use tella_metrics::statistics::{
    Bootstrap, Scores, Statistic, Stratum, probability_of_improvement,
};
use tella_rng::Generator;

const GAMMA: f64 = 0.7;
const TAUS: [f64; 4] = [0.0, 0.3, 0.5, 0.9];

fn statistics() -> [Statistic; 4] {
    [
        Statistic::Mean,
        Statistic::Median,
        Statistic::Iqm,
        Statistic::OptimalityGap { optimum: GAMMA },
    ]
}

/// Scores of lifetimes by tasks: uniform, with ties, or nearly constant.
fn matrix(rng: &mut Generator, lifetimes: usize, tasks: usize, kind: u64) -> Vec<Vec<f64>> {
    let mut score = || match kind % 3 {
        0 => rng.random(),
        1 => rng.integers(0, 4) as f64 / 4.0,
        _ => 0.1 + 1e-9 * rng.random(),
    };
    (0..lifetimes).map(|_| (0..tasks).map(|_| score()).collect()).collect()
}

struct Case {
    x: Vec<Vec<f64>>,
    y: Vec<Vec<f64>>,
    rows: bool,
    bootstrap: Bootstrap,
    pairs: usize,
}

/// Lifetimes and tasks of both sides, and whether rows are drawn whole.
fn cases() -> Vec<Case> {
    let shapes =
        [(5, 5, 1, true), (12, 7, 1, false), (3, 4, 6, false), (10, 10, 4, true), (2, 2, 3, true)];
    let shapes = shapes.into_iter().cycle().zip(0..tella_reference::sweep(6, 60));
    shapes
        .map(|((n, m, tasks, rows), seed)| {
            let rng = &mut Generator::new(seed);
            let bootstrap = Bootstrap { resamples: 1500, confidence: 0.95, seed };
            let (x, y) = (matrix(rng, n, tasks, seed), matrix(rng, m, tasks, seed));
            Case { x, y, rows, bootstrap, pairs: 150 }
        })
        .collect()
}

/// A stratum of whole rows, or one for each task.
fn scores(matrix: &[Vec<f64>], rows: bool) -> Scores {
    match rows {
        true => Scores::new([Stratum::of_rows(matrix.to_vec())]),
        false => Scores::new(
            (0..matrix[0].len()).map(|t| Stratum::of_lifetimes(matrix.iter().map(|row| row[t]))),
        ),
    }
}

fn reference(requests: &Value) -> Vec<Value> {
    let mut child = Command::new(tella_reference::Stack::RLIABLE.python())
        .arg(tella_reference::scripts().join("metrics_statistics.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(requests.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "the script failed: {}", output.status);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

#[track_caller]
fn same(what: &str, ours: &[f64], theirs: &[f64]) {
    assert_eq!(ours.len(), theirs.len(), "{what}");
    for (a, b) in ours.iter().zip(theirs) {
        assert!((a - b).abs() <= 1e-12 * b.abs().max(1.0), "{what}: {ours:?}, rliable {theirs:?}");
    }
}

#[test]
fn estimates_and_intervals_are_rliables() {
    let cases = cases();
    let request = |case: &Case| {
        json!({
            "x": case.x, "y": case.y, "rows": case.rows, "gamma": GAMMA, "taus": TAUS,
            "seed": case.bootstrap.seed, "resamples": case.bootstrap.resamples,
            "pairs": case.pairs,
        })
    };
    let answers = reference(&cases.iter().map(request).collect());
    for (case, theirs) in cases.iter().zip(&answers) {
        let (x, y) = (scores(&case.x, case.rows), scores(&case.y, case.rows));
        let what = |name: &str| format!("seed {}, {name}", case.bootstrap.seed);
        let bounds = |interval: Option<(f64, f64)>| interval.map(|(a, b)| [a, b]).unwrap();

        let ours = case.bootstrap.estimates(&x, &statistics());
        let points: Vec<f64> = ours.iter().map(|e| e.point).collect();
        same(&what("aggregates"), &points, &numbers(&theirs["aggregates"]));
        for (estimate, interval) in ours.iter().zip(theirs["intervals"].as_array().unwrap()) {
            same(&what("interval"), &bounds(estimate.interval), &numbers(interval));
        }

        let profile = case.bootstrap.profile(&x, &TAUS);
        let shares: Vec<f64> = profile.iter().map(|point| point.share.point).collect();
        same(&what("profile"), &shares, &numbers(&theirs["profile"]));
        for (point, interval) in profile.iter().zip(theirs["profile_intervals"].as_array().unwrap())
        {
            same(&what("profile"), &bounds(point.share.interval), &numbers(interval));
        }

        let improvement = probability_of_improvement(&x, &y);
        same(&what("improvement"), &[improvement], &[theirs["improvement"].as_f64().unwrap()]);
        let few = Bootstrap { resamples: case.pairs, ..case.bootstrap };
        let estimate = few.improvement(&x, &y);
        assert_eq!(estimate.point, improvement);
        let interval = bounds(estimate.interval);
        same(&what("improvement"), &interval, &numbers(&theirs["improvement_interval"]));
        let interval = bounds(few.difference(&x, &y, Statistic::Iqm).interval);
        same(&what("difference"), &interval, &numbers(&theirs["difference_interval"]));

        if let Some(theirs) = theirs.get("own_intervals") {
            within_monte_carlo_error(case, &x, theirs);
        }
    }
}

/// rliable's interval from its own draws lies where the draws allow. Both sides estimate the
/// quantile q of one distribution from r resamples each. The share of our replicates below
/// rliable's quantile then differs from q by the sum of two errors, with a variance of
/// q (1 - q) / r each, whatever the distribution; six standard deviations and a rank on
/// each side are allowed. Where replicates tie, the share at or below counts as well.
fn within_monte_carlo_error(case: &Case, x: &Scores, theirs: &Value) {
    let resamples = case.bootstrap.resamples as f64;
    let (q, tolerance) = (0.025, 1e-12);
    let allowed = 6.0 * (2.0 * q * (1.0 - q) / resamples).sqrt() + 2.0 / resamples;
    let replicates = case.bootstrap.replicates(x, &statistics());
    for (replicates, interval) in replicates.iter().zip(theirs.as_array().unwrap()) {
        for (bound, q) in numbers(interval).into_iter().zip([q, 1.0 - q]) {
            let share = |within: &dyn Fn(f64) -> bool| {
                replicates.iter().filter(|v| within(**v)).count() as f64 / resamples
            };
            let below = share(&|v| v < bound - tolerance);
            let up_to = share(&|v| v <= bound + tolerance);
            assert!(
                below - allowed <= q && q <= up_to + allowed,
                "seed {}: {bound} is above {below} to {up_to} of our resamples, not {q}",
                case.bootstrap.seed
            );
        }
    }
}
