//! Weights: what draws them, and how they are grouped.

use crate::common::{device, difference, normal, stack as make};
use tch::nn::{self, OptimizerConfig};
use tch::{Kind, Tensor};
use tella_nn::{AdamW, Group, Layer, Params, Rates, Stack, checkpoint};

fn named(yaml: &str) -> Vec<(String, Tensor)> {
    let (store, _stack) = make(yaml, Kind::Float);
    let mut all: Vec<_> = store.variables().into_iter().collect();
    all.sort_by(|a, b| a.0.cmp(&b.0));
    all
}

#[test]
fn weights_are_a_function_of_seed_and_name() {
    let short = named("{layers: [hyena, swiglu], width: 8}");
    tch::manual_seed(99);
    let long = named("{layers: [hyena, swiglu, s4d], width: 8}");
    for (name, tensor) in &short {
        let (_, same) = long.iter().find(|(other, _)| other == name).unwrap();
        assert!(tensor.equal(same), "{name}");
    }
    // The two maps of a layer are not the same draws.
    let of = |name: &str| &short.iter().find(|(other, _)| other == name).unwrap().1;
    assert!(!of("layer1.gate.weight").equal(of("layer1.up.weight")));
}

#[test]
fn filters_and_dynamics_have_rates_of_their_own() {
    let yaml = "{layers: [hyena, s4d, long-conv, selective-ssm, attention: {heads: 2}], width: 8, max_length: 16}";
    let (store, stack) = make(yaml, Kind::Float);
    let groups: std::collections::BTreeSet<usize> =
        store.variables_.lock().unwrap().trainable_variables.iter().map(|v| v.group).collect();
    let all = [Group::Weights, Group::Filters, Group::Dynamics].map(|group| group as usize);
    assert_eq!(groups.into_iter().collect::<Vec<_>>(), all);
    // With rate 0 for them they stay, all else moves.
    let rates = Rates { filters: 0.0, dynamics: 0.0, ..Rates::new(0.1, 0.5) };
    let before: Vec<Tensor> = store.trainable_variables().iter().map(Tensor::copy).collect();
    let x = normal(1, &[2, 16, 8], Kind::Float);
    let _ = AdamW::new(&store, rates)
        .update(&stack.parallel(&x, None, true).square().mean(Kind::Float), None);
    for (variable, before) in
        store.variables_.lock().unwrap().trainable_variables.iter().zip(&before)
    {
        let moved = difference(&variable.tensor, before) > 1e-4;
        assert_eq!(
            moved,
            variable.group == Group::Weights as usize,
            "{:?}",
            variable.tensor.size()
        );
    }
}

const TRAINED: &str = "{layers: [hyena, s4d, mlp], width: 8, max_length: 16}";

/// The loss of a stack on a task that changes from update to update.
fn loss(stack: &Stack, update: u64) -> Tensor {
    let x = normal(100 + update, &[4, 16, 8], Kind::Double);
    (stack.parallel(&x, None, true) - x.roll([3], [1])).square().mean(Kind::Double)
}

#[test]
fn updates_are_pytorch_s() {
    // libtorch's own AdamW, through `tch`, with the same rate for all.
    for clip in [None, Some(0.3)] {
        let (store, stack) = make(TRAINED, Kind::Double);
        let (other_store, other) = make(TRAINED, Kind::Double);
        let rates = Rates { dynamics: 0.02, ..Rates::new(0.02, 0.0) };
        let mut ours = AdamW::new(&store, rates);
        let mut theirs = nn::adamw(0.9, 0.999, 0.0).build(&other_store, 0.02).unwrap();
        for update in 0..6 {
            let norm = ours.update(&loss(&stack, update), clip).double_value(&[]);
            theirs.zero_grad();
            loss(&other, update).backward();
            let square = |w: Tensor| w.grad().square().sum(None).double_value(&[]);
            let expected: f64 = other_store.trainable_variables().into_iter().map(square).sum();
            let expected = expected.sqrt();
            assert!((norm - expected).abs() < 1e-5 * expected, "{norm}, not {expected}");
            clip.iter().for_each(|clip| theirs.clip_grad_norm(*clip));
            theirs.step();
        }
        for ((name, ours), (_, theirs)) in
            checkpoint::weights(&store).iter().zip(checkpoint::weights(&other_store))
        {
            // The norm that clipping divides by is summed in single precision.
            let bound = if clip.is_some() { 1e-6 } else { 1e-12 };
            assert!(difference(ours, &theirs) < bound, "{name}");
        }
    }
}

