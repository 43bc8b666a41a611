//! Draws made up at random, performed by NumPy itself: one Python process that
//! reads cases and writes outcomes, line by line.

use crate::case::{Case, Draw, Outcome, Seed};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::cell::RefCell;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use tella_reference::{Stack, scripts, sweep};

struct Numpy {
    process: Child,
    cases: Option<ChildStdin>,
    outcomes: BufReader<ChildStdout>,
}

impl Numpy {
    fn start() -> Self {
        let mut process = Command::new(Stack::L2M.python())
            .arg(scripts().join("rng_draws.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the interpreter starts");
        let cases = process.stdin.take();
        let outcomes = BufReader::new(process.stdout.take().expect("stdout is piped"));
        Self { process, cases, outcomes }
    }

    fn perform(&mut self, case: &Case) -> Outcome {
        let line = serde_json::to_string(case).expect("a case is plain data");
        let cases = self.cases.as_mut().expect("open until dropped");
        writeln!(cases, "{line}").expect("NumPy reads on");
        let mut line = String::new();
        self.outcomes.read_line(&mut line).expect("NumPy answers");
        serde_json::from_str(&line).unwrap_or_else(|e| panic!("{e} in NumPy's answer {line:?}"))
    }
}

impl Drop for Numpy {
    fn drop(&mut self) {
        drop(self.cases.take());
        let _ = self.process.wait();
    }
}

fn check(cases: u64, strategy: impl Strategy<Value = Case>) {
    let numpy = RefCell::new(Numpy::start());
    let config = Config { cases: cases as u32, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&strategy, |case| {
        prop_assert_eq!(case.perform(), numpy.borrow_mut().perform(&case));
        Ok(())
    });
    result.unwrap_or_else(|failure| panic!("{failure}"));
}

fn seed() -> impl Strategy<Value = Seed> {
    let key = || prop::collection::vec(magnitude().prop_map(|word| word as u32), 0..4);
    let words = || prop::collection::vec(magnitude().prop_map(|word| word as u32), 0..9);
    prop_oneof![
        4 => magnitude().prop_map(Seed::U64),
        1 => [magnitude(), magnitude()].prop_map(Seed::U128),
        1 => (magnitude(), key()).prop_map(|(entropy, key)| Seed::Child(entropy, key)),
        1 => (words(), key()).prop_map(|(words, key)| Seed::Words(words, key)),
    ]
}

/// Numbers of every size alike: a range's size decides the method.
fn magnitude() -> impl Strategy<Value = u64> {
    (any::<u64>(), 0..64u32).prop_map(|(bits, shift)| bits >> shift)
}

/// A non-empty range of every size alike.
fn range() -> impl Strategy<Value = (i64, i64)> {
    (any::<i64>(), magnitude()).prop_map(|(low, size)| {
        let low = low.min(i64::MAX - 1);
        let high = i128::from(low) + i128::from(size.max(1));
        (low, high.min(i64::MAX.into()) as i64)
    })
}

fn draw() -> impl Strategy<Value = Draw> {
    let integers = range().prop_map(|(low, high)| Draw::Integers { low, high });
    let dice = (1..100i64).prop_map(|high| Draw::Integers { low: 0, high });
    let array = (range(), 0..9usize).prop_map(|((low, high), size)| Draw::IntegersArray {
        low,
        high,
        size,
    });
    let unsigned = (0..=255u8, 1..=256u16, 0..20usize).prop_map(|(low, size_of_range, size)| {
        Draw::IntegersU8 { low, high: (u16::from(low) + size_of_range).min(256), size }
    });
    let signed = (any::<i8>(), 1..=256i16, 0..20usize).prop_map(|(low, size_of_range, size)| {
        Draw::IntegersI8 { low, high: (i16::from(low) + size_of_range).min(128), size }
    });
    let uniform =
        (-1e3..1e3, 0.0..1e3).prop_map(|(low, size)| Draw::Uniform { low, high: low + size });
    let normal = (-1e3..1e3, 0.0..1e3).prop_map(|(loc, scale)| Draw::Normal { loc, scale });
    let exponential = (0.0..1e3).prop_map(|scale| Draw::Exponential { scale });
    // Around 10,000 and n / 50 the method changes.
    let subset = prop_oneof![
        (magnitude(), 0..30u64),
        (0..40u64, 0..40u64),
        (9_990..10_060u64, 190..210u64),
    ]
    .prop_map(|(n, k)| {
        let n = n.min(i64::MAX as u64);
        let tail = n > 10_000 && k > n / 50;
        // NumPy refuses to choose from nothing.
        let n = if tail { n } else { n.max(1) };
        Draw::ChoiceWithoutReplacement { n, k: k.min(n) as usize }
    });
    prop_oneof![
        Just(Draw::RandomRaw),
        Just(Draw::Random),
        Just(Draw::RandomF32),
        integers,
        dice,
        array,
        unsigned,
        signed,
        uniform,
        normal,
        exponential,
        (0..40usize).prop_map(|n| Draw::Shuffle { n }),
        (0..40usize).prop_map(|n| Draw::Permutation { n }),
        range().prop_map(|(_, n)| Draw::Choice { n: n.unsigned_abs().max(1) as usize }),
        (1..40usize).prop_map(|n| Draw::ChoiceOfList { n }),
        subset,
    ]
}

#[test]
fn mixed_draws() {
    let case = (seed(), prop::collection::vec(draw(), 0..40))
        .prop_map(|(seed, draws)| Case { seed, draws });
    check(sweep(2_000, 50_000), case);
}

/// Long arrays reach the tails (3 of 10,000 draws) and every layer.
#[test]
fn ziggurat_draws() {
    let case = any::<u64>().prop_map(|seed| Case {
        seed: Seed::U64(seed),
        draws: vec![
            Draw::StandardNormalArray { size: 20_000 },
            Draw::StandardExponentialArray { size: 20_000 },
        ],
    });
    check(sweep(4, 200), case);
}

/// The committed tables are the ones in NumPy's library.
#[test]
fn ziggurat_tables() {
    let tables = [
        ("normal", include_str!("../../src/generator/ziggurat/normal.rs")),
        ("exponential", include_str!("../../src/generator/ziggurat/exponential.rs")),
    ];
    for (name, committed) in tables {
        let script = scripts().join("rng_ziggurat.py");
        let output = Command::new(Stack::L2M.python())
            .arg(script)
            .arg(name)
            .output()
            .expect("Python starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(String::from_utf8_lossy(&output.stdout), committed, "{name}");
    }
}
