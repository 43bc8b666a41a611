//! gym-minigrid's `Fetch`: pick up the object that the mission names.

use crate::minigrid::cell::{Cell, Color, Kind};
use crate::minigrid::entry::Entry;
use crate::minigrid::place::{ANY_TRIES, NoRoom};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use serde::{Deserialize, Serialize};

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
    /// How many objects there are.
    objects: usize,
    /// The one to fetch, or another that looks the same.
    target: Cell,
}

/// Room for the objects of the largest level that is registered.
const MAX_OBJECTS: usize = 3;

impl Task for Fetch {
    fn generate(&mut self, world: &mut World) -> Result<(), NoRoom> {
        world.grid.wall_rect(world.grid.area());
        let mut placed = [Cell::EMPTY; MAX_OBJECTS];
        let placed = &mut placed[..self.objects];
        for slot in placed.iter_mut() {
            let kind = world.rand_elem(&[Kind::Key, Kind::Ball]);
            let color: Color = world.rand_color();
            *slot = if kind == Kind::Key { Cell::key(color) } else { Cell::ball(color) };
            world.place_anywhere(*slot)?;
        }
        world.place_agent(world.grid.area(), ANY_TRIES)?;
        self.target = world.rand_elem(placed);
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

pub(super) fn entries() -> Vec<Entry> {
    let ids = [
        ("MiniGrid-Fetch-5x5-N2-v0", 5, 2),
        ("MiniGrid-Fetch-6x6-N2-v0", 6, 2),
        ("MiniGrid-Fetch-8x8-N3-v0", 8, 3),
    ];
    ids.map(|(id, size, objects)| {
        let setup = Setup {
            width: size,
            height: size,
            max_steps: (5 * size * size) as u32,
            see_through_walls: true,
        };
        let summary =
            format!("Pick up the object named by the mission among {objects}, {size} by {size}");
        let task = Fetch { objects, target: Cell::EMPTY };
        Entry::plain(id, summary, setup, Action::ALL.len(), task)
    })
    .into_iter()
    .collect()
}
