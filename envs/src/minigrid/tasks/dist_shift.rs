//! `DistShift`: past two strips of lava to the goal; variants differ in where
//! the second strip lies, so that what was learnt on one misleads on another.

use crate::EnvFamily;
use crate::minigrid::cell::{Cell, Kind};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, MAX_SIDE, inside, int_spec, start_specs};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::{Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use crate::{ParamError, ParamSpec};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "DistShift",
    prefixes: &["MiniGrid-DistShift", "DistShiftR"],
    task: "Two strips of lava lie between the agent and the goal, one in row 1, the other elsewhere. \
        What was learnt with the second strip in one row misleads with it in another. Nothing is \
        random unless the agent's start is.",
    reward: "The goal pays `1 - 0.9 * steps / max_steps`. Lava pays 0, under TELLA's names -1.",
    end: "The goal and lava terminate it, `max_steps` steps truncate it.",
    parameters: "`strip2_row` is at most `height - 2`, and 1 where `height` is 4: a row has to stay free. \
        Up to `width` 6 there is no room for lava. `agent_start_pos` lies inside the walls. \
        `max_steps` where none is given: `4 * width * height`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct DistShift {
    /// The row of the second strip.
    second_row: i32,
    /// Where the agent starts and looks; anywhere where there is none.
    start: Option<(Pos, Direction)>,
    /// What entering lava pays: TELLA takes 1 away, minigrid nothing.
    lava_reward: f64,
}

impl Task for DistShift {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let area = world.grid.area();
        world.grid.wall_rect(area);
        world.grid.set(Pos::new(area.width - 2, 1), Cell::GOAL);
        for row in [1, self.second_row] {
            world.grid.horizontal(Pos::new(3, row), area.width - 6, Cell::LAVA);
        }
        match self.start {
            Some((pos, dir)) => world.put_agent(pos, dir),
            None => world.place_agent(area, ANY_TRIES)?,
        }
        world.set_mission(&["get to the green goal square"]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        let burns = action == Action::Forward && world.front_cell().kind() == Kind::Lava;
        let outcome = world.act(action);
        if burns { Outcome::end(self.lava_reward) } else { outcome }
    }
}

const WIDTH: i32 = 9;
const HEIGHT: i32 = 7;

fn setup(width: i32, height: i32) -> Setup {
    Setup::new(width, height, 4 * width * height).seen_through()
}

fn params(second_row: i32) -> Vec<ParamSpec> {
    let mut params = vec![
        int_spec("width", WIDTH, 4, MAX_SIDE, "Columns of the grid, walls included"),
        int_spec("height", HEIGHT, 4, MAX_SIDE, "Rows of the grid, walls included"),
        int_spec("strip2_row", second_row, 1, MAX_SIDE - 2, "Row of the second strip of lava"),
    ];
    params.extend(start_specs("1,1"));
    params
}

fn level(given: &Given<'_>) -> Result<(Setup, DistShift), ParamError> {
    let (width, height) = (given.int("width")?, given.int("height")?);
    // Strips that leave no row free cut the goal off.
    let last = if width > 6 && height == 4 { 1 } else { height - 2 };
    let why = format!("where width is {width} and height is {height}");
    let second_row = given.int_within("strip2_row", (1, last), &why)?;
    let start = given.start(inside(width, height))?;
    Ok((setup(width, height), DistShift { second_row, start, lava_reward: 0.0 }))
}

pub(super) fn entries() -> Vec<Entry> {
    let tella = [("DistShiftR2", 2), ("DistShiftR5", 5), ("DistShiftR3", 3)];
    let tella = tella.map(|(name, second_row)| {
        let summary = format!("Past lava in rows 1 and {second_row} to the goal; lava pays -1");
        let start = Some((Pos::new(1, 1), Direction::Right));
        let task = DistShift { second_row, start, lava_reward: -1.0 };
        Entry::tella(name, summary, setup(WIDTH, HEIGHT), task)
    });
    let ids = [("MiniGrid-DistShift1-v0", 2), ("MiniGrid-DistShift2-v0", 5)];
    let ids = ids.map(|(id, second_row)| {
        let summary = format!("Past lava in rows 1 and {second_row} to the goal");
        Entry::minigrid(id, summary, params(second_row), Action::ALL.len(), level)
    });
    tella.into_iter().chain(ids).collect()
}
