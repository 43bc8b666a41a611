//! What every built-in agent promises: a saved agent goes on exactly where it was,
//! evaluation leaves the learned state alone, damaged states are refused.

mod support;

use proptest::prelude::*;
use support::{Field, Life, agent, block};
use tella_agents::{AgentResolver, AgentState, builtin};
use tella_envs::{ParamValue, Params};

/// The agents, with parameters that put much into the state of an episode under way.
fn agents() -> Vec<(String, Params)> {
    let given = |name: &str| match name {
        "scripted" => {
            Params::from([("actions".into(), ParamValue::Text("0,1,2,3,0;1;0,1".into()))])
        }
        "q-learning" => Params::from([("segment".into(), ParamValue::Int(7))]),
        _ => Params::new(),
    };
    builtin().specs().into_iter().map(|s| (s.name.clone(), given(&s.name))).collect()
}

fn any_agent() -> impl Strategy<Value = (String, Params)> {
    proptest::sample::select(agents())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    /// Saved in the middle of a learning or evaluation block and restored into a
    /// fresh agent of another seed, the rest of the block and the states at its end
    /// are those of the agent that was never interrupted.
    #[test]
    fn a_restored_agent_goes_on_exactly(
        (name, given) in any_agent(),
        lanes in 1usize..4,
        seed: u64,
        cut in 0usize..200,
        learning: bool,
    ) {
        let (mut env, mut other_env) = (Field::lanes(lanes), Field::lanes(lanes));
        let mut straight = agent(&name, &env, seed, &given);
        block(&mut env, &mut *straight, true, 5, seed);
        let before = straight.save().unwrap();
        let mut other = agent(&name, &env, seed ^ 1, &given);
        other.restore(&before).unwrap();

        let mut life = Life::start(&mut env, &mut *straight, learning, 12, seed);
        let mut other_life = Life::start(&mut other_env, &mut *other, learning, 12, seed);
        let mut steps = 0;
        while life.step(&mut *straight) {
            if steps == cut {
                let state = other.save().unwrap();
                other = agent(&name, &Field::lanes(lanes), seed ^ 2, &given);
                other.restore(&state).unwrap();
                prop_assert!(other.save().unwrap() == state);
            }
            steps += 1;
            prop_assert!(other_life.step(&mut *other));
            prop_assert_eq!(life.taken(), other_life.taken());
        }
        life.end(&mut *straight);
        other_life.end(&mut *other);
        prop_assert!(straight.save() == other.save());
    }

    /// Whether or not rewards are shown in it.
    #[test]
    fn evaluation_changes_nothing_learned(
        (name, given) in any_agent(),
        lanes in 1usize..4,
        seed: u64,
        show_rewards: bool,
    ) {
        let mut env = Field::lanes(lanes);
        let mut agent = agent(&name, &env, seed, &given);
        block(&mut env, &mut *agent, true, 5, seed);
        let learned = agent.save().unwrap().learned;
        let mut life = Life::start(&mut env, &mut *agent, false, 10, seed);
        life.show_rewards = show_rewards;
        while life.step(&mut *agent) {}
        life.end(&mut *agent);
        prop_assert!(agent.save().unwrap().learned == learned, "{} learned", name);
    }

    /// A cut or changed state is an error or a state, never a panic; after an error
    /// the agent is as it was.
    #[test]
    fn damaged_states_do_not_panic(
        (name, given) in any_agent(),
        seed: u64,
        place: prop::sample::Index,
        flip in 1u8..,
        cut: bool,
        in_learned: bool,
    ) {
        let mut env = Field::lanes(2);
        let mut agent = agent(&name, &env, seed, &given);
        let mut life = Life::start(&mut env, &mut *agent, true, 3, seed);
        (0..10).for_each(|_| { life.step(&mut *agent); });
        let good = agent.save().unwrap();
        let mut bad = good.clone();
        let AgentState { learned, transient } = &mut bad;
        let bytes = if in_learned && !learned.is_empty() { learned } else { transient };
        let at = place.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] ^= flip }
        if agent.restore(&bad).is_err() {
            prop_assert!(agent.save().unwrap() == good);
        } else {
            prop_assert!(!cut, "a cut state was taken");
        }
    }
}

/// Equal lives give equal bytes.
#[test]
fn learned_states_are_canonical() {
    for (name, given) in agents() {
        let run = || {
            let mut env = Field::lanes(3);
            let mut agent = agent(&name, &env, 5, &given);
            block(&mut env, &mut *agent, true, 40, 5);
            agent.save().unwrap()
        };
        assert!(run() == run(), "{name}");
    }
}

/// With another number of environments the state of the lanes makes no sense.
#[test]
fn another_number_of_environments_is_refused() {
    for (name, given) in agents().into_iter().filter(|(name, _)| name != "random") {
        let state = agent(&name, &Field::lanes(2), 1, &given).save().unwrap();
        let error = agent(&name, &Field::lanes(3), 1, &given).restore(&state).unwrap_err();
        assert!(error.to_string().contains("number of environments"), "{name}: {error}");
    }
}
