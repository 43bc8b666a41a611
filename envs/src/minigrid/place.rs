//! Random choices, draw for draw as gym-minigrid makes them.

use super::cell::{Cell, Color};
use super::no_level::NoLevel;
use super::position::{Area, Direction, Pos};
use super::world::World;

/// Tries for an object that is placed however long it takes. Where there is no cell
/// for it, that is found out and ends in an error, not in a hang as upstream.
pub const ANY_TRIES: u32 = u32::MAX;

/// Tries after which it is looked whether there is a cell at all.
const LOOK_AFTER: u64 = 4096;

impl World {
    /// A number in `low .. high`.
    #[inline]
    pub fn rand_int(&mut self, low: i32, high: i32) -> i32 {
        self.rng.integers(i64::from(low), i64::from(high)) as i32
    }

    /// One of `items`.
    #[inline]
    pub fn rand_elem<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.rand_int(0, items.len() as i32) as usize]
    }

    /// One of the six colours.
    pub fn rand_color(&mut self) -> Color {
        self.rand_elem(&Color::BY_NAME)
    }

    /// A key, a ball or an empty box, of a random colour.
    pub fn rand_thing(&mut self) -> Cell {
        let make: fn(Color) -> Cell = self.rand_elem(&[Cell::key, Cell::ball, Cell::empty_box]);
        make(self.rand_color())
    }

    /// Puts `object` in a random empty cell of `area` other than the agent's and
    /// those that `reject` refuses. Column, then row are drawn until they fit, at
    /// most `max_tries + 1` times.
    pub fn place_obj(
        &mut self,
        object: Cell,
        area: Area,
        max_tries: u32,
        reject: impl Fn(Pos) -> bool,
    ) -> Result<Pos, NoLevel> {
        // As upstream: the corner is moved into the grid, the size stays.
        let (left, top) = (area.top.x.max(0), area.top.y.max(0));
        let right = (left + area.width).min(self.grid.width());
        let bottom = (top + area.height).min(self.grid.height());
        let fits = |world: &World, pos: Pos| {
            world.grid.get(pos).is_empty() && pos != world.agent_pos && !reject(pos)
        };
        for tries in 1..=u64::from(max_tries) + 1 {
            let x = self.rand_int(left, right);
            let y = self.rand_int(top, bottom);
            let pos = Pos { x, y };
            if fits(self, pos) {
                self.grid.set(pos, object);
                return Ok(pos);
            }
            if tries == LOOK_AFTER && max_tries == ANY_TRIES {
                let mut cells =
                    (top..bottom).flat_map(|y| (left..right).map(move |x| Pos { x, y }));
                if !cells.any(|pos| fits(self, pos)) {
                    return Err(NoLevel::NoRoom { tries });
                }
            }
        }
        Err(NoLevel::NoRoom { tries: u64::from(max_tries) + 1 })
    }

    /// Puts `object` in a random empty cell of the grid.
    pub fn place_anywhere(&mut self, object: Cell) -> Result<Pos, NoLevel> {
        self.place_obj(object, self.grid.area(), ANY_TRIES, |_| false)
    }

    /// Puts the agent in a random empty cell of `area`, looking in a random
    /// direction; tries as in [`World::place_obj`].
    pub fn place_agent(&mut self, area: Area, max_tries: u32) -> Result<(), NoLevel> {
        self.agent_pos = Pos::NOWHERE;
        self.agent_pos = self.place_obj(Cell::EMPTY, area, max_tries, |_| false)?;
        self.agent_dir = self.rand_elem(&Direction::ALL);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::world::Setup;
    use super::*;

    #[test]
    fn a_full_grid_ends_the_search() {
        let setup = Setup { width: 3, height: 3, max_steps: 1, see_through_walls: true };
        let mut world = World::new(setup);
        world.grid.wall_rect(world.grid.area());
        let area = world.grid.area();
        let found = world.place_obj(Cell::GOAL, area, 1000, |_| true);
        assert_eq!(found, Err(NoLevel::NoRoom { tries: 1001 }));
        assert_eq!(world.place_obj(Cell::GOAL, area, 1000, |_| false), Ok(Pos::new(1, 1)));
        assert_eq!(world.place_agent(area, 1000), Err(NoLevel::NoRoom { tries: 1001 }));
        assert!(matches!(world.place_agent(area, ANY_TRIES), Err(NoLevel::NoRoom { .. })));
    }
}
