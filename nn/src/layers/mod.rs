//! The layers, one file each: what mixes positions (mixers), what mixes channels, and norms.
//!
//! Defaults are mad-lab's. A layer's options are read from a declaration by its `read`, which
//! says what each may be; its `new` draws its weights.

mod attention;
mod experts;
mod gated_linear_attention;
mod gates;
mod hyena;
mod hyena_filter;
mod linear;
mod linear_attention;
mod long_conv;
mod mlp;
mod multi_head_hyena;
mod norm;
mod rotary;
mod s4d;
mod selective_ssm;
mod short_conv;
mod swiglu;

pub use attention::{Attention, AttentionOptions};
pub use experts::{Experts, ExpertsOptions};
pub use gated_linear_attention::{GatedLinearAttention, GatedLinearAttentionOptions};
pub use hyena::{Hyena, HyenaOptions};
pub use hyena_filter::HyenaFilter;
pub use linear::Linear;
pub use linear_attention::{Feature, LinearAttention, LinearAttentionOptions};
pub use long_conv::{KernelInit, LongConv, LongConvOptions};
pub use mlp::{Mlp, MlpOptions};
pub use multi_head_hyena::{MultiHeadHyena, MultiHeadHyenaOptions};
pub use norm::Norm;
pub use s4d::{S4d, S4dOptions};
pub use selective_ssm::{SelectiveSsm, SelectiveSsmOptions};
pub use short_conv::ShortConv;
pub use swiglu::{SwiGlu, SwiGluOptions};

use tch::Tensor;

/// What all layers of a stack share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Channels, D.
    pub width: i64,
    /// Positions a layer can remember: the taps of its kernels, the keys attention looks back on.
    pub max_length: i64,
    /// How long convolutions are computed.
    pub backend: crate::conv::Backend,
}

/// (B, L, H * d) to (B, H, L, d).
fn heads(x: &Tensor, heads: i64) -> Tensor {
    let size = x.size();
    x.reshape([size[0], size[1], heads, -1]).transpose(1, 2)
}

/// (B, H, L, d) to (B, L, H * d).
fn joined(x: &Tensor) -> Tensor {
    x.transpose(1, 2).flatten(2, 3)
}
