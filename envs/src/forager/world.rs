//! The world: objects on a torus, who collects them, and when they are back.

use super::settings::Settings;
use super::torus::Torus;
use crate::EnvError;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use tella_rng::Generator;

/// A step's direction: columns, rows.
const MOVES: [[isize; 2]; 4] = [[0, -1], [1, 0], [0, 1], [-1, 0]];

/// A torus with objects and an agent on it. A cell holds 0 or the number of the object's
/// kind, from 1.
#[derive(Debug)]
pub struct World {
    settings: Settings,
    torus: Torus,
    x: usize,
    y: usize,
    /// Steps since the world was made.
    time: u64,
    seed: u64,
    rng: Generator,
    /// When the next object of a kind appears, earliest first.
    pending: BinaryHeap<Reverse<(u64, u8)>>,
    /// Coefficients of the drift `fourier`.
    series: Vec<[f64; 2]>,
}

/// A world as it is saved: what the settings and the seed do not say.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Saved {
    seed: u64,
    time: u64,
    x: usize,
    y: usize,
    cells: Vec<u8>,
    pending: Vec<(u64, u8)>,
    rng: Generator,
}

impl World {
    /// The world that `seed` makes.
    pub fn new(settings: Settings, seed: u64) -> Self {
        let mut world = World {
            torus: Torus::new(settings.size, settings.view_size),
            x: 0,
            y: 0,
            time: 0,
            seed,
            rng: Generator::new(seed),
            pending: BinaryHeap::with_capacity(settings.kinds * settings.per_kind),
            series: Vec::new(),
            settings,
        };
        world.make_anew(seed);
        world
    }

    /// Becomes the world that `seed` makes: the agent in the middle, the objects of the
    /// first kind on free cells at random, then those of the next.
    pub fn make_anew(&mut self, seed: u64) {
        self.torus.clear();
        self.pending.clear();
        (self.x, self.y) = (self.settings.size / 2, self.settings.size / 2);
        (self.time, self.seed, self.rng) = (0, seed, Generator::new(seed));
        self.settings.drift.draw_series(seed, &mut self.series);
        for kind in 1..=self.settings.kinds {
            for _ in 0..self.settings.per_kind {
                self.place(kind as u8);
            }
        }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Steps since the world was made.
    pub fn time(&self) -> u64 {
        self.time
    }

    /// Column and row of the agent.
    pub fn agent(&self) -> (usize, usize) {
        (self.x, self.y)
    }

    /// What lies in column `x` and row `y`: 0, or the number of a kind, from 1.
    pub fn cell(&self, x: usize, y: usize) -> u8 {
        self.torus.get(x, y)
    }

    /// Puts an object on a cell drawn until it is free of objects and of the agent.
    fn place(&mut self, kind: u8) {
        let size = self.settings.size;
        loop {
            let cell = self.rng.integers(0, (size * size) as i64) as usize;
            let (x, y) = (cell % size, cell / size);
            if self.torus.get(x, y) == 0 && (x, y) != (self.x, self.y) {
                return self.torus.set(x, y, kind);
            }
        }
    }

    /// The agent walks one cell: up (0), right (1), down (2) or left (3). What lies there
    /// it collects and is paid for; then the objects appear whose time has come. The
    /// reward, or `None` where there is no such direction.
    #[inline]
    pub fn step(&mut self, action: i64) -> Option<f64> {
        let [dx, dy] = *MOVES.get(usize::try_from(action).ok()?)?;
        self.x = self.beside(self.x, dx);
        self.y = self.beside(self.y, dy);
        let kind = self.torus.get(self.x, self.y);
        let reward = if kind == 0 { 0.0 } else { self.collect(kind) };
        while let Some(&Reverse((due, kind))) = self.pending.peek()
            && due <= self.time
        {
            self.pending.pop();
            self.place(kind);
        }
        self.time += 1;
        Some(reward)
    }

    #[inline]
    fn beside(&self, at: usize, by: isize) -> usize {
        match at.checked_add_signed(by) {
            Some(next) if next == self.settings.size => 0,
            Some(next) => next,
            None => self.settings.size - 1,
        }
    }

    fn collect(&mut self, kind: u8) -> f64 {
        self.torus.set(self.x, self.y, 0);
        let [min, max] = self.settings.respawn;
        let delay = self.rng.integers(min as i64, max as i64 + 1) as u64;
        self.pending.push(Reverse((self.time + delay, kind)));
        self.settings.drift.reward(usize::from(kind) - 1, self.time, &self.series)
    }

    /// Writes what the agent sees, row by row: it stands in the middle.
    #[inline]
    pub fn view(&self, out: &mut [u8]) {
        self.torus.view(self.x, self.y, out);
    }

    /// The world as characters, one line a row: `@` the agent, a digit an object of that
    /// kind.
    pub fn draw(&self) -> String {
        let cell = |x, y| match self.torus.get(x, y) {
            _ if (x, y) == (self.x, self.y) => '@',
            0 => '.',
            kind => char::from(b'0' + kind),
        };
        let row = |y| (0..self.settings.size).map(|x| cell(x, y)).collect::<String>();
        (0..self.settings.size).map(row).collect::<Vec<_>>().join("\n")
    }

    pub(super) fn save(&self) -> Saved {
        let size = self.settings.size;
        let cells = (0..size * size).map(|cell| self.torus.get(cell % size, cell / size)).collect();
        let mut pending: Vec<_> = self.pending.iter().map(|Reverse(next)| *next).collect();
        pending.sort_unstable();
        let World { seed, time, x, y, .. } = *self;
        Saved { seed, time, x, y, cells, pending, rng: self.rng.clone() }
    }

    /// Takes back what was saved of a world of the same settings.
    pub(super) fn restore(&mut self, saved: Saved) -> Result<(), EnvError> {
        let Saved { seed, time, x, y, cells, pending, rng } = saved;
        let Settings { size, kinds, per_kind, .. } = self.settings;
        let mut found = vec![0; kinds + 1];
        for &kind in cells.iter().chain(pending.iter().map(|(_, kind)| kind)) {
            match found.get_mut(usize::from(kind)) {
                Some(count) => *count += 1,
                None => return Err(other_world()),
            }
        }
        let inside = x < size && y < size && cells.len() == size * size;
        // Every object lies somewhere or is about to.
        if !inside || found[1..].iter().any(|count| *count != per_kind) {
            return Err(other_world());
        }
        for (cell, kind) in cells.into_iter().enumerate() {
            self.torus.set(cell % size, cell / size, kind);
        }
        self.pending.clear();
        self.pending.extend(pending.into_iter().map(Reverse));
        self.settings.drift.draw_series(seed, &mut self.series);
        (self.seed, self.time, self.x, self.y, self.rng) = (seed, time, x, y, rng);
        Ok(())
    }
}

fn other_world() -> EnvError {
    EnvError("saved environment: a world of other parameters".into())
}
