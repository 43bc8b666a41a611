//! One lifetime's log followed and added up.

use super::speed::Speed;
use super::view::{EvaluationView, LifetimeView, TaskView};
use crate::engine::{Fault, Lifetime};
use crate::run::{State, explicit_curriculum};
use std::collections::VecDeque;
use tella_curricula::{Curriculum, Length};
use tella_events::{
    BlockEventKind, BlockEventRow, BlockType, EventError, LifetimeLog, LifetimeStatus, News,
    RunFolder, Table, Tail,
};

/// Experiences that the recent mean of a task is over.
const RECENT: usize = 100;

/// Parts of a learning curve.
const PARTS: usize = 24;

/// A lifetime under watch.
pub(super) struct Followed {
    lifetime: u32,
    tail: Tail,
    curriculum: Option<Curriculum>,
    sums: Sums,
}

/// What its log adds up to.
#[derive(Default)]
struct Sums {
    experiences: u64,
    steps: u64,
    last_at: Option<i64>,
    /// Experiences whose times are still to come: steps and work of each.
    untimed: VecDeque<(u64, u64)>,
    speed: Speed,
    /// The last event at the level of variants or above.
    at: Option<BlockEventRow>,
    /// The length of the variant under way, where the curriculum is known.
    length: Option<Length>,
    /// Variants begun, and over.
    begun: usize,
    over: usize,
    /// Experiences and steps of it.
    in_variant: (u64, u64),
    tasks: Vec<Task>,
}

/// What a task adds up to.
#[derive(Default)]
struct Task {
    name: String,
    rewards: Vec<f64>,
    /// The block of the last evaluation, the sum of its returns, and their number.
    evaluation: Option<(u64, f64, u64)>,
}

impl Followed {
    pub(super) fn new(run: &RunFolder, lifetime: u32) -> Self {
        let tail = Tail::new(run, lifetime);
        Self { lifetime, tail, curriculum: None, sums: Sums::default() }
    }

    /// Reads on and says how it stands.
    pub(super) fn look(&mut self, run: &RunFolder) -> LifetimeView {
        // Asked before the status is read: one that ends in between was not killed.
        let written = run.is_being_written(self.lifetime);
        let status = match run.status(self.lifetime) {
            Err(EventError::NoLifetime { .. }) => {
                // It may have begun in between, or be begun anew.
                let state = if written { State::Running } else { State::Planned };
                return LifetimeView { lifetime: self.lifetime, state, ..LifetimeView::default() };
            }
            status => status,
        };
        if self.curriculum.is_none() {
            // An imported log has none; one that has just begun will have it soon.
            self.curriculum = explicit_curriculum(run, self.lifetime).ok();
        }
        let News { anew, experiences, times, events, unread } = self.tail.poll();
        if anew {
            self.sums = Sums::default();
        }
        self.sums.add(&experiences, &events, &times, self.curriculum.as_ref());
        let view = self.view(status.as_ref().ok(), written);
        // A writer's tail may be torn at any moment and is whole again at the next; a killed
        // one's may stay torn behind its last flush.
        let torn = unread.as_ref().filter(|_| view.state != State::Running);
        // At rest every file must be there that belongs to it.
        let whole = match view.state {
            State::Running | State::Killed => Ok(()),
            _ => LifetimeLog::open(run, self.lifetime).map(drop),
        };
        let unread = status.as_ref().err().filter(|_| !written).or(torn).or(whole.as_ref().err());
        let at_rest = status.is_err() || view.state != State::Killed;
        LifetimeView {
            corrupt: at_rest && unread.is_some_and(EventError::is_corruption),
            unread: unread.map(ToString::to_string),
            ..view
        }
    }

    fn view(&self, status: Option<&LifetimeStatus>, written: bool) -> LifetimeView {
        let sums = &self.sums;
        let noted = status.map(|status| status.state).unwrap_or_default();
        let state = State::of(noted, written);
        let event = sums.at.as_ref().map(|row| &row.event);
        let total = self.curriculum.as_ref().map(|c| Lifetime::total_work(c) as f64);
        let done = self.curriculum.as_ref().map(|c| sums.done(c) as f64);
        let progress = total.zip(done).map(|(total, done)| match state {
            State::Complete => 1.0,
            _ if total > 0.0 => (done / total).min(1.0),
            _ => 0.0,
        });
        let left = total.zip(done).map(|(total, done)| (total - done).max(0.0));
        let running = state == State::Running;
        LifetimeView {
            lifetime: self.lifetime,
            state,
            fault: status.and_then(|s| s.fault.as_ref().map(fault_words).or(s.message.clone())),
            last_at: sums.last_at,
            experiences: sums.experiences,
            steps: sums.steps,
            block_num: event.map(|event| event.block_num),
            blocks: self.curriculum.as_ref().map(|c| c.blocks.len() as u64),
            block_type: event.map(|event| event.block_type.as_str()),
            task_name: event.and_then(|event| {
                let (task, variant) = (event.task.as_ref()?, event.variant.as_ref()?);
                Some(format!("{task}_{variant}"))
            }),
            progress,
            eta_seconds: left
                .zip(sums.speed.work())
                .filter(|_| running)
                .map(|(left, speed)| left / speed),
            steps_per_second: sums.speed.steps(),
            tasks: sums.tasks.iter().map(Task::view).collect(),
            ..LifetimeView::default()
        }
    }
}

