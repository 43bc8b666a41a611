//! First values as mad-lab's models have them, where they differ from the layers' own.

use crate::Params;
use tch::nn::VarStore;

/// Deviation of embeddings, and of the autoencoder's linear maps.
pub(super) const DEVIATION: f64 = 0.02;

/// Biases of linear maps begin at 0, those of short convolutions stay. In an autoencoder the weights of linear maps are drawn around 0 anew.
pub(super) fn settle(store: &VarStore, params: &Params<'_>, autoencoder: bool) {
    tch::no_grad(|| {
        for (name, mut tensor) in store.variables() {
            let (layer, leaf) = name.rsplit_once('.').unwrap_or(("", &name));
            if leaf == "bias" && !layer.ends_with("short") {
                let _ = tensor.zero_();
            }
            if leaf == "weight" && tensor.dim() == 2 && autoencoder {
                let mut rng = params.generator(&format!("settled-{}", name.replace('.', "-")));
                let values: Vec<f64> =
                    (0..tensor.numel()).map(|_| rng.normal(0.0, DEVIATION)).collect();
                tensor.copy_(&tch::Tensor::from_slice(&values).reshape(tensor.size()));
            }
        }
    });
}
