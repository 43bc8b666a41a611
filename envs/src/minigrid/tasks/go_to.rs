//! `GoToDoor` and `GoToObject`: stand next to what the mission names, and say so.

use super::things::{self, MOST_THINGS, Placed};
use crate::EnvFamily;
use crate::ParamError;
use crate::minigrid::cell::{Cell, Color, DoorState};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, int_spec, size_spec};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::{Area, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const DOOR: EnvFamily = EnvFamily {
    name: "GoToDoor",
    prefixes: &["MiniGrid-GoToDoor-"],
    task: "A room of random width and height with a door of another colour in each wall. The agent \
        has to stand next to the door that the mission names and take the action `done`.",
    reward: "`done` next to the door pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "`done` and `toggle` terminate it anywhere, `max_steps` steps truncate it.",
    parameters: "`max_steps` where none is given: `4 * size * size`.",
};

pub(super) const OBJECT: EnvFamily = EnvFamily {
    name: "GoToObject",
    prefixes: &["MiniGrid-GoToObject-"],
    task: "Keys, balls and boxes of which no two look alike. The agent has to stand next to the one \
        that the mission names and take the action `done`. What counts is where the object lay at \
        first, even when it was carried away.",
    reward: "`done` next to that place pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "`done` and `toggle` terminate it anywhere, `max_steps` steps truncate it.",
    parameters: "`numObjs` is at most `(size - 2)^2 - 1`. `max_steps` where none is given: `5 * size * \
        size`.",
};

/// One step: `Done` succeeds next to `target` and fails elsewhere, `Toggle` fails.
#[inline]
fn step(world: &mut World, action: Action, target: Pos) -> Outcome {
    let outcome = world.act(action);
    match action {
        Action::Done if world.agent_pos.distance(target) == 1 => {
            Outcome::end(world.success_reward())
        }
        Action::Done | Action::Toggle => Outcome::end(0.0),
        _ => outcome,
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct GoToDoor {
    /// Where the door is that the mission names.
    target: Pos,
}

impl Task for GoToDoor {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let most = world.grid.area();
        let width = world.rand_int(5, most.width + 1);
        let height = world.rand_int(5, most.height + 1);
        let room = Area::new(0, 0, width, height);
        world.grid.wall_rect(room);
        let doors = [
            Pos::new(world.rand_int(2, width - 2), 0),
            Pos::new(world.rand_int(2, width - 2), height - 1),
            Pos::new(0, world.rand_int(2, height - 2)),
            Pos::new(width - 1, world.rand_int(2, height - 2)),
        ];
        let mut colors = [Color::Red; 4];
        let mut chosen = 0;
        while chosen < colors.len() {
            let color = world.rand_color();
            if !colors[..chosen].contains(&color) {
                colors[chosen] = color;
                chosen += 1;
            }
        }
        for (&pos, &color) in doors.iter().zip(&colors) {
            world.grid.set(pos, Cell::door(color, DoorState::Closed));
        }
        world.place_agent(room, ANY_TRIES)?;
        let (target, color) = world.rand_elem(&[0, 1, 2, 3].map(|k| (doors[k], colors[k])));
        self.target = target;
        world.set_mission(&["go to the ", color.name(), " door"]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        step(world, action, self.target)
    }
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct GoToObject {
    /// How many objects there are.
    count: usize,
    /// The objects, in the order in which they were placed.
    #[serde(skip)]
    things: Vec<Placed>,
    /// Where the object was put that the mission names. It may be carried away.
    target: Pos,
}

impl Task for GoToObject {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        world.grid.wall_rect(world.grid.area());
        things::place(world, &mut self.things, self.count, |_, _| false)?;
        world.place_agent(world.grid.area(), ANY_TRIES)?;
        let (thing, target) = world.rand_elem(&self.things);
        self.target = target;
        world.set_mission(&["go to the ", thing.color().name(), " ", thing.kind().name()]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        step(world, action, self.target)
    }
}

fn objects_level(given: &Given<'_>) -> Result<(Setup, GoToObject), ParamError> {
    let size = given.int("size")?;
    // One cell is the agent's.
    let most = ((size - 2) * (size - 2) - 1).min(MOST_THINGS);
    let count = given.int_within("numObjs", (1, most), &format!("where size is {size}"))?;
    let task = GoToObject { count: count as usize, things: Vec::new(), target: Pos::NOWHERE };
    Ok((Setup::square(size, 5 * size * size).seen_through(), task))
}

pub(super) fn entries() -> Vec<Entry> {
    let doors = [
        ("MiniGrid-GoToDoor-5x5-v0", 5),
        ("MiniGrid-GoToDoor-6x6-v0", 6),
        ("MiniGrid-GoToDoor-8x8-v0", 8),
    ];
    let doors = doors.map(|(id, size)| {
        let summary = format!("Go to the door of the colour named, up to {size} by {size}");
        let params = vec![size_spec(size, 5, "Longest side of the room, walls included")];
        Entry::minigrid(id, summary, params, Action::ALL.len(), |given| {
            let size = given.int("size")?;
            let setup = Setup::square(size, 4 * size * size).seen_through();
            Ok((setup, GoToDoor { target: Pos::NOWHERE }))
        })
    });
    let objects =
        [("MiniGrid-GoToObject-6x6-N2-v0", 6, 2), ("MiniGrid-GoToObject-8x8-N2-v0", 8, 2)];
    let objects = objects.map(|(id, size, count)| {
        let summary = format!("Go to the object named among {count}, {size} by {size}");
        let help = "Keys, balls and boxes in the room, no two alike";
        let params = vec![
            size_spec(size, 4, "Side of the room, walls included"),
            int_spec("numObjs", count, 1, MOST_THINGS, help),
        ];
        Entry::minigrid(id, summary, params, Action::ALL.len(), objects_level)
    });
    doors.into_iter().chain(objects).collect()
}
