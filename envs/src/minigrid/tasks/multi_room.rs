//! `MultiRoom`: through a chain of rooms, door by door, to the goal in the last.

use crate::EnvFamily;
use crate::ParamError;
use crate::minigrid::cell::{Cell, Color, DoorState};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, MAX_SIDE, int_spec};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::{Area, Direction, Pos};
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Setup, World};
use serde::{Deserialize, Serialize};
use tella_rng::Generator;

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "MultiRoom",
    prefixes: &["MiniGrid-MultiRoom-"],
    task: "A chain of rooms with closed doors between them. The agent starts in the first and has to \
        open door after door to the goal in the last.",
    reward: "The goal pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "The goal terminates it, `max_steps` steps truncate it.",
    parameters: "`maxNumRooms` is at least `minNumRooms`. Parameters with which 10,000 tries find no chain \
        of `maxNumRooms` rooms are refused. The id that says `N4` in `v0` has six rooms upstream \
        too. `max_steps` where none is given: `20 * maxNumRooms`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct MultiRoom {
    /// Fewest rooms.
    min_rooms: i32,
    /// Most rooms.
    max_rooms: i32,
    /// Longest side of a room.
    max_size: i32,
    /// The rooms, and the door through which each is entered.
    #[serde(skip)]
    rooms: Vec<(Area, Pos)>,
}

/// Shortest side of a room.
const MIN_SIZE: i32 = 4;

/// Tries to find the place of the next room.
const NEXT_TRIES: u32 = 8;

/// Chains begun for a level, after which it is given up. Upstream goes on for ever.
const CHAIN_TRIES: u32 = 1_000_000;

/// Chains begun to see whether parameters leave room for any: a hundredth of the
/// above, so that a level that can be had by chance here comes about there.
const TRIAL_TRIES: u32 = CHAIN_TRIES / 100;

fn rand_int(rng: &mut Generator, low: i32, high: i32) -> i32 {
    rng.integers(low.into(), high.into()) as i32
}

impl MultiRoom {
    /// Looks for a chain of `count` rooms in `grid`. A chain that gets stuck is begun
    /// anew, `tries` times at most.
    fn find_chain(
        &mut self,
        rng: &mut Generator,
        grid: Area,
        count: usize,
        tries: u32,
    ) -> Result<(), NoLevel> {
        self.rooms.reserve(count.saturating_sub(self.rooms.len()));
        for _ in 0..tries {
            self.begin_chain(rng, grid, count);
            if self.rooms.len() == count {
                return Ok(());
            }
        }
        Err(NoLevel::NoChain { rooms: count, tries })
    }

    /// Sets `rooms` to a chain of at most `count` rooms.
    fn begin_chain(&mut self, rng: &mut Generator, grid: Area, count: usize) {
        self.rooms.clear();
        // As upstream: the row is drawn below the width too.
        let x = rand_int(rng, 0, grid.width - 2);
        let y = rand_int(rng, 0, grid.width - 2);
        let mut entry = Direction::Left;
        if !self.add_room(rng, grid, entry, Pos::new(x, y)) {
            return;
        }
        while self.rooms.len() < count {
            let (room, _) = self.rooms[self.rooms.len() - 1];
            let found = (0..NEXT_TRIES).any(|_| {
                let (exit, door) = draw_exit(rng, room, entry);
                let placed = self.add_room(rng, grid, exit.opposite(), door);
                if placed {
                    entry = exit.opposite();
                }
                placed
            });
            if !found {
                return;
            }
        }
    }

    /// Draws a room that is entered by `door` in its wall on the side `entry` and adds
    /// it where it fits.
    fn add_room(&mut self, rng: &mut Generator, grid: Area, entry: Direction, door: Pos) -> bool {
        let width = rand_int(rng, MIN_SIZE, self.max_size + 1);
        let height = rand_int(rng, MIN_SIZE, self.max_size + 1);
        let Pos { x, y } = door;
        let top = if self.rooms.is_empty() {
            door
        } else {
            match entry {
                Direction::Right => Pos::new(x - width + 1, rand_int(rng, y - height + 2, y)),
                Direction::Down => Pos::new(rand_int(rng, x - width + 2, x), y - height + 1),
                Direction::Left => Pos::new(x, rand_int(rng, y - height + 2, y)),
                Direction::Up => Pos::new(rand_int(rng, x - width + 2, x), y),
            }
        };
        // As upstream, whose tests at the edges and between rooms are uneven.
        if top.x < 0 || top.y < 0 || top.x + width > grid.width || top.y + height >= grid.height {
            return false;
        }
        // The room before this one shares a wall with it.
        let others = &self.rooms[..self.rooms.len().saturating_sub(1)];
        let apart = others.iter().all(|(other, _)| {
            top.x + width < other.top.x
                || other.top.x + other.width <= top.x
                || top.y + height < other.top.y
                || other.top.y + other.height <= top.y
        });
        if apart {
            self.rooms.push((Area { top, width, height }, door));
        }
        apart
    }
}

