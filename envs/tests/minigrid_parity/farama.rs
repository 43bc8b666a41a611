//! minigrid 3.2.0 on Gymnasium 1.4.0: every id outside BabyAI and WFC, and other
//! parameters than those the ids are registered with.

use crate::Family;
use crate::records::ask;
use crate::replay::{End, Job};
use tella_envs::{Catalog, Registry};
use tella_reference::Stack;

/// All ids.
fn ids() -> Vec<String> {
    Registry::builtin().names().into_iter().filter(|name| name.starts_with("MiniGrid-")).collect()
}

/// An id with parameters: `size=7 agent_start_pos=random`.
fn job((id, params): &(&str, &str)) -> Job {
    let registry = Registry::builtin();
    let name = format!("MiniGrid-{id}");
    let spec = registry.spec(&name).unwrap();
    let given: Vec<String> = params.split_whitespace().map(str::to_owned).collect();
    Job { params: tella_envs::parse_params(&spec.params, &given).unwrap(), name }
}

/// All families; each has a test of its own below.
const FAMILIES: [&str; 22] = [
    "BlockedUnlockPickup",
    "DistShift",
    "DoorKey",
    "Dynamic-Obstacles",
    "Empty",
    "Fetch",
    "FourRooms",
    "GoToDoor",
    "GoToObject",
    "KeyCorridor",
    "LavaCrossing",
    "LavaGap",
    "LockedRoom",
    "Memory",
    "MultiRoom",
    "ObstructedMaze",
    "Playground",
    "PutNear",
    "RedBlueDoors",
    "SimpleCrossing",
    "Unlock",
    "UnlockPickup",
];

/// Whether `id` is one of `family`, whose name a hyphen, a number or a size follows.
fn belongs(id: &str, family: &str) -> bool {
    let rest = id.strip_prefix("MiniGrid-").and_then(|id| id.strip_prefix(family));
    rest.is_some_and(|rest| {
        rest.trim_start_matches('S').starts_with(|c: char| c == '-' || c.is_ascii_digit())
    })
}

/// All ids of a family, and variations.
fn equal(family: &str, variations: &[(&str, &str)], ends: &[End]) {
    assert!(FAMILIES.contains(&family), "{family}");
    let names = ids().into_iter().filter(|id| belongs(id, family)).collect();
    let variations = variations.iter().map(job).collect();
    let (original, stack) = ("minigrid 3.2.0", Stack::FARAMA);
    Family { original, stack, family, names, variations, ends }.check();
}

use End::{Both, Failure, Penalty, Success, Timeout};

#[test]
fn empty() {
    let variations = [
        ("Empty-5x5-v0", "max_steps=5"),
        ("Empty-8x8-v0", "size=4 agent_start_dir=3"),
        ("Empty-16x16-v0", "size=11 agent_start_pos=4,7 agent_start_dir=2"),
        ("Empty-Random-6x6-v0", "size=9 see_through_walls=false max_steps=60"),
    ];
    equal("Empty", &variations, &[Success, Timeout, Both]);
}

#[test]
fn simple_crossing() {
    let variations = [
        ("SimpleCrossingS9N1-v0", "size=5 num_crossings=2 max_steps=8"),
        ("SimpleCrossingS11N5-v0", "size=17 num_crossings=9"),
        ("SimpleCrossingS9N3-v0", "obstacle_type=lava see_through_walls=true"),
        ("SimpleCrossingS9N3-v0", "num_crossings=0"),
    ];
    equal("SimpleCrossing", &variations, &[Success, Failure, Timeout, Both]);
}

#[test]
fn lava_crossing() {
    let variations = [
        ("LavaCrossingS9N1-v0", "size=5 num_crossings=2 max_steps=6"),
        ("LavaCrossingS11N5-v0", "size=15 num_crossings=12"),
        ("LavaCrossingS9N2-v0", "obstacle_type=wall"),
    ];
    equal("LavaCrossing", &variations, &[Success, Failure, Timeout, Both]);
}

#[test]
fn dist_shift() {
    let variations = [
        ("DistShift1-v0", "width=12 height=9 strip2_row=7"),
        ("DistShift1-v0", "width=5 height=4 max_steps=4"),
        ("DistShift2-v0", "agent_start_pos=7,5 agent_start_dir=3 strip2_row=3"),
        ("DistShift2-v0", "agent_start_pos=random max_steps=40"),
    ];
    equal("DistShift", &variations, &[Success, Failure, Timeout, Both]);
}

#[test]
fn door_key() {
    let variations =
        [("DoorKey-5x5-v0", "size=7 max_steps=30"), ("DoorKey-8x8-v0", "see_through_walls=true")];
    equal("DoorKey", &variations, &[Success, Timeout]);
}

#[test]
fn dynamic_obstacles() {
    let variations = [
        ("Dynamic-Obstacles-5x5-v0", "n_obstacles=0 max_steps=5"),
        ("Dynamic-Obstacles-8x8-v0", "size=10 n_obstacles=100 max_steps=20"),
        ("Dynamic-Obstacles-Random-6x6-v0", "size=7 n_obstacles=4 max_steps=12"),
    ];
    equal("Dynamic-Obstacles", &variations, &[Success, Penalty, Timeout, Both]);
}

