//! One environment step by step, as JSON lines: what `tella env trace` prints.
//!
//! The first line is the reset's, with `"step": 0` and null for the reward it does
//! not have. After that each action gives one line; `step` is the number of steps
//! taken since the start of the trace:
//!
//! ```json
//! {"step":0,"observation":[...],"reward":null,"terminated":false,"truncated":false}
//! {"step":1,"observation":[...],"reward":1.0,"terminated":true,"truncated":false}
//! {"step":1,"observation":[...],"reset":true}
//! {"step":2,"observation":[...],"reward":1.0,"terminated":false,"truncated":false}
//! ```
//!
//! A step that ends an episode is followed by the line of the reset that starts the
//! next one; it counts no step, and the reset takes no new seed: the environment goes
//! on in its random stream. Observations are written as [`Space::to_json`] says.

use crate::{Batch, EnvFault, Space, StepBatch, ValueError, VecEnv};
use serde_json::{Value, json};
use std::io::{self, Write};
use tella_rng::Generator;

/// What a trace does.
#[derive(Clone, Debug, PartialEq)]
pub enum TraceActions {
    /// These actions, in this order; see [`parse_actions`].
    Given(Vec<Value>),
    /// So many random ones, drawn by [`Space::sample`] from a generator with the
    /// environment's seed, as `action_space.seed(seed)` and `sample()` do in gym.
    Random(u64),
}

impl TraceActions {
    /// How many there are.
    pub fn count(&self) -> u64 {
        match self {
            TraceActions::Given(values) => values.len() as u64,
            TraceActions::Random(count) => *count,
        }
    }
}

/// Why a trace ended early.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// The actions cannot be read.
    #[error(
        "actions: cannot read {found} at character {character}; allowed are JSON values, whose \
         numbers are finite, with commas between: `0,2,1` or `[0.5,-1],[0,1]`"
    )]
    Syntax {
        /// What cannot be read, in backquotes, or `nothing`.
        found: String,
        /// Where it begins, counted from 1.
        character: usize,
    },
    /// An action is not one of the environment's; nothing was written.
    #[error("action number {number}: {error}")]
    Action {
        /// Which action, counted from 1.
        number: usize,
        /// What is wrong with it.
        error: ValueError,
    },
    /// The environment failed.
    #[error(transparent)]
    Env(#[from] EnvFault),
    /// The output cannot be written.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Reads actions as on a command line: JSON values with commas between, such as
/// `0,2,1`, `-0.5,0.25` or `[0,1],[1,1]`.
pub fn parse_actions(text: &str) -> Result<Vec<Value>, TraceError> {
    serde_json::from_str(&format!("[{text}]")).map_err(|error| {
        let before: usize =
            text.split('\n').take(error.line() - 1).map(|line| line.len() + 1).sum();
        // One character is the bracket in front of the first line, one is the one read last.
        let column = error.column().saturating_sub(if error.line() == 1 { 2 } else { 1 });
        let at = text.floor_char_boundary((before + column).min(text.len()));
        let ends = |c: char| matches!(c, ',' | '[' | ']');
        let start = text[..at].rfind(ends).map_or(0, |comma| comma + 1);
        let end = text[at..].find(ends).map_or(text.len(), |more| at + more);
        let found = match text[start..end].trim() {
            "" => "nothing".to_owned(),
            found => format!("`{found}`"),
        };
        TraceError::Syntax { found, character: text[..start].chars().count() + 1 }
    })
}

/// What [`play`] has just done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// The reset that starts the first episode.
    Start,
    /// A step.
    Step,
    /// The reset after a step that ended an episode.
    Reset,
}

/// Resets lane 0 of `env` with `seed`, takes the actions and writes a line for each reset and step.
pub fn trace(
    env: &mut dyn VecEnv,
    seed: u64,
    actions: &TraceActions,
    out: &mut impl Write,
) -> Result<(), TraceError> {
    let space = env.observation_space().clone();
    play(env, seed, actions, |_, played, step, next| {
        let observation = space.to_json(next.observations.lane(0));
        let (terminated, truncated) = (next.terminated[0], next.truncated[0]);
        let line = match played {
            Played::Start => json!({
                "step": step, "observation": observation,
                "reward": null, "terminated": false, "truncated": false,
            }),
            Played::Step => json!({
                "step": step, "observation": observation,
                "reward": next.rewards[0], "terminated": terminated, "truncated": truncated,
            }),
            Played::Reset => json!({ "step": step, "observation": observation, "reset": true }),
        };
        writeln!(out, "{line}")
    })
}

