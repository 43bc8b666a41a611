//! The whole grid as places and kinds: minigrid's `SymbolicObsWrapper`.

use super::super::cell::Kind;
use super::super::position::Pos;
use super::super::world::{Setup, World};
use super::picture::Picture;
use crate::{BoxSpace, Dtype, LaneMut, Space};

/// Stands for a cell with nothing in it.
const NOTHING: i64 = -1;

/// For each cell, by columns, its column, its row and the number of its kind, -1 where
/// there is nothing: `Box((width, height, 3), int64)`. The agent covers the cell it
/// stands on.
#[derive(Clone)]
pub(super) struct Symbolic;

impl Picture for Symbolic {
    fn space(&self, setup: &Setup) -> Space {
        let cells = setup.width * setup.height;
        let last = [(setup.width - 1) as f64, (setup.height - 1) as f64, Kind::Agent as u8 as f64];
        Space::Box(BoxSpace {
            low: [0.0, 0.0, NOTHING as f64].repeat(cells),
            high: last.repeat(cells),
            shape: vec![setup.width, setup.height, 3],
            dtype: Dtype::Int64,
        })
    }

    fn write(&mut self, world: &World, out: &mut LaneMut<'_>, leaf: usize) {
        let height = world.setup().height;
        let (cells, _) = out.i64(leaf).as_chunks_mut::<3>();
        for (x, column) in cells.chunks_exact_mut(height).enumerate() {
            for (y, out) in column.iter_mut().enumerate() {
                let cell = world.grid.get(Pos::new(x as i32, y as i32));
                let kind = if cell.is_empty() { NOTHING } else { cell.kind() as i64 };
                *out = [x as i64, y as i64, kind];
            }
        }
        let Pos { x, y } = world.agent_pos;
        cells[x as usize * height + y as usize][2] = Kind::Agent as i64;
    }

    fn boxed(&self) -> Box<dyn Picture> {
        Box::new(self.clone())
    }
}
