//! `scripted`: replays given actions, and misbehaves where the script says so.
//!
//! For tests of engines, logs and faults. The script is the parameter `actions`:
//!
//! - actions, separated by commas: `0,2,1`;
//! - an action with several elements has them separated by spaces, leaf after leaf:
//!   `0.5 -1,nan inf`; a text action is one word;
//! - the same as lists: `[0, 2, 1]`, and `[[0.5, -1], [nan, inf]]` for several elements;
//! - scripts for different environments are separated by semicolons, environment
//!   `i` having script `i` modulo their number: `0,1;2`.
//!
//! Nothing is checked against the action space, so `99`, `-1` or `nan` go out as
//! they are. Between actions there may be things to do before the next one:
//!
//! | word | effect |
//! |---|---|
//! | `!error` | acting ends with an error |
//! | `!panic` | acting panics |
//! | `!abort` | the process dies |
//! | `!sleep=2.5` | acting takes that many seconds longer |
//! | `!short`, `!long` | one action too few or too many is returned |
//! | `!learn` | the learned state changes, in evaluation blocks too |
//!
//! So `0,0,!panic,0` panics at the third action, and `!sleep=1e9,0` hangs at once.
//!
//! ```text
//! tella run CartPole-1000 --agent scripted --set agent.actions=0,1
//! ```

use super::AgentSpec;
use crate::state::{damaged, decode, encode};
use crate::{Agent, AgentError, AgentInit, AgentState, Transitions};
use serde::{Deserialize, Serialize};
use std::time::Duration;
use tella_envs::{
    Batch, LaneMut, LeafMut, ParamKind, ParamSpec, ParamValue, Space, bool_param, counted,
    text_param,
};

pub(super) fn spec() -> AgentSpec {
    let param = |name: &str, kind, default, help: &str| ParamSpec {
        name: name.into(),
        kind,
        default,
        help: help.into(),
    };
    let text = ParamValue::Text("0".into());
    AgentSpec {
        name: "scripted".into(),
        summary: "Replays given actions, good or bad; for tests of runs and faults.".into(),
        params: vec![
            param("actions", ParamKind::Text, text, "Actions: `0,2,1`; environments apart by `;`."),
            param(
                "repeat",
                ParamKind::Bool,
                ParamValue::Bool(true),
                "Start again at the script's end; else acting beyond it is an error.",
            ),
            param(
                "restart",
                ParamKind::Bool,
                ParamValue::Bool(false),
                "Start again with every episode.",
            ),
        ],
    }
}

enum Step {
    Act(Batch),
    Error,
    Panic,
    Abort,
    Sleep(Duration),
    Short,
    Long,
    Learn,
}

/// The `learned` section: how often `!learn` was met.
#[derive(Default, Serialize, Deserialize)]
struct Learned(u64);

/// The `transient` section: where each environment is in its script.
#[derive(Serialize, Deserialize)]
struct Positions(Vec<u64>);

pub(super) struct Scripted {
    scripts: Vec<Vec<Step>>,
    repeat: bool,
    restart: bool,
    learned: Learned,
    positions: Positions,
    actions: Batch,
    /// What is returned in place of `actions` after `!short` and `!long`.
    short: Batch,
    long: Batch,
}

impl Scripted {
    pub(super) fn new(init: &AgentInit<'_>) -> Result<Self, AgentError> {
        let (space, lanes) = (init.action_space, init.num_envs);
        let text = text_param(init.config, "actions")?;
        let scripts = text.split(';').map(|script| parse(script, space));
        Ok(Scripted {
            scripts: scripts.collect::<Result<_, _>>()?,
            repeat: bool_param(init.config, "repeat")?,
            restart: bool_param(init.config, "restart")?,
            learned: Learned::default(),
            positions: Positions(vec![0; lanes]),
            actions: Batch::new(space, lanes),
            short: Batch::new(space, lanes - 1),
            long: Batch::new(space, lanes + 1),
        })
    }
}

impl Agent for Scripted {
    fn choose_actions(&mut self, _: &Batch, active: &[bool]) -> Result<&Batch, AgentError> {
        let (mut short, mut long) = (false, false);
        for lane in (0..active.len()).filter(|lane| active[*lane]) {
            let script = &self.scripts[lane % self.scripts.len()];
            let position = &mut self.positions.0[lane];
            loop {
                let mut at = *position as usize;
                if self.repeat {
                    at %= script.len();
                }
                let Some(step) = script.get(at) else {
                    return Err(AgentError::Failed(format!(
                        "environment {lane}: the script is at its end"
                    )));
                };
                *position = at as u64 + 1;
                match step {
                    Step::Act(action) => {
                        self.actions.copy_lane(lane, action, 0);
                        break;
                    }
                    Step::Error => {
                        return Err(AgentError::Failed(format!(
                            "environment {lane}: scripted error"
                        )));
                    }
                    Step::Panic => panic!("environment {lane}: scripted panic"),
                    Step::Abort => std::process::abort(),
                    Step::Sleep(time) => std::thread::sleep(*time),
                    Step::Short => short = true,
                    Step::Long => long = true,
                    Step::Learn => self.learned.0 += 1,
                }
            }
        }
        Ok(match (short, long) {
            (true, _) => &self.short,
            (_, true) => &self.long,
            _ => &self.actions,
        })
    }

