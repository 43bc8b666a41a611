//! `PutNear`: carry one object next to another.

use super::things::{self, MOST_THINGS, Placed};
use crate::EnvFamily;
use crate::ParamError;
use crate::minigrid::cell::Cell;
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, int_spec, size_spec};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::Pos;
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "PutNear",
    prefixes: &["MiniGrid-PutNear-"],
    task: "The mission names an object and another near which it is to be put: into one of the eight \
        cells around the place where the other lay at first.",
    reward: "Putting it down there pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "Putting it down anywhere, trying to put it on something and picking up any other object \
        terminate it, `max_steps` steps truncate it.",
    parameters: "`numObjs` is at most `(size / 3)^2`, rounded down before it is squared: more objects \
        might find no place. `max_steps` where none is given: `5 * size`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct PutNear {
    /// How many objects there are.
    count: usize,
    /// The objects, in the order in which they were placed.
    #[serde(skip)]
    things: Vec<Placed>,
    /// The object to be carried.
    object: Cell,
    /// Where the other one lay at first, which is what counts.
    target: Pos,
}

/// Whether two places touch, or are the same.
fn near(one: Pos, other: Pos) -> bool {
    (one.x - other.x).abs() <= 1 && (one.y - other.y).abs() <= 1
}

impl Task for PutNear {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        world.grid.wall_rect(world.grid.area());
        things::place(world, &mut self.things, self.count, near)?;
        world.place_agent(world.grid.area(), ANY_TRIES)?;
        let (object, from) = world.rand_elem(&self.things);
        let (other, target) = loop {
            let drawn = world.rand_elem(&self.things);
            if drawn.1 != from {
                break drawn;
            }
        };
        (self.object, self.target) = (object, target);
        world.set_mission(&[
            "put the ",
            object.color().name(),
            " ",
            object.kind().name(),
            " near the ",
            other.color().name(),
            " ",
            other.kind().name(),
        ]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        let carried = world.carrying;
        let outcome = world.act(action);
        match action {
            Action::Pickup if !world.carrying.is_empty() && world.carrying != self.object => {
                Outcome::end(0.0)
            }
            Action::Drop if !carried.is_empty() => {
                let down = world.carrying.is_empty() && near(world.front_pos(), self.target);
                Outcome::end(if down { world.success_reward() } else { 0.0 })
            }
            _ => outcome,
        }
    }
}

/// How many objects a room of side `size` has places for, however the first ones
/// lie. An object keeps the three by three cells around it free of others; it takes
/// as many of these blocks to cover the room as fit along its inner side, rounded up,
/// squared.
fn most(size: i32) -> i32 {
    let blocks = (size - 2 + 2) / 3;
    (blocks * blocks).min(MOST_THINGS)
}

fn level(given: &Given<'_>) -> Result<(Setup, PutNear), ParamError> {
    let size = given.int("size")?;
    let why = format!("where size is {size}");
    let count = given.int_within("numObjs", (2, most(size)), &why)? as usize;
    let task = PutNear { count, things: Vec::new(), object: Cell::EMPTY, target: Pos::NOWHERE };
    Ok((Setup::square(size, 5 * size).seen_through(), task))
}

pub(super) fn entries() -> Vec<Entry> {
    let ids = [("MiniGrid-PutNear-6x6-N2-v0", 6, 2), ("MiniGrid-PutNear-8x8-N3-v0", 8, 3)];
    ids.map(|(id, size, count)| {
        let summary = format!("Put one object near another among {count}, {size} by {size}");
        let help = "Keys, balls and boxes in the room, no two alike or next to each other";
        let params = vec![
            size_spec(size, 6, "Side of the room, walls included"),
            int_spec("numObjs", count, 2, MOST_THINGS, help),
        ];
        Entry::minigrid(id, summary, params, Action::ALL.len(), level)
    })
    .into()
}
