//! The pictures of cells, each drawn once.
//!
//! A tile is told by what observations tell of a cell, by the agent in it and by
//! the light on it. The tiles of one size are shared by everything that draws at
//! that size, whatever thread it runs on; drawing a grid is then copying.

use super::super::cell::{Color, Kind};
use super::super::position::Direction;
use super::objects;
use super::shapes::{self, Canvas, Rgb};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError};

/// Door states; other cells have state 0.
const STATES: usize = 3;

/// No agent, or an agent that looks in one of four directions.
const AGENTS: usize = 5;

const LINES: Rgb = [100, 100, 100];
const AGENT: Rgb = [255, 0, 0];

/// All tiles of one size.
pub(in super::super) struct Tiles {
    size: usize,
    /// By kind, colour, state, agent and light; empty until first asked for.
    drawn: Vec<OnceLock<Box<[u8]>>>,
}

impl Tiles {
    /// The tiles with sides of `size` pixels.
    pub(in super::super) fn of_size(size: usize) -> Arc<Tiles> {
        static SIZES: LazyLock<Mutex<BTreeMap<usize, Arc<Tiles>>>> = LazyLock::new(Mutex::default);
        let count = Kind::ALL.len() * Color::ALL.len() * STATES * AGENTS * 2;
        let make =
            || Arc::new(Tiles { size, drawn: (0..count).map(|_| OnceLock::new()).collect() });
        let mut sizes = SIZES.lock().unwrap_or_else(PoisonError::into_inner);
        sizes.entry(size).or_insert_with(make).clone()
    }

    /// Side of a tile in pixels.
    pub(in super::super) fn size(&self) -> usize {
        self.size
    }

    /// The tile of a cell that observations show as `cell`, with an agent that looks
    /// in direction `agent` in it: `size * size * 3` bytes, row by row.
    #[inline]
    pub(super) fn get(&self, cell: [u8; 3], agent: Option<Direction>, lit: bool) -> &[u8] {
        let [kind, color, state] = cell.map(usize::from);
        let looks = agent.map_or(0, |direction| direction as usize + 1);
        let thing = (kind * Color::ALL.len() + color) * STATES + state;
        let index = (thing * AGENTS + looks) * 2 + usize::from(lit);
        self.drawn[index].get_or_init(|| self.draw(cell, agent, lit))
    }

    #[cold]
    fn draw(
        &self,
        [kind, color, state]: [u8; 3],
        agent: Option<Direction>,
        lit: bool,
    ) -> Box<[u8]> {
        let mut canvas = Canvas::new(self.size);
        canvas.fill(LINES, shapes::rect(0.0, 0.031, 0.0, 1.0));
        canvas.fill(LINES, shapes::rect(0.0, 1.0, 0.0, 0.031));
        let (kind, color) = (Kind::ALL[usize::from(kind)], Color::ALL[usize::from(color)]);
        objects::draw(&mut canvas, kind, color, state);
        if let Some(direction) = agent {
            canvas.fill(AGENT, shapes::agent(direction as u8));
        }
        if lit {
            canvas.highlight();
        }
        canvas.tile()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;
    use tella_reference::{Stack, scripts, sweep};

    /// Compares tiles of `size` with those of minigrid 3.2.0 itself.
    fn equal(size: usize, which: &str) {
        let output = Command::new(Stack::FARAMA.python())
            .arg(scripts().join("envs_minigrid_tiles.py"))
            .args([&size.to_string(), which])
            .output()
            .expect("the interpreter starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tiles = Tiles::of_size(size);
        let records = output.stdout.chunks_exact(5 + size * size * 3);
        assert!(records.len() > 50 && records.remainder().is_empty());
        for record in records {
            let ([kind, color, state, agent, lit], pixels) = record.split_first_chunk().unwrap();
            let agent = agent.checked_sub(1).map(|a| Direction::ALL[usize::from(a)]);
            let tile = tiles.get([*kind, *color, *state], agent, *lit == 1);
            let first = tile.iter().zip(pixels).position(|(a, b)| a != b);
            assert_eq!(first, None, "{size}: {:?}, {agent:?}", (kind, color, state, lit));
        }
    }

    #[test]
    fn tiles_equal_minigrid() {
        for size in 1..sweep(4, 24) {
            equal(size as usize, "all");
        }
        for size in sweep(32, 24)..sweep(33, 65) {
            equal(size as usize, "some");
        }
        equal(8, "all");
    }
}
