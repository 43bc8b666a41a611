//! What holds of every layer: its two forms are equal, lanes and episodes do not see each other,
//! nothing comes from the future, gradients are right.

use crate::common::{check_gradient, difference, normal, stack};
use tch::{Kind, Tensor};
use tella_nn::{Layer, NnError, Stack, checkpoint};

/// Each layer, in more than one form where it has some, and those with convolutions as matrix products, too.
/// Width 8.
const LAYERS: &[&str] = &[
    "attention: {heads: 2, rotary: 4}",
    "attention: {heads: 2, rotary: 0, window: 5}",
    "experts: {experts: 4, inner: 6}",
    "gated-linear-attention: {heads: 2, gate_rank: 4}",
    "hyena",
    "hyena: {order: 3, inner_factor: 1, projection_groups: 1, filter_order: 8}",
    "linear-attention: {heads: 2, feature: elu}",
    "long-conv: {squash: 0, smooth: 3}",
    "long-conv: {init: decay, channels: 1, squash: 0.0001}",
    "mlp: {bias: true}",
    "multi-head-hyena: {heads: 2, projection_groups: 1}",
    "s4d: {states: 8}",
    "selective-ssm: {states: 4}",
    "swiglu",
    "toeplitz hyena: {order: 3, inner_factor: 2}",
    "toeplitz long-conv",
    "toeplitz multi-head-hyena: {heads: 4}",
];

fn one(layer: &str, max_length: i64) -> String {
    let (convolution, layer) = match layer.strip_prefix("toeplitz ") {
        Some(layer) => ("toeplitz", layer),
        None => ("fft", layer),
    };
    format!("{{layers: [{layer}], width: 8, max_length: {max_length}, convolution: {convolution}}}")
}

/// Steps through x (B, L, D).
fn stepped(stack: &Stack, x: &Tensor, state: &mut tella_nn::State) -> Tensor {
    let steps: Vec<Tensor> = (0..x.size()[1]).map(|t| stack.step(&x.select(1, t), state)).collect();
    Tensor::stack(&steps, 1)
}

#[test]
fn steps_are_the_parallel_form() {
    for layer in LAYERS {
        let (store, single) = stack(&one(layer, 4096), Kind::Float);
        let (wide_store, wide) = stack(&one(layer, 4096), Kind::Double);
        for (name, mut weights) in wide_store.variables() {
            tch::no_grad(|| weights.copy_(&store.variables()[&name]));
        }
        let x = normal(1, &[1, 4096, 8], Kind::Float);
        let found = stepped(&single, &x, &mut single.state(1).unwrap());
        let exact = tch::no_grad(|| wide.parallel(&x.to_kind(Kind::Double), None, false));
        let off = difference(&found, &exact);
        assert!(off <= 1e-5, "{layer}, double precision: {off}");
        let off = difference(&found, &tch::no_grad(|| single.parallel(&x, None, false)));
        // A second long convolution after gates makes more of what the first one's transform
        // rounds: the parallel form is what is off.
        let bound = if layer.contains("order: 3") { 1e-4 } else { 1e-5 };
        assert!(off <= bound, "{layer}: {off}");
    }
}

#[test]
fn what_is_older_than_the_memory_is_forgotten_in_both_forms() {
    for layer in LAYERS {
        let (_store, stack) = stack(&one(layer, 40), Kind::Double);
        let x = normal(1, &[2, 200, 8], Kind::Double);
        let expected = tch::no_grad(|| stack.parallel(&x, None, false));
        let found = difference(&stepped(&stack, &x, &mut stack.state(2).unwrap()), &expected);
        assert!(found <= 1e-10, "{layer}: {found}");
    }
}

#[test]
fn parallel_goes_on_where_steps_ended() {
    for layer in LAYERS {
        let (_store, stack) = stack(&one(layer, 64), Kind::Double);
        for (before, after) in [(1, 30), (10, 3), (50, 1), (150, 40)] {
            let x = normal(1, &[2, before + after, 8], Kind::Double);
            let mut state = stack.state(2).unwrap();
            let _ = stepped(&stack, &x.narrow(1, 0, before), &mut state);
            let found =
                tch::no_grad(|| stack.parallel(&x.narrow(1, before, after), Some(&state), false));
            let whole = tch::no_grad(|| stack.parallel(&x, None, false)).narrow(1, before, after);
            let found = difference(&found, &whole);
            assert!(found <= 1e-10, "{layer} {before} {after}: {found}");
        }
    }
}

