//! Their side: a Python script that measures what it is asked, line by line.

use super::turns::Clock;
use anyhow::{Context, Result};
use serde_json::Value;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use tella_reference::Stack;

/// A script that runs for as long as this lives.
pub(super) struct Script {
    name: &'static str,
    process: Child,
    /// Closed to end it.
    asked: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Script {
    /// Starts a script of `reference/scripts` in `stack`.
    pub(super) fn start(stack: Stack, name: &'static str) -> Result<Script> {
        Script::run(Command::new(stack.install()?), name)
    }

    /// Starts a script of `reference/scripts` with the interpreter that `python` runs.
    pub(super) fn run(mut python: Command, name: &'static str) -> Result<Script> {
        let mut process = python
            .args(["-W", "ignore"])
            .arg(tella_reference::scripts().join(name))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let asked = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().context("no standard output")?);
        Ok(Script { name, process, asked, answers })
    }

    /// Steps a second by `clock`, asked for with `question`; `None` where the script says
    /// that it has none.
    pub(super) fn ask(&mut self, question: &Value, clock: Clock) -> Result<Option<f64>> {
        let asked = self.asked.as_mut().context("the script was ended")?;
        writeln!(asked, "{question}").context(self.name)?;
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let answer: Value = serde_json::from_str(&line)
            .with_context(|| format!("{} answers {question} with {line:?}", self.name))?;
        if answer["error"].is_string() {
            return Ok(None);
        }
        clock.speed(&answer).map(Some)
    }
}

impl Drop for Script {
    fn drop(&mut self) {
        drop(self.asked.take());
        let _ = self.process.wait();
    }
}
