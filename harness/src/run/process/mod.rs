//! A lifetime in a process of its own: `tella worker`, told by its command line
//! what to do, reporting over a private pipe. What the agent prints goes to
//! `agent.log` in the lifetime's folder, up to a limit.
//!
//! Here is the side of the process that starts it; `worker` is the other.

mod output;
mod worker;

pub use worker::work;

use super::plan::{Plan, PlanError};
use super::progress::Progress;
use super::supervise::{Event, Running, Supervision};
use super::{End, LifetimeReport};
use crate::engine::Request;
use output::{keep, last_lines};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, BufReader};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Where its output goes.
const AGENT_LOG: &str = "agent.log";

/// How long a worker may take to end once it has told how its lifetime ended.
const LAST_RITES: Duration = Duration::from_secs(10);

const TICK: Duration = Duration::from_millis(20);

/// How long the agent's last output is waited for once its worker is gone.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What a worker says, one JSON object a line.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Message {
    Progress(Progress),
    Ended(LifetimeReport),
}

/// A worker process, seen from the process that started it.
struct Worker {
    pid: Pid,
    progress: Arc<Mutex<Progress>>,
    stopped: AtomicBool,
}

/// Starts a worker for `lifetime`.
pub(super) fn start(
    plan: &Arc<Plan>,
    lifetime: u64,
    how: Supervision,
    sender: Sender<Event>,
) -> Result<Box<dyn Running>, PlanError> {
    let mut child = spawn(plan, lifetime, how)?;
    let progress = Arc::new(Mutex::new(Progress::default()));
    let worker = Worker {
        pid: Pid::from_child(&child),
        progress: Arc::clone(&progress),
        stopped: AtomicBool::new(false),
    };
    let log = plan.lifetime_dir(lifetime).join(AGENT_LOG);
    let talk = child.stderr.take().map(|stderr| std::thread::spawn(move || keep(stderr, &log)));
    let plan = Arc::clone(plan);
    std::thread::spawn(move || {
        let mut report = listen(&plan, lifetime, child, &progress);
        // A child of the agent's may hold the pipe for longer than the worker lives: what
        // it prints is waited for, but not for ever.
        if let Some(talk) = talk {
            let began = Instant::now();
            while !talk.is_finished() && began.elapsed() < LAST_WORDS {
                std::thread::sleep(Duration::from_millis(5));
            }
            if talk.is_finished()
                && let Ok(unkept) = talk.join()
                && let Some(fault) = &mut report.fault
            {
                fault.message.push_str(&last_lines(&unkept));
            }
        }
        vouch_for_output(&plan, lifetime);
        let _ = sender.send(Event::Ended(report));
    });
    Ok(Box::new(worker))
}

fn spawn(plan: &Plan, lifetime: u64, how: Supervision) -> io::Result<Child> {
    let mut words = plan.app.worker_command()?.into_iter();
    let program = words.next().ok_or_else(|| io::Error::other("the worker command is empty"))?;
    Command::new(program)
        .args(words)
        .arg(plan.dir())
        .args(["--lifetime", &lifetime.to_string()])
        .args(["--threads", &plan.threads.to_string()])
        .args(plan.fresh.then_some("--fresh"))
        .args(["--timeout", &how.timeout.map_or(0.0, |t| t.as_secs_f64()).to_string()])
        .args(["--checkpoint-every", &how.checkpoint_every.as_secs_f64().to_string()])
        .args(how.memory_limit.map(|limit| format!("--memory-limit={limit}")))
        // A group of its own: what the agent starts is found and ended with it, and Ctrl-C reaches
        // the parent alone, which says when to stop.
        .process_group(0)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

/// Has the log vouch for what the agent printed, now that its worker is gone.
fn vouch_for_output(plan: &Plan, lifetime: u64) {
    if plan.lifetime_dir(lifetime).join(AGENT_LOG).exists()
        && let Err(e) = plan.folder().vouch_for_beginning(lifetime as u32, AGENT_LOG)
    {
        tracing::warn!("{AGENT_LOG} is not vouched for: {e}");
    }
}

/// Reads a worker's messages until it is gone and says how it ended. Whatever the worker has
/// started in its process group is gone then, too.
fn listen(
    plan: &Plan,
    lifetime: u64,
    mut child: Child,
    progress: &Mutex<Progress>,
) -> LifetimeReport {
    let messages = messages(lifetime, child.stdout.take());
    let mut ended: Option<(LifetimeReport, Instant)> = None;
    let hear = |message, ended: &mut Option<_>| match message {
        Message::Progress(p) => *progress.lock().unwrap_or_else(PoisonError::into_inner) = p,
        Message::Ended(report) => *ended = Some((report, Instant::now())),
    };
    let status = loop {
        if let Ok(message) = messages.recv_timeout(TICK) {
            hear(message, &mut ended);
            continue;
        }
        match child.try_wait() {
            Ok(Some(status)) => break Ok(status),
            Ok(None) if ended.as_ref().is_some_and(|(_, at)| at.elapsed() > LAST_RITES) => {
                let _ = child.kill();
                break child.wait();
            }
            // The pipe may be closed: then nothing else waits.
            Ok(None) => std::thread::sleep(Duration::from_millis(1)),
            Err(error) => break Err(error),
        }
    };
    // What it started ends with it and lets go of the pipe: all that it said can be read.
    let _ = kill_process_group(Pid::from_child(&child), Signal::KILL);
    let gone = Instant::now();
    while let Some(left) = LAST_WORDS.checked_sub(gone.elapsed())
        && let Ok(message) = messages.recv_timeout(left)
    {
        hear(message, &mut ended);
    }
    let signal = status.as_ref().ok().and_then(ExitStatusExt::signal);
    ended.map(|(report, _)| report).unwrap_or_else(|| {
        // A signal may come before the worker has learned to mind it.
        if [Signal::INT, Signal::TERM].iter().any(|s| Some(s.as_raw()) == signal) {
            return LifetimeReport::unseen(lifetime, End::Interrupted);
        }
        let last = progress.lock().unwrap_or_else(PoisonError::into_inner).clone();
        plan.died(lifetime, &last, format!("the worker process died ({})", how_it_died(status)))
    })
}

/// What a worker says, read by a thread of its own: a child of the agent's may hold the pipe
/// open when the worker is long gone.
fn messages(lifetime: u64, stdout: Option<ChildStdout>) -> Receiver<Message> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let lines = stdout.into_iter().flat_map(|stdout| BufReader::new(stdout).lines());
        for line in lines.map_while(Result::ok) {
            match serde_json::from_str(&line) {
                Ok(message) => {
                    if sender.send(message).is_err() {
                        return;
                    }
                }
                Err(e) => tracing::warn!("worker of lifetime {lifetime} said {line:?}: {e}"),
            }
        }
    });
    receiver
}

fn how_it_died(status: io::Result<ExitStatus>) -> String {
    match status {
        Ok(status) => match status.signal() {
            Some(signal) => format!("signal {signal}"),
            None => format!("exit code {}", status.code().unwrap_or_default()),
        },
        Err(e) => e.to_string(),
    }
}

impl Running for Worker {
    fn progress(&self) -> Progress {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn request(&self, request: Request) {
        // The worker flushes and writes checkpoints by itself, and needs telling once.
        if request == Request::Stop && !self.stopped.swap(true, Relaxed) {
            let _ = kill_process(self.pid, Signal::TERM);
        }
    }
}
