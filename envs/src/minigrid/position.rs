//! Places, directions and rectangles on the grid: x to the right, y downwards.

use serde::{Deserialize, Serialize};

/// A cell's column and row, from 0 at the top left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pos {
    /// Column.
    pub x: i32,
    /// Row.
    pub y: i32,
}

impl Pos {
    /// Where an agent is that has not been placed: no cell of any grid.
    pub const NOWHERE: Pos = Pos { x: i32::MIN, y: i32::MIN };

    /// The cell in column `x` and row `y`.
    pub const fn new(x: i32, y: i32) -> Pos {
        Pos { x, y }
    }

    /// The neighbour in direction `dir`.
    #[inline]
    pub fn ahead(self, dir: Direction) -> Pos {
        let (dx, dy) = dir.vector();
        Pos { x: self.x + dx, y: self.y + dy }
    }

    /// Steps from here to `other`, horizontally and vertically.
    pub fn distance(self, other: Pos) -> i64 {
        (i64::from(self.x) - i64::from(other.x)).abs()
            + (i64::from(self.y) - i64::from(other.y)).abs()
    }
}

/// Where the agent looks, numbered as in observations, clockwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[repr(u8)]
pub enum Direction {
    /// Towards greater x.
    Right = 0,
    /// Towards greater y.
    Down = 1,
    /// Towards smaller x.
    Left = 2,
    /// Towards smaller y.
    Up = 3,
}

impl Direction {
    /// All four, in the order of their numbers.
    pub const ALL: [Direction; 4] =
        [Direction::Right, Direction::Down, Direction::Left, Direction::Up];

    /// One step in this direction.
    #[inline]
    pub fn vector(self) -> (i32, i32) {
        match self {
            Direction::Right => (1, 0),
            Direction::Down => (0, 1),
            Direction::Left => (-1, 0),
            Direction::Up => (0, -1),
        }
    }

    /// After a quarter turn to the right.
    #[inline]
    pub fn turned_right(self) -> Direction {
        Direction::ALL[(self as usize + 1) % 4]
    }

    /// The other way.
    #[inline]
    pub fn opposite(self) -> Direction {
        Direction::ALL[(self as usize + 2) % 4]
    }

    /// After a quarter turn to the left.
    #[inline]
    pub fn turned_left(self) -> Direction {
        Direction::ALL[(self as usize + 3) % 4]
    }
}

/// A rectangle of cells; it may reach beyond the grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Top left cell.
    pub top: Pos,
    /// Columns.
    pub width: i32,
    /// Rows.
    pub height: i32,
}

impl Area {
    /// The rectangle of `width` by `height` cells whose top left is (`x`, `y`).
    pub const fn new(x: i32, y: i32, width: i32, height: i32) -> Area {
        Area { top: Pos { x, y }, width, height }
    }
}
