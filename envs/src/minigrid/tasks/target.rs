//! An object to be picked up, whatever else looks like it.

use crate::minigrid::cell::Cell;
use crate::minigrid::position::Pos;
use crate::minigrid::world::{Action, Outcome, World};
use serde::{Deserialize, Serialize};

/// The object and where it lies. It stays there: picking it up ends the episode.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Target {
    pos: Pos,
    object: Cell,
}

impl Target {
    /// Where no level has been made yet.
    pub(super) const NONE: Target = Target { pos: Pos::NOWHERE, object: Cell::EMPTY };

    /// The object that was put at `pos`.
    pub(super) fn new(object: Cell, pos: Pos) -> Target {
        Target { pos, object }
    }

    /// Its colour and kind, as in a mission.
    pub(super) fn words(&self) -> [&'static str; 3] {
        [self.object.color().name(), " ", self.object.kind().name()]
    }

    /// One step; picking up the object is success.
    #[inline]
    pub(super) fn step(&self, world: &mut World, action: Action) -> Outcome {
        // A box may be toggled away and something else be put down in its place.
        let reached = action == Action::Pickup
            && world.carrying.is_empty()
            && world.front_pos() == self.pos
            && world.front_cell() == self.object;
        let outcome = world.act(action);
        if reached { Outcome::end(world.success_reward()) } else { outcome }
    }
}
