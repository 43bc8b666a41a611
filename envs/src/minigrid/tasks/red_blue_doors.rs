//! `RedBlueDoors`: open the red door, then the blue one.

use crate::EnvFamily;
use crate::minigrid::cell::{Cell, Color, DoorState};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::size_spec;
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::{Area, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "RedBlueDoors",
    prefixes: &["MiniGrid-RedBlueDoors-"],
    task: "A room with a red door on the left and a blue one on the right. The agent has to open the \
        red one, then the blue one.",
    reward: "Opening the blue door while the red one is open pays `1 - 0.9 * steps / max_steps`, \
        nothing else pays.",
    end: "Opening the blue door terminates it, `max_steps` steps truncate it.",
    parameters: "`max_steps` where none is given: `20 * size * size`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct RedBlueDoors {
    red: Pos,
    blue: Pos,
}

impl Task for RedBlueDoors {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let area = world.grid.area();
        let size = area.height;
        let room = Area::new(size / 2, 0, size, size);
        world.grid.wall_rect(area);
        world.grid.wall_rect(room);
        world.place_agent(room, ANY_TRIES)?;
        self.red = Pos::new(room.top.x, world.rand_int(1, size - 1));
        world.grid.set(self.red, Cell::door(Color::Red, DoorState::Closed));
        self.blue = Pos::new(room.top.x + size - 1, world.rand_int(1, size - 1));
        world.grid.set(self.blue, Cell::door(Color::Blue, DoorState::Closed));
        world.set_mission(&["open the red door then the blue door"]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        let outcome = world.act(action);
        // The red door is opened before the blue one or not at all: opening the blue
        // one ends the episode.
        if action == Action::Toggle && world.grid.get(self.blue).is_open_door() {
            let first = world.grid.get(self.red).is_open_door();
            return Outcome::end(if first { world.success_reward() } else { 0.0 });
        }
        outcome
    }
}

pub(super) fn entries() -> Vec<Entry> {
    let ids = [("MiniGrid-RedBlueDoors-6x6-v0", 6), ("MiniGrid-RedBlueDoors-8x8-v0", 8)];
    ids.map(|(id, size)| {
        let summary = format!("Open the red door, then the blue one, a room of {size} by {size}");
        let params = vec![size_spec(size, 3, "Side of the room, walls included")];
        Entry::minigrid(id, summary, params, Action::ALL.len(), |given| {
            let size = given.int("size")?;
            let task = RedBlueDoors { red: Pos::NOWHERE, blue: Pos::NOWHERE };
            Ok((Setup::new(2 * size, size, 20 * size * size), task))
        })
    })
    .into()
}
