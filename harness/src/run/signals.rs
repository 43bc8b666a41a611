//! SIGINT and SIGTERM: the first asks lifetimes to stop, a second ends at once. Where the
//! program that embeds this one minds signals itself, it is asked.

use super::Plan;
use crate::App;
use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::flag;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};

/// Which signal has come, if any.
#[derive(Clone, Default)]
pub struct Signals {
    received: Arc<AtomicUsize>,
    again: Arc<AtomicBool>,
    /// Whose [`App::interrupted`] is asked, in place of listening.
    host: Option<Arc<App>>,
}

impl Signals {
    /// Those that a run minds.
    pub fn of(plan: &Plan) -> io::Result<Self> {
        Self::of_app(&plan.app)
    }

    /// Those that a program minds.
    pub fn of_app(app: &Arc<App>) -> io::Result<Self> {
        match app.interrupted {
            Some(_) => Ok(Signals { host: Some(Arc::clone(app)), ..Signals::default() }),
            None => Self::listen(),
        }
    }

    /// Listens from now on.
    pub fn listen() -> io::Result<Self> {
        let signals = Signals::default();
        report_large_files()?;
        for (signal, exit) in [(SIGINT, 130), (SIGTERM, 75)] {
            // Order matters: a second signal meets the flag that the first has set.
            flag::register_conditional_shutdown(signal, exit, Arc::clone(&signals.again))?;
            flag::register(signal, Arc::clone(&signals.again))?;
            flag::register_usize(signal, Arc::clone(&signals.received), signal as usize)?;
        }
        Ok(signals)
    }

    /// Listens to SIGTERM only. A worker is told by its parent when to stop; the SIGINT
    /// that a terminal sends to both is not for it.
    pub(super) fn listen_for_sigterm() -> io::Result<Self> {
        let signals = Signals::default();
        report_large_files()?;
        flag::register(SIGINT, Arc::clone(&signals.again))?;
        flag::register_usize(SIGTERM, Arc::clone(&signals.received), SIGTERM as usize)?;
        Ok(signals)
    }

    /// Those that somebody else minded: `signal` has come, if any has.
    pub fn minded(signal: Option<i32>) -> Self {
        let signals = Signals::default();
        signals.received.store(signal.unwrap_or_default() as usize, Relaxed);
        signals
    }

    /// Whether a signal has come.
    pub fn any(&self) -> bool {
        let asks = self.host.as_ref().and_then(|app| app.interrupted.as_ref());
        if asks.is_some_and(|asks| asks()) {
            self.received.store(SIGINT as usize, Relaxed);
        }
        self.received.load(Relaxed) != 0
    }

    /// Whether a second one ends the program at once. Where another program minds them, it says what they do.
    pub(super) fn ends_at_second(&self) -> bool {
        self.host.is_none()
    }

    /// Whether the signal was SIGINT (rather than SIGTERM).
    pub fn interrupted(&self) -> bool {
        self.received.load(Relaxed) == SIGINT as usize
    }
}

/// From now on a write beyond the limit on file sizes is an error, told like a full
/// disk, rather than a signal that kills.
fn report_large_files() -> io::Result<()> {
    flag::register(SIGXFSZ, Arc::default()).map(drop)
}
