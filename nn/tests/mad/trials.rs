//! Trials: going on from a checkpoint, and what goes wrong.

use crate::{data, task, training, training_alone, trial};
use serde_json::json;
use tch::{Device, Tensor};
use tella_envs::mad::Example;
use tella_nn::mad::{Data, MadError, Outcome, Sequences, Trainer, Trial};

const SMALL: &str = "{layers: [attention: {dropout: 0.1}, swiglu], width: 16, heads: 2}";

fn small() -> Data {
    data("memorization", json!({"vocab_size": 20, "seq_len": 8}), 40, 30)
}

fn finish(mut trainer: Trainer<'_>) -> Outcome {
    while !trainer.is_finished() {
        assert!(trainer.epoch(|| true).unwrap());
    }
    trainer.outcome().unwrap()
}

/// Stopped in the middle of an epoch and gone on with from the checkpoint before it, by a trainer made
/// anew: the same outcome to the last bit, dropout included.
#[test]
fn gone_on_with_it_comes_to_the_same() {
    let _training = training_alone();
    let data = small();
    let new = || Trainer::new(trial(SMALL, 8, 3e-3, 16, 7), &data).unwrap();
    let whole = finish(new());
    assert_eq!(whole.epochs.len(), 7);
    let mut first = new();
    (0..3).for_each(|_| assert!(first.epoch(|| true).unwrap()));
    let saved = first.checkpoint();
    let mut steps = 0;
    let stopped = first.epoch(|| {
        steps += 1;
        steps < 2
    });
    assert!(!stopped.unwrap());
    drop(first);
    let mut second = new();
    second.restore(&saved).unwrap();
    assert_eq!(second.epochs(), &whole.epochs[..3]);
    assert_eq!(finish(second), whole);
}

#[test]
fn the_epoch_of_the_lowest_perplexity_is_scored() {
    let _training = training();
    let data = small();
    let outcome = finish(Trainer::new(trial(SMALL, 8, 3e-3, 16, 5), &data).unwrap());
    let perplexity = |epoch: usize| outcome.epochs[epoch].validation.perplexity;
    let best = (0..5).min_by(|a, b| perplexity(*a).total_cmp(&perplexity(*b))).unwrap();
    assert_eq!(outcome.best_epoch, best as u64 + 1);
}

#[test]
fn checkpoints_of_others_are_refused() {
    let _training = training();
    let data = small();
    let of = |yaml: &str| Trainer::new(trial(yaml, 8, 1e-3, 16, 3), &data).unwrap();
    let mut trainer = of(SMALL);
    trainer.epoch(|| true).unwrap();
    let saved = trainer.checkpoint();
    let error = of("{layers: [hyena], width: 16}").restore(&saved).unwrap_err().to_string();
    assert!(error.starts_with("this checkpoint cannot be used: it is of another architecture: "));
    let error = of("{layers: [attention, swiglu], width: 32, heads: 2}").restore(&saved);
    assert!(error.unwrap_err().to_string().contains("another architecture: `embedding.weight` is"));
    let mut newer = saved.clone();
    newer[0] += 1;
    let error = of(SMALL).restore(&newer).unwrap_err().to_string();
    assert_eq!(
        error,
        "this checkpoint cannot be used: it has version 2, this program reads version 1"
    );
    let error = of(SMALL).restore(&saved[..saved.len() / 2]).unwrap_err().to_string();
    assert_eq!(error, "this checkpoint cannot be used: it is damaged, or no checkpoint");
}

#[test]
fn a_loss_that_is_not_finite_names_its_step() {
    let _training = training();
    let data = small();
    // 3 steps an epoch; the first loss is finite whatever the rate.
    let mut trainer = Trainer::new(trial(SMALL, 8, 1e30, 16, 3), &data).unwrap();
    let error = trainer.epoch(|| true).unwrap_err();
    assert!(matches!(error, MadError::NotFinite { step: 2..=3, epoch: 1 }), "{error}");
    assert!(error.to_string().starts_with("the loss is not finite from step "));
}

#[test]
fn models_that_do_not_fit_and_tokens_that_there_are_not() {
    let data = small();
    let yaml = "{layers: [hyena], width: 16, max_length: 6}";
    let error = Trainer::new(trial(yaml, 8, 1e-3, 16, 3), &data).unwrap_err().to_string();
    assert_eq!(
        error,
        "an example has 8 positions, the model's `max_length` is 6; raise it, or leave it out"
    );
    let ahead = "{layers: [long-conv: {bidirectional: true}], width: 16}";
    let error = Trainer::new(trial(ahead, 8, 1e-3, 16, 3), &data).unwrap_err();
    assert!(matches!(error, MadError::LooksAhead { layer: "long-conv" }), "{error}");
    let afterwards = crate::data("compression", json!({"seq_len": 8}), 4, 4);
    assert!(Trainer::new(trial(ahead, 8, 1e-3, 16, 3), &afterwards).is_ok());
    let example = |token| Example { inputs: vec![0, token], targets: vec![-100, 1] };
    let made = |token| Sequences::new(&[example(token)], 20, Device::Cpu);
    assert!(made(19).is_ok());
    for token in [20, -1, -100] {
        let error = made(token).unwrap_err().to_string();
        assert_eq!(error, format!("token {token} is outside the model's vocabulary, 0 to 19"));
    }
}

/// As long as the model is made for, and with another norm.
#[test]
fn every_task_is_trained_on() {
    let _training = training();
    for (name, settings) in [
        ("in-context-recall", json!({"seq_len": 12})),
        ("noisy-in-context-recall", json!({"seq_len": 12})),
        ("fuzzy-in-context-recall", json!({"seq_len": 16})),
        ("memorization", json!({"seq_len": 12, "vocab_size": 30})),
        ("compression", json!({"seq_len": 12})),
        ("selective-copying", json!({"seq_len": 12, "num_tokens_to_copy": 2})),
    ] {
        let positions = task(name, settings.clone()).positions() as i64;
        let data = data(name, settings, 33, 17);
        let yaml = format!(
            "{{layers: [hyena, mlp], width: 16, norm: layer, max_length: {}}}",
            positions.max(12)
        );
        let given = Trial { weight_decay: 0.1, ..trial(&yaml, positions, 1e-3, 16, 2) };
        let outcome = finish(Trainer::new(given, &data).unwrap());
        let losses: Vec<f64> = outcome.epochs.iter().map(|epoch| epoch.train_loss).collect();
        assert!(losses[1] < losses[0], "{name}: {losses:?}");
        assert!(data.ceiling.micro_accuracy <= 1.0 && data.ceiling.micro_accuracy > 0.9, "{name}");
        let counted = Tensor::from_slice(&data.test.scored).ne(-100).sum(tch::Kind::Int64);
        assert!(counted.int64_value(&[]) > 0);
    }
}