#[test]
fn episodes_do_not_see_each_other() {
    for layer in LAYERS {
        let (_store, stack) = stack(&one(layer, 64), Kind::Double);
        let (x, past) =
            (normal(1, &[2, 40, 8], Kind::Double), normal(2, &[2, 20, 8], Kind::Double));
        let mut starts = vec![false; 80];
        for at in [13, 14, 40, 70] {
            starts[at] = true;
        }
        let mut state = stack.state(2).unwrap();
        let _ = stepped(&stack, &past, &mut state);
        let rows = tch::no_grad(|| stack.over_episodes(&x, &starts, Some(&state), false)).unwrap();
        // Stepping resets a lane where an episode begins.
        let steps: Vec<Tensor> = (0..40)
            .map(|t| {
                let fresh: Vec<i64> =
                    (0..2).filter(|lane| starts[(lane * 40 + t) as usize]).collect();
                state.reset(&fresh);
                stack.step(&x.select(1, t), &mut state)
            })
            .collect();
        let found = difference(&rows, &Tensor::stack(&steps, 1));
        assert!(found <= 1e-10, "{layer}: {found}");
        // And the first episode that begins within a row is as one alone.
        let alone =
            tch::no_grad(|| stack.parallel(&x.narrow(0, 0, 1).narrow(1, 14, 26), None, false));
        assert!(difference(&rows.narrow(0, 0, 1).narrow(1, 14, 26), &alone) <= 1e-10, "{layer}");
    }
}

#[test]
fn states_are_saved_and_chosen() {
    for layer in LAYERS {
        let (_store, stack) = stack(&one(layer, 64), Kind::Double);
        let x = normal(1, &[3, 60, 8], Kind::Double);
        let mut state = stack.state(3).unwrap();
        let _ = stepped(&stack, &x.narrow(1, 0, 45), &mut state);
        let mut chosen = state.select(&[Some(2), None]);
        let mut restored = stack.state(3).unwrap();
        let bytes = checkpoint::to_bytes(&state.named());
        restored.restore(&checkpoint::from_bytes(&bytes).unwrap()).unwrap();
        let expected = stepped(&stack, &x.narrow(1, 45, 15), &mut state);
        let found = stepped(&stack, &x.narrow(1, 45, 15), &mut restored);
        assert_eq!(difference(&found, &expected), 0.0, "{layer}");
        let found = stepped(&stack, &x.narrow(0, 1, 2).narrow(1, 45, 15).flip([0]), &mut chosen);
        assert!(difference(&found.narrow(0, 0, 1), &expected.narrow(0, 2, 1)) <= 1e-12, "{layer}");
        let fresh =
            tch::no_grad(|| stack.parallel(&x.narrow(0, 1, 1).narrow(1, 45, 15), None, false));
        assert!(difference(&found.narrow(0, 1, 1), &fresh) <= 1e-10, "{layer}");
        // A state of other lanes is refused.
        let refused = stack.state(2).unwrap().restore(&state.named());
        let remembers = state.lane_bytes() > 0;
        assert_eq!(matches!(refused, Err(NnError::Checkpoint(_))), remembers, "{layer}");
    }
}

#[test]
fn new_weights_are_taken_up() {
    for layer in LAYERS {
        let (store, stack) = stack(&one(layer, 64), Kind::Double);
        let x = normal(1, &[1, 30, 8], Kind::Double);
        let mut state = stack.state(1).unwrap();
        tch::no_grad(|| {
            for (_, mut weights) in store.variables() {
                weights *= 1.5;
            }
        });
        stack.refresh(&mut state);
        let expected = tch::no_grad(|| stack.parallel(&x, None, false));
        assert!(difference(&stepped(&stack, &x, &mut state), &expected) <= 1e-10, "{layer}");
    }
}

#[test]
fn nothing_comes_from_the_future() {
    for layer in LAYERS {
        let (_store, stack) = stack(&one(layer, 64), Kind::Double);
        for length in [2, 27, 64] {
            let x = normal(1, &[1, length, 8], Kind::Double).set_requires_grad(true);
            let t = length / 2;
            let y = stack.parallel(&x, None, false).narrow(1, 0, t).sum(Kind::Double);
            let gradient = &Tensor::run_backward(&[y], &[&x], false, false)[0];
            let later = gradient.narrow(1, t, length - t).abs().max().double_value(&[]);
            assert!(later <= 1e-13, "{layer} {length}: {later}");
        }
    }
}

