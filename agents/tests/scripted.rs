//! The scripted agent: good actions, bad ones, and misbehaviour on request.

use tella_agents::{Agent, AgentInit, AgentResolver, builtin, resolve_config};
use tella_envs::{Batch, Dtype, ParamValue, Params, Space};

fn make(space: &Space, given: Params) -> Result<Box<dyn Agent>, String> {
    let config = resolve_config(&builtin().spec("scripted").unwrap(), &given).unwrap();
    let init = AgentInit {
        rng_seed: 1,
        observation_space: space,
        action_space: space,
        num_envs: 2,
        config: &config,
    };
    builtin().make("scripted", &init).map_err(|e| e.to_string())
}

fn actions(script: &str) -> Params {
    Params::from([("actions".into(), ParamValue::Text(script.into()))])
}

fn discrete() -> Space {
    Space::discrete(3)
}

fn floats() -> Space {
    Space::uniform_box(-1.0, 1.0, &[2], Dtype::Float32)
}

/// The actions of both lanes.
fn act(agent: &mut dyn Agent, active: [bool; 2]) -> Vec<i64> {
    let actions = agent.choose_actions(&Batch::new(&discrete(), 2), &active).unwrap();
    (0..2).map(|lane| actions.lane(lane).i64(0)[0]).collect()
}

/// How many actions come back.
fn count(agent: &mut dyn Agent) -> Result<usize, String> {
    let observations = Batch::new(&discrete(), 2);
    agent.choose_actions(&observations, &[true, true]).map(Batch::lanes).map_err(|e| e.to_string())
}

#[test]
fn a_bad_script_is_refused_with_its_place() {
    for (script, space, expected) in [
        ("0,x,1", discrete(), "`x` (number 2 of `0,x,1`): `x` is not an integer"),
        ("0 1", discrete(), "an action has 1 element here, this one 2"),
        ("0 1,0.5", floats(), "an action has 2 elements here, this one 1"),
        ("0;!pannic", discrete(), "after `!` comes error, panic"),
        ("!sleep=-1", discrete(), "`!sleep=-1`"),
        ("!learn", discrete(), "`!learn` has no action in it"),
        ("[0,x]", discrete(), "`x` (number 2 of `[0,x]`): `x` is not an integer"),
        ("[0,1", discrete(), "`[0,1` is not an integer"),
        ("[]", discrete(), "an action has 1 element here, this one 0"),
        ("", discrete(), "an action has 1 element here, this one 0"),
    ] {
        let error = make(&space, actions(script)).err().unwrap();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn lanes_have_their_own_scripts_and_places_in_them() {
    let mut agent = make(&discrete(), actions("0,-7,99;1")).unwrap();
    assert_eq!(act(&mut *agent, [true, true]), [0, 1]);
    assert_eq!(act(&mut *agent, [true, false])[0], -7);
    assert_eq!(act(&mut *agent, [false, true])[1], 1);
    assert_eq!(act(&mut *agent, [true, true]), [99, 1]);
    assert_eq!(act(&mut *agent, [true, true]), [0, 1], "from the beginning");
}

/// A list means what it means without brackets, and lists in it are actions of several
/// elements.
#[test]
fn a_script_may_be_a_list() {
    let mut agent = make(&discrete(), actions("[0, 2];[1]")).unwrap();
    assert_eq!(act(&mut *agent, [true, true]), [0, 1]);
    assert_eq!(act(&mut *agent, [true, true]), [2, 1]);
    for script in ["[[0.5, -1], [nan, inf]]", "[0.5, -1], [nan, inf]", "0.5 -1,nan inf"] {
        let mut agent = make(&floats(), actions(script)).unwrap();
        let observations = Batch::new(&floats(), 2);
        let first = agent.choose_actions(&observations, &[true, true]).unwrap();
        assert_eq!(first.lane(1).f32(0), [0.5, -1.0], "{script}");
        let second = agent.choose_actions(&observations, &[true, true]).unwrap();
        assert!(second.lane(0).f32(0)[0].is_nan(), "{script}");
    }
}

#[test]
fn numbers_that_are_none_go_out() {
    let mut agent = make(&floats(), actions("nan -inf")).unwrap();
    let actions = agent.choose_actions(&Batch::new(&discrete(), 2), &[true, true]).unwrap();
    let action = actions.lane(1).f32(0);
    assert!(action[0].is_nan() && action[1] == f32::NEG_INFINITY);
}

#[test]
fn misbehaviour_comes_where_the_script_says() {
    let mut agent = make(&discrete(), actions("!short,0,!long,1,!learn,2,!error;0")).unwrap();
    assert_eq!(count(&mut *agent), Ok(1));
    assert_eq!(count(&mut *agent), Ok(3));
    let learned = agent.save().unwrap().learned;
    assert_eq!(count(&mut *agent), Ok(2));
    assert_ne!(agent.save().unwrap().learned, learned);
    assert_eq!(count(&mut *agent), Err("environment 0: scripted error".into()));
}

#[test]
fn without_repeat_the_end_is_an_error() {
    let mut given = actions("2");
    given.insert("repeat".into(), ParamValue::Bool(false));
    let mut agent = make(&discrete(), given).unwrap();
    assert_eq!(act(&mut *agent, [true, true]), [2, 2]);
    assert_eq!(count(&mut *agent), Err("environment 0: the script is at its end".into()));
}

#[test]
#[should_panic(expected = "environment 0: scripted panic")]
fn a_script_panics_on_request() {
    let mut agent = make(&discrete(), actions("!panic")).unwrap();
    let _ = count(&mut *agent);
}
