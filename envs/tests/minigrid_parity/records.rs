//! What `envs_minigrid.py` writes.

use crate::replay::Job;
use std::process::Command;
use tella_reference::{Stack, scripts};

/// What a record tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Start {
    /// A step.
    Step,
    /// A reset with the run's seed.
    Seeded,
    /// A reset that goes on in the stream.
    Unseeded,
}

/// A reset or a step.
#[derive(Debug)]
pub(crate) struct Record<'a> {
    pub(crate) start: Start,
    pub(crate) action: u8,
    /// Whether the episode ended.
    pub(crate) done: bool,
    /// By what it ended, where the original tells.
    pub(crate) terminated_truncated: Option<(bool, bool)>,
    pub(crate) direction: u8,
    pub(crate) reward: f64,
    pub(crate) image: &'a [u8],
    pub(crate) mission: &'a str,
    /// The grid as text; often left out.
    pub(crate) grid: &'a str,
}

/// The records of one environment, or of several with their lengths between.
pub(crate) struct Records<'a>(&'a [u8]);

impl<'a> Records<'a> {
    /// The records in `bytes`.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Records(bytes)
    }

    /// The next environment's, cut off.
    pub(crate) fn cut(&mut self) -> Records<'a> {
        let length = self.number(4);
        Records(self.take(length))
    }

    fn take(&mut self, n: usize) -> &'a [u8] {
        let (head, rest) = self.0.split_at(n);
        self.0 = rest;
        head
    }

    fn number(&mut self, width: usize) -> usize {
        self.take(width).iter().rev().fold(0, |n, &byte| n << 8 | usize::from(byte))
    }

    fn text(&mut self, width: usize) -> &'a str {
        let length = self.number(width);
        std::str::from_utf8(self.take(length)).unwrap()
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        if self.0.is_empty() {
            return None;
        }
        let [start, action, end, direction] = self.take(4).try_into().unwrap();
        Some(Record {
            start: [Start::Step, Start::Seeded, Start::Unseeded][usize::from(start)],
            action,
            done: end != 0,
            terminated_truncated: (end & 4 == 0).then_some((end & 1 != 0, end & 2 != 0)),
            direction,
            reward: f64::from_le_bytes(self.take(8).try_into().unwrap()),
            image: self.take(147),
            mission: self.text(1),
            grid: self.text(2),
        })
    }
}

/// What `envs_minigrid.py` answers to `args`.
pub(crate) fn ask(stack: Stack, args: &[String]) -> Vec<u8> {
    let output = Command::new(stack.python())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .arg(scripts().join("envs_minigrid.py"))
        .args(args)
        .output()
        .expect("the interpreter starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Runs of the original, one environment after the other.
pub(crate) fn play(stack: Stack, jobs: &[Job], seeds: &[u64], steps: u64) -> Vec<u8> {
    let seeds: Vec<String> = seeds.iter().map(u64::to_string).collect();
    let mut args = vec![steps.to_string(), seeds.join(",")];
    args.extend(
        jobs.iter()
            .map(|job| serde_json::json!({ "name": job.name, "params": job.params }).to_string()),
    );
    ask(stack, &args)
}
