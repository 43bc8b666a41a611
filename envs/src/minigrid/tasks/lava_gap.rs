//! `LavaGap`: through the one gap in a strip of lava to the goal.

use super::crossing::{obstacle, obstacle_spec};
use crate::EnvFamily;
use crate::ParamError;
use crate::minigrid::cell::Cell;
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, size_spec};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::position::{Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "LavaGap",
    prefixes: &["MiniGrid-LavaGap"],
    task: "A strip of lava with one gap lies between the agent and the goal. The agent has to walk \
        through the gap.",
    reward: "The goal pays `1 - 0.9 * steps / max_steps`, lava 0.",
    end: "The goal and lava terminate it, `max_steps` steps truncate it.",
    parameters: "`max_steps` where none is given: `4 * size * size`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct LavaGap {
    /// What the strip is made of.
    obstacle: Cell,
}

impl Task for LavaGap {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let area = world.grid.area();
        world.grid.wall_rect(area);
        world.put_agent(Pos::new(1, 1), Direction::Right);
        world.grid.set(Pos::new(area.width - 2, area.height - 2), Cell::GOAL);
        let x = world.rand_int(2, area.width - 2);
        let y = world.rand_int(1, area.height - 1);
        world.grid.vertical(Pos::new(x, 1), area.height - 2, self.obstacle);
        world.grid.set(Pos::new(x, y), Cell::EMPTY);
        world.set_mission(&[if self.obstacle == Cell::LAVA {
            "avoid the lava and get to the green goal square"
        } else {
            "find the opening and get to the green goal square"
        }]);
        Ok(())
    }
}

fn level(given: &Given<'_>) -> Result<(Setup, LavaGap), ParamError> {
    let size = given.int("size")?;
    Ok((Setup::square(size, 4 * size * size), LavaGap { obstacle: obstacle(given)? }))
}

pub(super) fn entries() -> Vec<Entry> {
    let ids =
        [("MiniGrid-LavaGapS5-v0", 5), ("MiniGrid-LavaGapS6-v0", 6), ("MiniGrid-LavaGapS7-v0", 7)];
    ids.map(|(id, size)| {
        let summary = format!("Through the gap in the lava to the goal, {size} by {size}");
        let params =
            vec![size_spec(size, 5, "Side of the room, walls included"), obstacle_spec("lava")];
        Entry::minigrid(id, summary, params, Action::ALL.len(), level)
    })
    .into()
}
