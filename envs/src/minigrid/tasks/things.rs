//! Keys, balls and boxes of which no two look the same.

use crate::minigrid::cell::Cell;
use crate::minigrid::no_level::NoLevel;
use crate::minigrid::place::ANY_TRIES;
use crate::minigrid::position::Pos;
use crate::minigrid::world::World;

/// How many there are: three kinds in six colours.
pub(super) const MOST_THINGS: i32 = 18;

/// A thing and where it was put.
pub(super) type Placed = (Cell, Pos);

/// Puts `count` things into the grid, each where `near` does not refuse the place
/// beside one of those before it, and lists them in `things`.
pub(super) fn place(
    world: &mut World,
    things: &mut Vec<Placed>,
    count: usize,
    near: fn(Pos, Pos) -> bool,
) -> Result<(), NoLevel> {
    things.clear();
    things.reserve(count);
    let area = world.grid.area();
    while things.len() < count {
        let thing = world.rand_thing();
        if things.iter().any(|(other, _)| *other == thing) {
            continue;
        }
        let refused = |pos| things.iter().any(|(_, other)| near(pos, *other));
        let pos = world.place_obj(thing, area, ANY_TRIES, refused)?;
        things.push((thing, pos));
    }
    Ok(())
}
