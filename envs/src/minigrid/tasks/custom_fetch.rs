//! TELLA's `CustomFetch`: pick up a yellow key among balls and boxes.

use super::fetch::{FETCH_PHRASES, picked};
use crate::EnvFamily;
use crate::minigrid::cell::{Cell, Color};
use crate::minigrid::entry::Entry;
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "CustomFetch",
    prefixes: &["CustomFetchS"],
    task: "TELLA's: yellow keys lie about among balls and boxes. The agent has to pick up a yellow \
        key and nothing else.",
    reward: "Picking up a yellow key pays `1 - 0.9 * steps / max_steps`, picking up anything else 0.",
    end: "Picking up anything terminates it, `max_steps` steps truncate it.",
    parameters: "",
};

const TARGET: Cell = Cell::key(Color::Yellow);

#[derive(Clone, Debug, Serialize, Deserialize)]
struct CustomFetch {
    targets: u32,
    distractors: u32,
}

impl Task for CustomFetch {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        world.grid.wall_rect(world.grid.area());
        for _ in 0..self.targets {
            world.place_anywhere(TARGET)?;
        }
        for _ in 0..self.distractors {
            let make: fn(Color) -> Cell = world.rand_elem(&[Cell::ball, Cell::empty_box]);
            let object = make(world.rand_color());
            world.place_anywhere(object)?;
        }
        world.place_agent(world.grid.area(), ANY_TRIES)?;
        let phrase = world.rand_elem(&FETCH_PHRASES);
        world.set_mission(&[phrase, " ", TARGET.color().name(), " ", TARGET.kind().name()]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        let outcome = world.act(action);
        picked(world, TARGET).unwrap_or(outcome)
    }
}

pub(super) fn entries() -> Vec<Entry> {
    let variants = [
        ("CustomFetchS5T1N2", 5, 1, 2),
        ("CustomFetchS8T1N2", 8, 1, 2),
        ("CustomFetchS10T2N4", 10, 2, 4),
    ];
    variants
        .map(|(name, size, targets, distractors)| {
            let setup = Setup::square(size, 5 * size * size).seen_through();
            let keys = if targets == 1 { "the yellow key" } else { "a yellow key" };
            let summary =
                format!("Pick up {keys} and none of {distractors} other objects, {size} by {size}");
            Entry::tella(name, summary, setup, CustomFetch { targets, distractors })
        })
        .into_iter()
        .collect()
}
