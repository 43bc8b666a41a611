//! What lies in one cell of the grid.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What a cell holds. The numbers are those of the observations
/// (`OBJECT_TO_IDX` of gym-minigrid).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Kind {
    /// Outside the field of view; in observations only.
    Unseen = 0,
    /// Nothing.
    Empty = 1,
    /// A wall; blocks movement and sight.
    Wall = 2,
    /// A coloured tile; as good as nothing, but no object is placed on it.
    Floor = 3,
    /// A door: open, closed or locked.
    Door = 4,
    /// A key; opens locked doors of its colour.
    Key = 5,
    /// A ball.
    Ball = 6,
    /// A box; toggling it leaves what it contains.
    Box = 7,
    /// The goal; entering it ends the episode with success.
    Goal = 8,
    /// Lava; entering it ends the episode with failure.
    Lava = 9,
    /// The agent; in observations of the whole grid only.
    Agent = 10,
}

impl Kind {
    pub(super) const ALL: [Kind; 11] = [
        Kind::Unseen,
        Kind::Empty,
        Kind::Wall,
        Kind::Floor,
        Kind::Door,
        Kind::Key,
        Kind::Ball,
        Kind::Box,
        Kind::Goal,
        Kind::Lava,
        Kind::Agent,
    ];

    /// The English name, as in mission texts.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Unseen => "unseen",
            Kind::Empty => "empty",
            Kind::Wall => "wall",
            Kind::Floor => "floor",
            Kind::Door => "door",
            Kind::Key => "key",
            Kind::Ball => "ball",
            Kind::Box => "box",
            Kind::Goal => "goal",
            Kind::Lava => "lava",
            Kind::Agent => "agent",
        }
    }
}

/// The colour of an object, numbered as in observations (`COLOR_TO_IDX`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[repr(u8)]
pub enum Color {
    /// Red.
    Red = 0,
    /// Green.
    Green = 1,
    /// Blue.
    Blue = 2,
    /// Purple.
    Purple = 3,
    /// Yellow.
    Yellow = 4,
    /// Grey.
    Grey = 5,
}

impl Color {
    pub(super) const ALL: [Color; 6] =
        [Color::Red, Color::Green, Color::Blue, Color::Purple, Color::Yellow, Color::Grey];

    /// In the order of their names: the order random colours are drawn from
    /// (`COLOR_NAMES`).
    pub const BY_NAME: [Color; 6] =
        [Color::Blue, Color::Green, Color::Grey, Color::Purple, Color::Red, Color::Yellow];

    /// The English name, as in mission texts.
    pub fn name(self) -> &'static str {
        match self {
            Color::Red => "red",
            Color::Green => "green",
            Color::Blue => "blue",
            Color::Purple => "purple",
            Color::Yellow => "yellow",
            Color::Grey => "grey",
        }
    }
}

/// The state of a door, numbered as in observations (`STATE_TO_IDX`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum DoorState {
    /// May be walked and seen through.
    Open = 0,
    /// Opens when toggled.
    Closed = 1,
    /// Opens when toggled by an agent that carries a key of the door's colour.
    Locked = 2,
}

/// One cell, packed so that a grid is small and copied without thought.
///
/// From the lowest byte up: kind, colour and state, which are the cell's three
/// numbers in an observation; then four bits for the kind and three for the
/// colour of what a box contains (kind 0: nothing), and one bit that says
/// whether the cell blocks sight.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "u32", try_from = "u32")]
pub struct Cell(u32);

const OPAQUE: u32 = 1 << 31;
const CONTENTS_KIND: u32 = 24;
const CONTENTS_COLOR: u32 = 28;

impl Cell {
    /// Nothing.
    pub const EMPTY: Cell = Cell(Kind::Empty as u32);
    /// A grey wall.
    pub const WALL: Cell = Cell(Cell::new(Kind::Wall, Color::Grey).0 | OPAQUE);
    /// The green goal.
    pub const GOAL: Cell = Cell::new(Kind::Goal, Color::Green);
    /// Lava.
    pub const LAVA: Cell = Cell::new(Kind::Lava, Color::Red);

    const fn new(kind: Kind, color: Color) -> Cell {
        Cell(kind as u32 | (color as u32) << 8)
    }

    /// A floor tile.
    pub const fn floor(color: Color) -> Cell {
        Cell::new(Kind::Floor, color)
    }

    /// A key.
    pub const fn key(color: Color) -> Cell {
        Cell::new(Kind::Key, color)
    }

    /// A ball.
    pub const fn ball(color: Color) -> Cell {
        Cell::new(Kind::Ball, color)
    }

    /// A door.
    pub const fn door(color: Color, state: DoorState) -> Cell {
        let opaque = if matches!(state, DoorState::Open) { 0 } else { OPAQUE };
        Cell(Cell::new(Kind::Door, color).0 | (state as u32) << 16 | opaque)
    }

    /// An empty box.
    pub const fn empty_box(color: Color) -> Cell {
        Cell::new(Kind::Box, color)
    }

    /// A box with a key, a ball or an empty box in it. Only the kind and the
    /// colour of the contents are kept, which is all that these three have.
    pub fn box_with(color: Color, contents: Cell) -> Cell {
        debug_assert!(contents.can_pickup(), "a box holds what can be picked up");
        let inside =
            (contents.kind() as u32) << CONTENTS_KIND | (contents.color() as u32) << CONTENTS_COLOR;
        Cell(Cell::new(Kind::Box, color).0 | inside)
    }

