//! `SimpleCrossing` and `LavaCrossing`: through the openings in walls, or in
//! rivers of lava, to the goal in the far corner.

use crate::EnvFamily;
use crate::minigrid::cell::Cell;
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, int_spec, size_spec};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::position::{Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Setup, World};
use crate::{ParamError, ParamSpec};
use serde::{Deserialize, Serialize};

pub(super) const LAVA: EnvFamily = EnvFamily {
    name: "LavaCrossing",
    prefixes: &["MiniGrid-LavaCrossing"],
    task: "Rivers of lava cross the room from wall to wall. Each has one opening, and these leave a \
        way to the goal in the far corner.",
    reward: "The goal pays `1 - 0.9 * steps / max_steps`, lava 0.",
    end: "The goal and lava terminate it, `max_steps` steps truncate it.",
    parameters: "`num_crossings` is at most `size - 3`, one for each even row and column. `max_steps` \
        where none is given: `4 * size * size`.",
};

pub(super) const SIMPLE: EnvFamily = EnvFamily {
    name: "SimpleCrossing",
    prefixes: &["MiniGrid-SimpleCrossing", "SimpleCrossingS"],
    task: "Walls cross the room from side to side. Each has one opening, and these leave a way to \
        the goal in the far corner.",
    reward: "The goal pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "The goal terminates it, `max_steps` steps truncate it.",
    parameters: "`num_crossings` is at most `size - 3`, one for each even row and column. `max_steps` \
        where none is given: `4 * size * size`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Crossing {
    /// Side of the grid; odd.
    size: i32,
    /// How many walls or rivers cross it.
    crossings: usize,
    /// What they are made of.
    obstacle: Cell,
    /// Room to work in.
    #[serde(skip)]
    plan: Plan,
}

/// What a level is made from.
#[derive(Clone, Debug, Default)]
struct Plan {
    /// All places for rivers, those that flow first.
    rivers: Vec<(Axis, i32)>,
    /// Lines that part the grid from left to right: outer wall, rivers, outer wall.
    vertical: Vec<i32>,
    /// Lines that part it from top to bottom.
    horizontal: Vec<i32>,
    /// The order in which a path to the goal crosses the rivers: a step to the right
    /// for every vertical one, a step down for every horizontal one.
    path: Vec<Axis>,
}

/// Which way a river runs, or the path steps from one part of the grid to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    Vertical,
    Horizontal,
}

/// Sets `lines` to those that part a grid of side `size` along `axis`.
fn part(lines: &mut Vec<i32>, rivers: &[(Axis, i32)], axis: Axis, size: i32) {
    lines.clear();
    lines.reserve(places(size) as usize + 2);
    lines.push(0);
    lines.extend(rivers.iter().filter(|(a, _)| *a == axis).map(|(_, line)| line));
    lines.push(size - 1);
    lines.sort_unstable();
}

/// A column or row between lines number `part` and the next.
fn within(lines: &[i32], part: usize, world: &mut World) -> i32 {
    let (low, high) = (lines[part] + 1, lines[part + 1]);
    low + world.rng.choice((high - low) as usize) as i32
}

impl Crossing {
    fn new(size: i32, crossings: usize, obstacle: Cell) -> Crossing {
        Crossing { size, crossings, obstacle, plan: Plan::default() }
    }
}

impl Task for Crossing {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let size = self.size;
        world.grid.wall_rect(world.grid.area());
        world.put_agent(Pos::new(1, 1), Direction::Right);
        world.grid.set(Pos::new(size - 2, size - 2), Cell::GOAL);

        let Plan { rivers, vertical, horizontal, path } = &mut self.plan;
        rivers.clear();
        path.clear();
        // Enough for any level, so that none after the first allocates.
        let most = places(size) as usize;
        path.reserve(most);
        for axis in [Axis::Vertical, Axis::Horizontal] {
            rivers.extend((2..size - 2).step_by(2).map(|line| (axis, line)));
        }
        world.rng.shuffle(rivers);
        rivers.truncate(self.crossings);
        part(vertical, rivers, Axis::Vertical, size);
        part(horizontal, rivers, Axis::Horizontal, size);
        let (columns, rows) = (vertical.len() - 1, horizontal.len() - 1);
        for &y in &horizontal[1..rows] {
            world.grid.horizontal(Pos::new(1, y), size - 2, self.obstacle);
        }
        for &x in &vertical[1..columns] {
            world.grid.vertical(Pos::new(x, 1), size - 2, self.obstacle);
        }

