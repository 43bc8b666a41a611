//! `ObstructedMaze`: find the blue ball in a maze of rooms with locked doors, keys
//! hidden in boxes and balls in front of the doors.

use super::target::Target;
use crate::EnvFamily;
use crate::minigrid::cell::{Cell, Color, DoorState};
use crate::minigrid::entry::Entry;
use crate::minigrid::given::{Given, int_spec};
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::position::{Area, Direction, Pos};
use crate::minigrid::rooms::Rooms;
use crate::minigrid::task::Task;
use crate::minigrid::world::{Action, Outcome, Setup, World};
use crate::{ParamError, ParamSpec};
use serde::{Deserialize, Serialize};

pub(super) const FAMILY: EnvFamily = EnvFamily {
    name: "ObstructedMaze",
    prefixes: &["MiniGrid-ObstructedMaze-"],
    task: "A blue ball is to be picked up behind locked doors. In the small mazes (`1D`) there are \
        two rooms; in the others three by three, where doors lead from the middle to the sides in \
        use, and locked doors from there to the corners. Keys may be hidden in boxes (`h`), which \
        `toggle` opens, and balls may stand before the locked doors (`b`). In `v0` a ball may take \
        the place of a key that was put there before, which makes a level impossible; in `v1` keys \
        come last.",
    reward: "Picking up the blue ball pays `1 - 0.9 * steps / max_steps`, nothing else pays.",
    end: "Picking up the blue ball terminates it, `max_steps` steps truncate it.",
    parameters: "`agent_room` is `1,1` or one of the sides in use, the first `num_quarters` of `2,1` `1,2` \
        `0,1` `1,0`: from elsewhere nothing can be reached. `max_steps` where none is given: `144 \
        * num_rooms_visited`, which is 2 in `1D`.",
};

#[derive(Clone, Debug, Serialize, Deserialize)]
struct ObstructedMaze {
    rooms: Rooms,
    maze: Maze,
    /// Whether keys lie in boxes.
    key_in_box: bool,
    /// Whether balls stand in front of locked doors.
    blocked: bool,
    target: Target,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
enum Maze {
    /// Two rooms with a door between them.
    Pair,
    /// Three by three rooms.
    Full {
        /// How many of the four sides of the middle room have a door.
        quarters: usize,
        /// Where the agent starts.
        agent_room: (i32, i32),
        /// Whether keys are laid out behind all of a room's balls and not, as in the
        /// first version, before some, which then may take a key's place.
        keys_last: bool,
    },
}

/// Side of a room.
const ROOM: i32 = 6;

const BALL: Cell = Cell::ball(Color::Blue);
const BLOCKING: Cell = Cell::ball(Color::Green);
const BOX: Color = Color::Grey;

/// The rooms on the sides of the middle one, clockwise as directions are numbered.
const SIDE_ROOMS: [(i32, i32); 4] = [(2, 1), (1, 2), (0, 1), (1, 0)];

/// The rooms where the ball may be.
const CORNERS: [(i32, i32); 4] = [(2, 0), (2, 2), (0, 2), (0, 0)];

const MIDDLE: (i32, i32) = (1, 1);

/// The six colours in random order.
fn shuffled_colors(world: &mut World) -> [Color; 6] {
    let mut left_over = Color::BY_NAME;
    [6, 5, 4, 3, 2, 1].map(|left| {
        let k = world.rand_int(0, left) as usize;
        let color = left_over[k];
        left_over.copy_within(k + 1..left as usize, k);
        color
    })
}

impl ObstructedMaze {
    /// A locked door on `side` of `room`, perhaps with a ball before it.
    fn add_locked_door(
        &mut self,
        world: &mut World,
        room: (i32, i32),
        side: Direction,
        color: Color,
    ) {
        let Pos { x, y } = self.rooms.add_door(world, room, side, color, DoorState::Locked);
        if self.blocked {
            let (dx, dy) = side.vector();
            world.grid.set(Pos::new(x - dx, y - dy), BLOCKING);
        }
    }

    /// A key in `room`, perhaps in a box.
    fn add_key(&self, world: &mut World, room: (i32, i32), color: Color) -> Result<(), NoLevel> {
        let key = Cell::key(color);
        let object = if self.key_in_box { Cell::box_with(BOX, key) } else { key };
        self.rooms.add_object(world, room, object).map(drop)
    }
}

impl Task for ObstructedMaze {
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel> {
        self.rooms.generate(world);
        let colors = shuffled_colors(world);
        let (ball_room, agent_room) = match self.maze {
            Maze::Pair => {
                let left = (0, 0);
                self.add_locked_door(world, left, Direction::Right, colors[0]);
                self.add_key(world, left, colors[0])?;
                ((1, 0), left)
            }
            Maze::Full { quarters, agent_room, keys_last } => {
                for (i, &room) in SIDE_ROOMS[..quarters].iter().enumerate() {
                    let side = Direction::ALL[i];
                    self.rooms.add_door(world, MIDDLE, side, colors[i], DoorState::Closed);
                    let doors = [
                        (side.turned_left(), colors[(i + 5) % 6]),
                        (side.turned_right(), colors[i + 1]),
                    ];
                    for (side, color) in doors {
                        self.add_locked_door(world, room, side, color);
                        if !keys_last {
                            self.add_key(world, room, color)?;
                        }
                    }
                    if keys_last {
                        for (_, color) in doors {
                            self.add_key(world, room, color)?;
                        }
                    }
                }
                (world.rand_elem(&CORNERS[..quarters]), agent_room)
            }
        };
        self.target = Target::new(BALL, self.rooms.add_object(world, ball_room, BALL)?);
        self.rooms.place_agent(world, agent_room)?;
        world.set_mission(&["pick up the blue ball"]);
        Ok(())
    }

    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        self.target.step(world, action)
    }
}

