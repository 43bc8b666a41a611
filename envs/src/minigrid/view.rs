//! What the agent sees: the square in front of it, turned so that it looks up.
//!
//! A view is square. The agent stands in the middle of the lowest row; what lies
//! behind or beside it further than half a view is not shown. Its encoding lists
//! columns from the left, cells of a column from the top, three bytes each
//! (`image[x][y]` in minigrid): kind, colour and state of the cell, zeros for what
//! is hidden. In the agent's own cell stands what it carries.

use super::cell::Cell;
use super::position::Pos;
use super::world::World;

/// Side of the view where no other is asked for.
pub const VIEW_SIZE: usize = 7;

/// Bytes of an encoded view of [`VIEW_SIZE`].
pub const VIEW_BYTES: usize = view_bytes(VIEW_SIZE);

/// Side of the largest view there is: a row of it fits a machine word, with a bit
/// to spare.
pub const MAX_VIEW_SIZE: usize = 63;

/// Bytes of an encoded view with sides of `size` cells.
pub const fn view_bytes(size: usize) -> usize {
    size * size * 3
}

/// Writes what the agent of `world` sees to `out`, [`VIEW_BYTES`] long.
pub fn write_view(world: &World, out: &mut [u8]) {
    let (mut cells, see_behind) = turned::<VIEW_SIZE>(world);
    let middle = VIEW_SIZE / 2;
    let visible = if world.setup().see_through_walls {
        [Row::MAX; VIEW_SIZE]
    } else {
        visible_rows(&see_behind)
    };
    cells[middle][VIEW_SIZE - 1] = world.carrying;
    // Four bytes at a time are faster than three; each cell's fourth byte is
    // overwritten by the next cell.
    let mut bytes = [0; VIEW_BYTES + 1];
    for (x, column) in cells.iter().enumerate() {
        for (y, cell) in column.iter().enumerate() {
            let mask = (visible[y] >> x & 1).wrapping_neg() as u32;
            let at = (x * VIEW_SIZE + y) * 3;
            bytes[at..at + 4].copy_from_slice(&(u32::from(*cell) & mask).to_le_bytes());
        }
    }
    out.copy_from_slice(&bytes[..VIEW_BYTES]);
}

/// Writes what an agent that sees `size` cells, an odd number up to
/// [`MAX_VIEW_SIZE`], sees of `world` to `out`, [`view_bytes`]`(size)` long. The
/// usual size is fastest.
pub fn write_view_of_size(world: &World, size: usize, out: &mut [u8]) {
    match size {
        VIEW_SIZE => write_view(world, out),
        _ => write_other(world, size, out),
    }
}

fn write_other(world: &World, size: usize, out: &mut [u8]) {
    let mut see_behind = [0; MAX_VIEW_SIZE];
    let mut visible = [0; MAX_VIEW_SIZE];
    let (see_behind, visible) = (&mut see_behind[..size], &mut visible[..size]);
    let (cells, _) = out.as_chunks_mut::<3>();
    for (x, column) in cells.chunks_exact_mut(size).enumerate() {
        for (y, out) in column.iter_mut().enumerate() {
            let pos = view_pos(world, size, x, y);
            // The grid's margin is as wide as the usual view.
            let cell = if world.grid.contains(pos) { world.grid.get(pos) } else { Cell::WALL };
            *out = cell.encode();
            see_behind[y] |= Row::from(cell.see_behind()) << x;
        }
    }
    cells[size / 2 * size + size - 1] = world.carrying.encode();
    if world.setup().see_through_walls {
        return;
    }
    flood(see_behind, visible);
    for (x, column) in cells.chunks_exact_mut(size).enumerate() {
        for (y, out) in column.iter_mut().enumerate() {
            if visible[y] >> x & 1 == 0 {
                *out = [0; 3];
            }
        }
    }
}

