//! Models of tokens: an embedding, a stack, and a head that says which token is next, or, for
//! compression, a decoder that gives back all tokens of the last position's encoding.
//!
//! mad-lab's `LanguageModel` and `AutoEncoder`: embeddings drawn with deviation .02 and not tied to the
//! head, no embedding of positions, dropout nowhere. The decoder adds to the encoding, for each position, a
//! vector of sines and cosines (frequencies from 1 to 1/10,000, sines in the first half), then twice
//! norm, linear map and GELU, the norms outside of the stack's own. The one difference: norms add 1e-5
//! under the root, mad-lab's 1e-6.

use super::MadError;
use super::initial::{DEVIATION, settle};
use crate::layers::{Linear, Norm};
use crate::stack::{Declaration, NormKind};
use crate::{Layer, Params, PositionWise, Stack};
use tch::nn::VarStore;
use tch::{Kind, Tensor};

/// A model of a task's tokens.
#[derive(Debug)]
pub struct TokenModel {
    /// (V, D).
    embedding: Tensor,
    stack: Stack,
    decoder: Option<Decoder>,
    head: Linear,
    max_length: i64,
}

/// From one position's encoding to all positions.
#[derive(Debug)]
struct Decoder {
    /// (L, D), not learned.
    positions: Tensor,
    layers: [(Norm, Linear); 2],
    norm: Norm,
}

impl TokenModel {
    /// Draws its weights in `store`. `autoencoder` is for tasks whose answers come afterwards.
    ///
    /// # Errors
    ///
    /// A stack that cannot be had.
    pub fn new(
        store: &VarStore,
        seed: u64,
        declaration: &Declaration,
        vocab_size: i64,
        autoencoder: bool,
    ) -> Result<Self, MadError> {
        let params = Params::new(store, seed);
        let width = declaration.width;
        let model = Self {
            embedding: params.sub("embedding").normal("weight", &[vocab_size, width], DEVIATION),
            stack: Stack::new(&params.sub("stack"), declaration)?,
            decoder: autoencoder.then(|| Decoder::new(&params.sub("decoder"), declaration)),
            head: Linear::new(&params.sub("head"), width, vocab_size, true),
            max_length: declaration.max_length,
        };
        settle(store, &params, autoencoder);
        Ok(model)
    }

    /// Logits (B, L, V) of tokens (B, L).
    ///
    /// # Panics
    ///
    /// Where there are more positions than the model is made for.
    pub fn logits(&self, tokens: &Tensor, train: bool) -> Tensor {
        let length = tokens.size()[1];
        assert!(length <= self.max_length, "{length} positions, {} at most", self.max_length);
        let x = Tensor::embedding(&self.embedding, tokens, -1, false, false);
        let x = match &self.decoder {
            None => self.stack.parallel(&x, None, train),
            Some(decoder) => decoder.apply(&self.stack.unnormed(&x, train).select(1, -1), length),
        };
        self.head.map(&x)
    }
}

impl Decoder {
    fn new(params: &Params<'_>, declaration: &Declaration) -> Self {
        let width = declaration.width;
        let norm = |name: &str| match declaration.norm {
            NormKind::Rms => Norm::rms(&params.sub(name), width),
            NormKind::Layer => Norm::layer(&params.sub(name), width),
        };
        let layer = |i: usize| {
            let linear = Linear::new(&params.sub(format!("linear{i}")), width, width, true);
            (norm(&format!("norm{i}")), linear)
        };
        Self {
            positions: params.buffer(&positions(declaration.max_length, width)),
            layers: [layer(0), layer(1)],
            norm: norm("norm"),
        }
    }

    /// (B, D) to (B, L, D).
    fn apply(&self, encoding: &Tensor, length: i64) -> Tensor {
        let mut x = encoding.unsqueeze(1) + self.positions.narrow(0, 0, length);
        for (norm, linear) in &self.layers {
            x = linear.map(&norm.apply(&x, false)).gelu("none");
        }
        self.norm.apply(&x, false)
    }
}

/// Sines, then cosines, of a position times each frequency (L, D).
fn positions(length: i64, width: i64) -> Tensor {
    let options = (Kind::Double, tch::Device::Cpu);
    let half = width / 2;
    let slow = -10_000_f64.ln() / (half - 1).max(1) as f64;
    let frequencies = (Tensor::arange(half, options) * slow).exp();
    let angles = Tensor::arange(length, options).unsqueeze(1) * frequencies.unsqueeze(0);
    Tensor::cat(&[angles.sin(), angles.cos()], 1).constant_pad_nd([0, width % 2])
}
