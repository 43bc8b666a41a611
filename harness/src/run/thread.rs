//! A lifetime in a thread of this process.

use super::plan::{EXPLICIT, Plan, PlanError};
use super::progress::Progress;
use super::supervise::{Event, Running};
use super::{End, LifetimeReport, panics};
use crate::engine::{
    Control, Fault, FaultKind, IsolationReport, Lifetime, Outcome, Party, Phase, Place, Request,
    Stop, checkpoint,
};
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};
use tella_curricula::Curriculum;
use tella_events::{EventError, LifetimeState, LifetimeWriter};

/// Whether a thread was left to itself.
static GIVEN_UP: AtomicBool = AtomicBool::new(false);

/// Whether a lifetime's thread hung and was left to itself, so that one still runs that nobody
/// waits for.
pub fn any_given_up() -> bool {
    GIVEN_UP.load(Relaxed)
}

type Log = Arc<Mutex<LifetimeWriter>>;

/// A lifetime's thread, seen from outside.
struct Thread {
    lifetime: u64,
    control: Arc<Control>,
    total: u64,
    /// Filled once the log is open.
    log: Arc<OnceLock<Log>>,
    /// The count of calls while one was under way, and since when it has stood still.
    pulse: Option<u64>,
    since: Instant,
}

/// Starts lifetime `lifetime` of `plan`, from its checkpoint where there is one.
pub(super) fn start(
    plan: Arc<Plan>,
    lifetime: u64,
    sender: Sender<Event>,
) -> Result<Box<dyn Running>, PlanError> {
    let control = Arc::new(Control::default());
    let log = Arc::new(OnceLock::new());
    let curriculum = Arc::new(plan.curriculum(lifetime)?);
    let running = Thread {
        lifetime,
        control: Arc::clone(&control),
        total: Lifetime::total_work(&curriculum),
        log: Arc::clone(&log),
        pulse: None,
        since: Instant::now(),
    };
    std::thread::spawn(move || {
        let lived = plan
            .app
            .around_lifetime(|| live(&plan, lifetime, &curriculum, &control, &log, &|| false));
        if let Some(report) = lived {
            // The supervisor may have given this thread up and gone.
            let _ = sender.send(Event::Ended(report));
        }
    });
    Ok(Box::new(running))
}

impl Running for Thread {
    fn progress(&self) -> Progress {
        let place = self.control.place();
        Progress {
            done: self.control.done(),
            total: self.total,
            experiences: self.control.experiences(),
            steps: self.control.steps(),
            at: format!("block {} {} {}", place.block, place.task, place.variant),
            place,
            party: Some(self.control.party()),
        }
    }

    fn request(&self, request: Request) {
        self.control.request(request);
    }

    fn give_up_if_hung(&mut self, timeout: Duration) -> Option<LifetimeReport> {
        let pulse = (self.control.phase() != Phase::Harness).then(|| self.control.calls());
        if pulse.is_none() || pulse != self.pulse {
            (self.pulse, self.since) = (pulse, Instant::now());
        }
        if pulse.is_none() || self.since.elapsed() <= timeout {
            return None;
        }
        GIVEN_UP.store(true, Relaxed);
        let fault = Fault {
            party: self.control.party(),
            kind: FaultKind::Timeout,
            message: format!("a call took longer than {} s", timeout.as_secs_f64()),
            place: self.control.place(),
        };
        // The engine holds the log only while it writes, never while a call runs.
        let mut log = self.log.get().map(|log| lock(log));
        Some(close(self.lifetime, log.as_deref_mut(), Err(fault.into()), &self.control))
    }
}

