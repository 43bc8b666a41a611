//! The environments this crate brings.

use crate::Registry;
use crate::classic::Classic;
use crate::forager::Foraging;
use crate::mad::MadTasks;
use crate::minigrid::GridWorlds;

impl Registry {
    /// A registry of all native environments.
    pub fn builtin() -> Self {
        let mut registry = Registry::empty();
        registry.add(Classic);
        registry.add(GridWorlds);
        registry.add(Foraging);
        registry.add(MadTasks);
        registry
    }
}
