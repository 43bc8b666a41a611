//! `SimpleCrossing` and `LavaCrossing`: through the openings in walls, or in
//! rivers of lava, to the goal in the far corner.

use crate::minigrid::cell::Cell;
use crate::minigrid::entry::Entry;
use crate::minigrid::place::NoRoom;
use crate::minigrid::position::{Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Setup, World};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Crossing {
    /// Side of the grid; odd.
    size: i32,
    /// How many walls or rivers cross it.
    crossings: usize,
    /// What they are made of.
    obstacle: Cell,
}

/// Which way a river runs, or the path steps from one part of the grid to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Vertical,
    Horizontal,
}

/// Room for the rivers of the largest grid that is registered, and more.
const MAX_RIVERS: usize = 16;

/// Lines that part the grid: outer wall, rivers from the left or top, outer wall.
struct Limits {
    lines: [i32; MAX_RIVERS + 2],
    len: usize,
}

impl Limits {
    fn new(rivers: &[(Axis, i32)], axis: Axis, size: i32) -> Limits {
        let mut limits = Limits { lines: [0; MAX_RIVERS + 2], len: 1 };
        for (_, line) in rivers.iter().filter(|(a, _)| *a == axis) {
            limits.lines[limits.len] = *line;
            limits.len += 1;
        }
        limits.lines[1..limits.len].sort_unstable();
        limits.lines[limits.len] = size - 1;
        limits.len += 1;
        limits
    }

    fn rivers(&self) -> &[i32] {
        &self.lines[1..self.len - 1]
    }

    /// A cell of the part number `part`, between two lines.
    fn within(&self, part: usize, world: &mut World) -> i32 {
        let (low, high) = (self.lines[part] + 1, self.lines[part + 1]);
        low + world.rng.choice((high - low) as usize) as i32
    }
}

impl Task for Crossing {
    fn generate(&mut self, world: &mut World) -> Result<(), NoRoom> {
        let size = self.size;
        world.grid.wall_rect(world.grid.area());
        world.put_agent(Pos::new(1, 1), Direction::Right);
        world.grid.set(Pos::new(size - 2, size - 2), Cell::GOAL);

        let mut rivers = [(Axis::Vertical, 0); MAX_RIVERS];
        let mut count = 0;
        for axis in [Axis::Vertical, Axis::Horizontal] {
            for line in (2..size - 2).step_by(2) {
                rivers[count] = (axis, line);
                count += 1;
            }
        }
        world.rng.shuffle(&mut rivers[..count]);
        let rivers = &rivers[..self.crossings.min(count)];
        let vertical = Limits::new(rivers, Axis::Vertical, size);
        let horizontal = Limits::new(rivers, Axis::Horizontal, size);
        for &y in horizontal.rivers() {
            world.grid.horizontal(Pos::new(1, y), size - 2, self.obstacle);
        }
        for &x in vertical.rivers() {
            world.grid.vertical(Pos::new(x, 1), size - 2, self.obstacle);
        }

        // The order in which a path to the goal crosses them: a step to the right
        // for every vertical one, a step down for every horizontal one.
        let mut path = [Axis::Vertical; MAX_RIVERS];
        path[..vertical.rivers().len()].fill(Axis::Horizontal);
        let path = &mut path[..rivers.len()];
        world.rng.shuffle(path);
        let (mut column, mut row) = (0, 0);
        for step in path {
            let opening = match step {
                Axis::Horizontal => {
                    column += 1;
                    Pos::new(vertical.lines[column], horizontal.within(row, world))
                }
                Axis::Vertical => {
                    row += 1;
                    Pos::new(vertical.within(column, world), horizontal.lines[row])
                }
            };
            world.grid.set(opening, Cell::EMPTY);
        }
        world.set_mission(&[if self.obstacle == Cell::LAVA {
            "avoid the lava and get to the green goal square"
        } else {
            "find the opening and get to the green goal square"
        }]);
        Ok(())
    }
}

pub(super) fn entries() -> Vec<Entry> {
    let setup = |size: i32| Setup {
        width: size as usize,
        height: size as usize,
        max_steps: (4 * size * size) as u32,
        see_through_walls: false,
    };
    let tella = [("SimpleCrossingS9N1", 1), ("SimpleCrossingS9N2", 2), ("SimpleCrossingS9N3", 3)];
    let tella = tella.map(|(name, crossings)| {
        let summary = format!("Find the openings in {crossings} walls to the goal, 9 by 9");
        Entry::tella(name, summary, setup(9), Crossing { size: 9, crossings, obstacle: Cell::WALL })
    });
    let plain = [
        ("MiniGrid-SimpleCrossingS9N1-v0", 9, 1, Cell::WALL),
        ("MiniGrid-SimpleCrossingS9N2-v0", 9, 2, Cell::WALL),
        ("MiniGrid-SimpleCrossingS9N3-v0", 9, 3, Cell::WALL),
        ("MiniGrid-SimpleCrossingS11N5-v0", 11, 5, Cell::WALL),
        ("MiniGrid-LavaCrossingS9N1-v0", 9, 1, Cell::LAVA),
        ("MiniGrid-LavaCrossingS9N2-v0", 9, 2, Cell::LAVA),
        ("MiniGrid-LavaCrossingS9N3-v0", 9, 3, Cell::LAVA),
        ("MiniGrid-LavaCrossingS11N5-v0", 11, 5, Cell::LAVA),
    ];
    let plain = plain.map(|(name, size, crossings, obstacle)| {
        let what = if obstacle == Cell::LAVA { "rivers of lava" } else { "walls" };
        let summary =
            format!("Find the openings in {crossings} {what} to the goal, {size} by {size}");
        let task = Crossing { size, crossings, obstacle };
        Entry::plain(name, summary, setup(size), Action::ALL.len(), task)
    });
    tella.into_iter().chain(plain).collect()
}
