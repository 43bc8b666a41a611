//! What intervals cost: mean, median, interquartile mean and optimality gap of every
//! metric of a lifetime, over 100 lifetimes, from 50,000 resamples. Prints JSON. Run with
//! `cargo run --release -p tella-metrics --example bootstrap_cost`.

use std::time::Instant;
use tella_metrics::catalogue;
use tella_metrics::statistics::{Bootstrap, Scores, Statistic};
use tella_rng::Generator;

const LIFETIMES: usize = 100;

/// Processor time of all threads of this process in seconds, where the system tells it (Linux).
fn spent() -> Option<f64> {
    let stat = fs_err::read_to_string("/proc/self/stat").ok()?;
    // Behind the name, which may hold blanks, the 12th and 13th field: hundredths of seconds.
    let fields: Vec<&str> = stat.rsplit(')').next()?.split_whitespace().collect();
    let ticks: f64 = fields.get(11)?.parse::<f64>().ok()? + fields.get(12)?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

fn main() {
    let rng = &mut Generator::new(1);
    let metrics = catalogue::metrics().count();
    let scores: Vec<Scores> =
        (0..metrics).map(|_| Scores::of_lifetimes((0..LIFETIMES).map(|_| rng.random()))).collect();
    let statistics = [
        Statistic::Mean,
        Statistic::Median,
        Statistic::Iqm,
        Statistic::OptimalityGap { optimum: 1.0 },
    ];
    let bootstrap = Bootstrap::default();
    let (start, begun) = (Instant::now(), spent());
    let estimates: Vec<_> = scores.iter().map(|s| bootstrap.estimates(s, &statistics)).collect();
    let seconds = start.elapsed().as_secs_f64();
    let processor = begun.zip(spent()).map(|(begun, ended)| ended - begun);
    assert!(estimates.iter().flatten().all(|estimate| estimate.interval.is_some()));
    let json = serde_json::json!({
        "lifetimes": LIFETIMES,
        "metrics": metrics,
        "statistics": statistics.len(),
        "resamples": bootstrap.resamples,
        "threads": std::thread::available_parallelism().map_or(1, usize::from),
        "seconds": seconds,
        "processor_seconds": processor,
    });
    println!("{json}");
}
