//! `Empty`: an empty room with the goal in the far corner.

use crate::EnvFamily;
use crate::minigrid::cell::Cell;
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{inside, size_spec, start_specs};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::{Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "Empty",
    prefixes: &["MiniGrid-Empty-"],
    task: "An empty room with the goal in the far corner. The agent has to walk there.",
    reward: "The goal pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "The goal terminates it, `max_steps` steps truncate it.",
    parameters: "`agent_start_pos` lies inside the walls. `max_steps` where none is given: `4 * size * \
        size`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Empty {
    /// Where the agent starts and looks; anywhere where there is none.
    start: Option<(Pos, Direction)>,
}

impl Task for Empty {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let area = world.grid.area();
        world.grid.wall_rect(area);
        world.grid.set(Pos::new(area.width - 2, area.height - 2), Cell::GOAL);
        match self.start {
            Some((pos, dir)) => world.put_agent(pos, dir),
            None => world.place_agent(area, ANY_TRIES)?,
        }
        world.set_mission(&["get to the green goal square"]);
        Ok(())
    }
}

pub(super) fn entries() -> Vec<Entry> {
    let ids = [
        ("MiniGrid-Empty-5x5-v0", 5, "1,1"),
        ("MiniGrid-Empty-Random-5x5-v0", 5, "random"),
        ("MiniGrid-Empty-6x6-v0", 6, "1,1"),
        ("MiniGrid-Empty-Random-6x6-v0", 6, "random"),
        ("MiniGrid-Empty-8x8-v0", 8, "1,1"),
        ("MiniGrid-Empty-16x16-v0", 16, "1,1"),
    ];
    ids.map(|(id, size, start)| {
        let from = if start == "random" { ", from anywhere" } else { "" };
        let summary = format!("An empty room with a goal, {size} by {size}{from}");
        let mut params = vec![size_spec(size, 4, "Side of the room, walls included")];
        params.extend(start_specs(start));
        Entry::minigrid(id, summary, params, Action::ALL.len(), |given| {
            let size = given.int("size")?;
            let start = given.start(inside(size, size))?;
            Ok((Setup::square(size, 4 * size * size).seen_through(), Empty { start }))
        })
    })
    .into()
}
