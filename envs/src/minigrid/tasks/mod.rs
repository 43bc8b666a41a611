//! The tasks, one family a file: how a level is made, what counts in it, and
//! the names it goes by. A new family is one file here and one line below.

mod crossing;
mod custom_fetch;
mod dist_shift;
mod door_key;
mod dynamic_obstacles;
mod empty;
mod fetch;
mod four_rooms;
mod go_to;
mod key_corridor;
mod lava_gap;
mod locked_room;
mod memory;
mod multi_room;
mod obstructed_maze;
mod playground;
mod put_near;
mod red_blue_doors;
mod target;
mod things;
mod unlock;
mod unlock_pickup;

use super::entry::Entry;
use crate::EnvFamily;
use std::sync::LazyLock;

/// What the families are, in the order of the reference.
pub(super) const FAMILIES: &[&EnvFamily] = &[
    &unlock_pickup::BLOCKED,
    &crossing::LAVA,
    &crossing::SIMPLE,
    &custom_fetch::FAMILY,
    &dist_shift::FAMILY,
    &door_key::FAMILY,
    &dynamic_obstacles::FAMILY,
    &empty::FAMILY,
    &fetch::FAMILY,
    &four_rooms::FAMILY,
    &go_to::DOOR,
    &go_to::OBJECT,
    &key_corridor::FAMILY,
    &lava_gap::FAMILY,
    &locked_room::FAMILY,
    &memory::FAMILY,
    &multi_room::FAMILY,
    &obstructed_maze::FAMILY,
    &playground::FAMILY,
    &put_near::FAMILY,
    &red_blue_doors::FAMILY,
    &unlock::FAMILY,
    &unlock_pickup::FREE,
];

/// Every environment, family by family.
pub(super) fn entries() -> &'static [Entry] {
    static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
        let families = [
            crossing::entries,
            dist_shift::entries,
            dynamic_obstacles::entries,
            custom_fetch::entries,
            unlock::entries,
            door_key::entries,
            empty::entries,
            fetch::entries,
            unlock_pickup::entries,
            four_rooms::entries,
            go_to::entries,
            key_corridor::entries,
            lava_gap::entries,
            locked_room::entries,
            memory::entries,
            multi_room::entries,
            obstructed_maze::entries,
            playground::entries,
            put_near::entries,
            red_blue_doors::entries,
        ];
        families.iter().flat_map(|entries| entries()).collect()
    });
    &ENTRIES
}

/// The environment called `name`.
pub(super) fn entry(name: &str) -> Option<&'static Entry> {
    entries().iter().find(|e| e.name() == name)
}