/// Resets lane 0 of `env` with `seed` and takes the actions; a step that ends an episode is
/// followed by a reset. `see` is told after each reset and step what it was, how many steps
/// have been taken, and what the environment gave back.
pub fn play(
    env: &mut dyn VecEnv,
    seed: u64,
    actions: &TraceActions,
    mut see: impl FnMut(&dyn VecEnv, Played, u64, &StepBatch) -> io::Result<()>,
) -> Result<(), TraceError> {
    let action_space = env.action_space().clone();
    let mut action = Batch::new(&action_space, env.num_envs());
    let mut next = StepBatch::new(env.observation_space(), env.num_envs());
    let active: Vec<bool> = (0..env.num_envs()).map(|lane| lane == 0).collect();

    if let TraceActions::Given(values) = actions {
        for (i, value) in values.iter().enumerate() {
            put_action(&action_space, value, i, &mut action)?;
        }
    }
    let mut rng = Generator::new(seed);

    env.reset(0, Some(seed), &mut next.observations)?;
    see(env, Played::Start, 0, &next)?;
    for step in 1..=actions.count() {
        match actions {
            TraceActions::Given(values) => {
                let i = step as usize - 1;
                put_action(&action_space, &values[i], i, &mut action)?;
            }
            TraceActions::Random(_) => action_space.sample(&mut rng, &mut action.lane_mut(0)),
        }
        env.step(&action, &active, &mut next)?;
        see(env, Played::Step, step, &next)?;
        if next.terminated[0] || next.truncated[0] {
            env.reset(0, None, &mut next.observations)?;
            see(env, Played::Reset, step, &next)?;
        }
    }
    Ok(())
}

fn put_action(
    space: &Space,
    value: &Value,
    index: usize,
    action: &mut Batch,
) -> Result<(), TraceError> {
    space
        .from_json(value, &mut action.lane_mut(0))
        .map_err(|error| TraceError::Action { number: index + 1, error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Catalog, Params, Registry};

    fn run(name: &str, seed: u64, actions: &TraceActions) -> Result<Vec<Value>, TraceError> {
        let registry = Registry::builtin();
        let params = registry.resolve_params(name, &Params::new()).unwrap();
        let mut env = registry.make(name, &params, 1, 1).unwrap();
        let mut out = Vec::new();
        trace(&mut *env, seed, actions, &mut out)?;
        Ok(out
            .split(|b| *b == b'\n')
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_slice(line).unwrap())
            .collect())
    }

    #[test]
    fn a_trace_goes_on_after_the_end_of_an_episode() {
        // Pushed right twelve times, a pole that starts upright has fallen.
        let lines = run("CartPole-v1", 0, &TraceActions::Given(vec![json!(1); 12])).unwrap();
        let steps: Vec<u64> = lines.iter().map(|l| l["step"].as_u64().unwrap()).collect();
        let end = lines.iter().position(|l| l["terminated"] == json!(true)).unwrap();
        assert_eq!(lines[0]["reward"], Value::Null);
        assert_eq!(lines[end + 1]["reset"], json!(true));
        assert_eq!(lines[end + 1]["step"], lines[end]["step"]);
        assert_eq!(lines[end + 1].as_object().unwrap().len(), 3);
        assert_eq!(*steps.last().unwrap(), 12);
        assert_eq!(lines.len(), 14);
    }

    #[test]
    fn nothing_is_written_where_an_action_is_wrong() {
        let actions = TraceActions::Given(parse_actions("0,1,2").unwrap());
        let error = run("CartPole-v1", 0, &actions).unwrap_err();
        assert_eq!(error.to_string(), "action number 3: 2 is outside 0 to 1");
        let actions = TraceActions::Given(parse_actions("0.5").unwrap());
        let error = run("CartPole-v1", 0, &actions).unwrap_err();
        assert_eq!(error.to_string(), "action number 1: expected an integer, found 0.5");
    }

    #[test]
    fn what_cannot_be_read_is_shown() {
        for (text, expected, at) in [
            ("0,,1", "nothing", 3),
            ("0,nan,1", "`nan`", 3),
            ("inf", "`inf`", 1),
            ("0,-inf", "`-inf`", 3),
            ("é,1", "`é`", 1),
            ("1,1e999,0", "`1e999`", 3),
            ("[0.5,NaN],[0,0]", "`NaN`", 6),
            ("[0,1", "`1`", 4),
            ("0 1", "`0 1`", 1),
            ("0,\n left,1", "`left`", 3),
        ] {
            match parse_actions(text) {
                Err(TraceError::Syntax { found, character }) => {
                    assert_eq!((&*found, character), (expected, at), "{text}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
    }

    #[test]
    fn random_actions_depend_on_the_seed_alone() {
        let random = |seed| run("MountainCar-v0", seed, &TraceActions::Random(250)).unwrap();
        assert_eq!(random(3), random(3));
        assert_ne!(random(3), random(4));
        assert_eq!(random(3).len(), 252);
    }
}
