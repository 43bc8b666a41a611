//! What is refused: parameters that contradict each other, and actions.

use crate::original::{GYM, GYMNASIUM};
use serde_json::{Value, json};
use tella_envs::{Batch, Catalog, Params, Registry};

/// What making `env` fails with.
fn refusal(env: &str, params: Value) -> String {
    let registry = Registry::builtin();
    let given: Params = serde_json::from_value(params).unwrap();
    match registry.resolve_params(env, &given) {
        Ok(params) => match registry.make(env, &params, 1, 1) {
            Ok(_) => panic!("{env} is made"),
            Err(error) => error.to_string(),
        },
        Err(errors) => errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
    }
}

#[test]
fn parameters_that_contradict_each_other() {
    for env in ["CartPole-v1", "MountainCar-v0", "MountainCarContinuous-v0", "Acrobot-v1"] {
        let message = refusal(env, json!({"reset_low": 0.2, "reset_high": 0.1}));
        assert_eq!(
            message,
            "parameter `reset_low`: expected at most `reset_high`, which is 0.1, found 0.2"
        );
    }
    assert_eq!(
        refusal("Pendulum-v1", json!({"library": "gymnasium"})),
        "parameter `library`: `gymnasium` is not one of gym-0.23, gymnasium-1.4 (did you mean \
         `gymnasium-1.4`?)"
    );
    // Gymnasium takes any: from a negative greatest angle it draws nothing.
    assert!(refusal("Pendulum-v1", json!({"x_init": -1})).contains("from 0 to 1000"));
}

/// Continuous actions lie in a box, whose check the engine makes before every step.
#[test]
fn continuous_actions_outside_the_space() {
    let registry = Registry::builtin();
    for (env, max) in [("Pendulum-v1", 2.0), ("MountainCarContinuous-v0", 1.0f32)] {
        for library in [GYM, GYMNASIUM] {
            let given = serde_json::from_value(json!({"library": library})).unwrap();
            let params = registry.resolve_params(env, &given).unwrap();
            let (_, space) = registry.spaces(env, &params).unwrap();
            let mut action = Batch::new(&space, 1);
            for (value, inside) in [
                (max, true),
                (-max, true),
                (max.next_up(), false),
                (f32::NEG_INFINITY, false),
                (f32::NAN, false),
            ] {
                action.lane_mut(0).f32(0)[0] = value;
                assert_eq!(space.contains(action.lane(0)), inside, "{env}: {value}");
            }
        }
    }
}
