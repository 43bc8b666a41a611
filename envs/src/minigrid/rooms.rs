//! Rooms in rows and columns with doors between neighbours: gym-minigrid's
//! `RoomGrid`.

use super::cell::{Cell, Color, DoorState, Kind};
use super::place::NoRoom;
use super::position::{Area, Direction, Pos};
use super::world::World;
use serde::{Deserialize, Serialize};

/// Tries for an object or the agent in a room.
const ROOM_TRIES: u32 = 1000;

/// The rooms of a world. Neighbours share the wall between them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rooms {
    columns: i32,
    rows: i32,
    /// Side of a room, its walls included.
    size: i32,
    /// For each room, row by row, where a door to the right and a door downwards
    /// would be; meaningless where there is no neighbour.
    door_cells: Vec<[Pos; 2]>,
}

impl Rooms {
    /// `columns` by `rows` rooms of side `size`, walls included.
    pub fn new(columns: i32, rows: i32, size: i32) -> Rooms {
        let door_cells = vec![[Pos::NOWHERE; 2]; (columns * rows) as usize];
        Rooms { columns, rows, size, door_cells }
    }

    /// Columns of the grid that holds these rooms.
    pub fn width(&self) -> usize {
        ((self.size - 1) * self.columns + 1) as usize
    }

    /// Rows of the grid that holds these rooms.
    pub fn height(&self) -> usize {
        ((self.size - 1) * self.rows + 1) as usize
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
                    self.door_cells[room][0] = Pos::new(right, y);
                }
                if j + 1 < self.rows {
                    let x = world.rand_int(x + 1, right);
                    self.door_cells[room][1] = Pos::new(x, bottom);
                }
            }
        }
        let Pos { x, y } = self.area(self.columns / 2, self.rows / 2).top;
        let middle = Pos::new(x + self.size / 2, y + self.size / 2);
        world.put_agent(middle, Direction::Right);
    }

    /// Where a door of room (`i`, `j`) in the wall on its `side` is or would be.
    pub fn door_pos(&self, i: i32, j: i32, side: Direction) -> Pos {
        match side {
            Direction::Right => self.door_cells[self.index(i, j)][0],
            Direction::Down => self.door_cells[self.index(i, j)][1],
            Direction::Left => self.door_cells[self.index(i - 1, j)][0],
            Direction::Up => self.door_cells[self.index(i, j - 1)][1],
        }
    }

    /// Puts a door of random colour into the wall on `side` of room (`i`, `j`).
    pub fn add_door(
        &self,
        world: &mut World,
        (i, j): (i32, i32),
        side: Direction,
        state: DoorState,
    ) -> (Pos, Color) {
        let color = world.rand_color();
        let pos = self.door_pos(i, j, side);
        world.grid.set(pos, Cell::door(color, state));
        (pos, color)
    }

    /// Puts `object` into room (`i`, `j`), not next to the agent.
    pub fn add_object(
        &self,
        world: &mut World,
        (i, j): (i32, i32),
        object: Cell,
    ) -> Result<Pos, NoRoom> {
        let agent = world.agent_pos;
        world.place_obj(object, self.area(i, j), ROOM_TRIES, |pos| pos.distance(agent) < 2)
    }

    /// Puts the agent into room (`i`, `j`), not right in front of an object.
    pub fn place_agent(&self, world: &mut World, (i, j): (i32, i32)) -> Result<(), NoRoom> {
        loop {
            world.place_agent(self.area(i, j), ROOM_TRIES)?;
            if matches!(world.front_cell().kind(), Kind::Empty | Kind::Wall) {
                return Ok(());
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
        let setup = Setup { width, height, max_steps: 1, see_through_walls: false };
        let mut world = World::new(setup);
        rooms.generate(&mut world);
        assert_eq!(world.agent_pos, Pos::new(6, 6));
        for (i, j) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let door = rooms.door_pos(i, j, Direction::Right);
            assert_eq!(door, rooms.door_pos(i + 1, j, Direction::Left));
            assert!(door.x == (i + 1) * 4 && (j * 4 + 1..j * 4 + 4).contains(&door.y), "{door:?}");
        }
        for i in 0..3 {
            let door = rooms.door_pos(i, 0, Direction::Down);
            assert_eq!(door, rooms.door_pos(i, 1, Direction::Up));
            assert!(door.y == 4 && (i * 4 + 1..i * 4 + 4).contains(&door.x), "{door:?}");
        }
    }
}
