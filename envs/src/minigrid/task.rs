//! What tells one environment from another: how its grid is made, and what
//! counts in it.

use super::no_level::NoLevel;
use super::world::{Action, Outcome, World};
use serde::{Serialize, de::DeserializeOwned};

/// A task in a grid world. Its own state (where the obstacles are, which door
/// matters) is saved with the world's, so all of it is serialised.
pub trait Task: Clone + Send + Sync + Serialize + DeserializeOwned + 'static {
    /// Fills `world`, which is empty and of the size the task was registered with:
    /// walls, objects, the agent, the mission. Called at every reset; it draws
    /// from the world's random stream alone, and allocates nothing once warm.
    fn generate(&mut self, world: &mut World) -> Result<(), NoLevel>;

    /// One step: the shared rules, with what the task adds before and after.
    /// Time limits are the environment's.
    #[inline]
    fn step(&mut self, world: &mut World, action: Action) -> Outcome {
        world.act(action)
    }
}
