//! Grid worlds as pictures, equal to those of minigrid 3.2.0 to the bit.
//!
//! A picture is made of tiles, one a cell (`tiles.rs`). A tile shows an object
//! (`objects.rs`), which is made of simple shapes (`shapes.rs`).

mod objects;
mod shapes;
mod tiles;

pub(super) use tiles::Tiles;

use super::position::{Direction, Pos};
use super::view::{view_bytes, view_pos, write_view_of_size};
use super::world::World;
use crate::{Frame, RenderOptions};
use std::sync::Arc;

/// Draws worlds; it keeps its buffers.
#[derive(Clone)]
pub(super) struct Painter {
    tiles: Arc<Tiles>,
    view_size: usize,
    /// The encoded view.
    view: Vec<u8>,
    /// For each cell of the grid, row by row, whether the agent sees it.
    lit: Vec<bool>,
}

impl Painter {
    /// Draws with tiles of `tile_size` pixels worlds whose agent sees `view_size`
    /// cells.
    pub(super) fn new(tile_size: usize, view_size: usize) -> Painter {
        Painter {
            tiles: Tiles::of_size(tile_size),
            view_size,
            view: vec![0; view_bytes(view_size)],
            lit: Vec::new(),
        }
    }

    /// Columns and rows in pixels of a picture of so many cells.
    pub(super) fn pixels(&self, columns: usize, rows: usize) -> (usize, usize) {
        (columns * self.tiles.size(), rows * self.tiles.size())
    }

    /// The whole grid, row by row of pixels; where `highlight` says so, the cells
    /// that the agent sees are lighter.
    pub(super) fn full(&mut self, world: &World, highlight: bool, out: &mut [u8]) {
        let (width, height) = (world.setup().width, world.setup().height);
        self.lit.clear();
        self.lit.resize(width * height, false);
        if highlight {
            write_view_of_size(world, self.view_size, &mut self.view);
            for (i, cell) in self.view.chunks_exact(3).enumerate() {
                let pos = view_pos(world, self.view_size, i / self.view_size, i % self.view_size);
                if cell[0] != 0 && world.grid.contains(pos) {
                    self.lit[pos.y as usize * width + pos.x as usize] = true;
                }
            }
        }
        for (i, &lit) in self.lit.iter().enumerate() {
            let (x, y) = (i % width, i / width);
            let pos = Pos::new(x as i32, y as i32);
            let agent = (pos == world.agent_pos).then_some(world.agent_dir);
            put(
                out,
                width,
                x,
                y,
                &self.tiles,
                self.tiles.get(world.grid.get(pos).encode(), agent, lit),
            );
        }
    }

    /// What the agent sees, turned so that it looks up; hidden cells are empty and
    /// dark, the agent's own holds what it carries.
    pub(super) fn pov(&mut self, world: &World, out: &mut [u8]) {
        write_view_of_size(world, self.view_size, &mut self.view);
        let size = self.view_size;
        for (i, cell) in self.view.as_chunks::<3>().0.iter().enumerate() {
            let (x, y) = (i / size, i % size);
            let agent = ((x, y) == (size / 2, size - 1)).then_some(Direction::Up);
            put(out, size, x, y, &self.tiles, self.tiles.get(*cell, agent, cell[0] != 0));
        }
    }
}

/// Copies a tile to column `x`, row `y` of a picture of `columns` cells a row.
#[inline]
fn put(out: &mut [u8], columns: usize, x: usize, y: usize, tiles: &Tiles, tile: &[u8]) {
    let size = tiles.size();
    let stride = columns * size * 3;
    let start = y * size * stride + x * size * 3;
    for (row, source) in tile.chunks_exact(size * 3).enumerate() {
        let at = start + row * stride;
        out[at..at + size * 3].copy_from_slice(source);
    }
}

/// `world`, whose agent sees `view_size` cells, as a picture; none before there is
/// an agent.
pub(super) fn frame(world: &World, view_size: usize, options: &RenderOptions) -> Option<Frame> {
    if !world.grid.contains(world.agent_pos) {
        return None;
    }
    let mut painter = Painter::new(options.tile_size, view_size);
    let (columns, rows) = match options.agent_pov {
        true => (view_size, view_size),
        false => (world.setup().width, world.setup().height),
    };
    let (width, height) = painter.pixels(columns, rows);
    let mut frame = Frame::new(width, height);
    match options.agent_pov {
        true => painter.pov(world, frame.pixels_mut()),
        false => painter.full(world, options.highlight, frame.pixels_mut()),
    }
    Some(frame)
}
