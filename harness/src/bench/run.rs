//! The speed of the whole harness, log included, and the log's share of it.

use super::cpu;
use crate::App;
use crate::run::{
    self, Display, End, Isolate, LifetimeReport, Plan, PlanError, PlanSpec, Signals, Supervision,
};
use serde::Serialize;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};
use tella_curricula::Document;
use tella_events::{
    BlockEvent, BlockEventRow, EventError, Experience, LifetimeLog, LifetimeStatus, LifetimeWriter,
    OnExisting, RunFolder, Segment, Table, WriterOptions,
};

/// What is run: one lifetime, again and again, each time in a new folder.
pub struct Work {
    /// Environments and agents by name.
    pub app: Arc<App>,
    /// The run.
    pub spec: PlanSpec,
    /// The curriculum.
    pub document: Document,
    /// Threads that step the environments.
    pub threads: usize,
}

/// How fast a run was.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RunRate {
    /// Times the curriculum was lived through to its end.
    pub passes: u64,
    /// Steps of single environments, those of a pass that was stopped among them.
    pub steps: u64,
    /// Experiences logged.
    pub experiences: u64,
    /// Time on the clock, from before a run folder is made until its log is sealed, or
    /// is flushed where time was up within the pass.
    pub seconds: f64,
    /// Steps of single environments a second.
    pub steps_per_second: f64,
    /// What the log takes of the lifetimes' own time: processor time of the thread that
    /// hands rows to the writer, as a share of the run's without the writer's thread.
    pub log_overhead: f64,
    /// What the log takes in all: processor time of both threads, as a share of the
    /// run's.
    pub log_cpu: f64,
}

/// Why a run could not be measured.
#[derive(Debug, thiserror::Error)]
pub enum RunRateError {
    /// The run could not begin.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// A lifetime did not come to its end.
    #[error("the lifetime did not come to its end: {0}")]
    Ended(String),
}

impl From<EventError> for RunRateError {
    fn from(error: EventError) -> Self {
        PlanError::from(error).into()
    }
}

impl From<std::io::Error> for RunRateError {
    fn from(error: std::io::Error) -> Self {
        PlanError::from(error).into()
    }
}

/// Runs `work` until its passes have taken `time`; the one under way then is stopped as an
/// interrupt would do it, and counts as far as it came.
///
/// After each pass the log it left is written once more, row by row, by the same
/// writer into another folder; the processor time which that takes counts as the log's.
pub fn run_rate(work: &Work, time: Duration, signals: &Signals) -> Result<RunRate, RunRateError> {
    let scratch = tempfile::tempdir()?;
    let (mut passes, mut steps, mut experiences) = (0, 0, 0);
    let (mut on_clock, mut in_run, mut in_log) = (Duration::ZERO, Duration::ZERO, Cost::default());
    while on_clock < time && !signals.any() {
        let dir = scratch.path().join("run");
        let (clock, cpu) = (Instant::now(), cpu::spent());
        let report = live(work, &dir, clock + (time - on_clock), signals)?;
        on_clock += clock.elapsed();
        in_run += cpu::spent() - cpu;
        let log = LifetimeLog::open(&RunFolder::open(&dir)?, 0)?;
        let (rows, events) = (log.table()?, log.block_events()?);
        let cost = write_again(&rows, &events, &scratch.path().join("again"))?;
        in_log.here += cost.here;
        in_log.in_all += cost.in_all;
        passes += u64::from(report.end == End::Complete);
        steps += report.steps;
        experiences += rows.len() as u64;
        fs_err::remove_dir_all(dir)?;
    }
    let seconds = on_clock.as_secs_f64();
    Ok(RunRate {
        passes,
        steps,
        experiences,
        seconds,
        steps_per_second: steps as f64 / seconds,
        log_overhead: share(in_log.here, in_run.saturating_sub(in_log.in_all - in_log.here)),
        log_cpu: share(in_log.in_all, in_run),
    })
}

