//! Reading a log into learning and evaluations.

use super::{Experts, Scale, Scaled, curve};
use crate::l2metrics::Settings;
use crate::{Experiences, MetricsError, Order};
use std::collections::HashMap;
use std::ops::Range;
use tella_events::{BlockSubtype, BlockType};

/// The column that holds an agent's memory in bytes, where a log has one.
const AGENT_MEMORY: &str = "agent_memory";

/// One lifetime: its tasks, what it learnt, and how it was evaluated, in raw performance.
///
/// Rows that count are complete and have a value. Learning asleep is no learning from
/// experiences and is left out; where anything was evaluated asleep, evaluations awake
/// are left out.
#[derive(Clone, Debug, Default)]
pub struct Lifetime {
    /// The tasks by name, `<Task>_<Variant>`: those learnt first, in the order of first
    /// learning, then those only evaluated.
    pub tasks: Vec<String>,
    /// How many of `tasks` were learnt.
    pub learnt: usize,
    /// The task of each learning regime, in order.
    pub learning: Vec<usize>,
    /// The stretches of learning, in order.
    pub stretches: Vec<Stretch>,
    /// The performance of the learning rows, in order.
    pub raw: Vec<f64>,
    /// The same, smoothed within each stretch.
    pub smooth: Vec<f64>,
    /// The evaluations of each task, by gap.
    pub evaluations: Vec<Vec<Evaluation>>,
    /// What it took.
    pub cost: Cost,
    /// The rows that do not count.
    pub missing: Missing,
    /// What is odd about its log.
    pub notes: Vec<String>,
}

/// Learning of one task that no other task's learning interrupts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The task.
    pub task: usize,
    /// Its learning regimes by number; the evaluation before it lies in a gap up to
    /// `start`, the one after it in a gap from `end` on.
    pub learning: Range<usize>,
    /// Its rows among the learning rows.
    pub rows: Range<usize>,
}

/// The evaluation of a task in a gap.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evaluation {
    /// The learning regimes before it.
    pub gap: usize,
    /// The mean over its rows.
    pub mean: f64,
    /// The number of its rows.
    pub rows: usize,
}

/// What a lifetime took, rows included that no metric of performance counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cost {
    /// Learning experiences.
    pub learning_experiences: u64,
    /// Evaluation experiences.
    pub evaluation_experiences: u64,
    /// Steps in learning, where the log has lengths.
    pub learning_steps: Option<u64>,
    /// Steps in evaluation, where the log has lengths.
    pub evaluation_steps: Option<u64>,
    /// Seconds from the first to the last end of an experience, where the log has times.
    pub seconds: Option<f64>,
    /// The most memory the agent took, in bytes: as a run says, or as a column
    /// `agent_memory` of a log from elsewhere does.
    pub agent_memory: Option<f64>,
    /// The sum of the measure over learning rows with a length, and their steps.
    pub learning_reward: Option<(f64, u64)>,
}

/// Rows that do not count, and why.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Not complete.
    pub unfinished: usize,
    /// Complete, without a value of the measure.
    pub without_value: usize,
}

impl Lifetime {
    /// Reads a lifetime's log; of the settings the measure and the variant mode count.
    ///
    /// # Errors
    ///
    /// Where the log has nothing to measure, or something that cannot be: an infinite
    /// value, a block number that decreases, a missing column.
    pub fn new(log: &Experiences, settings: &Settings) -> Result<Self, MetricsError> {
        let measure = log.measure(&settings.perf_measure)?;
        let order = Order::of(log)?;
        let mut names = Names::new(log, settings);
        let slept = order.rows().any(|row| {
            log.block_type[row] == BlockType::Test && log.block_subtype[row] == BlockSubtype::Sleep
        });
        let (cost, notes) = (cost(log, &measure, &order), log.notes.clone());
        let mut life = Self { cost, notes, ..Self::default() };
        life.missing.unfinished = log.len() - order.len();
        let mut regime: Option<(u64, usize)> = None;
        for row in order.rows() {
            let value = measure[row];
            match (log.complete[row], value.is_nan()) {
                (false, _) => life.missing.unfinished += 1,
                (true, true) => life.missing.without_value += 1,
                (true, false) => {}
            }
            if !log.complete[row] || value.is_nan() {
                continue;
            }
            if value.is_infinite() {
                return Err(log.infinite(row, &settings.perf_measure, value));
            }
            let task = names.task(log.task_name.codes()[row]);
            let asleep = log.block_subtype[row] == BlockSubtype::Sleep;
            match log.block_type[row] {
                BlockType::Train if !asleep => {
                    let key = (log.block_num[row], task);
                    if regime != Some(key) {
                        regime = Some(key);
                        life.learning.push(task);
                    }
                    life.learn(task, value);
                }
                BlockType::Test if asleep == slept => {
                    regime = None;
                    life.evaluate(task, value);
                }
                _ => {}
            }
        }
        if life.raw.is_empty() && life.evaluations.is_empty() {
            let Missing { unfinished, without_value } = life.missing;
            let seen = match log.len() {
                0 => " (the log is empty)".to_owned(),
                _ => format!(" ({unfinished} unfinished, {without_value} without a value)"),
            };
            let measure = settings.perf_measure.clone();
            return Err(MetricsError::NothingToMeasure { measure, seen });
        }
        life.smooth = curve::smoothed(&life.raw, life.stretches.iter().map(|s| s.rows.clone()));
        life.order_tasks(names.names);
        Ok(life)
    }

