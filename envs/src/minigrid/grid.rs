//! The grid of cells, with a margin of walls around it.
//!
//! The agent sees walls wherever its view reaches beyond the grid. The margin
//! holds these walls, so that looking needs no test for the edge.

use super::cell::Cell;
use super::position::{Area, Pos};
use serde::{Deserialize, Serialize};

/// Cells of margin on every side: as far as a view can reach from the grid's
/// outermost cell.
const MARGIN: usize = super::view::VIEW_SIZE - 1;

/// A rectangle of cells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(into = "Cells", try_from = "Cells")]
pub struct Grid {
    width: usize,
    height: usize,
    stride: usize,
    /// Row by row, margin included.
    cells: Vec<Cell>,
}

impl Grid {
    /// An empty grid.
    pub fn new(width: usize, height: usize) -> Grid {
        let stride = width + 2 * MARGIN;
        let cells = vec![Cell::WALL; stride * (height + 2 * MARGIN)];
        let mut grid = Grid { width, height, stride, cells };
        grid.clear();
        grid
    }

    /// Columns, as a coordinate's type.
    #[inline]
    pub fn width(&self) -> i32 {
        self.width as i32
    }

    /// Rows, as a coordinate's type.
    #[inline]
    pub fn height(&self) -> i32 {
        self.height as i32
    }

    /// The whole grid.
    pub fn area(&self) -> Area {
        Area::new(0, 0, self.width(), self.height())
    }

    /// Whether `pos` is a cell of this grid.
    pub fn contains(&self, pos: Pos) -> bool {
        (0..self.width()).contains(&pos.x) && (0..self.height()).contains(&pos.y)
    }

    /// Empties every cell.
    pub fn clear(&mut self) {
        for y in 0..self.height {
            let start = (y + MARGIN) * self.stride + MARGIN;
            self.cells[start..start + self.width].fill(Cell::EMPTY);
        }
    }

    #[inline]
    fn index(&self, pos: Pos) -> usize {
        let (x, y) = (pos.x + MARGIN as i32, pos.y + MARGIN as i32);
        y as usize * self.stride + x as usize
    }

    /// The cell at `pos`; a wall just outside the grid.
    #[inline]
    pub fn get(&self, pos: Pos) -> Cell {
        self.cells[self.index(pos)]
    }

    /// Puts `cell` at `pos`, which lies in the grid.
    #[inline]
    pub fn set(&mut self, pos: Pos, cell: Cell) {
        debug_assert!(self.contains(pos), "{pos:?} lies outside the grid");
        let index = self.index(pos);
        self.cells[index] = cell;
    }

    /// A horizontal line of `cell` from `pos` on.
    pub fn horizontal(&mut self, pos: Pos, length: i32, cell: Cell) {
        for x in pos.x..pos.x + length {
            self.set(Pos::new(x, pos.y), cell);
        }
    }

    /// A vertical line of `cell` from `pos` on.
    pub fn vertical(&mut self, pos: Pos, length: i32, cell: Cell) {
        for y in pos.y..pos.y + length {
            self.set(Pos::new(pos.x, y), cell);
        }
    }

    /// Walls along the inner edge of `area`.
    pub fn wall_rect(&mut self, area: Area) {
        let Area { top, width, height } = area;
        self.horizontal(top, width, Cell::WALL);
        self.horizontal(Pos::new(top.x, top.y + height - 1), width, Cell::WALL);
        self.vertical(top, height, Cell::WALL);
        self.vertical(Pos::new(top.x + width - 1, top.y), height, Cell::WALL);
    }

    /// The packed cells, the index of `pos` in them, and the distance between rows.
    #[inline]
    pub(super) fn window(&self, pos: Pos) -> (&[Cell], usize, usize) {
        (&self.cells, self.index(pos), self.stride)
    }
}

/// A grid as it is saved: without its margin.
#[derive(Serialize, Deserialize)]
struct Cells {
    width: usize,
    cells: Vec<Cell>,
}

impl From<Grid> for Cells {
    fn from(grid: Grid) -> Cells {
        let rows = grid.cells.chunks(grid.stride).skip(MARGIN).take(grid.height);
        let cells = rows.flat_map(|r| &r[MARGIN..MARGIN + grid.width]).copied().collect();
        Cells { width: grid.width, cells }
    }
}

impl TryFrom<Cells> for Grid {
    type Error = &'static str;

    fn try_from(saved: Cells) -> Result<Grid, &'static str> {
        // A multiple of the width above zero bounds what is allocated for it.
        if saved.cells.is_empty() || !saved.cells.len().is_multiple_of(saved.width) {
            return Err("a grid whose cells do not fill its rows");
        }
        let mut grid = Grid::new(saved.width, saved.cells.len() / saved.width);
        for (row, y) in saved.cells.chunks(saved.width).zip(0..) {
            for (&cell, x) in row.iter().zip(0..) {
                grid.set(Pos::new(x, y), cell);
            }
        }
        Ok(grid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_is_saved_without_its_margin() {
        let mut grid = Grid::new(4, 3);
        grid.wall_rect(grid.area());
        grid.set(Pos::new(2, 1), Cell::GOAL);
        let bytes = postcard::to_stdvec(&grid).unwrap();
        assert_eq!(postcard::from_bytes::<Cells>(&bytes).unwrap().cells.len(), 12);
        assert_eq!(postcard::from_bytes::<Grid>(&bytes).unwrap(), grid);
    }

    #[test]
    fn cells_that_fill_no_rows_are_no_grid() {
        for (width, count) in [(0, 0), (0, 6), (4, 6), (7, 6), (usize::MAX, 0)] {
            let cells = vec![Cell::EMPTY; count];
            let bytes = postcard::to_stdvec(&Cells { width, cells }).unwrap();
            assert!(postcard::from_bytes::<Grid>(&bytes).is_err(), "{width}, {count}");
        }
    }
}
