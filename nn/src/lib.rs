//! Sequence layers and policies on libtorch.
//!
//! This room holds what learns by gradient: the long convolution behind one seam ([`conv`]),
//! layers that mix a sequence's positions or its channels ([`layers`]), and stacks of them declared
//! in YAML ([`stack`]). Every layer has two forms that are equal: [`Layer::parallel`] over whole
//! sequences, for training, and [`Layer::step`] over one position with a [`State`], for acting.
//!
//! What must stay out: curricula, logs and the engine. It is the only crate that links libtorch,
//! and it does so under the feature `torch`; without it the crate is empty and builds anywhere.
//! `cargo xtask torch` installs libtorch and says which environment variables name it.
//!
//! Shapes are written (B, L, D): sequences of a batch, or lanes of acting; positions; channels. A
//! mistake in a shape is a mistake in the program and panics inside libtorch, as indexing does; what
//! a user wrote is checked before, with an error.
//!
//! ```no_run
//! use tch::{Device, Kind, Tensor, nn::VarStore};
//! use tella_nn::{Layer, Params, Stack, stack::Declaration};
//!
//! let yaml = "{layers: [hyena, swiglu, attention, swiglu], width: 128, max_length: 1024}";
//! let store = VarStore::new(Device::Cpu);
//! let stack = Stack::new(&Params::new(&store, 7), &Declaration::from_yaml(yaml, "stack.yaml")?)?;
//! let x = Tensor::zeros([2, 50, 128], (Kind::Float, Device::Cpu));
//! let trained_on = stack.parallel(&x, None, true);
//!
//! let mut state = stack.state(2)?;
//! let acted_on = stack.step(&x.select(1, 0), &mut state);
//! state.reset(&[1]);
//! # Ok::<(), tella_nn::NnError>(())
//! ```

#![cfg(feature = "torch")]

mod adam_w;
pub mod checkpoint;
pub mod conv;
mod device;
mod error;
mod layer;
pub mod layers;
mod params;
pub mod stack;
mod state;

pub use adam_w::AdamW;
pub use device::device;
pub use error::NnError;
pub use layer::{Layer, PositionWise};
pub use params::{Group, Params, Rates};
pub use stack::Stack;
pub use state::State;