#[test]
fn decay_is_apart_from_the_gradient() {
    let store = nn::VarStore::new(device());
    let weights = Params::new(&store, 1).constant("weights", &[3], 2.0);
    // The gradient is 1: its mean over its root is 1 as well, whatever it is scaled by.
    let _ = AdamW::new(&store, Rates::new(0.1, 0.5)).update(&weights.sum(Kind::Float), None);
    assert!(difference(&weights, &(weights.ones_like() * (2.0 * 0.95 - 0.1))) < 1e-6);
}

#[test]
fn training_goes_on_from_a_checkpoint() {
    let rates = Rates::new(0.02, 0.1);
    let (store, stack) = make(TRAINED, Kind::Double);
    let mut optimizer = AdamW::new(&store, rates);
    let run = |optimizer: &mut AdamW, stack: &Stack, updates: std::ops::Range<u64>| {
        updates.for_each(|update| drop(optimizer.update(&loss(stack, update), Some(1.0))));
    };
    run(&mut optimizer, &stack, 0..3);
    let saved =
        [checkpoint::weights(&store), optimizer.named()].map(|named| checkpoint::to_bytes(&named));
    run(&mut optimizer, &stack, 3..6);

    let (again_store, again) = make(TRAINED, Kind::Double);
    let mut optimizer = AdamW::new(&again_store, rates);
    run(&mut optimizer, &again, 90..91);
    let [weights, moments] = saved.map(|bytes| checkpoint::from_bytes(&bytes).unwrap());
    checkpoint::restore_weights(&again_store, &weights).unwrap();
    optimizer.restore(&moments).unwrap();
    run(&mut optimizer, &again, 3..6);
    let bytes = |store| checkpoint::to_bytes(&checkpoint::weights(store));
    assert_eq!(bytes(&store), bytes(&again_store));
}

#[test]
fn checkpoints_that_do_not_fit() {
    let weights = |yaml: &str| checkpoint::weights(&make(yaml, Kind::Float).0);
    let (store, _stack) = make("{layers: [mlp], width: 8}", Kind::Float);
    let before = checkpoint::to_bytes(&checkpoint::weights(&store));
    let refused = |named: &[(String, Tensor)]| {
        checkpoint::restore_weights(&store, named).unwrap_err().to_string()
    };
    let at = "this checkpoint cannot be used: it is of another architecture: ";
    let said = refused(&weights("{layers: [swiglu], width: 8}"));
    assert_eq!(said, format!("{at}there is no `layer0.gate.weight` here"));
    let said = refused(&weights("{layers: [mlp: {inner: 9}], width: 8}"));
    assert_eq!(said, format!("{at}`layer0.down.weight` is [8, 9] there and [8, 32] here"));
    let said = refused(&weights("{layers: [mlp: {bias: true}], width: 8}"));
    assert_eq!(said, format!("{at}there is no `layer0.down.bias` here"));
    assert_eq!(refused(&[]), format!("{at}it has no `layer0.down.weight`"));
    assert_eq!(checkpoint::to_bytes(&checkpoint::weights(&store)), before);

    let said = |bytes: &[u8]| checkpoint::from_bytes(bytes).unwrap_err().to_string();
    assert_eq!(said(b""), "this checkpoint cannot be used: it is damaged, or no checkpoint");
    assert_eq!(
        said(&before[..before.len() - 1]),
        "this checkpoint cannot be used: it is damaged, or no checkpoint"
    );
    let mut newer = before.clone();
    newer[0] = 2;
    assert_eq!(
        said(&newer),
        "this checkpoint cannot be used: it has version 2, this program reads version 1"
    );
}
