//! A lifetime in a process of its own: `tella worker`, told by its command line
//! what to do, reporting over a private pipe. What the agent prints goes to
//! `agent.log` in the lifetime's folder, up to a limit.

use super::plan::{Plan, PlanError};
use super::progress::{Progress, Watcher};
use super::supervise::{Event, Running, Supervision, supervise};
use super::{End, LifetimeReport, Signals, thread};
use crate::App;
use crate::engine::Request;
use rustix::process::{
    Pid, Resource, Rlimit, Signal, kill_process, kill_process_group,
    set_parent_process_death_signal, setrlimit,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What an agent may print before the rest is dropped.
const AGENT_LOG_LIMIT: u64 = 16 << 20;

const REPORT_EVERY: Duration = Duration::from_millis(250);

/// Where its output goes.
const AGENT_LOG: &str = "agent.log";

/// What is remembered of output for which there is no such file.
const MOST_UNKEPT: usize = 4096;

/// Lines of it that are told.
const LAST_LINES: usize = 8;

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

/// Appends what the worker prints to `log`, up to the limit; reads on beyond it so
/// that the worker never blocks. The end of what could not be kept, since the worker died before it
/// had made the folder.
fn keep(mut stderr: ChildStderr, log: &Path) -> Vec<u8> {
    // What earlier processes of the same lifetime printed counts too.
    let mut kept = fs_err::metadata(log).map_or(0, |m| m.len()).min(AGENT_LOG_LIMIT);
    let mut buffer = vec![0; 1 << 16];
    let (mut file, mut unkept) = (None, Vec::new());
    while let Ok(n @ 1..) = stderr.read(&mut buffer) {
        let text = &buffer[..n.min((AGENT_LOG_LIMIT - kept) as usize)];
        kept += text.len() as u64;
        if file.is_none() {
            // The worker makes the folder before it makes the agent.
            file = fs_err::OpenOptions::new().append(true).create(true).open(log).ok();
        }
        match &mut file {
            Some(file) => {
                let _ = file.write_all(&std::mem::take(&mut unkept));
                let _ = file.write_all(text);
            }
            None => {
                unkept.extend_from_slice(text);
                unkept.drain(..unkept.len().saturating_sub(MOST_UNKEPT));
            }
        }
    }
    unkept
}

/// The last lines of what a worker said that nobody has kept, below what is told of its death.
fn last_lines(unkept: &[u8]) -> String {
    let text = String::from_utf8_lossy(unkept);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
    last.iter().map(|line| format!("\n    {}", line.trim_end())).collect()
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

/// What `tella worker` does: lives one lifetime of the run in `dir`, reporting to
/// standard output.
pub fn work(
    app: Arc<App>,
    dir: &Path,
    lifetime: u64,
    threads: usize,
    fresh: bool,
    how: Supervision,
) -> Result<LifetimeReport, PlanError> {
    // When the parent is killed nobody listens any more, and its resume must find
    // the lifetime free.
    set_parent_process_death_signal(Some(Signal::KILL)).map_err(io::Error::from)?;
    if let Some(limit) = how.memory_limit {
        // Address space that is only reserved, as for a GPU, does not count.
        let limit = Rlimit { current: Some(limit), maximum: Some(limit) };
        setrlimit(Resource::Data, limit).map_err(io::Error::from)?;
    }
    let mut pipe = Pipe { out: take_stdout()?, last: Instant::now(), at: String::new() };
    let signals = Signals::listen_for_sigterm()?;
    let plan = Arc::new(Plan::open(app, dir)?.with_threads(threads).with_fresh(fresh));
    let how = Supervision { jobs: 1, ..how };
    let mut reports = supervise([lifetime], how, &signals, &mut pipe, |lifetime, sender| {
        thread::start(Arc::clone(&plan), lifetime, sender)
    })?;
    let report = reports.pop().expect("one lifetime was started");
    pipe.say(&Message::Ended(report.clone()));
    Ok(report)
}

/// The private pipe: standard output as the parent made it. What the agent prints
/// to standard output goes to standard error from now on.
fn take_stdout() -> io::Result<fs_err::File> {
    let pipe = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?;
    rustix::stdio::dup2_stdout(rustix::stdio::stderr())?;
    Ok(fs_err::File::from_parts(pipe.into(), "the pipe to the parent process"))
}

struct Pipe {
    out: fs_err::File,
    last: Instant,
    /// What was said last of where the lifetime is.
    at: String,
}

impl Pipe {
    fn say(&mut self, message: &Message) {
        let line = serde_json::to_string(message).expect("messages are plain JSON");
        // A parent that is gone takes the worker with it.
        let _ = writeln!(self.out, "{line}");
    }
}

impl Watcher for Pipe {
    fn show(&mut self, under_way: &BTreeMap<u64, Progress>) {
        for progress in under_way.values() {
            // Where a lifetime is has to be known should its process die.
            if self.last.elapsed() >= REPORT_EVERY || self.at != progress.at {
                self.last = Instant::now();
                self.at.clone_from(&progress.at);
                self.say(&Message::Progress(progress.clone()));
            }
        }
    }
}
