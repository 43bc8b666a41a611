//! `random` against gym 0.23.1's own action space, seeded alike.

use std::io::Write;
use std::process::{Command, Stdio};
use tella_agents::{AgentInit, AgentResolver, builtin};
use tella_envs::{Batch, Params, Space};
use tella_reference::{Stack, scripts, sweep};
use tella_rng::Generator;

const COUNT: usize = 101;

#[test]
fn the_actions_are_those_of_a_seeded_gym_space() {
    let mut rng = Generator::new(7);
    let edge = [0, 1, u64::from(u32::MAX), u64::MAX].map(|seed| (seed, 6));
    let drawn = (0..sweep(20, 500)).map(|_| (rng.random_raw(), rng.integers(1, 40)));
    let cases: Vec<(u64, i64)> = edge.into_iter().chain(drawn).collect();
    for ((seed, n), expected) in cases.iter().zip(gym(&cases)) {
        for lanes in [1, 4] {
            assert_eq!(ours(*seed, *n, lanes), expected, "seed {seed}, {n} actions, {lanes} lanes");
        }
    }
}

/// The actions of `lanes` lanes, in order.
fn ours(rng_seed: u64, n: i64, lanes: usize) -> Vec<i64> {
    let space = Space::discrete(n);
    let init = AgentInit {
        rng_seed,
        observation_space: &space,
        action_space: &space,
        num_envs: lanes,
        config: &Params::new(),
    };
    let mut agent = builtin().make("random", &init).unwrap();
    let (observations, active) = (Batch::new(&space, lanes), vec![true; lanes]);
    let mut actions = Vec::new();
    while actions.len() < COUNT {
        let batch = agent.choose_actions(&observations, &active).unwrap();
        actions.extend((0..lanes).map(|lane| batch.lane(lane).i64(0)[0]));
    }
    actions.truncate(COUNT);
    actions
}

fn gym(cases: &[(u64, i64)]) -> Vec<Vec<i64>> {
    let cases: Vec<_> = cases.iter().map(|(seed, n)| (seed, n, COUNT)).collect();
    let mut child = Command::new(Stack::L2M.python())
        .arg(scripts().join("agents_random.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python starts");
    let input = serde_json::to_vec(&cases).unwrap();
    child.stdin.take().unwrap().write_all(&input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}
