//! `CustomUnlock` and `Unlock`: take the key in the room and unlock the door.

use crate::EnvFamily;
use crate::minigrid::cell::{Cell, DoorState};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::Given;
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::position::{Direction, Pos};
use crate::minigrid::rooms::Rooms;
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "Unlock",
    prefixes: &["MiniGrid-Unlock-", "CustomUnlockS"],
    task: "Two rooms with a locked door between them, the key in the agent's. The agent has to take \
        the key and open the door.",
    reward: "Opening the door pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "Opening the door terminates it, `max_steps` steps truncate it.",
    parameters: "`max_steps` where none is given: 288.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Unlock {
    rooms: Rooms,
    door: Pos,
}

impl Task for Unlock {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let left = (0, 0);
        self.rooms.generate(world);
        let color = world.rand_color();
        self.door = self.rooms.add_door(world, left, Direction::Right, color, DoorState::Locked);
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

fn parts(size: i32) -> (String, Setup, Unlock) {
    let rooms = Rooms::new(2, 1, size);
    let setup = Setup::new(rooms.width(), rooms.height(), 8 * size * size);
    let summary = format!("Unlock the door with the key, two rooms of {size} by {size}");
    (summary, setup, Unlock { rooms, door: Pos::NOWHERE })
}

pub(super) fn entries() -> Vec<Entry> {
    let tella = [("CustomUnlockS5", 5), ("CustomUnlockS7", 7), ("CustomUnlockS9", 9)];
    let tella = tella.map(|(name, size)| {
        let (summary, setup, task) = parts(size);
        Entry::tella(name, summary, setup, task)
    });
    let (summary, setup, task) = parts(6);
    let level = move |_: &Given<'_>| Ok((setup, task.clone()));
    let entry =
        Entry::minigrid("MiniGrid-Unlock-v0", summary, Vec::new(), Action::ALL.len(), level);
    tella.into_iter().chain([entry]).collect()
}