/// Lives one lifetime, from opening its log to closing it. A fault that comes where `interrupted`
/// says so is the user's wish to stop.
pub(super) fn live(
    plan: &Plan,
    lifetime: u64,
    curriculum: &Curriculum,
    control: &Control,
    shared_log: &OnceLock<Log>,
    interrupted: &dyn Fn() -> bool,
) -> LifetimeReport {
    let (log, checkpoint) = match plan.open_log(lifetime, curriculum) {
        Ok(opened) => opened,
        Err(e) => return close(lifetime, None, Err(Stop::Log(e)), control),
    };
    let log = shared_log.get_or_init(|| Arc::new(Mutex::new(log)));
    let dir = plan.lifetime_dir(lifetime);
    let spec = Lifetime {
        app: &plan.app,
        curriculum,
        index: lifetime,
        agent: &plan.spec.agent,
        agent_config: &plan.spec.agent_config,
        agent_seed: plan.agent_seed(lifetime),
        num_envs: plan.spec.num_envs,
        threads: plan.threads,
        max_episode_steps: plan.spec.max_episode_steps,
        render: plan.render,
        control,
        log,
    };
    let result = panics::catch(|| spec.run(checkpoint)).unwrap_or_else(|message| {
        let (party, place) = (control.party(), control.place());
        Err(Fault { party, kind: FaultKind::Panic, message, place }.into())
    });
    let result = match result {
        Err(Stop::Fault(_)) if interrupted() => Err(Stop::Requested),
        result => result,
    };
    let report = close(lifetime, Some(&mut *lock(log)), result, control);
    if report.end == End::Complete
        && let Err(e) = checkpoint::remove(&dir)
    {
        tracing::warn!("{e}");
    }
    report
}

/// Closes the log as the lifetime ended, and says how it did.
fn close(
    lifetime: u64,
    log: Option<&mut LifetimeWriter>,
    result: Result<Outcome, Stop>,
    control: &Control,
) -> LifetimeReport {
    let mut report = LifetimeReport {
        lifetime,
        end: End::Complete,
        experiences: control.experiences(),
        steps: control.steps(),
        content_hash: None,
        fault: None,
        message: None,
        isolation: IsolationReport::default(),
    };
    match result {
        Ok(outcome) => report.isolation = outcome.isolation,
        Err(Stop::Requested) => report.end = End::Interrupted,
        Err(Stop::Fault(fault)) => {
            report.end = End::Fault;
            report.fault = Some(*fault);
        }
        Err(Stop::Log(error)) => set_error(&mut report, &error),
    }
    if let Some(log) = log
        && let Err(error) = close_log(log, &mut report)
        && report.message.is_none()
    {
        set_error(&mut report, &error);
    }
    report
}

fn close_log(log: &mut LifetimeWriter, report: &mut LifetimeReport) -> Result<(), EventError> {
    report.experiences = log.rows();
    let status = log.status_mut();
    status.message.clone_from(&report.message);
    status.isolation = report.isolation.unverified.then(|| "unverified".to_owned());
    let state = match report.end {
        End::Complete => {
            let sealed = log.seal(&[EXPLICIT]);
            match sealed {
                Ok(hash) => report.content_hash = Some(hash.content),
                Err(error) => {
                    set_error(report, &error);
                    // The error told is the seal's; the state is noted where it can be.
                    log.status_mut().message.clone_from(&report.message);
                    let _ = log.stop(resting_state(report.end), None);
                }
            }
            return Ok(());
        }
        end => resting_state(end),
    };
    let fault = report.fault.as_ref().map(|fault| json!(fault));
    log.stop(state, fault)
}

/// The state of a lifetime that is not sealed, as its folder notes it.
fn resting_state(end: End) -> LifetimeState {
    match end {
        // The latter has no log that it could be noted in.
        End::Interrupted | End::Running => LifetimeState::Interrupted,
        End::DiskFull => LifetimeState::DiskFull,
        End::LogError | End::Corrupt => LifetimeState::LogError,
        End::Complete | End::Fault => LifetimeState::Fault,
    }
}

fn set_error(report: &mut LifetimeReport, error: &EventError) {
    if matches!(error, EventError::Grammar(_) | EventError::Internal { .. }) {
        report.end = End::Fault;
        report.fault = Some(Fault {
            party: Party::Harness,
            kind: FaultKind::Error,
            message: error.to_string(),
            place: Place { lifetime: report.lifetime, ..Place::default() },
        });
        return;
    }
    report.end = match error {
        e if e.is_disk_full() => End::DiskFull,
        e if e.is_corruption() => End::Corrupt,
        EventError::Position { .. } => End::Corrupt,
        EventError::Locked { .. } => End::Running,
        _ => End::LogError,
    };
    report.message = Some(error.to_string());
}

fn lock(log: &Log) -> MutexGuard<'_, LifetimeWriter> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}
