//! Recorded draws: `tests/golden/draws.jsonl`, printed by
//! `reference/scripts/rng_goldens.py` with NumPy 1.23.5. NumPy 2.4.6 prints the
//! same file.

use crate::case::{Case, Outcome};
use serde::Deserialize;
use tella_rng::{Generator, State};

#[derive(Deserialize)]
struct Golden {
    case: Case,
    outcome: Outcome,
}

const GOLDENS: &str = include_str!("../golden/draws.jsonl");

#[test]
fn recorded_draws() {
    let mut checked = 0;
    for (line, text) in GOLDENS.lines().enumerate() {
        let golden: Golden = serde_json::from_str(text).expect("a golden is a case and an outcome");
        assert_eq!(golden.case.perform(), golden.outcome, "draws.jsonl:{}", line + 1);
        checked += 1;
    }
    assert_eq!(checked, 13);
}

/// Saved and restored between any two draws, a generator goes on as if it had not
/// been: the half word travels with it.
#[test]
fn restored_generators_go_on() {
    let mut kept = Generator::new(7);
    let mut moved = kept.clone();
    for high in [6, 1 << 40, 6, 6, 6, 1 << 40, 6, 6] {
        let saved = serde_json::to_value(&moved).expect("a generator is plain data");
        moved = serde_json::from_value(saved).expect("what was saved can be restored");
        assert_eq!(moved, kept);
        assert_eq!(moved.integers(0, high), kept.integers(0, high));
    }
}

#[test]
fn states_that_are_none() {
    let good = State::from(Generator::new(0));
    let even = State { increment: [good.increment[0], good.increment[1] & !1], ..good };
    let saved = serde_json::to_string(&even).expect("a state is plain data");
    let error = serde_json::from_str::<Generator>(&saved).expect_err("no such generator");
    assert_eq!(error.to_string(), "generator state: the increment has to be odd, here it is even");
}

#[test]
#[should_panic(expected = "integers: no number from 3 below 3")]
fn an_empty_range() {
    Generator::new(0).integers(3, 3);
}

#[test]
#[should_panic(expected = "uniform: not a range: 0 to NaN")]
fn a_range_that_is_none() {
    Generator::new(0).uniform(0.0, f64::NAN);
}

#[test]
#[should_panic(expected = "choice: 4 different numbers of 3")]
fn more_than_there_are() {
    Generator::new(0).choice_without_replacement(3, 4);
}
