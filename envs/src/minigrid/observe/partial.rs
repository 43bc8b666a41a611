//! The agent's view, of any size: minigrid's own observation, `ViewSizeWrapper`.

use super::super::view::write_view_of_size;
use super::super::world::{Setup, World};
use super::picture::Picture;
use crate::{Dtype, LaneMut, Space};

/// The view of an agent that sees `view_size` cells: `Box(0, 255, (view_size,
/// view_size, 3), uint8)`.
#[derive(Clone)]
pub(super) struct Partial {
    pub(super) view_size: usize,
}

impl Picture for Partial {
    fn space(&self, _: &Setup) -> Space {
        Space::uniform_box(0.0, 255.0, &[self.view_size, self.view_size, 3], Dtype::Uint8)
    }

    fn write(&mut self, world: &World, out: &mut LaneMut<'_>, leaf: usize) {
        write_view_of_size(world, self.view_size, out.u8(leaf));
    }

    fn boxed(&self) -> Box<dyn Picture> {
        Box::new(self.clone())
    }
}