#[test]
fn fetch() {
    let variations = [
        ("Fetch-5x5-N2-v0", "size=4 numObjs=3 max_steps=10"),
        ("Fetch-8x8-N3-v0", "size=12 numObjs=20 see_through_walls=false"),
    ];
    equal("Fetch", &variations, &[Success, Failure, Timeout, Both]);
}

#[test]
fn four_rooms() {
    let variations = [
        ("FourRooms-v0", "agent_pos=4,9 goal_pos=2,8 max_steps=40"),
        ("FourRooms-v0", "agent_pos=17,1 see_through_walls=true"),
        ("FourRooms-v0", "goal_pos=9,4"),
    ];
    equal("FourRooms", &variations, &[Success, Timeout]);
}

#[test]
fn go_to_door() {
    let variations = [("GoToDoor-5x5-v0", "size=12 max_steps=25")];
    equal("GoToDoor", &variations, &[Success, Failure, Timeout]);
}

#[test]
fn go_to_object() {
    let variations = [
        ("GoToObject-6x6-N2-v0", "size=4 numObjs=3 max_steps=8"),
        ("GoToObject-8x8-N2-v0", "size=11 numObjs=18 see_through_walls=false"),
    ];
    equal("GoToObject", &variations, &[Success, Failure, Timeout]);
}

#[test]
fn key_corridor() {
    let variations = [
        ("KeyCorridorS3R3-v0", "obj_type=key"),
        ("KeyCorridorS4R3-v0", "obj_type=box max_steps=60"),
        ("KeyCorridorS3R1-v0", "room_size=5 num_rows=5"),
    ];
    equal("KeyCorridor", &variations, &[Success, Timeout]);
}

#[test]
fn lava_gap() {
    let variations = [
        ("LavaGapS5-v0", "obstacle_type=wall max_steps=12"),
        ("LavaGapS7-v0", "size=12 see_through_walls=true"),
    ];
    equal("LavaGap", &variations, &[Success, Failure, Timeout]);
}

#[test]
fn locked_room() {
    let variations = [
        ("LockedRoom-v0", "size=13 max_steps=100"),
        ("LockedRoom-v0", "size=25 max_steps=400 see_through_walls=true"),
    ];
    equal("LockedRoom", &variations, &[Success, Timeout]);
}

#[test]
fn memory() {
    let variations = [
        ("MemoryS7-v0", "random_length=true max_steps=20"),
        ("MemoryS13-v0", "size=21 random_length=true see_through_walls=true"),
    ];
    equal("Memory", &variations, &[Success, Failure, Timeout]);
}

#[test]
fn multi_room() {
    let variations = [
        ("MultiRoom-N2-S4-v0", "minNumRooms=1 maxNumRooms=9 max_steps=60"),
        ("MultiRoom-N6-v0", "minNumRooms=3 maxNumRooms=4 maxRoomSize=7 width=16 height=31"),
        ("MultiRoom-N4-S5-v0", "width=30 height=13 see_through_walls=true"),
    ];
    equal("MultiRoom", &variations, &[Success, Timeout]);
}

#[test]
fn obstructed_maze() {
    let variations = [
        ("ObstructedMaze-1Dl-v0", "max_steps=30"),
        ("ObstructedMaze-1Dl-v0", "blocked=true"),
        ("ObstructedMaze-2Q-v0", "agent_room=1,2 num_rooms_visited=3 key_in_box=false"),
        ("ObstructedMaze-2Q-v1", "num_quarters=3 agent_room=0,1 blocked=false"),
        ("ObstructedMaze-1Q-v1", "key_in_box=false blocked=false"),
    ];
    equal("ObstructedMaze", &variations, &[Success, Timeout]);
}

#[test]
fn playground() {
    equal("Playground", &[("Playground-v0", "max_steps=250 see_through_walls=true")], &[Timeout]);
}

#[test]
fn put_near() {
    let variations = [
        ("PutNear-6x6-N2-v0", "size=7 numObjs=4"),
        ("PutNear-8x8-N3-v0", "size=12 numObjs=16 max_steps=100 see_through_walls=false"),
    ];
    equal("PutNear", &variations, &[Success, Failure, Timeout]);
}

#[test]
fn red_blue_doors() {
    let variations =
        [("RedBlueDoors-6x6-v0", "size=3 max_steps=6"), ("RedBlueDoors-8x8-v0", "size=11")];
    equal("RedBlueDoors", &variations, &[Success, Failure, Timeout]);
}

#[test]
fn unlock() {
    equal("Unlock", &[("Unlock-v0", "max_steps=12")], &[Success, Timeout]);
}

#[test]
fn unlock_pickup() {
    equal("UnlockPickup", &[("UnlockPickup-v0", "max_steps=30")], &[Success, Timeout]);
}

#[test]
fn blocked_unlock_pickup() {
    let variations = [("BlockedUnlockPickup-v0", "max_steps=60")];
    equal("BlockedUnlockPickup", &variations, &[Success, Timeout]);
}

/// What minigrid registers is what there is here, no more and no less.
#[test]
fn the_ids_are_minigrids() {
    let listed = ask(Stack::FARAMA, &["--ids".to_owned()]);
    let mut theirs: Vec<&str> = std::str::from_utf8(&listed).unwrap().lines().collect();
    let mut ours = ids();
    theirs.sort_unstable();
    ours.sort_unstable();
    assert_eq!(ours, theirs);
    for id in ours {
        let families = FAMILIES.iter().filter(|family| belongs(&id, family)).count();
        assert_eq!(families, 1, "{id}");
    }
}