    /// What the cell holds.
    #[inline]
    pub fn kind(self) -> Kind {
        Kind::ALL[(self.0 & 0xff) as usize]
    }

    /// The colour of what it holds; red where it holds nothing.
    #[inline]
    pub fn color(self) -> Color {
        Color::ALL[(self.0 >> 8 & 0xff) as usize]
    }

    /// Whether there is nothing.
    #[inline]
    pub fn is_empty(self) -> bool {
        self == Cell::EMPTY
    }

    /// Whether this is an open door.
    #[inline]
    pub fn is_open_door(self) -> bool {
        self.kind() == Kind::Door && self.0 & OPAQUE == 0
    }

    /// Whether this is a locked door.
    #[inline]
    pub fn is_locked_door(self) -> bool {
        self.kind() == Kind::Door && self.0 >> 16 & 0xff == DoorState::Locked as u32
    }

    /// Whether the agent can enter the cell.
    #[inline]
    pub fn can_overlap(self) -> bool {
        match self.kind() {
            Kind::Empty | Kind::Floor | Kind::Goal | Kind::Lava => true,
            Kind::Door => self.is_open_door(),
            _ => false,
        }
    }

    /// Whether the agent can pick it up.
    #[inline]
    pub fn can_pickup(self) -> bool {
        matches!(self.kind(), Kind::Key | Kind::Ball | Kind::Box)
    }

    /// Whether the agent can look past it.
    #[inline]
    pub fn see_behind(self) -> bool {
        self.0 & OPAQUE == 0
    }

    /// What the cell becomes when an agent that carries `carrying` toggles it:
    /// a door changes its state, a box gives way to its contents.
    pub fn toggled(self, carrying: Cell) -> Cell {
        match self.kind() {
            Kind::Box => match (self.0 >> CONTENTS_KIND & 0xf) as usize {
                0 => Cell::EMPTY,
                kind => {
                    Cell::new(Kind::ALL[kind], Color::ALL[(self.0 >> CONTENTS_COLOR & 7) as usize])
                }
            },
            Kind::Door if self.is_locked_door() => {
                if carrying == Cell::key(self.color()) {
                    Cell::door(self.color(), DoorState::Open)
                } else {
                    self
                }
            }
            Kind::Door if self.is_open_door() => Cell::door(self.color(), DoorState::Closed),
            Kind::Door => Cell::door(self.color(), DoorState::Open),
            _ => self,
        }
    }

    /// Kind, colour and state, as an observation shows the cell.
    #[inline]
    pub fn encode(self) -> [u8; 3] {
        let [kind, color, state, _] = self.0.to_le_bytes();
        [kind, color, state]
    }
}

impl From<Cell> for u32 {
    fn from(cell: Cell) -> u32 {
        cell.0
    }
}

impl TryFrom<u32> for Cell {
    type Error = &'static str;

    /// The cell packed in `word`, or an error where no cell looks like that.
    fn try_from(word: u32) -> Result<Cell, &'static str> {
        let [kind, color, state, rest] = word.to_le_bytes();
        let known = usize::from(kind) < Kind::ALL.len()
            && usize::from(color) < Color::ALL.len()
            && usize::from(state) < Color::ALL.len()
            && usize::from(rest & 0xf) < Kind::ALL.len()
            && usize::from(rest >> 4 & 7) < Color::ALL.len();
        if known { Ok(Cell(word)) } else { Err("not a cell of a grid") }
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.color().name(), self.kind().name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locked_door_opens_for_its_key_alone() {
        let door = Cell::door(Color::Yellow, DoorState::Locked);
        assert_eq!(door.toggled(Cell::EMPTY), door);
        assert_eq!(door.toggled(Cell::key(Color::Blue)), door);
        assert_eq!(door.toggled(Cell::ball(Color::Yellow)), door);
        let open = door.toggled(Cell::key(Color::Yellow));
        assert_eq!(open.encode(), [4, 4, 0]);
        assert!(open.can_overlap() && open.see_behind());
        let closed = open.toggled(Cell::EMPTY);
        assert_eq!(closed.encode(), [4, 4, 1]);
        assert!(!closed.can_overlap() && !closed.see_behind());
        assert_eq!(closed.toggled(Cell::EMPTY), open);
    }

    #[test]
    fn a_box_gives_way_to_its_contents() {
        let key = Cell::key(Color::Grey);
        assert_eq!(Cell::box_with(Color::Red, key).toggled(Cell::EMPTY), key);
        assert_eq!(Cell::box_with(Color::Red, key).encode(), [7, 0, 0]);
        assert_eq!(Cell::empty_box(Color::Red).toggled(Cell::EMPTY), Cell::EMPTY);
    }

    #[test]
    fn only_cells_are_read_back() {
        let cell = Cell::box_with(Color::Purple, Cell::ball(Color::Yellow));
        assert_eq!(Cell::try_from(u32::from(cell)), Ok(cell));
        for word in [11, 6 << 8, 0x0b00_0001, 0x6000_0001] {
            assert!(Cell::try_from(word).is_err(), "{word:#x}");
        }
    }
}