#[test]
fn gradients() {
    for layer in LAYERS {
        let (store, stack) = stack(&one(layer, 64), Kind::Double);
        let x = normal(1, &[2, 21, 8], Kind::Double).set_requires_grad(true);
        let mut of: Vec<(String, Tensor)> = store.variables().into_iter().collect();
        of.sort_by(|a, b| a.0.cmp(&b.0));
        of.push((format!("{layer} input"), x.shallow_clone()));
        check_gradient(&|| stack.parallel(&x, None, false), &of);
    }
}

/// Layers compute in half precision, weights, sums and acting are in single precision.
#[test]
fn mixed_precision() {
    for layer in LAYERS {
        let (_store, single) = stack(&one(layer, 64), Kind::Float);
        let mixed = one(layer, 64).replace("width", "precision: bf16, width");
        let (store, mixed) = stack(&mixed, Kind::Float);
        let x = normal(1, &[2, 60, 8], Kind::Float);
        let mut state = mixed.state(2).unwrap();
        let _ = stepped(&mixed, &x.narrow(1, 0, 20), &mut state);
        let after = x.narrow(1, 20, 40);
        for before in [None, Some(&state)] {
            let expected = tch::no_grad(|| single.parallel(&after, before, false));
            let found = mixed.parallel(&after, before, true);
            let off = difference(&found, &expected);
            assert!(off > 0.0 && off < 0.03, "{layer} {}: {off}", before.is_some());
            assert_eq!(found.kind(), Kind::Float);
            let weights: Vec<Tensor> = store.variables().into_values().collect();
            let loss = found.square().mean(Kind::Float);
            for gradient in Tensor::run_backward(&[loss], &weights, false, false) {
                assert_eq!(gradient.kind(), Kind::Float, "{layer}");
                assert!(gradient.isfinite().all().int64_value(&[]) == 1, "{layer}");
            }
        }
    }
}

#[test]
fn dropout_is_for_training_alone() {
    let dropped =
        "[hyena: {dropout: 0.5}, long-conv: {kernel_dropout: 0.5}, swiglu: {dropout: 0.5}]";
    let (_store, stack) =
        stack(&format!("{{layers: {dropped}, width: 8, max_length: 64}}"), Kind::Double);
    let x = normal(1, &[2, 21, 8], Kind::Double);
    let run = |seed, train| {
        tch::manual_seed(seed);
        tch::no_grad(|| stack.parallel(&x, None, train))
    };
    assert_eq!(difference(&run(1, false), &run(2, false)), 0.0);
    assert_eq!(difference(&run(1, true), &run(1, true)), 0.0);
    assert!(difference(&run(1, true), &run(2, true)) > 1e-3);
}

#[test]
fn a_layer_that_looks_ahead_cannot_act() {
    let yaml = "{layers: [long-conv: {bidirectional: true, squash: 0}], width: 8, max_length: 64}";
    let (_store, stack) = stack(yaml, Kind::Double);
    assert!(matches!(stack.state(1), Err(NnError::NotCausal { layer: "long-conv", .. })));
    let x = normal(1, &[1, 10, 8], Kind::Double);
    assert!(stack.over_episodes(&x, &[false; 10], None, false).is_err());
    assert!(difference(&stack.parallel(&x, None, true), &x.zeros_like()) > 0.0);
}

#[test]
fn half_precision() {
    for layer in LAYERS {
        let (store, wide) = stack(&one(layer, 64), Kind::Double);
        let (half_store, half) = stack(&one(layer, 64), Kind::BFloat16);
        for (name, mut weights) in store.variables() {
            tch::no_grad(|| weights.copy_(&half_store.variables()[&name]));
        }
        let x = normal(1, &[2, 40, 8], Kind::BFloat16);
        let expected = tch::no_grad(|| wide.parallel(&x.to_kind(Kind::Double), None, false));
        let found = half.parallel(&x, None, true);
        assert_eq!(found.kind(), Kind::BFloat16, "{layer}");
        found.sum(Kind::Float).backward();
        let off = difference(&tch::no_grad(|| half.parallel(&x, None, false)), &expected);
        assert!(off < 0.1, "{layer}: {off}");
        let off = difference(&stepped(&half, &x, &mut half.state(2).unwrap()), &expected);
        assert!(off < 0.1, "{layer}, step by step: {off}");
    }
}
