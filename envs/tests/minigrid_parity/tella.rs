//! TELLA's variants against TELLA 2.1.0 on gym-minigrid 1.0.3.

use crate::Family;
use crate::replay::End;
use tella_reference::Stack;

/// One of TELLA's tasks: all variants, and every way of ending there is.
fn equal(task: &str, variants: [&str; 3], ends: &[End]) {
    let names = variants.map(|variant| format!("{task}{variant}")).into();
    let (original, stack) = ("TELLA 2.1.0", Stack::L2M);
    Family { original, stack, family: task, names, variations: Vec::new(), ends }.check();
}

#[test]
fn simple_crossing() {
    equal("SimpleCrossing", ["S9N1", "S9N2", "S9N3"], &[End::Success, End::Timeout]);
}

#[test]
fn dist_shift() {
    equal("DistShift", ["R2", "R5", "R3"], &[End::Success, End::Penalty, End::Timeout]);
}

#[test]
fn dyn_obstacles() {
    let variants = ["S6N1", "S8N2", "S10N3"];
    equal("DynObstacles", variants, &[End::Success, End::Penalty, End::Timeout]);
}

#[test]
fn custom_fetch() {
    let variants = ["S5T1N2", "S8T1N2", "S10T2N4"];
    equal("CustomFetch", variants, &[End::Success, End::Failure, End::Timeout]);
}

#[test]
fn custom_unlock() {
    equal("CustomUnlock", ["S5", "S7", "S9"], &[End::Success, End::Timeout]);
}

#[test]
fn door_key() {
    equal("DoorKey", ["S5", "S6", "S7"], &[End::Success, End::Timeout]);
}
