//! `Playground`: nine rooms full of things, and nothing to be done.

use crate::EnvFamily;
use crate::minigrid::cell::{Cell, DoorState};
use crate::minigrid::entry::Entry;
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::Pos;
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "Playground",
    prefixes: &["MiniGrid-Playground-"],
    task: "Three by three rooms with closed doors and twelve keys, balls and boxes. The mission is \
        empty, and there is nothing to be done.",
    reward: "Nothing pays.",
    end: "`max_steps` steps truncate it.",
    parameters: "`max_steps` where none is given: 100.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Playground;

const SIZE: i32 = 19;

/// Side of a room, with one of its walls.
const ROOM: i32 = SIZE / 3;

const THINGS: usize = 12;

impl Task for Playground {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let area = world.grid.area();
        world.grid.wall_rect(area);
        let tops = [0, ROOM, 2 * ROOM];
        for top in tops {
            for left in tops {
                let (right, bottom) = (left + ROOM, top + ROOM);
                if left < 2 * ROOM {
                    world.grid.vertical(Pos::new(right, top), ROOM, Cell::WALL);
                    let pos = Pos::new(right, world.rand_int(top + 1, bottom - 1));
                    let door = Cell::door(world.rand_color(), DoorState::Closed);
                    world.grid.set(pos, door);
                }
                if top < 2 * ROOM {
                    world.grid.horizontal(Pos::new(left, bottom), ROOM, Cell::WALL);
                    let pos = Pos::new(world.rand_int(left + 1, right - 1), bottom);
                    let door = Cell::door(world.rand_color(), DoorState::Closed);
                    world.grid.set(pos, door);
                }
            }
        }
        world.place_agent(area, ANY_TRIES)?;
        for _ in 0..THINGS {
            let thing = world.rand_thing();
            world.place_anywhere(thing)?;
        }
        world.set_mission(&[]);
        Ok(())
    }
}

pub(super) fn entries() -> Vec<Entry> {
    let summary = format!("Nine rooms with {THINGS} things in them and no task");
    let id = "MiniGrid-Playground-v0";
    let setup = Setup::square(SIZE, 100);
    vec![Entry::minigrid(id, summary, Vec::new(), Action::ALL.len(), move |_| {
        Ok((setup, Playground))
    })]
}
