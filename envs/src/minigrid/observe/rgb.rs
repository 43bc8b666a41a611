//! The whole grid as a picture in RGB: minigrid's `RGBImgObsWrapper`.

use super::super::render::Painter;
use super::super::world::{Setup, World};
use super::picture::Picture;
use crate::{Dtype, LaneMut, Space};

/// The picture of the grid, what the agent sees lighter: `Box(0, 255,
/// (height * tile_size, width * tile_size, 3), uint8)`.
#[derive(Clone)]
pub(super) struct Rgb {
    painter: Painter,
}

impl Rgb {
    /// Cells of `tile_size` pixels; the agent sees `view_size` cells.
    pub(super) fn new(tile_size: usize, view_size: usize) -> Rgb {
        Rgb { painter: Painter::new(tile_size, view_size) }
    }
}

impl Picture for Rgb {
    fn space(&self, setup: &Setup) -> Space {
        let (width, height) = self.painter.pixels(setup.width, setup.height);
        Space::uniform_box(0.0, 255.0, &[height, width, 3], Dtype::Uint8)
    }

    fn write(&mut self, world: &World, out: &mut LaneMut<'_>, leaf: usize) {
        self.painter.full(world, true, out.u8(leaf));
    }

    fn boxed(&self) -> Box<dyn Picture> {
        Box::new(self.clone())
    }
}
