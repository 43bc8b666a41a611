//! Models learn what they are known to be able to learn, on one core.

use crate::{data, training, trial};
use serde_json::json;
use tella_nn::mad::{Data, Trainer, Trial};

/// Micro accuracy of untrained weights, and macro accuracy of the best epoch's, both on the test examples.
/// Training stops well above the thresholds, and has several times the epochs that it took.
fn learned(data: &Data, trial: Trial) -> (f64, f64) {
    let _training = training();
    let mut trainer = Trainer::new(trial, data).unwrap();
    let before = trainer.score(&data.test).micro_accuracy;
    while !trainer.is_finished() {
        trainer.epoch(|| true).unwrap();
    }
    (before, trainer.outcome().unwrap().test.macro_accuracy)
}

/// Two epochs when it was written.
#[test]
fn memorization_of_64_tokens() {
    let data = data("memorization", json!({"vocab_size": 64}), 256, 128);
    let yaml = "{layers: [attention, swiglu], width: 64, heads: 4}";
    let (before, after) = learned(&data, trial(yaml, 32, 5e-3, 32, 40));
    assert!(before <= 2.0 / 64.0, "{before}");
    assert!(after >= 0.99, "{after}");
}

/// Chance is one of eight values; 14 epochs of 100 steps when it was written.
#[test]
fn in_context_recall_by_attention() {
    let data = data("in-context-recall", json!({"seq_len": 64}), 3200, 256);
    let yaml = "{layers: [attention, swiglu, attention, swiglu], width: 64, heads: 8}";
    let (before, after) = learned(&data, trial(yaml, 64, 2e-3, 32, 60));
    assert!(before <= 2.0 / 8.0, "{before}");
    assert!(after >= 0.95, "{after}");
}

/// Chance is one of 14 tokens. Four of 32 positions; where `TELLA_FULL` is set eight of 64, which
/// takes minutes.
#[test]
fn selective_copying_by_long_convolutions() {
    let full = std::env::var_os("TELLA_FULL").is_some();
    let (length, copies, epochs) = if full { (64, 8, 100) } else { (32, 4, 60) };
    let settings = json!({"seq_len": length, "num_tokens_to_copy": copies});
    let data = data("selective-copying", settings, 3200, 256);
    let hyena = "hyena: {inner_factor: 2, filter_order: 16}";
    let yaml = format!("{{layers: [{hyena}, swiglu, {hyena}, swiglu], width: 64}}");
    let enough = Trial { enough: 0.94, ..trial(&yaml, length, 3e-3, 32, epochs) };
    let (before, after) = learned(&data, enough);
    assert!(before <= 2.0 / 14.0, "{before}");
    assert!(after >= 0.9, "{after}");
}
