//! States written by earlier versions must read for ever: `samples/` keeps one of
//! every agent and format version, taken after 3 episodes in the field, and what
//! the agent did next when it was written.
//!
//! After a change of format: give it a new version number, keep reading the old
//! one, and add a sample with
//! `cargo test -p tella-agents --test saved_states -- --ignored`.

mod support;

use fs_err as fs;
use std::path::PathBuf;
use support::{Field, Life, agent, block};
use tella_agents::{Agent, AgentResolver, AgentState, builtin};
use tella_envs::{ParamValue, Params};

/// Small tables, so that the samples are small.
fn given(name: &str) -> Params {
    let int = |name: &str, i| (name.to_owned(), ParamValue::Int(i));
    match name {
        "sarsa-tiles" => Params::from([int("memory", 16), int("tilings", 2)]),
        "scripted" => Params::from([("actions".into(), ParamValue::Text("0,1,2,!learn".into()))]),
        _ => Params::new(),
    }
}

fn sample(name: &str, part: &str) -> PathBuf {
    let dir = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/samples");
    dir.join(format!("{name}-1.{part}"))
}

/// An agent in the middle of its fourth episode.
fn lived(name: &str) -> Box<dyn Agent> {
    let mut env = Field::lanes(1);
    let mut agent = agent(name, &env, 11, &given(name));
    block(&mut env, &mut *agent, true, 3, 11);
    let mut life = Life::start(&mut env, &mut *agent, true, 9, 12);
    (0..5).for_each(|_| _ = life.step(&mut *agent));
    agent
}

/// What an agent does in the 40 steps of learning that follow.
fn next_actions(agent: &mut dyn Agent) -> Vec<u8> {
    let mut env = Field::lanes(1);
    let mut life = Life::start(&mut env, agent, true, 99, 13);
    let mut step = || {
        life.step(agent);
        life.taken().lane(0).i64(0)[0] as u8
    };
    (0..40).map(|_| step()).collect()
}

#[test]
fn every_sample_is_read_and_lived_on_from() {
    for spec in builtin().specs() {
        let name = &spec.name;
        let read = |part| fs::read(sample(name, part)).unwrap();
        let state = AgentState { learned: read("learned"), transient: read("transient") };
        let mut agent = agent(name, &Field::lanes(1), 0, &given(name));
        agent.restore(&state).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(agent.save().unwrap() == state, "{name}");
        assert_eq!(next_actions(&mut *agent), read("actions"), "{name}");
    }
}

#[test]
#[ignore = "writes the samples of the present format"]
fn write_samples() {
    for spec in builtin().specs() {
        let name = &spec.name;
        let mut agent = lived(name);
        let state = agent.save().unwrap();
        fs::write(sample(name, "learned"), &state.learned).unwrap();
        fs::write(sample(name, "transient"), &state.transient).unwrap();
        fs::write(sample(name, "actions"), next_actions(&mut *agent)).unwrap();
    }
}
