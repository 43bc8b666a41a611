//! Warnings: on standard error, or gathered for a program that embeds this one.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

/// Warnings go to standard error from now on. A process that runs several command lines has set this
/// up before.
pub(super) fn on_stderr() {
    let _ = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_max_level(Level::WARN)
        .with_ansi(false)
        .with_target(false)
        .without_time()
        .try_init();
}

/// What `run` gives, and the warnings of this thread meanwhile.
pub(super) fn gathered<T>(run: impl FnOnce() -> T) -> (T, Vec<String>) {
    let said = Said::default();
    let gathering = tracing_subscriber::fmt()
        .with_writer(said.clone())
        .with_max_level(Level::WARN)
        .with_ansi(false)
        .with_target(false)
        .with_level(false)
        .without_time()
        .finish();
    let answer = tracing::subscriber::with_default(gathering, run);
    let said = std::mem::take(&mut *said.0.lock().unwrap_or_else(PoisonError::into_inner));
    (answer, said)
}

/// A text for each warning.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<String>>>);

impl io::Write for Said {
    /// Takes a whole warning: they are written one by one.
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let warning = String::from_utf8_lossy(text).trim().to_owned();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Said {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn warnings_are_gathered_one_by_one() {
        let (answer, said) = gathered(|| {
            tracing::warn!("one\nin two lines");
            tracing::info!("nothing to warn of");
            tracing::warn!("another");
            3
        });
        assert_eq!((answer, said), (3, vec!["one\nin two lines".to_owned(), "another".to_owned()]));
    }
}
