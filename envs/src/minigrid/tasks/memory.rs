//! `Memory`: look at an object, walk down a hallway, and turn to where the same
//! object lies.

use crate::EnvFamily;
use crate::ParamError;
use crate::ParamSpec;
use crate::minigrid::cell::{Cell, Color};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, size_spec};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::position::{Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "Memory",
    prefixes: &["MiniGrid-Memory"],
    task: "An object, key or ball, lies in the room where the hallway begins. At its end lie a key \
        and a ball, up and down. The agent has to remember the object and stand in the cell beside \
        the one that matches. `pickup` does what `toggle` does.",
    reward: "Standing beside the one that matches pays `1 - 0.9 * steps / max_steps`, beside the other \
        0.",
    end: "Standing beside either terminates it, `max_steps` steps truncate it.",
    parameters: "`max_steps` where none is given: `5 * size * size`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Memory {
    /// Whether the hallway's length is drawn, or as long as there is room.
    random_length: bool,
    /// The cell beside the matching object.
    success: Pos,
    /// The cell beside the other one.
    failure: Pos,
}

impl Task for Memory {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let area = world.grid.area();
        world.grid.wall_rect(area);
        let (middle, height) = (area.height / 2, area.height);
        let end =
            if self.random_length { world.rand_int(4, area.width - 2) } else { area.width - 3 };
        // The start room, open to the hallway in its middle row.
        for y in [middle - 2, middle + 2] {
            world.grid.horizontal(Pos::new(1, y), 4, Cell::WALL);
        }
        for y in [middle - 1, middle + 1] {
            world.grid.set(Pos::new(4, y), Cell::WALL);
            world.grid.horizontal(Pos::new(5, y), end - 5, Cell::WALL);
        }
        // The hallway's end, which leads up and down.
        world.grid.vertical(Pos::new(end, 0), height, Cell::WALL);
        world.grid.set(Pos::new(end, middle), Cell::EMPTY);
        world.grid.vertical(Pos::new(end + 2, 0), height, Cell::WALL);

        let x = world.rand_int(1, end + 1);
        world.put_agent(Pos::new(x, middle), Direction::Right);
        let (key, ball) = (Cell::key(Color::Green), Cell::ball(Color::Green));
        let shown = world.rand_elem(&[key, ball]);
        world.grid.set(Pos::new(1, middle - 1), shown);
        let (upper, lower) = world.rand_elem(&[(ball, key), (key, ball)]);
        world.grid.set(Pos::new(end + 1, middle - 2), upper);
        world.grid.set(Pos::new(end + 1, middle + 2), lower);
        let (up, down) = (Pos::new(end + 1, middle - 1), Pos::new(end + 1, middle + 1));
        (self.success, self.failure) = if shown == upper { (up, down) } else { (down, up) };
        world.set_mission(&["go to the matching object at the end of the hallway"]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        // Objects stay where they are; toggling does nothing to them.
        let action = if action == Action::Pickup { Action::Toggle } else { action };
        let outcome = world.act(action);
        match world.agent_pos {
            pos if pos == self.success => Outcome::end(world.success_reward()),
            pos if pos == self.failure => Outcome::end(0.0),
            _ => outcome,
        }
    }
}

fn level(given: &Given<'_>) -> Result<(Setup, Memory), ParamError> {
    let (size, random_length) = (given.odd("size")?, given.bool("random_length")?);
    let task = Memory { random_length, success: Pos::NOWHERE, failure: Pos::NOWHERE };
    Ok((Setup::square(size, 5 * size * size), task))
}

pub(super) fn entries() -> Vec<Entry> {
    let ids = [
        ("MiniGrid-MemoryS17Random-v0", 17, true),
        ("MiniGrid-MemoryS13Random-v0", 13, true),
        ("MiniGrid-MemoryS13-v0", 13, false),
        ("MiniGrid-MemoryS11-v0", 11, false),
        ("MiniGrid-MemoryS9-v0", 9, false),
        ("MiniGrid-MemoryS7-v0", 7, false),
    ];
    ids.map(|(id, size, random_length)| {
        let length = if random_length { ", a hallway of random length" } else { "" };
        let summary = format!("Go to the object that was shown, {size} by {size}{length}");
        let help = "Whether the hallway's length is drawn anew in every episode";
        let params = vec![
            size_spec(size, 7, "Side of the grid, walls included; odd"),
            ParamSpec::bool("random_length", random_length, help),
        ];
        Entry::minigrid(id, summary, params, Action::ALL.len(), level)
    })
    .into()
}
