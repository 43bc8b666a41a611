//! `LockedRoom`: fetch the key from one of six rooms along a hallway, unlock the
//! room with the goal.

use crate::EnvFamily;
use crate::ParamError;
use crate::minigrid::cell::{Cell, Color, DoorState};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, size_spec};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::{Area, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Setup, World};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "LockedRoom",
    prefixes: &["MiniGrid-LockedRoom-"],
    task: "Three rooms on either side of a hallway, each with a door of another colour. One is \
        locked and holds the goal, another holds the key; the mission says which. The agent has to \
        fetch the key, unlock the room and walk to the goal.",
    reward: "The goal pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "The goal terminates it, `max_steps` steps truncate it.",
    parameters: "`size` is not divided by 3: upstream would put the key or the goal into a wall. \
        `max_steps` where none is given: `10 * size`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct LockedRoom;

const ROOMS: usize = 6;

/// Rows from a room's upper wall to its door.
const DOOR_ROW: i32 = 3;

/// A cell inside the walls of `room`.
fn rand_inside(world: &mut World, room: Area) -> Pos {
    let x = world.rand_int(room.top.x + 1, room.top.x + room.width - 1);
    let y = world.rand_int(room.top.y + 1, room.top.y + room.height - 1);
    Pos::new(x, y)
}

impl Task for LockedRoom {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let area = world.grid.area();
        let Area { width, height, .. } = area;
        world.grid.wall_rect(area);
        let (left, right) = (width / 2 - 2, width / 2 + 2);
        world.grid.vertical(Pos::new(left, 0), height, Cell::WALL);
        world.grid.vertical(Pos::new(right, 0), height, Cell::WALL);
        // Rooms from the top, a left and a right one in turn, and their doors.
        let mut rooms = [(area, Pos::NOWHERE); ROOMS];
        for (n, pair) in (0..).zip(rooms.chunks_mut(2)) {
            let top = n * (height / 3);
            world.grid.horizontal(Pos::new(0, top), left, Cell::WALL);
            world.grid.horizontal(Pos::new(right, top), width - right, Cell::WALL);
            for (room, (x, wall)) in pair.iter_mut().zip([(0, left), (right, right)]) {
                let door = Pos::new(wall, top + DOOR_ROW);
                *room = (Area::new(x, top, left + 1, height / 3 + 1), door);
            }
        }

        let locked = world.rand_int(0, ROOMS as i32) as usize;
        let goal = rand_inside(world, rooms[locked].0);
        world.grid.set(goal, Cell::GOAL);

        // Every room another colour; those left are in the order of their names.
        let mut left_over = Color::BY_NAME;
        let mut colors = [Color::Red; ROOMS];
        for (n, color) in colors.iter_mut().enumerate() {
            let left = ROOMS - n;
            let k = world.rand_int(0, left as i32) as usize;
            *color = left_over[k];
            left_over.copy_within(k + 1..left, k);
            let state = if n == locked { DoorState::Locked } else { DoorState::Closed };
            world.grid.set(rooms[n].1, Cell::door(*color, state));
        }

        let with_key = loop {
            let room = world.rand_int(0, ROOMS as i32) as usize;
            if room != locked {
                break room;
            }
        };
        let key = rand_inside(world, rooms[with_key].0);
        world.grid.set(key, Cell::key(colors[locked]));
        world.place_agent(Area::new(left, 0, right - left, height), ANY_TRIES)?;
        world.set_mission(&[
            "get the ",
            colors[locked].name(),
            " key from the ",
            colors[with_key].name(),
            " room, unlock the ",
            colors[locked].name(),
            " door and go to the goal",
        ]);
        Ok(())
    }
}

fn level(given: &Given<'_>) -> Result<(Setup, LockedRoom), ParamError> {
    let size = given.odd("size")?;
    if size % 3 == 0 {
        // Upstream would put goal or key into the outer wall.
        let message = format!("expected an odd integer that 3 does not divide, found {size}");
        return Err(ParamError::invalid("size", message));
    }
    Ok((Setup::square(size, 10 * size), LockedRoom))
}

pub(super) fn entries() -> Vec<Entry> {
    let summary =
        "Fetch the key from one room, unlock another, reach the goal, 19 by 19".to_owned();
    let help = "Side of the grid, walls included; odd, and not divided by 3";
    let params = vec![size_spec(19, 13, help)];
    vec![Entry::minigrid("MiniGrid-LockedRoom-v0", summary, params, Action::ALL.len(), level)]
}
