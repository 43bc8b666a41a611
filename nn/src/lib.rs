//! Sequence layers and policies on libtorch.
//!
//! This room holds what learns by gradient: agents ([`agents`]), the long convolution behind one seam ([`conv`]),
//! layers that mix a sequence's positions or its channels ([`layers`]), and stacks of them declared
//! in YAML ([`stack`]), and token models trained on synthetic tasks ([`mad`]). Every layer has two forms that are equal: [`Layer::parallel`] over whole
//! sequences, for training, and [`Layer::step`] over one position with a [`State`], for acting.
//!
//! What must stay out: curricula, logs and the engine. It is the only crate that links libtorch,
//! and it does so under the feature `torch`; without it the crate knows the agents' names and parameters
//! alone and builds anywhere.
//! `cargo xtask torch` installs libtorch and says which environment variables name it.
//!
//! Shapes are written (B, L, D): sequences of a batch, or lanes of acting; positions; channels. A
//! mistake in a shape is a mistake in the program and panics inside libtorch, as indexing does; what
//! a user wrote is checked before, with an error.

#[cfg(feature = "torch")]
mod adam_w;
pub mod agents;
#[cfg(feature = "torch")]
pub mod checkpoint;
#[cfg(feature = "torch")]
pub mod conv;
#[cfg(feature = "torch")]
mod device;
#[cfg(feature = "torch")]
mod error;
#[cfg(feature = "torch")]
mod freed;
#[cfg(feature = "torch")]
mod graph;
#[cfg(feature = "torch")]
mod layer;
#[cfg(feature = "torch")]
pub mod layers;
#[cfg(feature = "torch")]
pub mod mad;
#[cfg(feature = "torch")]
mod panics;
#[cfg(feature = "torch")]
mod params;
#[cfg(feature = "torch")]
mod shim;
#[cfg(feature = "torch")]
pub mod stack;
#[cfg(feature = "torch")]
mod state;

#[cfg(feature = "torch")]
pub use adam_w::AdamW;
#[cfg(feature = "torch")]
pub use device::device;
#[cfg(feature = "torch")]
pub use error::NnError;
#[cfg(feature = "torch")]
pub use graph::Graph;
#[cfg(feature = "torch")]
pub use layer::{Layer, PositionWise};
#[cfg(feature = "torch")]
pub use params::{Group, Params, Rates};
#[cfg(feature = "torch")]
pub use stack::Stack;
#[cfg(feature = "torch")]
pub use state::State;
