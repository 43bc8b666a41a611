//! `DistShift`: past two strips of lava to the goal; variants differ in where
//! the second strip lies, so that what was learnt on one misleads on another.

use crate::minigrid::cell::{Cell, Kind};
use crate::minigrid::entry::Entry;
use crate::minigrid::place::NoRoom;
use crate::minigrid::position::{Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use serde::{Deserialize, Serialize};

const WIDTH: i32 = 9;
const HEIGHT: i32 = 7;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct DistShift {
    /// The row of the second strip.
    second_row: i32,
    /// What entering lava pays: TELLA takes 1 away, gym-minigrid nothing.
    lava_reward: f64,
}

impl Task for DistShift {
    fn generate(&mut self, world: &mut World) -> Result<(), NoRoom> {
        world.grid.wall_rect(world.grid.area());
        world.grid.set(Pos::new(WIDTH - 2, 1), Cell::GOAL);
        for row in [1, self.second_row] {
            world.grid.horizontal(Pos::new(3, row), WIDTH - 6, Cell::LAVA);
        }
        world.put_agent(Pos::new(1, 1), Direction::Right);
        world.set_mission(&["get to the green goal square"]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        let burns = action == Action::Forward && world.front_cell().kind() == Kind::Lava;
        let outcome = world.act(action);
        if burns { Outcome::end(self.lava_reward) } else { outcome }
    }
}

pub(super) fn entries() -> Vec<Entry> {
    let setup = Setup {
        width: WIDTH as usize,
        height: HEIGHT as usize,
        max_steps: (4 * WIDTH * HEIGHT) as u32,
        see_through_walls: true,
    };
    let tella = [("DistShiftR2", 2), ("DistShiftR5", 5), ("DistShiftR3", 3)];
    let tella = tella.map(|(name, second_row)| {
        let summary = format!("Past lava in rows 1 and {second_row} to the goal; lava pays -1");
        Entry::tella(name, summary, setup, DistShift { second_row, lava_reward: -1.0 })
    });
    let plain = [("MiniGrid-DistShift1-v0", 2), ("MiniGrid-DistShift2-v0", 5)];
    let plain = plain.map(|(name, second_row)| {
        let summary = format!("Past lava in rows 1 and {second_row} to the goal");
        let task = DistShift { second_row, lava_reward: 0.0 };
        Entry::plain(name, summary, setup, Action::ALL.len(), task)
    });
    tella.into_iter().chain(plain).collect()
}
