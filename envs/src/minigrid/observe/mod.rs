//! What of a world an agent is shown: minigrid's observation wrappers.
//!
//! Two ways of showing, the environments' own ones, are types of their own
//! (`usual.rs`) and cost nothing to choose: the batch is compiled for them. All
//! others are a [`Picture`](picture::Picture), one a file, shown by one observer,
//! [`Shown`], that asks it through a pointer; `mode.rs` has their names.

mod flat;
mod full;
mod mode;
mod one_hot;
mod partial;
mod picture;
mod rgb;
mod rgb_partial;
mod symbolic;
mod usual;

pub(super) use mode::{Chosen, choose, specs};
pub use usual::{Described, Image};

use super::view::VIEW_SIZE;
use super::world::{Setup, World};
use crate::{LaneMut, Space};

/// A way to show a world to an agent.
pub trait Observer: Clone + Send + 'static {
    /// The space of what is shown of a world of this setup.
    fn space(&self, setup: &Setup) -> Space;

    /// Writes what is shown of `world` now.
    fn write(&mut self, world: &World, out: &mut LaneMut<'_>);

    /// Side of the square of cells that the agent sees.
    fn view_size(&self) -> usize {
        VIEW_SIZE
    }
}
