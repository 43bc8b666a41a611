//! The worker's side: lives a lifetime and tells its parent of it.

use super::Message;
use crate::App;
use crate::run::plan::{Plan, PlanError};
use crate::run::progress::{Progress, Watcher};
use crate::run::supervise::{Supervision, supervise};
use crate::run::{LifetimeReport, Signals, thread};
use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const REPORT_EVERY: Duration = Duration::from_millis(250);

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
