//! `CustomUnlock` and `Unlock`: take the key in the room and unlock the door.

use crate::minigrid::cell::{Cell, DoorState};
use crate::minigrid::entry::Entry;
use crate::minigrid::place::NoRoom;
use crate::minigrid::position::{Direction, Pos};
use crate::minigrid::rooms::Rooms;
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Unlock {
    rooms: Rooms,
    door: Pos,
}

impl Task for Unlock {
    fn generate(&mut self, world: &mut World) -> Result<(), NoRoom> {
        let left = (0, 0);
        self.rooms.generate(world);
        let (door, color) = self.rooms.add_door(world, left, Direction::Right, DoorState::Locked);
        self.door = door;
        self.rooms.add_object(world, left, Cell::key(color))?;
        self.rooms.place_agent(world, left)?;
        world.set_mission(&["open the door"]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        let outcome = world.act(action);
        if action == Action::Toggle && world.grid.get(self.door).is_open_door() {
            return Outcome::end(world.success_reward());
        }
        outcome
    }
}

pub(super) fn entries() -> Vec<Entry> {
    let parts = |size: i32| {
        let rooms = Rooms::new(2, 1, size);
        let setup = Setup {
            width: rooms.width(),
            height: rooms.height(),
            max_steps: (8 * size * size) as u32,
            see_through_walls: false,
        };
        let summary = format!("Unlock the door with the key, two rooms of {size} by {size}");
        (summary, setup, Unlock { rooms, door: Pos::NOWHERE })
    };
    let mut all: Vec<Entry> = [("CustomUnlockS5", 5), ("CustomUnlockS7", 7), ("CustomUnlockS9", 9)]
        .into_iter()
        .map(|(name, size)| {
            let (summary, setup, task) = parts(size);
            Entry::tella(name, summary, setup, task)
        })
        .collect();
    let (summary, setup, task) = parts(6);
    all.push(Entry::plain("MiniGrid-Unlock-v0", summary, setup, Action::ALL.len(), task));
    all
}
