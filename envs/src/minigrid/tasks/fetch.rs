//! `Fetch`: pick up the object that the mission names.

use crate::EnvFamily;
use crate::ParamError;
use crate::minigrid::cell::{Cell, Color};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, MAX_SIDE, int_spec, size_spec};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "Fetch",
    prefixes: &["MiniGrid-Fetch-"],
    task: "Keys and balls lie about, and the mission names one by colour and kind in one of five \
        phrases. The agent has to pick up such an object. Two objects may look the same.",
    reward: "Picking up what the mission names pays `1 - 0.9 * steps / max_steps`, picking up anything \
        else 0.",
    end: "Picking up anything terminates it, `max_steps` steps truncate it.",
    parameters: "`numObjs` is at most `(size - 2)^2 - 1`. `max_steps` where none is given: `5 * size * \
        size`.",
};

/// Beginnings of a mission; colour and kind follow.
pub(super) const FETCH_PHRASES: [&str; 5] =
    ["get a", "go get a", "fetch a", "go fetch a", "you must fetch a"];

/// The end of the episode once anything is carried: success where it looks like
/// `target`, else reward 0.
pub(super) fn picked(world: &World, target: Cell) -> Option<Outcome> {
    let carried = world.carrying;
    if carried.is_empty() {
        return None;
    }
    let right = (carried.kind(), carried.color()) == (target.kind(), target.color());
    Some(Outcome::end(if right { world.success_reward() } else { 0.0 }))
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Fetch {
    /// The objects, in the order in which they were placed.
    objects: Vec<Cell>,
    /// The one to fetch, or another that looks the same.
    target: Cell,
}

impl Task for Fetch {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        world.grid.wall_rect(world.grid.area());
        for object in &mut self.objects {
            let make: fn(Color) -> Cell = world.rand_elem(&[Cell::key, Cell::ball]);
            *object = make(world.rand_color());
            world.place_anywhere(*object)?;
        }
        world.place_agent(world.grid.area(), ANY_TRIES)?;
        self.target = world.rand_elem(&self.objects);
        let phrase = world.rand_elem(&FETCH_PHRASES);
        world.set_mission(&[
            phrase,
            " ",
            self.target.color().name(),
            " ",
            self.target.kind().name(),
        ]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        let outcome = world.act(action);
        picked(world, self.target).unwrap_or(outcome)
    }
}

fn level(given: &Given<'_>) -> Result<(Setup, Fetch), ParamError> {
    let size = given.int("size")?;
    // One cell is the agent's.
    let most = (size - 2) * (size - 2) - 1;
    let objects = given.int_within("numObjs", (1, most), &format!("where size is {size}"))?;
    let setup = Setup::square(size, 5 * size * size).seen_through();
    Ok((setup, Fetch { objects: vec![Cell::EMPTY; objects as usize], target: Cell::EMPTY }))
}

pub(super) fn entries() -> Vec<Entry> {
    let ids = [
        ("MiniGrid-Fetch-5x5-N2-v0", 5, 2),
        ("MiniGrid-Fetch-6x6-N2-v0", 6, 2),
        ("MiniGrid-Fetch-8x8-N3-v0", 8, 3),
    ];
    ids.map(|(id, size, objects)| {
        let summary =
            format!("Pick up the object named by the mission among {objects}, {size} by {size}");
        let params = vec![
            size_spec(size, 4, "Side of the room, walls included"),
            int_spec("numObjs", objects, 1, MAX_SIDE * MAX_SIDE, "Keys and balls in the room"),
        ];
        Entry::minigrid(id, summary, params, Action::ALL.len(), level)
    })
    .into()
}
