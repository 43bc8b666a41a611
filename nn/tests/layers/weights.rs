//! Weights: what draws them, and how they are grouped.

use crate::common::{difference, normal, stack};
use tch::nn::OptimizerConfig;
use tch::{Kind, Tensor};
use tella_nn::{Group, Layer, Rates};

fn named(yaml: &str) -> Vec<(String, Tensor)> {
    let (store, _stack) = stack(yaml, Kind::Float);
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
    let (store, stack) = stack(yaml, Kind::Float);
    let groups: std::collections::BTreeSet<usize> =
        store.variables_.lock().unwrap().trainable_variables.iter().map(|v| v.group).collect();
    let all = [Group::Weights, Group::Filters, Group::Dynamics].map(|group| group as usize);
    assert_eq!(groups.into_iter().collect::<Vec<_>>(), all);
    // With rate 0 for them and none but their gradients they stay, all else moves.
    let mut optimizer = tch::nn::AdamW::default().build(&store, 0.1).unwrap();
    Rates { filters: 0.0, dynamics: 0.0, ..Rates::new(0.1, 0.5) }.apply(&mut optimizer, &store);
    let before: Vec<Tensor> = store.trainable_variables().iter().map(Tensor::copy).collect();
    let x = normal(1, &[2, 16, 8], Kind::Float);
    optimizer.backward_step(&stack.parallel(&x, None, true).square().mean(Kind::Float));
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