/// The place of the cell in column `x` and row `y` of a view with sides of `size`
/// cells; it may lie outside the grid.
#[inline]
pub(super) fn view_pos(world: &World, size: usize, x: usize, y: usize) -> Pos {
    let (dx, dy) = world.agent_dir.vector();
    let (ahead, right) = ((size - 1 - y) as i32, x as i32 - size as i32 / 2);
    let Pos { x, y } = world.agent_pos;
    Pos::new(x + dx * ahead - dy * right, y + dy * ahead + dx * right)
}

/// A bit for every column of a row.
type Row = u64;

/// The cells in view, by column from the left and row from the top, and for each
/// row a word with a bit for every column that can be looked past.
fn turned<const V: usize>(world: &World) -> ([[Cell; V]; V], [Row; V]) {
    let (all, agent, stride) = world.grid.window(world.agent_pos);
    let (dx, dy) = world.agent_dir.vector();
    let step = |x: i32, y: i32| x as isize + y as isize * stride as isize;
    let (ahead, rightwards) = (step(dx, dy), step(-dy, dx));
    let corner = agent as isize + ahead * (V as isize - 1) - rightwards * (V as isize / 2);
    let mut cells = [[Cell::EMPTY; V]; V];
    let mut see_behind = [0; V];
    for (x, column) in cells.iter_mut().enumerate() {
        for (y, cell) in column.iter_mut().enumerate() {
            *cell = all[(corner + rightwards * x as isize - ahead * y as isize) as usize];
            see_behind[y] |= Row::from(cell.see_behind()) << x;
        }
    }
    (cells, see_behind)
}

/// For each row a word with a bit for every column that the agent sees, when it
/// can look past those in `see_behind`.
fn visible_rows<const V: usize>(see_behind: &[Row; V]) -> [Row; V] {
    let mut rows = [0; V];
    flood(see_behind, &mut rows);
    rows
}

