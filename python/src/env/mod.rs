//! Environments that are Python objects, as the engine sees them.
//!
//! Old gym's way (`seed`, a step of four values) and Gymnasium's (`reset(seed=...)`, five) are told
//! apart by what an environment has and returns. `named` makes environments by name, `step` reads
//! what they return.

mod named;
mod step;

pub(crate) use named::NamedEnvs;

use crate::failure::Failures;
use crate::{space, value};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use tella_envs::{Batch, BoxSpace, EnvError, EnvFault, LaneMut, Space, StepBatch, VecEnv};

/// A batch whose lanes are Python objects, stepped one after the other.
pub(crate) struct PyEnvs {
    lanes: Vec<Py<PyAny>>,
    observation_space: Space,
    action_space: Space,
    /// The space of actions in the environments' own words.
    own_action_space: Space,
    seeding: Seeding,
    strict: bool,
    failures: Failures,
}

/// How a seed is given.
#[derive(Clone, Copy)]
enum Seeding {
    /// `env.seed(seed)`, then `env.reset()`.
    Method,
    /// `env.reset(seed=seed)`.
    Keyword,
    /// It takes none.
    Never,
}

impl PyEnvs {
    /// `lanes` environments made by calling `make`. Where `strict`, observations outside their
    /// space are errors, and so are actions outside the bounds of a box.
    pub(crate) fn new(
        make: &Bound<'_, PyAny>,
        lanes: usize,
        strict: bool,
        failures: Failures,
    ) -> PyResult<Self> {
        let py = make.py();
        let first = make.call0()?;
        let described = py.import("tella._environments")?.call_method1("describe", (&first,))?;
        let (observation, action, seeding): (Bound<'_, PyAny>, Bound<'_, PyAny>, String) =
            described.extract()?;
        let own_action_space = space::from_python(&action)?;
        let mut envs = PyEnvs {
            lanes: vec![first.unbind()],
            observation_space: space::from_python(&observation)?,
            action_space: match strict {
                true => own_action_space.clone(),
                false => without_bounds(&own_action_space),
            },
            own_action_space,
            seeding: match seeding.as_str() {
                "method" => Seeding::Method,
                "keyword" => Seeding::Keyword,
                _ => Seeding::Never,
            },
            strict,
            failures,
        };
        for _ in 1..lanes {
            envs.lanes.push(make.call0()?.unbind());
        }
        Ok(envs)
    }

    fn fault(&self, py: Python<'_>, lane: usize, wrong: Wrong) -> EnvFault {
        let error = match wrong {
            Wrong::Raised(error) => EnvError(self.failures.keep(py, error)),
            Wrong::Returned(words) => EnvError(words),
        };
        EnvFault { lane, error }
    }

    fn reset_lane(
        &self,
        py: Python<'_>,
        lane: usize,
        seed: Option<u64>,
        to: &mut LaneMut<'_>,
    ) -> Result<(), Wrong> {
        let env = self.lanes[lane].bind(py);
        let reset = intern!(py, "reset");
        let returned = match (self.seeding, seed) {
            (Seeding::Method, Some(seed)) => {
                env.call_method1(intern!(py, "seed"), (seed,))?;
                env.call_method0(reset)?
            }
            (Seeding::Keyword, Some(seed)) => {
                let keywords = PyDict::new(py);
                keywords.set_item(intern!(py, "seed"), seed)?;
                env.call_method(reset, (), Some(&keywords))?
            }
            _ => env.call_method0(reset)?,
        };
        let observation = step::observation_of_reset(returned, &self.observation_space);
        self.observe("reset", &observation, to)
    }

    fn observe(
        &self,
        call: &str,
        observation: &Bound<'_, PyAny>,
        to: &mut LaneMut<'_>,
    ) -> Result<(), Wrong> {
        let space = &self.observation_space;
        let wrong = |why: String| {
            Wrong::Returned(format!("{call} returned an observation that is none: {why}"))
        };
        value::write(space, observation, to).map_err(wrong)?;
        match self.strict {
            true => space.check(to.as_lane()).map_err(|why| {
                Wrong::Returned(format!("{call} returned an observation outside {space}: {why}"))
            }),
            false => Ok(()),
        }
    }
}

/// What went wrong in an environment.
enum Wrong {
    /// It raised.
    Raised(PyErr),
    /// What it returned is not what it should be.
    Returned(String),
}

impl From<PyErr> for Wrong {
    fn from(error: PyErr) -> Self {
        Wrong::Raised(error)
    }
}

/// The space with the bounds of all boxes taken away.
fn without_bounds(space: &Space) -> Space {
    match space {
        Space::Box(b) => Space::Box(BoxSpace {
            low: vec![f64::NEG_INFINITY; b.low.len()],
            high: vec![f64::INFINITY; b.high.len()],
            ..b.clone()
        }),
        Space::Tuple(parts) => Space::Tuple(parts.iter().map(without_bounds).collect()),
        Space::Dict(parts) => {
            let part = |(key, part): &(String, Space)| (key.clone(), without_bounds(part));
            Space::Dict(parts.iter().map(part).collect())
        }
        other => other.clone(),
    }
}

impl VecEnv for PyEnvs {
    fn observation_space(&self) -> &Space {
        &self.observation_space
    }

    fn action_space(&self) -> &Space {
        &self.action_space
    }

    fn num_envs(&self) -> usize {
        self.lanes.len()
    }

    fn reset(
        &mut self,
        lane: usize,
        seed: Option<u64>,
        observations: &mut Batch,
    ) -> Result<(), EnvFault> {
        Python::attach(|py| {
            self.reset_lane(py, lane, seed, &mut observations.lane_mut(lane))
                .map_err(|wrong| self.fault(py, lane, wrong))
        })
    }

    fn step(
        &mut self,
        actions: &Batch,
        active: &[bool],
        out: &mut StepBatch,
    ) -> Result<(), EnvFault> {
        Python::attach(|py| {
            for lane in (0..active.len()).filter(|lane| active[*lane]) {
                self.step_lane(py, lane, actions, out)
                    .map_err(|wrong| self.fault(py, lane, wrong))?;
            }
            Ok(())
        })
    }

    /// What `render` returns where that is a text; other environments draw themselves.
    fn render(&self, lane: usize) -> Option<String> {
        Python::attach(|py| {
            let drawn = self.lanes[lane].bind(py).call_method0(intern!(py, "render")).ok()?;
            drawn.extract().ok()
        })
    }
}

impl PyEnvs {
    fn step_lane(
        &self,
        py: Python<'_>,
        lane: usize,
        actions: &Batch,
        out: &mut StepBatch,
    ) -> Result<(), Wrong> {
        let action = value::read(py, &self.own_action_space, actions.lane(lane))?;
        let returned = self.lanes[lane].bind(py).call_method1(intern!(py, "step"), (action,))?;
        let step = step::read(&returned)?;
        self.observe("step", &step.observation, &mut out.observations.lane_mut(lane))?;
        out.rewards[lane] = step.reward;
        out.terminated[lane] = step.terminated;
        out.truncated[lane] = step.truncated;
        Ok(())
    }
}

impl Drop for PyEnvs {
    fn drop(&mut self) {
        // A program that ends may have ended its interpreter.
        Python::try_attach(|py| {
            for env in &self.lanes {
                let env = env.bind(py);
                if env.hasattr(intern!(py, "close")).unwrap_or(false) {
                    // Its work is done; how it says good-bye changes nothing.
                    let _ = env.call_method0(intern!(py, "close"));
                }
            }
        });
    }
}
