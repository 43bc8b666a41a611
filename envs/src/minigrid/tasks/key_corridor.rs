//! `KeyCorridor`: find the key in the rooms along a corridor, unlock the room with
//! the object and pick it up.

use super::target::Target;
use crate::EnvFamily;
use crate::minigrid::cell::{Cell, Color, DoorState};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, MAX_SIDE, int_spec};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::position::Direction;
use crate::minigrid::rooms::Rooms;
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use crate::{ParamError, ParamSpec};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "KeyCorridor",
    prefixes: &["MiniGrid-KeyCorridor"],
    task: "Rooms to the left and right of a corridor. One on the right is locked and holds an \
        object; the key is in one on the left. Closed doors of random colours connect all others. \
        The agent has to find the key, unlock the room and pick up the object.",
    reward: "Picking up the object pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "Picking up the object terminates it, `max_steps` steps truncate it.",
    parameters: "`num_rows` is at most `254 / (room_size - 1)`. `max_steps` where none is given: `30 * \
        room_size * room_size`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct KeyCorridor {
    rooms: Rooms,
    rows: i32,
    /// Kind of the object to pick up.
    kind: Wanted,
    target: Target,
}

/// What may have to be picked up.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Wanted {
    Ball,
    Box,
    Key,
}

impl Wanted {
    fn of(self, color: Color) -> Cell {
        match self {
            Wanted::Ball => Cell::ball(color),
            Wanted::Box => Cell::empty_box(color),
            Wanted::Key => Cell::key(color),
        }
    }
}

impl Task for KeyCorridor {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        self.rooms.generate(world);
        for j in 1..self.rows {
            self.rooms.remove_upper_wall(world, (1, j));
        }
        let locked = (2, world.rand_int(0, self.rows));
        let color = world.rand_color();
        self.rooms.add_door(world, locked, Direction::Left, color, DoorState::Locked);
        let object = self.kind.of(world.rand_color());
        self.target = Target::new(object, self.rooms.add_object(world, locked, object)?);
        let with_key = (0, world.rand_int(0, self.rows));
        self.rooms.add_object(world, with_key, Cell::key(color))?;
        self.rooms.place_agent(world, (1, self.rows / 2))?;
        self.rooms.connect_all(world)?;
        let [color, _, kind] = self.target.words();
        world.set_mission(&["pick up the ", color, " ", kind]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        self.target.step(world, action)
    }
}

fn level(given: &Given<'_>) -> Result<(Setup, KeyCorridor), ParamError> {
    let size = given.int("room_size")?;
    let most = (MAX_SIDE - 1) / (size - 1);
    let rows = given.int_within("num_rows", (1, most), &format!("where room_size is {size}"))?;
    let kind = match given.text("obj_type")? {
        "box" => Wanted::Box,
        "key" => Wanted::Key,
        _ => Wanted::Ball,
    };
    let rooms = Rooms::new(3, rows, size);
    let setup = Setup::new(rooms.width(), rooms.height(), 30 * size * size);
    Ok((setup, KeyCorridor { rooms, rows, kind, target: Target::NONE }))
}

pub(super) fn entries() -> Vec<Entry> {
    let ids = [
        ("MiniGrid-KeyCorridorS3R1-v0", 3, 1),
        ("MiniGrid-KeyCorridorS3R2-v0", 3, 2),
        ("MiniGrid-KeyCorridorS3R3-v0", 3, 3),
        ("MiniGrid-KeyCorridorS4R3-v0", 4, 3),
        ("MiniGrid-KeyCorridorS5R3-v0", 5, 3),
        ("MiniGrid-KeyCorridorS6R3-v0", 6, 3),
    ];
    ids.map(|(id, size, rows)| {
        let summary = format!(
            "Find the key and pick up the ball in the locked room, 3 by {rows} rooms of {size} by {size}"
        );
        let params = vec![
            int_spec("room_size", size, 3, (MAX_SIDE - 1) / 3, "Side of a room, walls included"),
            int_spec("num_rows", rows, 1, (MAX_SIDE - 1) / 2, "Rows of three rooms"),
            ParamSpec::choice("obj_type", &["ball", "box", "key"], "What is to be picked up"),
        ];
        Entry::minigrid(id, summary, params, Action::ALL.len(), level)
    })
    .into()
}