/// A side of `room` other than `entry`, and the place of a door in it.
fn draw_exit(rng: &mut Generator, room: Area, entry: Direction) -> (Direction, Pos) {
    let drawn = rand_int(rng, 0, 3);
    let exit = Direction::ALL[(drawn + i32::from(drawn >= entry as i32)) as usize];
    let Area { top: Pos { x, y }, width, height } = room;
    let door = match exit {
        Direction::Right => Pos::new(x + width - 1, y + rand_int(rng, 1, height - 1)),
        Direction::Down => Pos::new(x + rand_int(rng, 1, width - 1), y + height - 1),
        Direction::Left => Pos::new(x, y + rand_int(rng, 1, height - 1)),
        Direction::Up => Pos::new(x + rand_int(rng, 1, width - 1), y),
    };
    (exit, door)
}

/// A colour other than `last`.
fn other_color(world: &mut World, last: Option<Color>) -> Color {
    match last {
        None => world.rand_color(),
        Some(last) => {
            let drawn = world.rand_int(0, Color::BY_NAME.len() as i32 - 1) as usize;
            let at = Color::BY_NAME.iter().position(|c| *c == last).expect("all are there");
            Color::BY_NAME[drawn + usize::from(drawn >= at)]
        }
    }
}

impl Task for MultiRoom {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let count = world.rand_int(self.min_rooms, self.max_rooms + 1) as usize;
        self.rooms.reserve((self.max_rooms as usize).saturating_sub(self.rooms.len()));
        self.find_chain(&mut world.rng, world.grid.area(), count, CHAIN_TRIES)?;
        let mut last = None;
        for (n, &(room, door)) in self.rooms.iter().enumerate() {
            world.grid.wall_rect(room);
            if n > 0 {
                let color = other_color(world, last);
                world.grid.set(door, Cell::door(color, DoorState::Closed));
                last = Some(color);
            }
        }
        let (first, goal) = (self.rooms[0].0, self.rooms[count - 1].0);
        world.place_agent(first, ANY_TRIES)?;
        world.place_obj(Cell::GOAL, goal, ANY_TRIES, |_| false)?;
        world.set_mission(&["traverse the rooms to get to the goal"]);
        Ok(())
    }
}

fn level(given: &Given<'_>) -> Result<(Setup, MultiRoom), ParamError> {
    let (width, height) = (given.int("width")?, given.int("height")?);
    let (min_rooms, max_size) = (given.int("minNumRooms")?, given.int("maxRoomSize")?);
    let why = format!("where minNumRooms is {min_rooms}");
    let max_rooms = given.int_within("maxNumRooms", (min_rooms, MOST_ROOMS), &why)?;
    let mut task = MultiRoom { min_rooms, max_rooms, max_size, rooms: Vec::new() };
    let grid = Area::new(0, 0, width, height);
    if let Err(error) =
        task.find_chain(&mut Generator::new(0), grid, max_rooms as usize, TRIAL_TRIES)
    {
        let message = format!(
            "{error} with maxRoomSize {max_size} in a grid of {width} by {height}: \
             fewer or smaller rooms, or a larger grid"
        );
        return Err(ParamError::invalid("maxNumRooms", message));
    }
    Ok((Setup::new(width, height, 20 * max_rooms), task))
}

/// Most rooms that may be asked for.
const MOST_ROOMS: i32 = 255;

pub(super) fn entries() -> Vec<Entry> {
    let ids = [
        ("MiniGrid-MultiRoom-N2-S4-v0", 2, 4),
        // Called N4, but registered with six rooms.
        ("MiniGrid-MultiRoom-N4-S5-v0", 6, 5),
        ("MiniGrid-MultiRoom-N4-S5-v1", 4, 5),
        ("MiniGrid-MultiRoom-N6-v0", 6, 10),
    ];
    ids.map(|(id, rooms, size)| {
        let summary = format!("Through {rooms} rooms of up to {size} by {size} to the goal");
        let params = vec![
            int_spec("minNumRooms", rooms, 1, MOST_ROOMS, "Fewest rooms"),
            int_spec("maxNumRooms", rooms, 1, MOST_ROOMS, "Most rooms"),
            int_spec(
                "maxRoomSize",
                size,
                MIN_SIZE,
                MAX_SIDE,
                "Longest side of a room, walls included",
            ),
            int_spec("width", 25, MIN_SIZE, MAX_SIDE, "Columns of the grid"),
            int_spec("height", 25, MIN_SIZE + 1, MAX_SIDE, "Rows of the grid"),
        ];
        Entry::minigrid(id, summary, params, Action::ALL.len(), level)
    })
    .into()
}
