//! Rooms in rows and columns with doors between neighbours: gym-minigrid's
//! `RoomGrid`.

use super::cell::{Cell, Color, DoorState, Kind};
use super::no_level::NoLevel;
use super::position::{Area, Direction, Pos};
use super::world::World;
use serde::{Deserialize, Serialize};

/// Tries for an object or the agent in a room.
const ROOM_TRIES: u32 = 1000;

/// Tries to connect all rooms.
const CONNECT_TRIES: u32 = 5000;

/// Turns until the agent, put into a room, is not in front of an object. Upstream
/// tries for ever.
const LOOK_TRIES: u32 = 100_000;

/// The rooms of a world. Neighbours share the wall between them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rooms {
    columns: i32,
    rows: i32,
    /// Side of a room, its walls included.
    size: i32,
    /// Row by row.
    rooms: Vec<Room>,
}

/// What is drawn and built for one room.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Room {
    /// Where a door to the right and a door downwards would be; meaningless where
    /// there is no neighbour.
    door_cells: [Pos; 2],
    /// Whether there is a door, or no wall, to the right and downwards.
    joined: [bool; 2],
    /// Whether the last door that was added to it is locked.
    locked: bool,
    /// Whether a way from the agent's room was found.
    reached: bool,
}

impl Room {
    const NEW: Room =
        Room { door_cells: [Pos::NOWHERE; 2], joined: [false; 2], locked: false, reached: false };
}

impl Rooms {
    /// `columns` by `rows` rooms of side `size`, walls included.
    pub fn new(columns: i32, rows: i32, size: i32) -> Rooms {
        Rooms { columns, rows, size, rooms: vec![Room::NEW; (columns * rows) as usize] }
    }

    /// Columns of the grid that holds these rooms.
    pub fn width(&self) -> i32 {
        (self.size - 1) * self.columns + 1
    }

    /// Rows of the grid that holds these rooms.
    pub fn height(&self) -> i32 {
        (self.size - 1) * self.rows + 1
    }

    /// The cells of the room in column `i` and row `j`, walls included.
    pub fn area(&self, i: i32, j: i32) -> Area {
        Area::new(i * (self.size - 1), j * (self.size - 1), self.size, self.size)
    }

    fn index(&self, i: i32, j: i32) -> usize {
        debug_assert!((0..self.columns).contains(&i) && (0..self.rows).contains(&j));
        (j * self.columns + i) as usize
    }

    /// Builds the walls, draws where doors may be, and puts the agent into the
    /// middle of the middle room.
    pub fn generate(&mut self, world: &mut World) {
        self.rooms.fill(Room::NEW);
        for j in 0..self.rows {
            for i in 0..self.columns {
                world.grid.wall_rect(self.area(i, j));
            }
        }
        for j in 0..self.rows {
            for i in 0..self.columns {
                let room = self.index(i, j);
                let Pos { x, y } = self.area(i, j).top;
                let (right, bottom) = (x + self.size - 1, y + self.size - 1);
                if i + 1 < self.columns {
                    let y = world.rand_int(y + 1, bottom);
                    self.rooms[room].door_cells[0] = Pos::new(right, y);
                }
                if j + 1 < self.rows {
                    let x = world.rand_int(x + 1, right);
                    self.rooms[room].door_cells[1] = Pos::new(x, bottom);
                }
            }
        }
        let Pos { x, y } = self.area(self.columns / 2, self.rows / 2).top;
        let middle = Pos::new(x + self.size / 2, y + self.size / 2);
        world.put_agent(middle, Direction::Right);
    }

    /// The wall on `side` of room (`i`, `j`): the room that it is kept with, and
    /// whether it is that room's right (0) or lower (1) wall.
    fn wall(&self, (i, j): (i32, i32), side: Direction) -> (usize, usize) {
        match side {
            Direction::Right => (self.index(i, j), 0),
            Direction::Down => (self.index(i, j), 1),
            Direction::Left => (self.index(i - 1, j), 0),
            Direction::Up => (self.index(i, j - 1), 1),
        }
    }

    /// The room next to (`i`, `j`) on its `side`.
    fn neighbor(&self, (i, j): (i32, i32), side: Direction) -> Option<(i32, i32)> {
        let (dx, dy) = side.vector();
        let (i, j) = (i + dx, j + dy);
        ((0..self.columns).contains(&i) && (0..self.rows).contains(&j)).then_some((i, j))
    }

    /// Where a door of room (`i`, `j`) in the wall on its `side` is or would be.
    pub fn door_pos(&self, room: (i32, i32), side: Direction) -> Pos {
        let (keeper, wall) = self.wall(room, side);
        self.rooms[keeper].door_cells[wall]
    }