/// Sets a bit in `rows`, which are zeros, for every cell that the agent sees. Equal to
/// `process_vis` of minigrid, which goes through the rows from the agent's upwards,
/// through each from left to right and back: a visible cell that can be looked past
/// shows its neighbour in the direction of the pass, and the two cells above these.
/// Here each pass is a flood fill over the bits of a word.
#[inline(always)] // The number of rows is then a constant where it is one to the caller.
fn flood(see_behind: &[Row], rows: &mut [Row]) {
    let size = rows.len();
    let all = (1 << size) - 1;
    rows[size - 1] = 1 << (size / 2);
    for y in (0..size).rev() {
        let clear = see_behind[y];
        // Towards higher bits an addition floods: its carry runs through ones.
        let seeds = rows[y] & clear;
        let lit = clear & !(clear + seeds) | seeds;
        rows[y] = (rows[y] | lit << 1) & all;
        // The pass does not start from the row's last cell, nor the way back
        // from its first.
        let rising = lit & (all >> 1);
        let mut above = rising | rising << 1;

        let mut lit = rows[y] & clear;
        let (mut path, mut reach) = (clear, 1);
        while reach < size {
            lit |= path & (lit >> reach);
            path &= path >> reach;
            reach *= 2;
        }
        rows[y] |= lit >> 1;
        let rising = lit & !1;
        above |= rising | rising >> 1;
        if y > 0 {
            rows[y - 1] = above & all;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cell::{Color, DoorState};
    use super::super::position::{Direction, Pos};
    use super::super::world::Setup;
    use super::*;

    /// The passes of `process_vis`, cell by cell.
    fn visible_slowly<const V: usize>(see_behind: &[Row; V]) -> [Row; V] {
        let clear = |x: usize, y: usize| see_behind[y] >> x & 1 == 1;
        let mut seen = [[false; V]; V];
        seen[V - 1][V / 2] = true;
        for y in (0..V).rev() {
            let passes = (0..V - 1).map(|x| (x, x + 1)).chain((1..V).rev().map(|x| (x, x - 1)));
            for (x, next) in passes {
                if seen[y][x] && clear(x, y) {
                    seen[y][next] = true;
                    if y > 0 {
                        seen[y - 1][next] = true;
                        seen[y - 1][x] = true;
                    }
                }
            }
        }
        seen.map(|row| row.iter().rev().fold(0, |word, &bit| word << 1 | Row::from(bit)))
    }

    #[test]
    fn sight_floods_as_cell_by_cell() {
        fn check<const V: usize>(rng: &mut tella_rng::Generator) {
            for density in 0..8 {
                for _ in 0..2000 {
                    let rows = [(); V].map(|()| {
                        (0..V).fold(0, |w, _| w << 1 | Row::from(rng.integers(0, 8) >= density))
                    });
                    assert_eq!(visible_rows(&rows), visible_slowly(&rows), "{rows:?}");
                }
            }
        }
        let mut rng = tella_rng::Generator::new(11);
        check::<3>(&mut rng);
        check::<7>(&mut rng);
        check::<9>(&mut rng);
        check::<63>(&mut rng);
    }

    /// Every cell of a view looked up by its place relative to the agent.
    #[test]
    fn a_view_is_the_grid_turned() {
        let setup = Setup { width: 9, height: 6, max_steps: 1, see_through_walls: true };
        let mut world = World::new(setup);
        for _ in 0..50 {
            for y in 0..6 {
                for x in 0..9 {
                    let color = world.rand_color();
                    let cells = [
                        Cell::EMPTY,
                        Cell::WALL,
                        Cell::door(color, DoorState::Locked),
                        Cell::key(color),
                        Cell::floor(color),
                    ];
                    let cell = world.rand_elem(&cells);
                    world.grid.set(Pos::new(x, y), cell);
                }
            }
            let (x, y) = (world.rand_int(0, 9), world.rand_int(0, 6));
            world.put_agent(Pos::new(x, y), Direction::Right);
            world.carrying = Cell::ball(Color::Purple);
            for (dir, size) in Direction::ALL.iter().flat_map(|&d| [3, 7, 11, 63].map(|s| (d, s))) {
                world.agent_dir = dir;
                let mut view = vec![0xff; view_bytes(size)];
                write_view_of_size(&world, size, &mut view);
                for (i, seen) in view.chunks(3).enumerate() {
                    let right = (i / size) as i32 - size as i32 / 2;
                    let ahead = (size - 1 - i % size) as i32;
                    let pos = match dir {
                        Direction::Right => Pos::new(x + ahead, y + right),
                        Direction::Down => Pos::new(x - right, y + ahead),
                        Direction::Left => Pos::new(x - ahead, y - right),
                        Direction::Up => Pos::new(x + right, y - ahead),
                    };
                    let there = if (right, ahead) == (0, 0) {
                        world.carrying
                    } else if world.grid.contains(pos) {
                        world.grid.get(pos)
                    } else {
                        Cell::WALL
                    };
                    assert_eq!(seen, there.encode(), "{dir:?}, {right} right, {ahead} ahead");
                }
            }
        }
    }

    /// The two ways of writing a view agree where both can.
    #[test]
    fn other_sizes_are_written_as_the_usual_one() {
        let setup = Setup { width: 12, height: 9, max_steps: 1, see_through_walls: false };
        let mut world = World::new(setup);
        for round in 0..400 {
            for i in 0..12 * 9 {
                let cells = [Cell::WALL, Cell::EMPTY, Cell::GOAL, Cell::EMPTY];
                let cell = world.rand_elem(&cells[..2 + round % 3]);
                world.grid.set(Pos::new(i % 12, i / 12), cell);
            }
            let (x, y) = (world.rand_int(0, 12), world.rand_int(0, 9));
            world.put_agent(Pos::new(x, y), Direction::ALL[round % 4]);
            let (mut usual, mut other) = ([1; VIEW_BYTES], [2; VIEW_BYTES]);
            write_view(&world, &mut usual);
            write_other(&world, VIEW_SIZE, &mut other);
            assert_eq!(usual, other);
        }
    }
}
