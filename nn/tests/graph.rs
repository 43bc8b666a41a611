//! Recorded training against training launched kernel by kernel. Without a graphics processor
//! (`TELLA_TEST_DEVICE`) there is nothing to record, which is said.
#![cfg(feature = "torch")]

mod common;

use common::{device, difference, normal, stack};
use tch::nn::VarStore;
use tch::{Kind, Tensor};
use tella_nn::{AdamW, Graph, Layer, NnError, Rates, Stack};

const STACK: &str = "{layers: [hyena, swiglu, attention: {heads: 2}, multi-head-hyena: {heads: 2}], \
                     width: 8, max_length: 32, convolution: toeplitz, precision: bf16}";

struct Trained {
    store: VarStore,
    stack: Stack,
    optimizer: AdamW,
    input: Tensor,
}

impl Trained {
    fn new() -> Self {
        let (store, stack) = stack(STACK, Kind::Float);
        let optimizer = AdamW::new(&store, Rates::new(1e-2, 0.1));
        Self { store, stack, optimizer, input: normal(1, &[2, 32, 8], Kind::Float) }
    }

    fn step(&mut self) -> Tensor {
        let loss = (self.stack.parallel(&self.input, None, true) - 1.0).square().mean(Kind::Float);
        let _ = self.optimizer.update(&loss, Some(1.0));
        loss.detach()
    }
}

#[test]
fn a_recorded_step_is_the_step() {
    let (mut eager, mut recorded) = (Trained::new(), Trained::new());
    for _ in 0..3 {
        let _ = (eager.step(), recorded.step());
    }
    if !device().is_cuda() {
        let refused = Graph::record(device(), || recorded.step());
        assert!(matches!(refused, Err(NnError::Graph(_))));
        return;
    }
    let (mut graph, loss) = Graph::record(device(), || recorded.step()).unwrap();
    for step in 0..20 {
        // Inputs are read when it is launched.
        let other = normal(step, &[2, 32, 8], Kind::Float);
        eager.input.copy_(&other);
        recorded.input.copy_(&other);
        let expected = eager.step();
        graph.replay().unwrap();
        let off = difference(&loss, &expected);
        assert!(off < 1e-3, "{step}: {off}");
    }
    for (name, weights) in eager.store.variables() {
        let off = difference(&weights, &recorded.store.variables()[&name]);
        assert!(off < 1e-2, "{name}: {off}");
    }
    // Work that waits for the device cannot be recorded: libtorch refuses, and goes on with other work.
    let waits = || Graph::record(device(), || recorded.step().double_value(&[]));
    assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(waits)).is_err());
    assert!(eager.step().double_value(&[]).is_finite());
}
