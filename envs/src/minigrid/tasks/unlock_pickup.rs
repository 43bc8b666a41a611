//! `UnlockPickup` and `BlockedUnlockPickup`: unlock the door to the next room and
//! pick up the box there. In the second a ball stands in front of the door.

use super::target::Target;
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

pub(super) const BLOCKED: EnvFamily = EnvFamily {
    name: "BlockedUnlockPickup",
    prefixes: &["MiniGrid-BlockedUnlockPickup-"],
    task: "Two rooms with a locked door between them. A ball stands in front of the door, the key \
        lies in the agent's room. The agent has to carry the ball away, unlock the door, put the \
        key down and pick up the box in the other room. A box that is toggled is gone, and the \
        task with it.",
    reward: "Picking up the box pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "Picking up the box terminates it, `max_steps` steps truncate it.",
    parameters: "`max_steps` where none is given: 576.",
};

pub(super) const FREE: EnvFamily = EnvFamily {
    name: "UnlockPickup",
    prefixes: &["MiniGrid-UnlockPickup-"],
    task: "Two rooms with a locked door between them, the key in the agent's. The agent has to \
        unlock the door, put the key down and pick up the box in the other room. A box that is \
        toggled is gone, and the task with it.",
    reward: "Picking up the box pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "Picking up the box terminates it, `max_steps` steps truncate it.",
    parameters: "`max_steps` where none is given: 288.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct UnlockPickup {
    rooms: Rooms,
    /// Whether a ball stands in front of the door.
    blocked: bool,
    target: Target,
}

/// Side of a room.
const ROOM: i32 = 6;

impl Task for UnlockPickup {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let (left, right) = ((0, 0), (1, 0));
        self.rooms.generate(world);
        let chest = Cell::empty_box(world.rand_color());
        self.target = Target::new(chest, self.rooms.add_object(world, right, chest)?);
        let color = world.rand_color();
        let Pos { x, y } =
            self.rooms.add_door(world, left, Direction::Right, color, DoorState::Locked);
        if self.blocked {
            let ball = Cell::ball(world.rand_color());
            world.grid.set(Pos::new(x - 1, y), ball);
        }
        self.rooms.add_object(world, left, Cell::key(color))?;
        self.rooms.place_agent(world, left)?;
        let [color, _, kind] = self.target.words();
        world.set_mission(&["pick up the ", color, " ", kind]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        self.target.step(world, action)
    }
}

pub(super) fn entries() -> Vec<Entry> {
    let ids = [
        ("MiniGrid-UnlockPickup-v0", false, 8, ""),
        ("MiniGrid-BlockedUnlockPickup-v0", true, 16, "; a ball blocks the door"),
    ];
    ids.map(|(id, blocked, pace, also)| {
        let summary = format!("Unlock the door with the key, pick up the box behind it{also}");
        let rooms = Rooms::new(2, 1, ROOM);
        let setup = Setup::new(rooms.width(), rooms.height(), pace * ROOM * ROOM);
        let task = UnlockPickup { rooms, blocked, target: Target::NONE };
        let level = move |_: &Given<'_>| Ok((setup, task.clone()));
        Entry::minigrid(id, summary, Vec::new(), Action::ALL.len(), level)
    })
    .into()
}
