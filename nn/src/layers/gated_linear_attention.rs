//! Gated linear attention: linear attention whose memory fades, each key channel as the input says
//! (Yang et al. 2023).
//!
//! For each head S\[t\] = diag(a\[t\]) S\[t-1\] + k\[t\]^T v\[t\] and o\[t\] = q\[t\] S\[t\] /
//! sqrt(d), with a\[t\] = sigmoid(W x\[t\])^(1 / 16), W of low rank. Then RMSNorm over each head,
//! times swish of a gate, and a linear map. Weights begin by Glorot's rule times 2^(-5/2). Defaults
//! are mad-lab's.
//!
//! Parallel in chunks: within one as attention with fading scores, between them by the recurrence.
//! Factors of fading are computed as differences of logarithms, which are never positive, so that
//! none overflows.

use super::{Linear, Norm, Shape, heads, joined};
use crate::stack::Fields;
use crate::{Layer, NnError, Params, PositionWise, State};
use tch::Tensor;

/// S (B, H, d, d).
const MEMORY: &str = "memory";

/// Positions of a chunk.
const CHUNK: i64 = 16;

/// What the logarithm of a gate is divided by.
const NORMALIZER: f64 = 16.0;

/// What a declaration may say.
#[derive(Clone, Debug, PartialEq)]
pub struct GatedLinearAttentionOptions {
    /// Heads.
    pub heads: i64,
    /// Rank of the gates' map.
    pub gate_rank: i64,
}

impl GatedLinearAttentionOptions {
    pub(crate) fn read(fields: &mut Fields<'_>, width: i64) -> Self {
        Self { heads: fields.heads(1, width), gate_rank: fields.integer("gate_rank", 16, 1..=4096) }
    }
}

/// The layer.
#[derive(Debug)]
pub struct GatedLinearAttention {
    heads: i64,
    width: i64,
    /// Queries, keys, values, and the output's gate.
    projections: [Linear; 4],
    fade_down: Linear,
    fade_up: Linear,
    norm: Norm,
    project_out: Linear,
}

impl GatedLinearAttention {
    /// Draws its weights.
    pub fn new(params: &Params<'_>, shape: Shape, options: &GatedLinearAttentionOptions) -> Self {
        let (width, rank) = (shape.width, options.gate_rank);
        let map = |name, inputs, outputs| {
            Linear::glorot(&params.sub(name), inputs, outputs, 2_f64.powf(-2.5))
        };
        let bound = 1.0 / (rank as f64).sqrt();
        let up = map("fade_up", rank, width);
        Self {
            heads: options.heads,
            width,
            projections: ["query", "key", "value", "gate"].map(|name| map(name, width, width)),
            fade_down: map("fade_down", width, rank),
            fade_up: up.with_bias(params.sub("fade_up").uniform("bias", &[width], -bound, bound)),
            norm: Norm::rms(&params.sub("norm"), width / options.heads),
            project_out: map("project_out", width, width),
        }
    }

    /// Scaled queries, keys, values, and logarithms of fading: (B, H, L, d).
    fn projected(&self, x: &Tensor) -> [Tensor; 4] {
        let part = |i: usize| heads(&self.projections[i].map(x), self.heads);
        let scale = 1.0 / ((self.width / self.heads) as f64).sqrt();
        let fade = self.fade_up.map(&self.fade_down.map(x)).log_sigmoid() / NORMALIZER;
        [part(0) * scale, part(1), part(2), heads(&fade, self.heads)]
    }

    /// What follows o (B, H, L, d) for inputs x (B, L, D).
    fn finished(&self, o: &Tensor, x: &Tensor) -> Tensor {
        let gate = self.projections[3].map(x).silu();
        self.project_out.map(&(joined(&self.norm.apply(o, false)).to_kind(x.kind()) * gate))
    }
}

/// One chunk: outputs (B, H, c, d), and the memory after it.
fn chunk(q: &Tensor, k: &Tensor, v: &Tensor, fade: &Tensor, memory: &Tensor) -> (Tensor, Tensor) {
    let length = fade.size()[2];
    // Logarithm of the fading since the chunk's start, each position's own included.
    let since = fade.cumsum(-2, None);
    let future =
        Tensor::ones([length, length], (tch::Kind::Bool, q.device())).triu(1).unsqueeze(-1);
    let between =
        (since.unsqueeze(3) - since.unsqueeze(2)).masked_fill(&future, f64::NEG_INFINITY).exp();
    let scores =
        (q.unsqueeze(3) * k.unsqueeze(2) * between).sum_dim_intlist([-1].as_slice(), false, None);
    let o = scores.matmul(v) + (q * since.exp()).matmul(memory);
    let end = since.narrow(2, length - 1, 1);
    let kept = (k * (&end - &since).exp()).transpose(-1, -2).matmul(v);
    (o, memory * end.exp().transpose(-1, -2) + kept)
}

impl Layer for GatedLinearAttention {
    fn parallel(&self, x: &Tensor, before: Option<&State>, _train: bool) -> Tensor {
        // What fades is not a matrix unit's work: it is computed in the weights' precision.
        let kind = self.project_out.like().kind();
        let [q, k, v, fade] = self.projected(x).map(|t| t.to_kind(kind));
        let (batch, head) = (x.size()[0], self.width / self.heads);
        let mut memory = match before {
            Some(state) => state.get(MEMORY),
            None => Tensor::zeros([batch, self.heads, head, head], (kind, x.device())),
        };
        let mut outputs = Vec::new();
        let length = x.size()[1];
        for from in (0..length).step_by(CHUNK as usize) {
            let part = |t: &Tensor| t.narrow(2, from, CHUNK.min(length - from));
            let (o, after) = chunk(&part(&q), &part(&k), &part(&v), &part(&fade), &memory);
            outputs.push(o);
            memory = after;
        }
        self.finished(&Tensor::cat(&outputs, 2), x)
    }

    fn step(&self, x: &Tensor, state: &mut State) -> Tensor {
        tch::no_grad(|| {
            let x = x.unsqueeze(1);
            let [q, k, v, fade] = self.projected(&x);
            let memory =
                state.get(MEMORY) * fade.exp().transpose(-1, -2) + k.transpose(-1, -2).matmul(&v);
            let o = q.matmul(&memory);
            state.set(MEMORY, memory);
            state.tick();
            self.finished(&o, &x).squeeze_dim(1)
        })
    }

    fn state(&self, lanes: i64) -> Result<State, NnError> {
        let head = self.width / self.heads;
        Ok(State::new(lanes).with(MEMORY, &[self.heads, head, head], self.project_out.like()))
    }
}
