//! Agents and environments that do what they must not.

use std::time::Duration;
use tella::App;
use tella_agents::{
    Agent, AgentError, AgentInit, AgentResolver, AgentSpec, AgentState, Transitions,
};
use tella_envs::{
    Batch, Env, EnvError, EnvResolver, EnvSpec, Lane, LaneMut, Lanes, ParamKind, ParamSpec,
    ParamValue, Params, Space, Step, VecEnv,
};

/// An application that knows the built-in rooms and the ones below.
pub(crate) fn app() -> App {
    let mut app = App::builtin();
    app.agents.add(FaultyAgents);
    app.envs.add(FaultyEnvs);
    app
}

fn text(name: &str, default: &str) -> ParamSpec {
    ParamSpec {
        name: name.into(),
        kind: ParamKind::Text,
        default: ParamValue::Text(default.into()),
        help: String::new(),
    }
}

fn number(name: &str, default: i64) -> ParamSpec {
    ParamSpec {
        name: name.into(),
        kind: ParamKind::Int { min: 0, max: i64::MAX },
        default: ParamValue::Int(default),
        help: String::new(),
    }
}

fn mode(params: &Params) -> (String, i64) {
    match (&params["mode"], &params["at"]) {
        (ParamValue::Text(mode), ParamValue::Int(at)) => (mode.clone(), *at),
        other => panic!("declared otherwise: {other:?}"),
    }
}

/// Agent `faulty`: action 0 until step `at`, then what `mode` says.
struct FaultyAgents;

struct Faulty {
    mode: String,
    at: i64,
    step: i64,
    actions: Batch,
    wrong: Batch,
    evaluations: u64,
    saves: bool,
    /// This is the agent of lifetime 1 of an experiment with agent seed 1.
    second: bool,
}

impl AgentResolver for FaultyAgents {
    fn specs(&self) -> Vec<AgentSpec> {
        vec![AgentSpec {
            name: "faulty".into(),
            summary: "does what it must not".into(),
            params: vec![text("mode", "none"), number("at", 0)],
        }]
    }

    fn make(&self, _: &str, init: &AgentInit<'_>) -> Result<Box<dyn Agent>, AgentError> {
        let (mode, at) = mode(init.config);
        if mode == "constructor" {
            return Err(AgentError::Failed("does not want to be made".into()));
        }
        Ok(Box::new(Faulty {
            actions: Batch::new(init.action_space, init.num_envs),
            wrong: Batch::new(init.action_space, init.num_envs + 1),
            saves: mode != "unsavable",
            second: init.rng_seed == tella_curricula::lifetime_seeds(1, 1),
            mode,
            at,
            step: 0,
            evaluations: 0,
        }))
    }
}

impl Agent for Faulty {
    fn choose_actions(&mut self, _: &Batch, _: &[bool]) -> Result<&Batch, AgentError> {
        self.step += 1;
        if self.step <= self.at {
            return Ok(&self.actions);
        }
        match self.mode.as_str() {
            "panic" => panic!("the agent is tired"),
            "panic-in-lifetime-1" if self.second => panic!("the agent is tired"),
            "error" => return Err(AgentError::Failed("the agent gives up".into())),
            "count" => return Ok(&self.wrong),
            "outside" => self.actions.lane_mut(0).i64(0)[0] = 99,
            "hang" => std::thread::sleep(Duration::from_secs(3600)),
            "abort" => std::process::abort(),
            "exit" => std::process::exit(0),
            "chatter" => {
                println!("to standard output");
                eprintln!("to standard error");
            }
            _ => {}
        }
        Ok(&self.actions)
    }

    fn receive_transitions(&mut self, t: Transitions<'_>) -> Result<(), AgentError> {
        if self.mode == "learns-in-evaluation" && t.rewards.is_none() {
            self.evaluations += 1;
        }
        Ok(())
    }

    fn save(&self) -> Option<AgentState> {
        self.saves.then(|| AgentState {
            learned: self.evaluations.to_le_bytes().to_vec(),
            transient: self.step.to_le_bytes().to_vec(),
        })
    }

    fn restore(&mut self, state: &AgentState) -> Result<(), AgentError> {
        let number =
            |bytes: &[u8]| bytes.try_into().map_err(|_| AgentError::Failed("8 bytes".into()));
        self.evaluations = u64::from_le_bytes(number(&state.learned)?);
        self.step = i64::from_le_bytes(number(&state.transient)?);
        Ok(())
    }
}

/// Environment `faulty`: episodes of ten steps until step `at`, then what `mode` says.
struct FaultyEnvs;

struct FaultyEnv {
    mode: String,
    at: i64,
    step: i64,
}

impl EnvResolver for FaultyEnvs {
    fn specs(&self) -> Vec<EnvSpec> {
        vec![EnvSpec {
            name: "faulty".into(),
            summary: "does what it must not".into(),
            params: vec![text("mode", "none"), number("at", 0)],
            continuing: false,
        }]
    }

    fn make(
        &self,
        _: &str,
        params: &Params,
        lanes: usize,
        threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError> {
        let (mode, at) = mode(params);
        Ok(Box::new(Lanes::new(lanes, threads, || FaultyEnv { mode: mode.clone(), at, step: 0 })))
    }
}

impl Env for FaultyEnv {
    fn observation_space(&self) -> Space {
        Space::discrete(100)
    }

    fn action_space(&self) -> Space {
        Space::discrete(2)
    }

    fn reset(&mut self, _: Option<u64>, observation: &mut LaneMut<'_>) -> Result<(), EnvError> {
        if self.mode == "reset" && self.step > self.at {
            return Err(EnvError("cannot reset".into()));
        }
        observation.i64(0)[0] = 0;
        Ok(())
    }

    fn step(&mut self, _: Lane<'_>, observation: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        self.step += 1;
        observation.i64(0)[0] = self.step % 100;
        let mut step = Step { reward: 1.0, terminated: self.step % 10 == 0, truncated: false };
        if self.step > self.at {
            match self.mode.as_str() {
                "panic" => panic!("the environment is tired"),
                "error" => return Err(EnvError("the environment gives up".into())),
                "nan" => step.reward = f64::NAN,
                "infinite" => step.reward = f64::INFINITY,
                "endless" => step.terminated = false,
                "hang" => std::thread::sleep(Duration::from_secs(3600)),
                _ => {}
            }
        }
        Ok(step)
    }
}