fn shared_specs(key_in_box: bool, blocked: bool) -> [ParamSpec; 2] {
    [
        ParamSpec::bool("key_in_box", key_in_box, "Whether keys lie in boxes"),
        ParamSpec::bool("blocked", blocked, "Whether balls stand in front of locked doors"),
    ]
}

fn level(
    given: &Given<'_>,
    maze: Maze,
    rooms: Rooms,
    visited: i32,
) -> Result<(Setup, ObstructedMaze), ParamError> {
    let (key_in_box, blocked) = (given.bool("key_in_box")?, given.bool("blocked")?);
    let setup = Setup::new(rooms.width(), rooms.height(), 4 * visited * ROOM * ROOM);
    Ok((setup, ObstructedMaze { rooms, maze, key_in_box, blocked, target: Target::NONE }))
}

fn full_level(given: &Given<'_>, keys_last: bool) -> Result<(Setup, ObstructedMaze), ParamError> {
    let quarters = given.int("num_quarters")? as usize;
    let all = Area::new(0, 0, 3, 3);
    let Pos { x, y } = given.pos_in("agent_room", all)?;
    let agent_room = (x, y);
    let sides = &SIDE_ROOMS[..quarters.min(SIDE_ROOMS.len())];
    if agent_room != MIDDLE && !sides.contains(&agent_room) {
        let rooms: Vec<String> =
            [MIDDLE].iter().chain(sides).map(|(i, j)| format!("{i},{j}")).collect();
        let message = format!(
            "from room {x},{y} nothing can be reached where num_quarters is {quarters}; expected one of {}",
            rooms.join(" ")
        );
        return Err(ParamError::invalid("agent_room", message));
    }
    let maze = Maze::Full { quarters: sides.len(), agent_room, keys_last };
    level(given, maze, Rooms::new(3, 3, ROOM), given.int("num_rooms_visited")?)
}

pub(super) fn entries() -> Vec<Entry> {
    let pairs = [
        ("MiniGrid-ObstructedMaze-1Dl-v0", false, false, ""),
        ("MiniGrid-ObstructedMaze-1Dlh-v0", true, false, ", the key in a box"),
        (
            "MiniGrid-ObstructedMaze-1Dlhb-v0",
            true,
            true,
            ", the key in a box, a ball before the door",
        ),
    ];
    let pairs = pairs.map(|(id, key_in_box, blocked, how)| {
        let summary = format!("Find the blue ball behind one locked door{how}");
        let params = shared_specs(key_in_box, blocked).into();
        Entry::minigrid(id, summary, params, Action::ALL.len(), |given| {
            level(given, Maze::Pair, Rooms::new(2, 1, ROOM), 2)
        })
    });
    let full = [
        ("MiniGrid-ObstructedMaze-2Dl-v0", "2,1", false, false, 1, 4),
        ("MiniGrid-ObstructedMaze-2Dlh-v0", "2,1", true, false, 1, 4),
        ("MiniGrid-ObstructedMaze-2Dlhb-v0", "2,1", true, true, 1, 4),
        ("MiniGrid-ObstructedMaze-1Q-v0", "1,1", true, true, 1, 5),
        ("MiniGrid-ObstructedMaze-2Q-v0", "2,1", true, true, 2, 11),
        ("MiniGrid-ObstructedMaze-Full-v0", "1,1", true, true, 4, 25),
        ("MiniGrid-ObstructedMaze-2Dlhb-v1", "2,1", true, true, 1, 4),
        ("MiniGrid-ObstructedMaze-1Q-v1", "1,1", true, true, 1, 5),
        ("MiniGrid-ObstructedMaze-2Q-v1", "2,1", true, true, 2, 11),
        ("MiniGrid-ObstructedMaze-Full-v1", "1,1", true, true, 4, 25),
    ];
    let full = full.map(|(id, agent_room, key_in_box, blocked, quarters, visited)| {
        let corner = match quarters {
            1 => "a corner".to_owned(),
            n => format!("one of {n} corners"),
        };
        let how = match (key_in_box, blocked) {
            (_, true) => ", keys in boxes, balls before the doors",
            (true, false) => ", keys in boxes",
            (false, false) => "",
        };
        let summary = format!("Find the blue ball in {corner} of a maze{how}");
        let room = "Room in which the agent starts, from 0,0 at the top left to 2,2";
        let sides = "Sides of the middle room with a door, and corners where the ball may be";
        let help = "Rooms that a good agent visits: max_steps is 144 for each";
        let mut params = vec![
            ParamSpec::place("agent_room", agent_room, false, room),
            int_spec("num_quarters", quarters, 1, 4, sides),
            int_spec("num_rooms_visited", visited, 1, 1000, help),
        ];
        params.extend(shared_specs(key_in_box, blocked));
        let keys_last = id.ends_with("-v1");
        Entry::minigrid(id, summary, params, Action::ALL.len(), move |given| {
            full_level(given, keys_last)
        })
    });
    pairs.into_iter().chain(full).collect()
}
