//! One step of training: a batch in, its loss out, the weights changed.
//!
//! Nothing of it is read on the host: the loss stays on the device. On a graphics processor the step
//! is recorded once, after a few, and launched as one from then on; a batch of another size is
//! trained on kernel by kernel.

use super::TokenModel;
use crate::{AdamW, Graph, NnError, Rates};
use tch::nn::VarStore;
use tch::{Device, Reduction, Tensor};
use tella_envs::mad::IGNORED;

/// Steps before one is recorded: libraries set themselves up in the first.
const WARM: u32 = 3;

/// A model with what trains it.
#[derive(Debug)]
pub struct TrainingStep {
    model: TokenModel,
    optimizer: AdamW,
    device: Device,
    /// Steps taken one by one.
    taken: u32,
    recorded: Option<Recorded>,
}

/// A step that was recorded, with the tensors that it reads and writes.
#[derive(Debug)]
struct Recorded {
    graph: Graph,
    inputs: Tensor,
    targets: Tensor,
    loss: Tensor,
}

impl TrainingStep {
    /// AdamW at a constant learning rate over all weights that `store` has.
    pub fn new(store: &VarStore, model: TokenModel, rates: Rates) -> Self {
        let optimizer = AdamW::new(store, rates);
        Self { model, optimizer, device: store.device(), taken: 0, recorded: None }
    }

    /// Trains on a batch of inputs and targets (B, L). Gives the mean cross entropy of scored
    /// targets from before the step, on the device.
    ///
    /// # Errors
    ///
    /// [`NnError::Graph`] where the device refuses what was recorded.
    pub fn train(&mut self, inputs: &Tensor, targets: &Tensor) -> Result<Tensor, NnError> {
        if self.device.is_cuda() && self.taken >= WARM && self.recorded.is_none() {
            self.record(inputs, targets)?;
        }
        match &mut self.recorded {
            Some(recorded) if recorded.inputs.size() == inputs.size() => {
                recorded.inputs.copy_(inputs);
                recorded.targets.copy_(targets);
                recorded.graph.replay()?;
                Ok(recorded.loss.copy())
            }
            _ => Ok(self.once(inputs, targets)),
        }
    }

    fn once(&mut self, inputs: &Tensor, targets: &Tensor) -> Tensor {
        let loss = self.loss(inputs, targets, true, Reduction::Mean).1;
        let _norm = self.optimizer.update(&loss, None);
        self.taken += 1;
        loss.detach()
    }

    fn record(&mut self, inputs: &Tensor, targets: &Tensor) -> Result<(), NnError> {
        let (inputs, targets) = (inputs.copy(), targets.copy());
        let (graph, loss) = Graph::record(self.device, || self.once(&inputs, &targets))?;
        self.recorded = Some(Recorded { graph, inputs, targets, loss });
        Ok(())
    }

    /// Without learning: the most likely tokens (B, L) and the sum of cross entropies of scored
    /// targets, both on the device.
    pub fn evaluate(&self, inputs: &Tensor, targets: &Tensor) -> (Tensor, Tensor) {
        tch::no_grad(|| {
            let (logits, loss) = self.loss(inputs, targets, false, Reduction::Sum);
            (logits.argmax(-1, false), loss)
        })
    }

    fn loss(
        &self,
        inputs: &Tensor,
        targets: &Tensor,
        train: bool,
        reduction: Reduction,
    ) -> (Tensor, Tensor) {
        let logits = self.model.logits(inputs, train).to_kind(tch::Kind::Float);
        let loss = logits.flatten(0, 1).cross_entropy_loss::<Tensor>(
            &targets.flatten(0, 1),
            None,
            reduction,
            IGNORED,
            0.0,
        );
        (logits, loss)
    }

    /// What the optimizer remembers.
    pub(super) fn remembered(&self) -> Vec<(String, Tensor)> {
        self.optimizer.named()
    }

    /// Takes that up.
    pub(super) fn remember(&mut self, named: &[(String, Tensor)]) -> Result<(), NnError> {
        self.optimizer.restore(named)
    }
}
