//! The whole grid, encoded as views are: minigrid's `FullyObsWrapper`.

use super::super::cell::{Color, Kind};
use super::super::position::Pos;
use super::super::world::{Setup, World};
use super::picture::Picture;
use crate::{Dtype, LaneMut, Space};

/// The whole grid by columns: `Box(0, 255, (width, height, 3), uint8)`. The agent
/// covers the cell it stands on, and shows its direction where a door shows its state.
#[derive(Clone)]
pub(super) struct Full;

impl Picture for Full {
    fn space(&self, setup: &Setup) -> Space {
        Space::uniform_box(0.0, 255.0, &[setup.width, setup.height, 3], Dtype::Uint8)
    }

    fn write(&mut self, world: &World, out: &mut LaneMut<'_>, leaf: usize) {
        let height = world.setup().height;
        let (cells, _) = out.u8(leaf).as_chunks_mut::<3>();
        for (x, column) in cells.chunks_exact_mut(height).enumerate() {
            for (y, cell) in column.iter_mut().enumerate() {
                *cell = world.grid.get(Pos::new(x as i32, y as i32)).encode();
            }
        }
        let Pos { x, y } = world.agent_pos;
        let agent = [Kind::Agent as u8, Color::Red as u8, world.agent_dir as u8];
        cells[x as usize * height + y as usize] = agent;
    }

    fn boxed(&self) -> Box<dyn Picture> {
        Box::new(self.clone())
    }
}
