//! The agent's view with a place for every value: minigrid's `OneHotPartialObsWrapper`.

use super::super::cell::{Color, Kind};
use super::super::view::{view_bytes, write_view_of_size};
use super::super::world::{Setup, World};
use super::picture::Picture;
use crate::{Dtype, LaneMut, Space};

const KINDS: usize = Kind::ALL.len();
const COLORS: usize = Color::ALL.len();
/// Door states.
const STATES: usize = 3;
const WIDTH: usize = KINDS + COLORS + STATES;

/// For each cell of the view 11 places for its kind, 6 for its colour and 3 for its
/// state, one of each set: `Box(0, 255, (view_size, view_size, 20), uint8)`.
#[derive(Clone)]
pub(super) struct OneHot {
    view_size: usize,
    view: Vec<u8>,
}

impl OneHot {
    /// The view of an agent that sees `view_size` cells.
    pub(super) fn new(view_size: usize) -> OneHot {
        OneHot { view_size, view: vec![0; view_bytes(view_size)] }
    }
}

impl Picture for OneHot {
    fn space(&self, _: &Setup) -> Space {
        Space::uniform_box(0.0, 255.0, &[self.view_size, self.view_size, WIDTH], Dtype::Uint8)
    }

    fn write(&mut self, world: &World, out: &mut LaneMut<'_>, leaf: usize) {
        write_view_of_size(world, self.view_size, &mut self.view);
        let (cells, _) = self.view.as_chunks::<3>();
        let (places, _) = out.u8(leaf).as_chunks_mut::<WIDTH>();
        for (&[kind, color, state], places) in cells.iter().zip(places) {
            *places = [0; WIDTH];
            places[usize::from(kind)] = 1;
            places[KINDS + usize::from(color)] = 1;
            places[KINDS + COLORS + usize::from(state)] = 1;
        }
    }

    fn boxed(&self) -> Box<dyn Picture> {
        Box::new(self.clone())
    }
}
