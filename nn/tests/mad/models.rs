//! The models against mad-lab's: as many weights, the same first values, the decoder by its
//! definition.

use crate::declared;
use tch::nn::VarStore;
use tch::{Device, Kind, Tensor};
use tella_nn::mad::TokenModel;
use tella_nn::stack::Declaration;

fn model(yaml: &str, length: i64, vocab: i64, autoencoder: bool) -> (VarStore, TokenModel) {
    tch::set_num_threads(1);
    let store = VarStore::new(Device::Cpu);
    let declaration = Declaration { max_length: length, ..declared(yaml) };
    let model = TokenModel::new(&store, 7, &declaration, vocab, autoencoder).unwrap();
    (store, model)
}

/// mad-lab's own models (its `LanguageModel` and `AutoEncoder`, four layers, width 128) have so many
/// for in-context recall (16 tokens, 128 positions), compression (16, 32) and memorization (256, 32).
/// It also learns the filters' three time features of each position, which here are constants; the
/// norm at the end of the stack has no place in its autoencoder.
#[test]
fn as_many_weights_as_the_originals() {
    for (mixer, expected, filters) in [
        ("attention", [407_184, 440_464, 468_864], false),
        ("hyena", [523_784, 556_488, 584_888], true),
        ("multi-head-hyena", [336_812, 369_516, 397_916], true),
    ] {
        let yaml = format!("layers: [{mixer}, swiglu, {mixer}, swiglu]");
        let tasks = [(128, 16, false), (32, 16, true), (32, 256, false)];
        for ((length, vocab, autoencoder), expected) in tasks.into_iter().zip(expected) {
            let (store, _) = model(&yaml, length, vocab, autoencoder);
            let found: usize = store.trainable_variables().iter().map(Tensor::numel).sum();
            let features = if filters { 2 * 3 * length as usize } else { 0 };
            let norm = if autoencoder { 128 } else { 0 };
            assert_eq!(found + features - norm, expected, "{mixer} {length} {vocab}");
        }
    }
}

#[test]
fn first_values() {
    let yaml = "{layers: [hyena, swiglu, selective-ssm], width: 32}";
    for autoencoder in [false, true] {
        let (store, _) = model(yaml, 16, 64, autoencoder);
        let values = store.variables();
        let deviation = |name: &str| values[name].std(false).double_value(&[]);
        assert!((deviation("embedding.weight") - 0.02).abs() < 0.001);
        let zero = |name: &str| values[name].abs().max().double_value(&[]) == 0.0;
        assert!(zero("head.bias") && zero("stack.layer0.project_in.bias"));
        assert!(!zero("stack.layer0.short.bias") && !zero("stack.layer2.step_bias"));
        // Uniform within one over the root of 32 inputs, or normal.
        let expected = if autoencoder { 0.02 } else { 1.0 / 96_f64.sqrt() };
        assert!((deviation("stack.layer1.up.weight") / expected - 1.0).abs() < 0.05);
    }
}

/// Compression's answers rest on the last position's encoding alone: what came before a last
/// layer without mixing changes nothing, and each position's answer is its own.
#[test]
fn the_autoencoder_sees_the_last_position() {
    let (_, model) = model("{layers: [swiglu], width: 16}", 6, 8, true);
    let logits = |tokens: [i64; 6]| {
        tch::no_grad(|| model.logits(&Tensor::from_slice(&tokens).unsqueeze(0), false))
    };
    let (one, other) = (logits([0, 1, 2, 3, 4, 7]), logits([5, 5, 5, 5, 5, 7]));
    assert_eq!(one.size(), [1, 6, 8]);
    assert!(one.allclose(&other, 0.0, 0.0, false));
    assert!(!one.allclose(&logits([0, 1, 2, 3, 4, 6]), 1e-3, 0.0, false));
    let differs = (one.select(1, 0) - one.select(1, 5)).abs().max().double_value(&[]);
    assert!(differs > 1e-4, "{differs}");
}

/// The language model's prediction rests on the tokens up to its position.
#[test]
fn a_prediction_rests_on_the_past() {
    let (_, model) = model("{layers: [attention, hyena, swiglu], width: 16}", 8, 10, false);
    let logits = |tokens: [i64; 8]| {
        tch::no_grad(|| model.logits(&Tensor::from_slice(&tokens).unsqueeze(0), false))
    };
    let (one, other) = (logits([1, 2, 3, 4, 5, 6, 7, 8]), logits([1, 2, 3, 4, 9, 9, 9, 9]));
    let both = [one, other].map(|x| x.to_kind(Kind::Double).narrow(1, 0, 4));
    assert!(both[0].allclose(&both[1], 0.0, 1e-5, false));
}
