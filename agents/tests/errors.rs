//! What a user is told who asks for something an agent cannot do.

mod support;

use support::Field;
use tella_agents::{Agent, AgentInit, AgentRegistry, builtin, resolve_config};
use tella_envs::{Dtype, ParamValue, Params, Space, VecEnv};

fn registry() -> AgentRegistry {
    let mut registry = AgentRegistry::empty();
    registry.add(builtin());
    registry
}

fn make(
    name: &str,
    observation_space: &Space,
    action_space: &Space,
) -> Result<Box<dyn Agent>, String> {
    let registry = registry();
    let config = resolve_config(&registry.spec(name).unwrap(), &Params::new()).unwrap();
    let init =
        AgentInit { rng_seed: 1, observation_space, action_space, num_envs: 2, config: &config };
    registry.make(name, &init).map_err(|e| e.to_string())
}

#[test]
fn names_and_parameters_have_a_nearest_match() {
    let registry = registry();
    assert_eq!(registry.nearest("qlearning").as_deref(), Some("q-learning"));
    let spec = registry.spec("q-learning").unwrap();
    let given = |name: &str, x| Params::from([(name.into(), ParamValue::Float(x))]);
    let errors = resolve_config(&spec, &given("epsilon_mim", 0.1)).unwrap_err();
    assert!(errors[0].hint().unwrap().starts_with("did you mean `epsilon_min`?"));
    let errors = resolve_config(&spec, &given("lambda", 2.0)).unwrap_err();
    let message = errors[0].to_string();
    assert!(message.contains("`lambda`") && message.contains("a number from 0 to 1"), "{message}");
}

#[test]
fn every_default_is_in_its_range_and_makes_an_agent() {
    let env = Field::lanes(2);
    for spec in registry().specs() {
        for param in &spec.params {
            let accepted = param.kind.accept(&param.default);
            assert_eq!(accepted, Ok(param.default.clone()), "{}", param.name);
        }
        make(&spec.name, env.observation_space(), env.action_space()).unwrap();
    }
}

#[test]
fn parameters_that_were_not_resolved_are_an_error() {
    let env = Field::lanes(1);
    for name in ["q-learning", "sarsa-tiles", "scripted"] {
        let init = AgentInit {
            rng_seed: 1,
            observation_space: env.observation_space(),
            action_space: env.action_space(),
            num_envs: 1,
            config: &Params::new(),
        };
        let error = registry().make(name, &init).err().unwrap();
        assert!(error.to_string().contains("must be resolved first"), "{error}");
    }
}

#[test]
fn spaces_an_agent_cannot_use_are_named() {
    let image = Space::uniform_box(0.0, 255.0, &[2, 2], Dtype::Uint8);
    let floats = Space::uniform_box(-1.0, 1.0, &[2], Dtype::Float32);
    let discrete = Space::discrete(3);
    for (name, observation, action, expected) in [
        ("q-learning", &floats, &floats, "`q-learning` needs a Discrete action space"),
        ("sarsa-tiles", &floats, &floats, "`sarsa-tiles` needs a Discrete action space"),
        ("sarsa-tiles", &image, &discrete, "`sarsa-tiles` needs a Box of float32 or float64"),
        ("sarsa-tiles", &discrete, &discrete, "this one is Discrete(3)"),
    ] {
        let error = make(name, observation, action).err().unwrap();
        assert!(error.contains(expected), "{error}");
    }
}
