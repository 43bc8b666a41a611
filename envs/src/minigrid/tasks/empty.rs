//! `Empty`: an empty room with the goal in the far corner.

use crate::minigrid::cell::Cell;
use crate::minigrid::entry::Entry;
use crate::minigrid::place::{ANY_TRIES, NoRoom};
use crate::minigrid::position::{Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Setup, World};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Empty {
    /// Whether the agent starts anywhere, or in the top left corner.
    random_start: bool,
}

impl Task for Empty {
    fn generate(&mut self, world: &mut World) -> Result<(), NoRoom> {
        let area = world.grid.area();
        world.grid.wall_rect(area);
        world.grid.set(Pos::new(area.width - 2, area.height - 2), Cell::GOAL);
        if self.random_start {
            world.place_agent(area, ANY_TRIES)?;
        } else {
            world.put_agent(Pos::new(1, 1), Direction::Right);
        }
        world.set_mission(&["get to the green goal square"]);
        Ok(())
    }
}

pub(super) fn entries() -> Vec<Entry> {
    let ids = [
        ("MiniGrid-Empty-5x5-v0", 5, false),
        ("MiniGrid-Empty-Random-5x5-v0", 5, true),
        ("MiniGrid-Empty-6x6-v0", 6, false),
        ("MiniGrid-Empty-Random-6x6-v0", 6, true),
        ("MiniGrid-Empty-8x8-v0", 8, false),
        ("MiniGrid-Empty-16x16-v0", 16, false),
    ];
    ids.map(|(id, size, random_start)| {
        let setup = Setup {
            width: size,
            height: size,
            max_steps: (4 * size * size) as u32,
            see_through_walls: true,
        };
        let start = if random_start { ", from anywhere" } else { "" };
        let summary = format!("An empty room with a goal, {size} by {size}{start}");
        Entry::plain(id, summary, setup, Action::ALL.len(), Empty { random_start })
    })
    .into_iter()
    .collect()
}