    fn receive_transitions(&mut self, t: Transitions<'_>) -> Result<(), AgentError> {
        for (lane, position) in self.positions.0.iter_mut().enumerate() {
            if self.restart && t.active[lane] && (t.terminated[lane] || t.truncated[lane]) {
                *position = 0;
            }
        }
        Ok(())
    }

    fn task_variant_end(&mut self, _: Option<&str>, _: Option<&str>) -> Result<(), AgentError> {
        if self.restart {
            self.positions.0.fill(0);
        }
        Ok(())
    }

    fn save(&self) -> Option<AgentState> {
        Some(AgentState { learned: encode(&self.learned), transient: encode(&self.positions) })
    }

    fn restore(&mut self, state: &AgentState) -> Result<(), AgentError> {
        let learned = decode(&state.learned, "learned")?;
        let positions: Positions = decode(&state.transient, "transient")?;
        if positions.0.len() != self.positions.0.len() {
            return Err(damaged("transient", "it has another number of environments"));
        }
        (self.learned, self.positions) = (learned, positions);
        Ok(())
    }
}

fn parse(script: &str, space: &Space) -> Result<Vec<Step>, AgentError> {
    let mut steps = Vec::new();
    for (i, word) in words(script).into_iter().enumerate() {
        let step = parse_step(&word, space).map_err(|why| {
            AgentError::Failed(format!(
                "parameter `actions`: `{word}` (number {} of `{script}`): {why}",
                i + 1
            ))
        })?;
        steps.push(step);
    }
    // Otherwise acting would go round for ever without finding one.
    if !steps.iter().any(|s| matches!(s, Step::Act(_) | Step::Error | Step::Panic | Step::Abort)) {
        return Err(AgentError::Failed(format!(
            "parameter `actions`: `{script}` has no action in it"
        )));
    }
    Ok(steps)
}

/// The words of a script, which is a list or what stands between the brackets of one. A
/// list among the words is the action that has its items as elements.
fn words(script: &str) -> Vec<String> {
    let inner = |text: &'_ str| Some(text.trim().strip_prefix('[')?.strip_suffix(']')?.to_owned());
    // `[0,1],[1,0]` begins and ends with a bracket, too: the first must close last.
    let closes_last = |text: &str| {
        let depths = text.chars().scan(0, |depth, c| {
            *depth += i32::from(c == '[') - i32::from(c == ']');
            Some(*depth)
        });
        depths.take(text.chars().count() - 1).all(|depth| depth > 0)
    };
    let script = script.trim();
    let list = script.starts_with('[') && closes_last(script);
    let script = inner(script).filter(|_| list).unwrap_or_else(|| script.to_owned());
    let mut depth = 0;
    let apart = |c: char| {
        depth += i32::from(c == '[') - i32::from(c == ']');
        c == ',' && depth == 0
    };
    let words = script.split(apart).map(str::trim);
    words.map(|w| inner(w).map_or(w.to_owned(), |items| items.replace(',', " "))).collect()
}

fn parse_step(word: &str, space: &Space) -> Result<Step, String> {
    let Some(command) = word.strip_prefix('!') else {
        return parse_action(word, space).map(Step::Act);
    };
    Ok(match command {
        "error" => Step::Error,
        "panic" => Step::Panic,
        "abort" => Step::Abort,
        "short" => Step::Short,
        "long" => Step::Long,
        "learn" => Step::Learn,
        _ => {
            let seconds = command.strip_prefix("sleep=").ok_or(
                "after `!` comes error, panic, abort, short, long, learn or sleep=SECONDS",
            )?;
            let seconds: f64 = seconds.parse().map_err(|_| "a number of seconds is needed")?;
            Step::Sleep(Duration::try_from_secs_f64(seconds).map_err(|e| e.to_string())?)
        }
    })
}

fn parse_action(word: &str, space: &Space) -> Result<Batch, String> {
    let mut batch = Batch::new(space, 1);
    let wanted: usize = batch.layout().leaves.iter().map(|l| l.width).sum();
    let elements: Vec<&str> = word.split_whitespace().collect();
    if elements.len() != wanted {
        let wanted = counted(wanted, "element");
        return Err(format!("an action has {wanted} here, this one {}", elements.len()));
    }
    let mut elements = elements.into_iter();
    let mut lane = batch.lane_mut(0);
    fill(&mut lane, &mut elements)?;
    Ok(batch)
}

fn fill<'a>(
    lane: &mut LaneMut<'_>,
    elements: &mut impl Iterator<Item = &'a str>,
) -> Result<(), String> {
    fn each<'a, T: std::str::FromStr>(
        places: &mut [T],
        elements: &mut impl Iterator<Item = &'a str>,
        wanted: &str,
    ) -> Result<(), String> {
        for (place, element) in places.iter_mut().zip(elements) {
            *place = element.parse().map_err(|_| format!("`{element}` is not {wanted}"))?;
        }
        Ok(())
    }
    for leaf in 0..lane.layout().leaves.len() {
        match lane.leaf(leaf) {
            LeafMut::U8(v) => each(v, elements, "an integer from 0 to 255")?,
            LeafMut::I64(v) => each(v, elements, "an integer")?,
            LeafMut::F32(v) => each(v, elements, "a number")?,
            LeafMut::F64(v) => each(v, elements, "a number")?,
            LeafMut::Text(v) => each(v, elements, "a word")?,
        }
    }
    Ok(())
}
