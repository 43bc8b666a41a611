//! The Python originals, played by `reference/scripts/envs_classic.py`.

use serde_json::{Value, json};
use std::process::Command;
use tella_reference::{Stack, scripts};

/// The libraries by the words of the parameter `library`.
pub(crate) const GYM: &str = "gym-0.23";
pub(crate) const GYMNASIUM: &str = "gymnasium-1.4";

/// Features with which NumPy 1.23 leaves the C library's `sin` and `cos` of 64-bit floats.
pub(crate) const AVX512: &str = "AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL";

/// What is played: an environment, its parameters (`library` among them), a seed.
#[derive(Clone, Debug)]
pub(crate) struct Game {
    pub(crate) env: &'static str,
    pub(crate) params: Value,
    pub(crate) seed: u64,
    /// Only random actions.
    pub(crate) random: bool,
}

impl Game {
    /// At the library's own parameters.
    pub(crate) fn new(library: &str, env: &'static str, seed: u64) -> Self {
        Game { env, params: json!({"library": library}), seed, random: false }
    }

    /// The same with some parameters set.
    pub(crate) fn with(mut self, params: Value) -> Self {
        for (name, value) in params.as_object().expect("parameters by name") {
            self.params[name] = value.clone();
        }
        self
    }
}

/// One reset or step of the original.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Record {
    pub(crate) reset: bool,
    pub(crate) terminated: bool,
    pub(crate) truncated: bool,
    pub(crate) action: f32,
    pub(crate) reward: f64,
    /// Four numbers, zeros where it has fewer.
    pub(crate) state: Vec<f64>,
    pub(crate) observation: Vec<f32>,
}

/// Plays the original for `steps` steps. `disabled` names processor features that its
/// NumPy shall not use.
pub(crate) fn play(game: &Game, steps: u64, disabled: &str) -> Vec<Record> {
    let library = game.params["library"].as_str().expect("a library");
    let stack = if library == GYM { Stack::L2M } else { Stack::FARAMA };
    let output = Command::new(stack.python())
        .arg(scripts().join("envs_classic.py"))
        .args([game.env, &game.seed.to_string(), &steps.to_string(), &game.params.to_string()])
        .args(game.random.then_some("1"))
        .env("NPY_DISABLE_CPU_FEATURES", disabled)
        .output()
        .expect("the interpreter starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let width = match game.env {
        "Acrobot-v1" => 6,
        "Pendulum-v1" => 3,
        name if name.starts_with("CartPole") => 4,
        _ => 2,
    };
    let size = 47 + 4 * width;
    assert_eq!(output.stdout.len() % size, 0);
    output.stdout.chunks(size).map(record).collect()
}

fn record(bytes: &[u8]) -> Record {
    let f32s = |bytes: &[u8]| -> Vec<f32> {
        bytes.chunks(4).map(|x| f32::from_le_bytes(x.try_into().expect("4 bytes"))).collect()
    };
    let f64s = |bytes: &[u8]| -> Vec<f64> {
        bytes.chunks(8).map(|x| f64::from_le_bytes(x.try_into().expect("8 bytes"))).collect()
    };
    Record {
        reset: bytes[0] != 0,
        terminated: bytes[1] != 0,
        truncated: bytes[2] != 0,
        action: f32s(&bytes[3..7])[0],
        reward: f64s(&bytes[7..15])[0],
        state: f64s(&bytes[15..47]),
        observation: f32s(&bytes[47..]),
    }
}
