//! The settings that MAD scores are means over: a baseline of each task, and one knob changed at a time
//! (mad-lab's `configs/tasks`).

use super::TASKS;
use crate::{ParamValue, Params};

/// Examples for scoring, in every setting.
pub const TEST_EXAMPLES: usize = 1280;

/// A setting of the benchmark.
#[derive(Clone, Debug, PartialEq)]
pub struct BenchmarkSetting {
    /// `baseline`, or the knob and its value: `vocab_size=32`.
    pub label: String,
    /// What is changed of the task's defaults.
    pub changes: Params,
    /// Examples for learning.
    pub train_examples: usize,
}

/// A knob that counts examples, not a setting of the task.
const EXAMPLES: &str = "num_train_examples";

/// All settings of the task `name`, the baseline first; none of a task that there is not.
pub fn benchmark(name: &str) -> Vec<BenchmarkSetting> {
    if !TASKS.contains(&name) {
        return Vec::new();
    }
    let examples = if name == "memorization" { 256 } else { 12_800 };
    let baseline = BenchmarkSetting {
        label: "baseline".into(),
        changes: Params::new(),
        train_examples: examples,
    };
    let (vocabularies, lengths): (&[i64], &[i64]) = match name {
        "memorization" => (&[512, 1024, 2048, 4096, 8192], &[]),
        "noisy-in-context-recall" => (&[48, 80, 144], &[256, 512, 1024]),
        "selective-copying" => (&[32, 64, 128], &[512, 1024]),
        "compression" => (&[32, 64, 128], &[64, 128, 256]),
        _ => (&[32, 64, 128], &[256, 512, 1024]),
    };
    let of = |knob: &'static str, values: &[i64]| -> Vec<_> {
        values.iter().map(|value| (knob, ParamValue::Int(*value))).collect()
    };
    let mut knobs = of("vocab_size", vocabularies);
    knobs.extend(of("seq_len", lengths));
    if name != "memorization" {
        knobs.extend(of(EXAMPLES, &[6400, 3200, 1600, 800]));
    }
    match name {
        "noisy-in-context-recall" => {
            knobs.extend([0.4, 0.6, 0.8].map(|share| ("frac_noise", ParamValue::Float(share))));
        }
        "selective-copying" => knobs.extend(of("num_tokens_to_copy", &[32, 64, 96])),
        _ => {}
    }
    let changed = |(knob, value): (&str, ParamValue)| {
        let label = format!("{knob}={value}");
        match value {
            ParamValue::Int(n) if knob == EXAMPLES => {
                BenchmarkSetting { label, train_examples: n as usize, ..baseline.clone() }
            }
            value => BenchmarkSetting {
                label,
                changes: Params::from([(knob.into(), value)]),
                train_examples: examples,
            },
        }
    };
    let changed: Vec<_> = knobs.into_iter().map(changed).collect();
    [vec![baseline], changed].concat()
}
