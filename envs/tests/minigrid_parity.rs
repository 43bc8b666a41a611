//! Grid worlds against TELLA 2.1.0 and gym-minigrid 1.0.3 themselves, bit for
//! bit: the same seed and actions give the same grids, observations, rewards and
//! ends. An environment is seeded once and later episodes go on in its stream.

use std::process::Command;
use tella_envs::{Batch, Catalog, ParamValue, Params, Registry, StepBatch};
use tella_reference::{Stack, scripts, sweep};

/// Bytes read from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> &'a [u8] {
        let (head, rest) = self.0.split_at(n);
        self.0 = rest;
        head
    }

    fn number(&mut self, width: usize) -> usize {
        self.take(width).iter().rev().fold(0, |n, &byte| n << 8 | usize::from(byte))
    }
}

/// How an episode ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// Terminated with a positive reward.
    Success,
    /// Terminated with reward 0.
    Failure,
    /// Terminated with reward -1.
    Penalty,
    /// Cut at `max_steps`.
    Timeout,
}

/// Small seeds, and large ones as curricula draw them.
fn seeds(count: u64) -> Vec<u64> {
    let large = |k: u64| k.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (0..count).map(|k| if k % 2 == 0 { k } else { large(k) }).collect()
}

/// Runs of the original, one after the other.
fn play(names: &[&str], seeds: &[u64], steps: u64) -> Vec<u8> {
    let seeds: Vec<String> = seeds.iter().map(u64::to_string).collect();
    let output = Command::new(Stack::L2M.python())
        .arg(scripts().join("envs_minigrid.py"))
        .args([&steps.to_string(), &seeds.join(",")])
        .args(names)
        .output()
        .expect("the interpreter starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// Replays the original's runs and compares everything; for each name the ways
/// of ending that were seen, sorted.
fn equal(names: &[&str], seed_count: u64, steps: u64) -> Vec<Vec<End>> {
    let seeds = seeds(seed_count);
    let stdout = play(names, &seeds, steps);
    let mut bytes = Bytes(&stdout);
    let compare = |name: &&str| {
        let length = bytes.number(4);
        replay(name, &seeds, Bytes(bytes.take(length)))
    };
    let ends = names.iter().map(compare).collect();
    assert!(bytes.0.is_empty());
    ends
}

/// Replays the runs of one environment.
fn replay(name: &str, seeds: &[u64], mut bytes: Bytes<'_>) -> Vec<End> {
    let registry = Registry::builtin();
    let params = registry.resolve_params(name, &Params::new()).unwrap();
    let mut env = registry.make(name, &params, 1, 1).unwrap();
    let Some(ParamValue::Int(max_steps)) = params.get("max_steps") else {
        panic!("{name} has no max_steps");
    };
    let mut actions = Batch::new(env.action_space(), 1);
    let mut out = StepBatch::new(env.observation_space(), 1);
    let image = out.observations.layout().leaves.len() / 2;

    // The last seed is played twice, the second time with care.
    let mut runs = seeds.iter().chain(seeds.last());
    let (mut ends, mut record, mut age) = (Vec::new(), 0, 0);
    while !bytes.0.is_empty() {
        let [start, action, done, direction] = bytes.take(4).try_into().unwrap();
        let reward = f64::from_le_bytes(bytes.take(8).try_into().unwrap());
        let place = format!("{name}, record {record}, step {age} of an episode");
        if start == 0 {
            actions.lane_mut(0).i64(0)[0] = action.into();
            env.step(&actions, &[true], &mut out).unwrap();
            age += 1;
            assert_eq!(out.rewards[0].to_bits(), reward.to_bits(), "{place}");
            assert_eq!(out.terminated[0] || out.truncated[0], done != 0, "{place}");
            assert!(!out.truncated[0] || age == *max_steps, "{place}: cut too early");
            if done != 0 {
                ends.push(match reward {
                    _ if out.truncated[0] => End::Timeout,
                    r if r > 0.0 => End::Success,
                    r if r < 0.0 => End::Penalty,
                    _ => End::Failure,
                });
            }
        } else {
            let seed = (start == 1).then(|| *runs.next().expect("a run for every seed"));
            env.reset(0, seed, &mut out.observations).unwrap();
            age = 0;
        }
        let seen = out.observations.lane(0);
        assert_eq!(seen.u8(image), bytes.take(147), "{place}: image");
        let length = bytes.number(1);
        let mission = std::str::from_utf8(bytes.take(length)).unwrap();
        if image == 1 {
            assert_eq!(seen.i64(0), [i64::from(direction)], "{place}: direction");
            assert_eq!(seen.text(2), [mission], "{place}");
        }
        let length = bytes.number(2);
        let grid = std::str::from_utf8(bytes.take(length)).unwrap();
        if !grid.is_empty() {
            assert_eq!(env.render(0).as_deref(), Some(grid), "{place}");
        }
        record += 1;
    }
    assert_eq!(runs.next(), None, "{name}: a run for every seed");
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// One of TELLA's tasks: all variants, and every way of ending there is.
fn tella(variants: [&str; 3], ends: &[End]) {
    let seen = equal(&variants, sweep(10, 200), sweep(300, 500));
    for (name, seen) in variants.iter().zip(seen) {
        assert_eq!(seen, ends, "{name}");
    }
}

#[test]
fn simple_crossing_equals_tella() {
    let variants = ["SimpleCrossingS9N1", "SimpleCrossingS9N2", "SimpleCrossingS9N3"];
    tella(variants, &[End::Success, End::Timeout]);
}

#[test]
fn dist_shift_equals_tella() {
    let variants = ["DistShiftR2", "DistShiftR5", "DistShiftR3"];
    tella(variants, &[End::Success, End::Penalty, End::Timeout]);
}

#[test]
fn dyn_obstacles_equals_tella() {
    let variants = ["DynObstaclesS6N1", "DynObstaclesS8N2", "DynObstaclesS10N3"];
    tella(variants, &[End::Success, End::Penalty, End::Timeout]);
}

#[test]
fn custom_fetch_equals_tella() {
    let variants = ["CustomFetchS5T1N2", "CustomFetchS8T1N2", "CustomFetchS10T2N4"];
    tella(variants, &[End::Success, End::Failure, End::Timeout]);
}

#[test]
fn custom_unlock_equals_tella() {
    let variants = ["CustomUnlockS5", "CustomUnlockS7", "CustomUnlockS9"];
    tella(variants, &[End::Success, End::Timeout]);
}

#[test]
fn door_key_equals_tella() {
    tella(["DoorKeyS5", "DoorKeyS6", "DoorKeyS7"], &[End::Success, End::Timeout]);
}

#[test]
fn plain_environments_equal_gym_minigrid() {
    let names = Registry::builtin().names();
    let plain: Vec<&str> =
        names.iter().map(String::as_str).filter(|n| n.starts_with("MiniGrid-")).collect();
    assert!(plain.len() > 25, "{plain:?}");
    let ends = equal(&plain, sweep(3, 50), sweep(150, 500));
    for (name, ends) in plain.iter().zip(ends) {
        assert!(ends.contains(&End::Success), "{name}: {ends:?}");
        assert!(ends.contains(&End::Timeout) || name.contains("Dynamic"), "{name}: {ends:?}");
    }
}
