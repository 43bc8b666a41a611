//! The agent's view and its mission in one vector: minigrid's `FlatObsWrapper`.

use super::super::view::{view_bytes, write_view_of_size};
use super::super::world::{MISSION_LENGTH, Setup, World};
use super::picture::Picture;
use crate::{Dtype, LaneMut, Space};

/// What a character of a mission can be: a letter, a space, a comma.
const CHARACTERS: usize = 28;

/// The view, then for each of 96 characters of the mission 28 places of which its own
/// is set: `Box(0, 255, (view_size * view_size * 3 + 2688,), uint8)`. It is never
/// part of a `Dict`.
#[derive(Clone)]
pub(super) struct Flat {
    pub(super) view_size: usize,
}

impl Picture for Flat {
    fn space(&self, _: &Setup) -> Space {
        let width = view_bytes(self.view_size) + MISSION_LENGTH * CHARACTERS;
        Space::uniform_box(0.0, 255.0, &[width], Dtype::Uint8)
    }

    fn write(&mut self, world: &World, out: &mut LaneMut<'_>, leaf: usize) {
        let (view, mission) = out.u8(leaf).split_at_mut(view_bytes(self.view_size));
        write_view_of_size(world, self.view_size, view);
        mission.fill(0);
        let (places, _) = mission.as_chunks_mut::<CHARACTERS>();
        for (character, places) in world.mission.bytes().zip(places) {
            let number = match character.to_ascii_lowercase() {
                letter @ b'a'..=b'z' => letter - b'a',
                b' ' => 26,
                b',' => 27,
                // Upstream raises an error; no mission here has any other.
                _ => continue,
            };
            places[usize::from(number)] = 1;
        }
    }

    fn boxed(&self) -> Box<dyn Picture> {
        Box::new(self.clone())
    }
}