    /// Puts a door into the wall on `side` of `room`.
    pub fn add_door(
        &mut self,
        world: &mut World,
        room: (i32, i32),
        side: Direction,
        color: Color,
        state: DoorState,
    ) -> Pos {
        let (keeper, wall) = self.wall(room, side);
        self.rooms[keeper].joined[wall] = true;
        let index = self.index(room.0, room.1);
        self.rooms[index].locked = state == DoorState::Locked;
        let pos = self.door_pos(room, side);
        world.grid.set(pos, Cell::door(color, state));
        pos
    }

    /// Takes away the wall above `room`, but for its ends.
    pub fn remove_upper_wall(&mut self, world: &mut World, room: (i32, i32)) {
        let (keeper, wall) = self.wall(room, Direction::Up);
        self.rooms[keeper].joined[wall] = true;
        let Pos { x, y } = self.area(room.0, room.1).top;
        world.grid.horizontal(Pos::new(x + 1, y), self.size - 2, Cell::EMPTY);
    }

    /// Puts `object` into `room`, not next to the agent.
    pub fn add_object(
        &self,
        world: &mut World,
        room: (i32, i32),
        object: Cell,
    ) -> Result<Pos, NoLevel> {
        let agent = world.agent_pos;
        let area = self.area(room.0, room.1);
        world.place_obj(object, area, ROOM_TRIES, |pos| pos.distance(agent) < 2)
    }

    /// Puts the agent into `room`, not right in front of an object.
    pub fn place_agent(&self, world: &mut World, room: (i32, i32)) -> Result<(), NoLevel> {
        for _ in 0..LOOK_TRIES {
            world.place_agent(self.area(room.0, room.1), ROOM_TRIES)?;
            if matches!(world.front_cell().kind(), Kind::Empty | Kind::Wall) {
                return Ok(());
            }
        }
        Err(NoLevel::NoRoom { tries: LOOK_TRIES.into() })
    }

    /// Adds closed doors of random colours in random places until every room can be
    /// reached from the agent's. Rooms with a locked door get no more.
    pub fn connect_all(&mut self, world: &mut World) -> Result<(), NoLevel> {
        let Pos { x, y } = world.agent_pos;
        let start = self.index(x / (self.size - 1), y / (self.size - 1));
        self.rooms[start].reached = true;
        for _ in 0..=CONNECT_TRIES {
            if self.all_reached() {
                return Ok(());
            }
            let room = (world.rand_int(0, self.columns), world.rand_int(0, self.rows));
            let side = world.rand_elem(&Direction::ALL);
            let Some(other) = self.neighbor(room, side) else { continue };
            let (keeper, wall) = self.wall(room, side);
            let locked = |(i, j)| self.rooms[self.index(i, j)].locked;
            if self.rooms[keeper].joined[wall] || locked(room) || locked(other) {
                continue;
            }
            let color = world.rand_color();
            self.add_door(world, room, side, color, DoorState::Closed);
        }
        Err(NoLevel::Unconnected { tries: CONNECT_TRIES + 1 })
    }

    /// Follows doors from the rooms reached; whether there are no others left.
    fn all_reached(&mut self) -> bool {
        loop {
            let (mut all, mut grew) = (true, false);
            for j in 0..self.rows {
                for i in 0..self.columns {
                    let here = self.index(i, j);
                    for (wall, side) in [Direction::Right, Direction::Down].into_iter().enumerate()
                    {
                        let Some((i, j)) = self.neighbor((i, j), side) else { continue };
                        let there = self.index(i, j);
                        let differ = self.rooms[here].reached != self.rooms[there].reached;
                        if differ && self.rooms[here].joined[wall] {
                            self.rooms[here].reached = true;
                            self.rooms[there].reached = true;
                            grew = true;
                        }
                    }
                    all &= self.rooms[here].reached;
                }
            }
            if all || !grew {
                return all;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::world::Setup;
    use super::*;

    #[test]
    fn a_door_is_the_same_from_both_sides() {
        let mut rooms = Rooms::new(3, 2, 5);
        let (width, height) = (rooms.width(), rooms.height());
        assert_eq!((width, height), (13, 9));
        let mut world = World::new(Setup::new(width, height, 1));
        rooms.generate(&mut world);
        assert_eq!(world.agent_pos, Pos::new(6, 6));
        for (i, j) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let door = rooms.door_pos((i, j), Direction::Right);
            assert_eq!(door, rooms.door_pos((i + 1, j), Direction::Left));
            assert!(door.x == (i + 1) * 4 && (j * 4 + 1..j * 4 + 4).contains(&door.y), "{door:?}");
        }
        for i in 0..3 {
            let door = rooms.door_pos((i, 0), Direction::Down);
            assert_eq!(door, rooms.door_pos((i, 1), Direction::Up));
            assert!(door.y == 4 && (i * 4 + 1..i * 4 + 4).contains(&door.x), "{door:?}");
        }
    }
}
