//! mad-lab's generator: `goldens.jsonl`, printed by `reference/scripts/mad_goldens.py`.

use crate::task;
use serde::Deserialize;
use serde_json::Value;
use tella_envs::mad::{Example, Examples, Rules, Split, TASKS};

#[derive(Deserialize)]
struct Golden {
    task: String,
    settings: Value,
    seed: u64,
    split: String,
    n: usize,
    /// Of baselines.
    first: Option<Example>,
    checksum: u64,
}

fn split(name: &str) -> Split {
    if name == "train" { Split::Train } else { Split::Test }
}

#[test]
fn examples_equal_the_originals() {
    let goldens = include_str!("goldens.jsonl").lines();
    let goldens: Vec<Golden> = goldens.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(TASKS.iter().all(|task| goldens.iter().filter(|g| g.task == *task).count() >= 6));
    for golden in goldens {
        let of = format!("{} {} {}", golden.task, golden.settings, golden.split);
        let task = task(&golden.task, golden.settings, Rules::MadLab);
        let mut examples = Examples::new(&task, golden.seed).unwrap();
        let mut checksum = 0_u64;
        for i in 0..golden.n {
            let example = examples.next(split(&golden.split)).unwrap();
            if let Some(first) = golden.first.as_ref().filter(|_| i == 0) {
                assert_eq!(example, *first, "{of}");
            }
            for token in example.inputs.iter().chain(&example.targets) {
                let sum = i128::from(checksum) * 31 + i128::from(*token);
                checksum = sum.rem_euclid((1 << 61) - 1) as u64;
            }
        }
        assert_eq!(checksum, golden.checksum, "{of}");
    }
}

/// What was read off a run of the original by hand, before there were goldens.
#[test]
fn the_first_tokens_of_the_benchmark() {
    let task = task("in-context-recall", serde_json::json!({}), Rules::MadLab);
    let example = Examples::new(&task, 12345).unwrap().next(Split::Train).unwrap();
    let begins = [1, 14, 2, 9, 6, 13, 5, 15, 3, 14, 2, 9, 4, 12, 1, 14, 1, 14, 1, 14, 5, 15, 4, 12];
    assert_eq!(example.inputs[..24], begins);
    assert_eq!(example.inputs.len(), 127);
}

/// A sequence of 63 pairs of noise, with the one place that is kept free out of reach: found by
/// drawing many, at a share of noise at which it is likely.
#[test]
fn where_the_original_fails_so_does_this_and_the_corrected_one_does_not() {
    let settings = serde_json::json!({"seq_len": 8, "frac_noise": 0.9});
    let name = "noisy-in-context-recall";
    let draw = |rules, seed| {
        let mut examples = Examples::new(&task(name, settings.clone(), rules), seed).unwrap();
        (0..20).try_for_each(|_| examples.next(Split::Test).map(|_| ()))
    };
    let error = (0..50).find_map(|seed| draw(Rules::MadLab, seed).err()).unwrap().to_string();
    assert!(error.starts_with("mad-lab's generator fails here: all pairs are noise"), "{error}");
    assert!((0..50).all(|seed| draw(Rules::Corrected, seed).is_ok()));
}
