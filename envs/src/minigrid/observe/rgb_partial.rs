//! The agent's view as a picture in RGB: minigrid's `RGBImgPartialObsWrapper`.

use super::super::render::Painter;
use super::super::world::{Setup, World};
use super::picture::Picture;
use crate::{Dtype, LaneMut, Space};

/// The picture of the view, turned so that the agent looks up: `Box(0, 255,
/// (view_size * tile_size, view_size * tile_size, 3), uint8)`.
#[derive(Clone)]
pub(super) struct RgbPartial {
    painter: Painter,
    view_size: usize,
}

impl RgbPartial {
    /// Cells of `tile_size` pixels; the agent sees `view_size` cells.
    pub(super) fn new(tile_size: usize, view_size: usize) -> RgbPartial {
        RgbPartial { painter: Painter::new(tile_size, view_size), view_size }
    }
}

impl Picture for RgbPartial {
    fn space(&self, _: &Setup) -> Space {
        let (width, height) = self.painter.pixels(self.view_size, self.view_size);
        Space::uniform_box(0.0, 255.0, &[height, width, 3], Dtype::Uint8)
    }

    fn write(&mut self, world: &World, out: &mut LaneMut<'_>, leaf: usize) {
        self.painter.pov(world, out.u8(leaf));
    }

    fn boxed(&self) -> Box<dyn Picture> {
        Box::new(self.clone())
    }
}
