//! Reading what `cargo test` prints: which suite runs, how it ended, how long it
//! took.

use std::collections::HashMap;
use std::time::{Duration, Instant};

/// One test executable, or one crate's documentation tests.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Suite {
    pub(super) name: String,
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) ignored: usize,
    /// From its first line to the next suite's, compiling of doc tests included.
    pub(super) time: Duration,
}

/// The output so far.
pub(super) struct Log {
    /// From an executable's file name, or a library's name, to a suite's name.
    names: HashMap<String, String>,
    done: Vec<Suite>,
    current: Option<Current>,
}

struct Current {
    suite: Suite,
    start: Instant,
    /// Whether a line with counts was seen: an executable with its own `main` may
    /// print none, and one that dies does not come to it.
    counted: bool,
    /// Whether cargo called it failed.
    error: bool,
}

impl Log {
    pub(super) fn new(names: HashMap<String, String>) -> Self {
        Self { names, done: Vec::new(), current: None }
    }

    /// Takes the next line, which came at `now`.
    pub(super) fn line(&mut self, line: &str, now: Instant) {
        let line = line.trim_end();
        if let Some(name) = self.heading(line) {
            self.close(now);
            let suite = Suite { name, ..Suite::default() };
            self.current = Some(Current { suite, start: now, counted: false, error: false });
        } else if let Some(current) = &mut self.current {
            if let Some([passed, failed, ignored]) = counts(line) {
                current.counted = true;
                current.suite.passed += passed;
                current.suite.failed += failed;
                current.suite.ignored += ignored;
            } else if line.starts_with("error: ") && line.contains("failed, to rerun pass `") {
                current.error = true;
            }
        }
    }

    /// All suites, once the output has ended.
    pub(super) fn finish(mut self, now: Instant) -> Vec<Suite> {
        self.close(now);
        self.done
    }

    /// The suite that a line opens.
    fn heading(&self, line: &str) -> Option<String> {
        if let Some(name) = line.strip_prefix("   Doc-tests ") {
            return Some(self.names.get(name).cloned().unwrap_or_else(|| name.to_owned()));
        }
        let (_, path) = line.strip_prefix("     Running ")?.strip_suffix(')')?.rsplit_once('(')?;
        // Tests may print such lines as well: only an executable's counts.
        self.names.get(path.rsplit(['/', '\\']).next()?).cloned()
    }

    fn close(&mut self, now: Instant) {
        let Some(Current { mut suite, start, counted, error }) = self.current.take() else {
            return;
        };
        suite.time = now - start;
        if error && suite.failed == 0 {
            suite.failed = 1;
        } else if !counted && !error {
            suite.passed = 1;
        }
        self.done.push(suite);
    }
}

/// `[passed, failed, ignored]` of `test result: ok. 3 passed; 0 failed; 1 ignored; …`
/// or, of an executable with its own `main`, of `3 passed, 0 failed`.
fn counts(line: &str) -> Option<[usize; 3]> {
    let number = |part: Option<&str>, word| part?.strip_suffix(word)?.trim_end().parse().ok();
    if let Some((passed, failed)) = line.split_once(", ") {
        return Some([number(Some(passed), "passed")?, number(Some(failed), "failed")?, 0]);
    }
    let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let mut counts = counts.split("; ");
    let mut next = |word| number(counts.next(), word);
    Some([next("passed")?, next("failed")?, next("ignored")?])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads a log whose lines come a second apart, and gives the suites as
    /// `name passed/failed/ignored seconds`.
    fn read(text: &str) -> Vec<String> {
        let names = ["a", "b", "c", "d"].map(|name| (format!("{name}-1f"), name.to_owned()));
        let mut names = HashMap::from(names);
        names.insert("tella_a".to_owned(), "a documentation".to_owned());
        let mut log = Log::new(names);
        let mut now = Instant::now();
        for line in text.lines() {
            log.line(line, now);
            now += Duration::from_secs(1);
        }
        let shown = |suite: Suite| {
            let Suite { name, passed, failed, ignored, time } = suite;
            format!("{name} {passed}/{failed}/{ignored} {}", time.as_secs())
        };
        log.finish(now).into_iter().map(shown).collect()
    }

    #[test]
    fn suites() {
        let text = "\
    Finished `test` profile
     Running unittests src/lib.rs (target/debug/deps/a-1f)
test one ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
     Running tests/some.rs (target/debug/deps/b-1f)
     Running somewhere else (not/a/suite)
test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out
error: test failed, to rerun pass `-p b --test some`
   Doc-tests tella_a
test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out
test result: ok. 4 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out";
        let expected = ["a 2/0/1 3", "b 3/1/0 4", "a documentation 5/0/0 3"];
        assert_eq!(read(text), expected);
    }

    #[test]
    fn suites_without_the_usual_counts() {
        let text = "\
    Finished `test` profile
     Running tests/own_main.rs (target/debug/deps/c-1f)
5 passed, 0 failed
     Running tests/silent_main.rs (target/debug/deps/b-1f)
     Running tests/dies.rs (target/debug/deps/d-1f)
running 7 tests
error: test failed, to rerun pass `-p d --test dies`
Caused by: process didn't exit successfully (signal: 6, SIGABRT)";
        assert_eq!(read(text), ["c 5/0/0 2", "b 1/0/0 1", "d 0/1/0 4"]);
    }
}
