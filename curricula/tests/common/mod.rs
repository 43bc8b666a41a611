//! A catalog for tests: a few environments with every kind of parameter.

use tella_envs::{
    Catalog, Dtype, EnvError, EnvSpec, ParamError, ParamKind, ParamSpec, ParamValue, Params, Space,
    resolve_params,
};

/// The catalog of the tests.
pub(crate) struct TestCatalog;

const GRIDS: &[&str] = &[
    "SimpleCrossingS9N1",
    "SimpleCrossingS9N2",
    "SimpleCrossingS9N3",
    "DistShiftR2",
    "DistShiftR5",
    "DistShiftR3",
    "DynObstaclesS6N1",
    "DynObstaclesS8N2",
    "DynObstaclesS10N3",
    "CustomFetchS5T1N2",
    "CustomFetchS8T1N2",
    "CustomFetchS10T2N4",
    "CustomUnlockS5",
    "CustomUnlockS7",
    "CustomUnlockS9",
    "DoorKeyS5",
    "DoorKeyS6",
    "DoorKeyS7",
];

const TOKENS: &[&str] = &[
    "MAD-InContextRecall-v0",
    "MAD-NoisyInContextRecall-v0",
    "MAD-FuzzyInContextRecall-v0",
    "MAD-SelectiveCopying-v0",
    "MAD-Compression-v0",
    "MAD-Memorization-v0",
];

fn param(name: &str, kind: ParamKind, default: ParamValue) -> ParamSpec {
    ParamSpec { name: name.into(), kind, default, help: String::new() }
}

fn forager_params() -> Vec<ParamSpec> {
    let int = ParamKind::Int { min: 1, max: 1_000_000 };
    let ints = ["window", "size", "view_size", "kinds", "period"];
    let mut params: Vec<ParamSpec> =
        ints.iter().map(|name| param(name, int.clone(), ParamValue::Int(9))).collect();
    params.push(param("density", ParamKind::Float { min: 0.0, max: 1.0 }, ParamValue::Float(0.1)));
    params.push(param("drift", ParamKind::Text, ParamValue::Text("none".into())));
    params
}

fn token_params() -> Vec<ParamSpec> {
    let int = ParamKind::Int { min: 1, max: 1_000_000 };
    let ints = ["tokens", "vocab_size", "seq_len", "num_tokens_to_copy"];
    let mut params: Vec<ParamSpec> =
        ints.iter().map(|name| param(name, int.clone(), ParamValue::Int(9))).collect();
    let share = ParamKind::Float { min: 0.0, max: 1.0 };
    params.push(param("frac_noise", share, ParamValue::Float(0.1)));
    params
}

fn cartpole_params() -> Vec<ParamSpec> {
    let choices = vec!["gymnasium".to_owned(), "sutton".to_owned()];
    vec![
        param("max_episode_steps", ParamKind::Int { min: 1, max: 10_000 }, ParamValue::Int(500)),
        param("gravity", ParamKind::Float { min: 0.0, max: 100.0 }, ParamValue::Float(9.8)),
        param("bound", ParamKind::Float { min: 0.0, max: 100.0 }, ParamValue::Float(4.8)),
        param("sutton", ParamKind::Bool, ParamValue::Bool(false)),
        param("rewards", ParamKind::Choice { choices }, ParamValue::Text("gymnasium".into())),
    ]
}

impl Catalog for TestCatalog {
    fn names(&self) -> Vec<String> {
        ["CartPole-v0", "CartPole-v1", "MountainCar-v0", "Forager-v0"]
            .iter()
            .chain(GRIDS)
            .chain(TOKENS)
            .map(|n| n.to_string())
            .collect()
    }

    fn spec(&self, name: &str) -> Option<EnvSpec> {
        let params = match name {
            "CartPole-v0" | "CartPole-v1" => cartpole_params(),
            "Forager-v0" => forager_params(),
            _ if TOKENS.contains(&name) => token_params(),
            _ => Vec::new(),
        };
        let known = self.names().iter().any(|n| n == name);
        known.then(|| EnvSpec {
            name: name.into(),
            summary: String::new(),
            params,
            continuing: name == "Forager-v0",
        })
    }

    fn resolve_params(&self, name: &str, given: &Params) -> Result<Params, Vec<ParamError>> {
        resolve_params(&self.spec(name).map(|s| s.params).unwrap_or_default(), given)
    }

    fn spaces(&self, name: &str, params: &Params) -> Result<(Space, Space), EnvError> {
        Ok(match name {
            "CartPole-v0" | "CartPole-v1" => {
                let ParamValue::Float(bound) = params["bound"] else { unreachable!("a float") };
                (Space::uniform_box(-bound, bound, &[4], Dtype::Float32), Space::discrete(2))
            }
            "MountainCar-v0" => {
                (Space::uniform_box(-1.2, 0.6, &[2], Dtype::Float32), Space::discrete(3))
            }
            _ if TOKENS.contains(&name) => (Space::discrete(9), Space::discrete(9)),
            _ => (Space::uniform_box(0.0, 255.0, &[7, 7, 3], Dtype::Uint8), Space::discrete(6)),
        })
    }
}
