//! Any other way of showing a world, chosen when a batch is made.

use super::super::world::{Setup, World};
use super::Observer;
use super::usual::{IMAGE_LEAF, describe, described};
use crate::{LaneMut, Space};

/// One array that shows a world. It keeps its buffers.
pub(super) trait Picture: Send {
    /// The array's space for a world of this setup.
    fn space(&self, setup: &Setup) -> Space;

    /// Writes the array to leaf `leaf` of `out`.
    fn write(&mut self, world: &World, out: &mut LaneMut<'_>, leaf: usize);

    /// A copy.
    fn boxed(&self) -> Box<dyn Picture>;
}

/// Shows a [`Picture`], alone or with the agent's direction and mission.
pub(in super::super) struct Shown {
    pub(super) picture: Box<dyn Picture>,
    /// `Dict(direction, image, mission)` in place of the bare array.
    pub(super) described: bool,
    pub(super) view_size: usize,
}

impl Clone for Shown {
    fn clone(&self) -> Self {
        Shown { picture: self.picture.boxed(), ..*self }
    }
}

impl Observer for Shown {
    fn space(&self, setup: &Setup) -> Space {
        let picture = self.picture.space(setup);
        if self.described { described(picture) } else { picture }
    }

    fn write(&mut self, world: &World, out: &mut LaneMut<'_>) {
        let mut leaf = 0;
        if self.described {
            describe(world, out);
            leaf = IMAGE_LEAF;
        }
        self.picture.write(world, out, leaf);
    }

    fn view_size(&self) -> usize {
        self.view_size
    }
}
