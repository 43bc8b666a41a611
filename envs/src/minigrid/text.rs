//! The grid as characters, two a cell, as gym-minigrid prints it.
//!
//! The first says what is there (`W`all, `F`loor, `D`oor, `L`ocked door, `K`ey,
//! b`A`ll, `B`ox, `G`oal, la`V`a), the second its colour; `__` is an open door
//! and `>>`, `VV`, `<<`, `^^` is the agent.

use super::cell::{Cell, Kind};
use super::position::{Direction, Pos};
use super::world::World;

/// The present state of `world`, one line a row, without a newline at the end.
pub(super) fn draw(world: &World) -> String {
    let row = |y| (0..world.grid.width()).map(|x| pair(world, Pos::new(x, y))).collect::<String>();
    (0..world.grid.height()).map(row).collect::<Vec<_>>().join("\n")
}

fn pair(world: &World, pos: Pos) -> String {
    if pos == world.agent_pos {
        let agent = match world.agent_dir {
            Direction::Right => ">>",
            Direction::Down => "VV",
            Direction::Left => "<<",
            Direction::Up => "^^",
        };
        return agent.into();
    }
    let cell = world.grid.get(pos);
    match letter(cell) {
        Some(letter) => {
            let color = cell.color().name()[..1].to_uppercase();
            format!("{letter}{color}")
        }
        None if cell.is_open_door() => "__".into(),
        None => "  ".into(),
    }
}

fn letter(cell: Cell) -> Option<char> {
    Some(match cell.kind() {
        Kind::Wall => 'W',
        Kind::Floor => 'F',
        Kind::Door if cell.is_open_door() => return None,
        Kind::Door if cell.is_locked_door() => 'L',
        Kind::Door => 'D',
        Kind::Key => 'K',
        Kind::Ball => 'A',
        Kind::Box => 'B',
        Kind::Goal => 'G',
        Kind::Lava => 'V',
        Kind::Unseen | Kind::Empty | Kind::Agent => return None,
    })
}