/// The fault that a status notes, in words.
fn fault_words(fault: &serde_json::Value) -> String {
    match serde_json::from_value::<Fault>(fault.clone()) {
        Ok(fault) => fault.to_string(),
        Err(_) => fault.to_string(),
    }
}

impl Sums {
    fn add(
        &mut self,
        rows: &Table,
        events: &[BlockEventRow],
        times: &[(Option<i64>, i64)],
        curriculum: Option<&Curriculum>,
    ) {
        let first = self.experiences;
        let mut events = events.iter().peekable();
        for row in 0..rows.len() {
            while let Some(event) = events.next_if(|e| e.at_row <= first + row as u64) {
                self.event(event, curriculum);
            }
            self.row(rows, row);
        }
        events.for_each(|event| self.event(event, curriculum));
        for &(started, finished) in times {
            self.last_at = Some(finished);
            if let Some((steps, work)) = self.untimed.pop_front() {
                self.speed.add(started, finished, steps, work);
            }
        }
    }

    fn event(&mut self, row: &BlockEventRow, curriculum: Option<&Curriculum>) {
        match row.event.kind {
            BlockEventKind::VariantStart => {
                let variant = curriculum.and_then(|c| c.variants().nth(self.begun));
                self.length = variant.map(|variant| variant.length);
                self.begun += 1;
                self.in_variant = (0, 0);
                self.at = Some(row.clone());
            }
            BlockEventKind::VariantEnd => self.over += 1,
            BlockEventKind::BlockStart => self.at = Some(row.clone()),
            _ => {}
        }
    }

    fn row(&mut self, rows: &Table, row: usize) {
        let steps = rows.episode_step_count[row];
        self.experiences += 1;
        self.steps += steps;
        self.in_variant.0 += u64::from(rows.complete[row]);
        self.in_variant.1 += steps;
        let work = match self.length {
            Some(Length::Episodes(_)) => Lifetime::STEPS_AN_EPISODE,
            _ => steps,
        };
        self.untimed.push_back((steps, work));
        if rows.complete[row] {
            let name = rows.task_name.get(row);
            let task = self.task(name);
            match rows.block_type[row] {
                BlockType::Train => task.rewards.push(rows.reward[row]),
                BlockType::Test => task.evaluated(rows.block_num[row], rows.reward[row]),
            }
        }
    }

    fn task(&mut self, name: &str) -> &mut Task {
        let at = self.tasks.iter().position(|task| task.name == name);
        let at = at.unwrap_or_else(|| {
            self.tasks.push(Task { name: name.to_owned(), ..Task::default() });
            self.tasks.len() - 1
        });
        &mut self.tasks[at]
    }

    /// The work done, as far as the log says.
    fn done(&self, curriculum: &Curriculum) -> u64 {
        let under_way = curriculum.variants().nth(self.over).filter(|_| self.begun > self.over);
        let in_variant = under_way.map_or(0, |variant| match variant.length {
            Length::Episodes(_) => self.in_variant.0,
            Length::Steps(_) => self.in_variant.1,
        });
        Lifetime::work_done(curriculum, self.over, in_variant)
    }
}

impl Task {
    fn evaluated(&mut self, block: u64, reward: f64) {
        let evaluation = self.evaluation.get_or_insert((block, 0.0, 0));
        if evaluation.0 != block {
            *evaluation = (block, 0.0, 0);
        }
        evaluation.1 += reward;
        evaluation.2 += 1;
    }

    fn view(&self) -> TaskView {
        let recent = &self.rewards[self.rewards.len().saturating_sub(RECENT)..];
        TaskView {
            task_name: self.name.clone(),
            learned: self.rewards.len() as u64,
            recent_reward: mean(recent),
            recent: recent.len() as u64,
            curve: curve(&self.rewards),
            evaluation: self.evaluation.map(|(block_num, sum, experiences)| EvaluationView {
                block_num,
                mean_reward: sum / experiences as f64,
                experiences,
            }),
        }
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// Means of equal parts, as many as there are values at most.
fn curve(rewards: &[f64]) -> Vec<f64> {
    let parts = PARTS.min(rewards.len());
    let cut = |part: usize| part * rewards.len() / parts;
    (0..parts).filter_map(|part| mean(&rewards[cut(part)..cut(part + 1)])).collect()
}
