//! minigrid 3.2.0 on Gymnasium 1.4.0: every id outside BabyAI and WFC, and other
//! parameters than those the ids are registered with.

use crate::Family;
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

/// The ids that begin with `family` and a digit, a capital or a hyphen.
fn equal(family: &str, variations: &[(&str, &str)], ends: &[End]) {
    let of_family = |id: &String| {
        let rest = id.strip_prefix("MiniGrid-").and_then(|id| id.strip_prefix(family));
        rest.is_some_and(|rest| rest.starts_with(|c: char| !c.is_lowercase()))
    };
    let names = ids().into_iter().filter(of_family).collect();
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
fn unlock() {
    equal("Unlock", &[("Unlock-v0", "max_steps=12")], &[Success, Timeout]);
}
