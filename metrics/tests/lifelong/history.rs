//! Random histories of learning and evaluation, as blocks that can be changed and then
//! turned into a log.

use tella_events::{BlockSubtype, BlockType};
use tella_metrics::catalogue::metrics;
use tella_metrics::l2metrics::Settings;
use tella_metrics::lifetime::{Experts, Lifetime, Scale, Scaled};
use tella_metrics::{Experiences, Family};
use tella_rng::Generator;

/// A block's stay on one task.
#[derive(Clone, Debug)]
pub(crate) struct Stay {
    pub(crate) block: u64,
    pub(crate) learning: bool,
    pub(crate) task: usize,
    pub(crate) returns: Vec<f64>,
}

/// A lifetime in the making, and what experts of its tasks achieve.
#[derive(Clone, Debug)]
pub(crate) struct History {
    pub(crate) stays: Vec<Stay>,
    pub(crate) experts: Vec<(usize, Vec<f64>)>,
}

/// What every metric says of a lifetime: its name and the lifetime's value or reason.
pub(crate) type Values = Vec<(String, Result<f64, String>)>;

impl History {
    /// A history of up to four tasks and fourteen blocks. Returns are whole numbers in half of
    /// the histories, so that levels are met exactly and tasks are constant now and then.
    pub(crate) fn random(seed: u64) -> Self {
        let rng = &mut Generator::new(seed);
        let tasks = rng.integers(1, 5);
        let whole = rng.integers(0, 2) == 0;
        let returns = |rng: &mut Generator, task: i64, longest: i64| -> Vec<f64> {
            let draw = |rng: &mut Generator| match whole {
                true => (rng.integers(0, 1 + task) - 1) as f64,
                false => rng.uniform(-1.0, 2.0) * (task + 1) as f64,
            };
            (0..rng.integers(1, longest)).map(|_| draw(rng)).collect()
        };
        let mut stays = Vec::new();
        for block in 0..rng.integers(1, 15) as u64 {
            let learning = rng.integers(0, 2) == 0;
            for _ in 0..rng.integers(1, 4) {
                let task = rng.integers(0, tasks);
                let returns = returns(rng, task, if learning { 50 } else { 5 });
                stays.push(Stay { block, learning, task: task as usize, returns });
            }
        }
        let experts = (0..rng.integers(0, 4))
            .map(|_| {
                let task = rng.integers(0, tasks);
                (task as usize, returns(rng, task, 60))
            })
            .collect();
        Self { stays, experts }
    }

    /// The rows of a log, task `t` named by `name(t)`.
    pub(crate) fn log(&self, name: impl Fn(usize) -> String) -> Experiences {
        let mut log = Experiences::default();
        for stay in &self.stays {
            for value in &stay.returns {
                log.exp_num.push(Some(log.block_num.len() as u64));
                log.block_num.push(stay.block);
                let kind = if stay.learning { BlockType::Train } else { BlockType::Test };
                log.block_type.push(kind);
                log.block_subtype.push(BlockSubtype::Wake);
                log.task_name.push(&name(stay.task));
                log.task_params.push("");
                log.complete.push(true);
                log.episode_step_count.get_or_insert_default().push(3);
                log.measures.entry("reward".to_owned()).or_default().push(*value);
            }
        }
        log
    }

    /// All metrics but L2Metrics' own, on the scale of the lifetime and its experts.
    pub(crate) fn measured(&self, name: impl Fn(usize) -> String) -> Values {
        let settings = Settings::default();
        let lifetime = Lifetime::new(&self.log(&name), &settings).unwrap();
        let mut experts = Experts::default();
        self.experts.iter().for_each(|(task, run)| experts.add(&name(*task), run.clone()));
        let scale = Scale::over([&lifetime], &experts, &settings).unwrap();
        let scaled = Scaled::new(&lifetime, &scale, &experts);
        let own = metrics().filter(|metric| metric.family != Family::L2metrics);
        own.map(|metric| {
            let value = (metric.measure)(&scaled).value;
            (metric.full_name(), value.map_err(|reason| reason.to_string()))
        })
        .collect()
    }
}

/// The task's name that the tests use.
pub(crate) fn plain(task: usize) -> String {
    format!("T{task}_Default")
}

/// The values that differ by more than rounding, of metrics that `counts` lets through.
pub(crate) fn differences(a: &Values, b: &Values, counts: impl Fn(&str) -> bool) -> Vec<String> {
    assert_eq!(a.len(), b.len());
    let apart = |a: &Result<f64, String>, b: &Result<f64, String>| match (a, b) {
        (Ok(a), Ok(b)) => (a - b).abs() > 1e-9 * a.abs().max(1.0),
        (a, b) => a.is_ok() != b.is_ok(),
    };
    let pairs = a.iter().zip(b).filter(|((name, _), _)| counts(name));
    pairs
        .filter(|((_, a), (_, b))| apart(a, b))
        .map(|((name, a), (_, b))| format!("{name}: {a:?}, {b:?}"))
        .collect()
}
