//! `DoorKey`: take the key, unlock the door in the wall, walk to the goal.

use crate::EnvFamily;
use crate::minigrid::cell::{Cell, Color, DoorState};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::size_spec;
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::{Area, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "DoorKey",
    prefixes: &["MiniGrid-DoorKey-", "DoorKeyS"],
    task: "A wall with a locked door parts the room. The key lies on the agent's side, the goal in \
        the far corner of the other. The agent has to take the key, unlock the door and walk to \
        the goal.",
    reward: "The goal pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "The goal terminates it, `max_steps` steps truncate it.",
    parameters: "`max_steps` where none is given: `10 * size * size`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct DoorKey {
    /// Side of the grid.
    size: i32,
}

impl Task for DoorKey {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let size = self.size;
        world.grid.wall_rect(world.grid.area());
        world.grid.set(Pos::new(size - 2, size - 2), Cell::GOAL);
        let wall = world.rand_int(2, size - 2);
        world.grid.vertical(Pos::new(wall, 0), size, Cell::WALL);
        let left = Area::new(0, 0, wall, size);
        world.place_agent(left, ANY_TRIES)?;
        let row = world.rand_int(1, size - 2);
        world.grid.set(Pos::new(wall, row), Cell::door(Color::Yellow, DoorState::Locked));
        world.place_obj(Cell::key(Color::Yellow), left, ANY_TRIES, |_| false)?;
        world.set_mission(&["use the key to open the door and then get to the goal"]);
        Ok(())
    }
}

/// Steps by which the episode is cut, for the side of the grid.
const fn max_steps(size: i32) -> i32 {
    10 * size * size
}

fn summary(size: i32) -> String {
    format!("Take the key, unlock the door, reach the goal, {size} by {size}")
}

pub(super) fn entries() -> Vec<Entry> {
    let tella = [("DoorKeyS5", 5), ("DoorKeyS6", 6), ("DoorKeyS7", 7)];
    let tella = tella.map(|(name, size)| {
        let setup = Setup::square(size, max_steps(size));
        Entry::tella(name, summary(size), setup, DoorKey { size })
    });
    let ids = [
        ("MiniGrid-DoorKey-5x5-v0", 5),
        ("MiniGrid-DoorKey-6x6-v0", 6),
        ("MiniGrid-DoorKey-8x8-v0", 8),
        ("MiniGrid-DoorKey-16x16-v0", 16),
    ];
    let ids = ids.map(|(id, size)| {
        let params = vec![size_spec(size, 5, "Side of the grid, walls included")];
        Entry::minigrid(id, summary(size), params, Action::ALL.len(), |given| {
            let size = given.int("size")?;
            Ok((Setup::square(size, max_steps(size)), DoorKey { size }))
        })
    });
    tella.into_iter().chain(ids).collect()
}