/// Processor time of writing a log.
#[derive(Clone, Copy, Default)]
struct Cost {
    /// Of the thread that hands rows over.
    here: Duration,
    /// Of all threads.
    in_all: Duration,
}

fn share(part: Duration, whole: Duration) -> f64 {
    part.as_secs_f64() / whole.as_secs_f64()
}

/// Lives the curriculum, or until `stop_at`.
fn live(
    work: &Work,
    dir: &Path,
    stop_at: Instant,
    signals: &Signals,
) -> Result<LifetimeReport, RunRateError> {
    let (app, spec, document) = (Arc::clone(&work.app), work.spec.clone(), work.document.clone());
    let plan = Plan::create(app, spec, document, dir, 0..1, false)?.with_threads(work.threads);
    let how = Supervision {
        jobs: 1,
        timeout: None,
        memory_limit: None,
        checkpoint_every: Duration::from_secs(10),
        stop_at: Some(stop_at),
    };
    let mut display = Display::silent();
    let reports = run::run(&Arc::new(plan), &[0], Isolate::None, how, signals, &mut display)?;
    let stopped = || "it was stopped".to_owned();
    match reports.into_iter().next() {
        Some(report) if matches!(report.end, End::Complete | End::Interrupted) => Ok(report),
        Some(report) => {
            let why = report.fault.as_ref().map(ToString::to_string);
            Err(RunRateError::Ended(why.or(report.message).unwrap_or_else(stopped)))
        }
        None => Err(RunRateError::Ended(stopped())),
    }
}

/// What the engine tells a log.
enum Told<'a> {
    Event(&'a BlockEvent),
    Segment(Segment),
    /// Episodes that ended in one step: the clock is read for them and the log locked.
    Ended(Vec<Experience>),
}

/// What was told a log whose rows and events these are.
fn told<'a>(rows: &Table, events: &'a [BlockEventRow]) -> Vec<Told<'a>> {
    let mut told = Vec::new();
    let mut events = events.iter().peekable();
    for row in 0..rows.len() {
        while let Some(event) = events.next_if(|e| e.at_row <= row as u64) {
            told.push(Told::Event(&event.event));
        }
        if row == 0 || !rows.continues_segment(row) {
            told.push(Told::Segment(rows.segment(row)));
        }
        let same_step = row > 0 && rows.finished_at[row] == rows.finished_at[row - 1];
        match told.last_mut() {
            Some(Told::Ended(ended)) if same_step => ended.push(rows.experience(row)),
            _ => told.push(Told::Ended(vec![rows.experience(row)])),
        }
    }
    told.extend(events.map(|event| Told::Event(&event.event)));
    told
}

/// Writes a lifetime's log again into `dir`, which is removed afterwards, as the engine
/// does it; returns what that took.
fn write_again(rows: &Table, events: &[BlockEventRow], dir: &Path) -> Result<Cost, RunRateError> {
    let folder = RunFolder::create(dir, &Default::default(), "", OnExisting::Join)?;
    let told = told(rows, events);
    let (in_all, here) = (cpu::spent(), cpu::spent_here());
    let log = LifetimeWriter::create(&folder, LifetimeStatus::default(), WriterOptions::default())?;
    let log = Mutex::new(log);
    for told in &told {
        if matches!(told, Told::Ended(_)) {
            std::hint::black_box(SystemTime::now());
        }
        let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
        match told {
            Told::Event(event) => log.block_event(event)?,
            Told::Segment(segment) => log.set_segment(segment)?,
            Told::Ended(ended) => ended.iter().try_for_each(|row| log.push(row))?,
        }
    }
    log.lock().unwrap_or_else(PoisonError::into_inner).seal(&[])?;
    let cost = Cost { here: cpu::spent_here() - here, in_all: cpu::spent() - in_all };
    drop(log);
    fs_err::remove_dir_all(dir)?;
    Ok(cost)
}
