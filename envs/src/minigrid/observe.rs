//! What of a world an agent is shown.

use super::view::{VIEW_SIZE, write_view};
use super::world::{MISSION_LENGTH, World};
use crate::{Dtype, LaneMut, Space};

/// A way to show a world to an agent.
pub trait Observer: Clone + Send + 'static {
    /// The space of what is shown.
    fn space() -> Space;

    /// Writes what is shown of `world` now.
    fn write(world: &World, out: &mut LaneMut<'_>);
}

/// The agent's view alone: `Box(0, 255, (7, 7, 3), uint8)`, as behind
/// gym-minigrid's `ImgObsWrapper`.
#[derive(Clone, Copy, Debug)]
pub struct Image;

/// The agent's view, its direction and its mission: `Dict(direction, image,
/// mission)`, as an environment of gym-minigrid shows itself without wrappers.
#[derive(Clone, Copy, Debug)]
pub struct Described;

impl Observer for Image {
    fn space() -> Space {
        Space::uniform_box(0.0, 255.0, &[VIEW_SIZE, VIEW_SIZE, 3], Dtype::Uint8)
    }

    #[inline]
    fn write(world: &World, out: &mut LaneMut<'_>) {
        write_view(world, out.u8(0));
    }
}

impl Observer for Described {
    fn space() -> Space {
        let mission = Space::Text {
            min_length: 0,
            max_length: MISSION_LENGTH,
            charset: "abcdefghijklmnopqrstuvwxyz ,".into(),
        };
        Space::Dict(vec![
            ("direction".into(), Space::discrete(4)),
            ("image".into(), Image::space()),
            ("mission".into(), mission),
        ])
    }

    #[inline]
    fn write(world: &World, out: &mut LaneMut<'_>) {
        out.i64(0)[0] = world.agent_dir as i64;
        write_view(world, out.u8(1));
        let mission = &mut out.text(2)[0];
        if *mission != world.mission {
            mission.clear();
            // For any mission, so that none after the first allocates.
            mission.reserve(MISSION_LENGTH);
            mission.push_str(&world.mission);
        }
    }
}