    /// The lifetime with performance as it is in the log.
    pub fn on_raw_scale(&self) -> Scaled<'_> {
        Scaled::new(self, &Scale::default(), &Experts::default())
    }

    /// The numbers of the tasks that were learnt.
    pub fn learnt_tasks(&self) -> Range<usize> {
        0..self.learnt
    }

    /// The stretches of a task.
    pub fn stretches_of(&self, task: usize) -> impl Iterator<Item = &Stretch> {
        self.stretches.iter().filter(move |stretch| stretch.task == task)
    }

    /// A learning row of the regime that was entered last.
    fn learn(&mut self, task: usize, value: f64) {
        let (at, regimes) = (self.raw.len(), self.learning.len());
        self.raw.push(value);
        match self.stretches.last_mut() {
            Some(stretch) if stretch.task == task => {
                stretch.rows.end = at + 1;
                stretch.learning.end = regimes;
            }
            _ => {
                let learning = regimes - 1..regimes;
                self.stretches.push(Stretch { task, learning, rows: at..at + 1 });
            }
        }
    }

    /// An evaluation row; means are running means, exact for equal values.
    fn evaluate(&mut self, task: usize, value: f64) {
        let gap = self.learning.len();
        if self.evaluations.len() <= task {
            self.evaluations.resize(task + 1, Vec::new());
        }
        match self.evaluations[task].last_mut() {
            Some(evaluation) if evaluation.gap == gap => {
                evaluation.rows += 1;
                evaluation.mean += (value - evaluation.mean) / evaluation.rows as f64;
            }
            _ => self.evaluations[task].push(Evaluation { gap, mean: value, rows: 1 }),
        }
    }

    /// Numbers the tasks anew: those learnt first.
    fn order_tasks(&mut self, names: Vec<String>) {
        let mut order: Vec<usize> = Vec::new();
        let seen_in_order = self.learning.iter().copied().chain(0..names.len());
        seen_in_order.for_each(|task| {
            if !order.contains(&task) {
                order.push(task);
            }
        });
        let mut number = vec![0; names.len()];
        order.iter().enumerate().for_each(|(new, old)| number[*old] = new);
        self.learning.iter_mut().for_each(|task| *task = number[*task]);
        self.stretches.iter_mut().for_each(|stretch| stretch.task = number[stretch.task]);
        self.evaluations.resize(names.len(), Vec::new());
        self.evaluations = order.iter().map(|old| self.evaluations[*old].clone()).collect();
        self.learnt = self.learning.iter().max().map_or(0, |last| last + 1);
        self.tasks = order.iter().map(|old| names[*old].clone()).collect();
    }
}

/// Names of tasks in order of first use, by the codes of the log's labels.
struct Names<'a> {
    log: &'a Experiences,
    settings: &'a Settings,
    names: Vec<String>,
    by_name: HashMap<String, usize>,
    by_code: Vec<Option<usize>>,
}

impl<'a> Names<'a> {
    fn new(log: &'a Experiences, settings: &'a Settings) -> Self {
        let by_code = vec![None; log.task_name.values().len()];
        Self { log, settings, names: Vec::new(), by_name: HashMap::new(), by_code }
    }

    fn task(&mut self, code: u32) -> usize {
        if let Some(task) = self.by_code[code as usize] {
            return task;
        }
        let name = self.settings.variant_mode.task(&self.log.task_name.values()[code as usize]);
        let task = *self.by_name.entry(name.to_owned()).or_insert_with(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        self.by_code[code as usize] = Some(task);
        task
    }
}

fn cost(log: &Experiences, measure: &[f64], order: &Order) -> Cost {
    let rows_of = |kind| (0..log.len()).filter(move |row| log.block_type[*row] == kind);
    let steps_of = |kind| {
        let steps = log.episode_step_count.as_ref()?;
        Some(rows_of(kind).map(|row| steps[row]).sum())
    };
    let span = log.finished_at.as_ref().and_then(|times| times.span(0..times.len()));
    let column = log.measures.get(AGENT_MEMORY).into_iter().flatten();
    let column = column.copied().filter(|bytes| bytes.is_finite()).reduce(f64::max);
    let awake = |row: &usize| {
        log.block_type[*row] == BlockType::Train
            && log.block_subtype[*row] == BlockSubtype::Wake
            && measure[*row].is_finite()
    };
    let learning_reward = log.episode_step_count.as_ref().map(|steps| {
        let rows = order.rows().filter(awake);
        rows.fold((0.0, 0), |(sum, n), row| (sum + measure[row], n + steps[row]))
    });
    Cost {
        learning_experiences: rows_of(BlockType::Train).count() as u64,
        evaluation_experiences: rows_of(BlockType::Test).count() as u64,
        learning_steps: steps_of(BlockType::Train),
        evaluation_steps: steps_of(BlockType::Test),
        seconds: span.map(|(first, last)| (last - first) as f64 / 1e6),
        agent_memory: log.agent_memory.map(|bytes| bytes as f64).or(column),
        learning_reward,
    }
}
