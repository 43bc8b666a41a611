//! The agent's view of the usual size, as environments show it by default.

use super::super::view::{VIEW_SIZE, write_view};
use super::super::world::{MISSION_LENGTH, Setup, World};
use super::Observer;
use crate::{Dtype, LaneMut, Space};

/// The agent's view alone: `Box(0, 255, (7, 7, 3), uint8)`, as behind minigrid's
/// `ImgObsWrapper`.
#[derive(Clone, Copy, Debug)]
pub struct Image;

/// The agent's view, its direction and its mission: `Dict(direction, image,
/// mission)`, as an environment of minigrid shows itself without wrappers.
#[derive(Clone, Copy, Debug)]
pub struct Described;

/// The space of an image with the agent's direction and mission beside it.
pub(super) fn described(image: Space) -> Space {
    let mission = Space::Text {
        min_length: 0,
        max_length: MISSION_LENGTH,
        charset: "abcdefghijklmnopqrstuvwxyz ,".into(),
    };
    Space::Dict(vec![
        ("direction".into(), Space::discrete(4)),
        ("image".into(), image),
        ("mission".into(), mission),
    ])
}

/// The leaf of a [`described`] space that is the image.
pub(super) const IMAGE_LEAF: usize = 1;

/// Writes what stands beside the image.
#[inline]
pub(super) fn describe(world: &World, out: &mut LaneMut<'_>) {
    out.i64(0)[0] = world.agent_dir as i64;
    let mission = &mut out.text(2)[0];
    if *mission != world.mission {
        mission.clear();
        // For any mission, so that none after the first allocates.
        mission.reserve(MISSION_LENGTH);
        mission.push_str(&world.mission);
    }
}

impl Observer for Image {
    fn space(&self, _: &Setup) -> Space {
        Space::uniform_box(0.0, 255.0, &[VIEW_SIZE, VIEW_SIZE, 3], Dtype::Uint8)
    }

    #[inline]
    fn write(&mut self, world: &World, out: &mut LaneMut<'_>) {
        write_view(world, out.u8(0));
    }
}

impl Observer for Described {
    fn space(&self, setup: &Setup) -> Space {
        described(Image.space(setup))
    }

    #[inline]
    fn write(&mut self, world: &World, out: &mut LaneMut<'_>) {
        describe(world, out);
        write_view(world, out.u8(IMAGE_LEAF));
    }
}