        path.resize(columns - 1, Axis::Horizontal);
        path.resize(columns + rows - 2, Axis::Vertical);
        world.rng.shuffle(path);
        let (mut column, mut row) = (0, 0);
        for step in path {
            let opening = match step {
                Axis::Horizontal => {
                    column += 1;
                    Pos::new(vertical[column], within(horizontal, row, world))
                }
                Axis::Vertical => {
                    row += 1;
                    Pos::new(within(vertical, column, world), horizontal[row])
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

fn setup(size: i32) -> Setup {
    Setup::square(size, 4 * size * size)
}

fn summary(size: i32, crossings: usize, obstacle: &str) -> String {
    let openings = if crossings == 1 { "the opening" } else { "the openings" };
    let what = match (obstacle, crossings) {
        ("lava", 1) => "river of lava",
        ("lava", _) => "rivers of lava",
        (_, 1) => "wall",
        _ => "walls",
    };
    format!("Find {openings} in {crossings} {what} to the goal, {size} by {size}")
}

/// How many rivers a grid of side `size` has places for.
fn places(size: i32) -> i32 {
    size - 3
}

fn params(size: i32, crossings: i32, obstacle: &str) -> Vec<ParamSpec> {
    let most = places(crate::minigrid::given::MAX_SIDE);
    vec![
        size_spec(size, 5, "Side of the grid, walls included; odd"),
        int_spec("num_crossings", crossings, 0, most, "Walls or rivers across the grid"),
        obstacle_spec(obstacle),
    ]
}

/// The parameter `obstacle_type`.
pub(super) fn obstacle_spec(default: &str) -> ParamSpec {
    let other = if default == "lava" { "wall" } else { "lava" };
    let help = "What the obstacles are made of; lava ends the episode with 0";
    ParamSpec::choice("obstacle_type", &[default, other], help)
}

/// What the parameter `obstacle_type` names.
pub(super) fn obstacle(given: &Given<'_>) -> Result<Cell, ParamError> {
    Ok(if given.text("obstacle_type")? == "lava" { Cell::LAVA } else { Cell::WALL })
}

fn level(given: &Given<'_>) -> Result<(Setup, Crossing), ParamError> {
    let size = given.odd("size")?;
    let why = format!("where size is {size}");
    let crossings = given.int_within("num_crossings", (0, places(size)), &why)?;
    Ok((setup(size), Crossing::new(size, crossings as usize, obstacle(given)?)))
}

pub(super) fn entries() -> Vec<Entry> {
    let tella = [("SimpleCrossingS9N1", 1), ("SimpleCrossingS9N2", 2), ("SimpleCrossingS9N3", 3)];
    let tella = tella.map(|(name, crossings)| {
        let summary = summary(9, crossings, "wall");
        Entry::tella(name, summary, setup(9), Crossing::new(9, crossings, Cell::WALL))
    });
    let ids = [
        ("MiniGrid-LavaCrossingS9N1-v0", 9, 1, "lava"),
        ("MiniGrid-LavaCrossingS9N2-v0", 9, 2, "lava"),
        ("MiniGrid-LavaCrossingS9N3-v0", 9, 3, "lava"),
        ("MiniGrid-LavaCrossingS11N5-v0", 11, 5, "lava"),
        ("MiniGrid-SimpleCrossingS9N1-v0", 9, 1, "wall"),
        ("MiniGrid-SimpleCrossingS9N2-v0", 9, 2, "wall"),
        ("MiniGrid-SimpleCrossingS9N3-v0", 9, 3, "wall"),
        ("MiniGrid-SimpleCrossingS11N5-v0", 11, 5, "wall"),
    ];
    let ids = ids.map(|(id, size, crossings, obstacle)| {
        let summary = summary(size, crossings as usize, obstacle);
        Entry::minigrid(id, summary, params(size, crossings, obstacle), Action::ALL.len(), level)
    });
    tella.into_iter().chain(ids).collect()
}
