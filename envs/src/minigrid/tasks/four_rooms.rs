//! `FourRooms`: to the goal in one of four rooms with gaps between them.

use crate::EnvFamily;
use crate::minigrid::cell::Cell;
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, inside};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::{Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Setup, World};
use crate::{ParamError, ParamSpec};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "FourRooms",
    prefixes: &["MiniGrid-FourRooms-"],
    task: "Four rooms in a square with a gap in each wall between them. Agent and goal are anywhere. \
        The agent has to find the goal.",
    reward: "The goal pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "The goal terminates it, `max_steps` steps truncate it.",
    parameters: "Either place lies inside the outer walls, not at `9,9` where the inner ones meet. An \
        inner wall there gives way. `max_steps` where none is given: 100.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct FourRooms {
    /// Where the agent starts; anywhere where there is none.
    agent: Option<Pos>,
    /// Where the goal is; anywhere where there is none.
    goal: Option<Pos>,
}

const SIZE: i32 = 19;

/// Side of a room, with one of its walls.
const ROOM: i32 = SIZE / 2;

impl Task for FourRooms {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let area = world.grid.area();
        world.grid.wall_rect(area);
        for top in [0, ROOM] {
            for left in [0, ROOM] {
                let (right, bottom) = (left + ROOM, top + ROOM);
                if left == 0 {
                    world.grid.vertical(Pos::new(right, top), ROOM, Cell::WALL);
                    let gap = Pos::new(right, world.rand_int(top + 1, bottom));
                    world.grid.set(gap, Cell::EMPTY);
                }
                if top == 0 {
                    world.grid.horizontal(Pos::new(left, bottom), ROOM, Cell::WALL);
                    let gap = Pos::new(world.rand_int(left + 1, right), bottom);
                    world.grid.set(gap, Cell::EMPTY);
                }
            }
        }
        match self.agent {
            Some(pos) => {
                world.grid.set(pos, Cell::EMPTY);
                let dir = world.rand_elem(&Direction::ALL);
                world.put_agent(pos, dir);
            }
            None => world.place_agent(area, ANY_TRIES)?,
        }
        match self.goal {
            Some(pos) => world.grid.set(pos, Cell::GOAL),
            None => {
                world.place_anywhere(Cell::GOAL)?;
            }
        }
        world.set_mission(&["reach the goal"]);
        Ok(())
    }
}

/// The place `name`, which is not where all walls meet: nothing leads there.
fn place(given: &Given<'_>, name: &str) -> Result<Option<Pos>, ParamError> {
    let pos = given.pos(name, inside(SIZE, SIZE))?;
    if pos == Some(Pos::new(ROOM, ROOM)) {
        let message = format!("no way leads to {ROOM},{ROOM}, where the inner walls meet");
        return Err(ParamError::invalid(name, message));
    }
    Ok(pos)
}

fn level(given: &Given<'_>) -> Result<(Setup, FourRooms), ParamError> {
    let (agent, goal) = (place(given, "agent_pos")?, place(given, "goal_pos")?);
    Ok((Setup::square(SIZE, 100), FourRooms { agent, goal }))
}

pub(super) fn entries() -> Vec<Entry> {
    let summary = "To the goal in one of four rooms".to_owned();
    let form = "counted from 0 at the top left";
    let params = vec![
        ParamSpec::place("agent_pos", "random", true, &format!("Where the agent starts, {form}")),
        ParamSpec::place("goal_pos", "random", true, &format!("Where the goal is, {form}")),
    ];
    vec![Entry::minigrid("MiniGrid-FourRooms-v0", summary, params, Action::ALL.len(), level)]
}
