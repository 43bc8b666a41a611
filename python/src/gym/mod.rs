//! Native environments for Python to step: what Gymnasium's `Env` and `VectorEnv` of this package
//! are made of.
//!
//! Here is no engine and no log: somebody else's loop asks for steps, and a batch of native
//! environments does them while the interpreter is let go.

mod actions;
mod named;
mod observations;

pub(crate) use named::environments;

use crate::arrays::array;
use crate::params::to_kwargs;
use crate::space::to_python;
use crate::value::{read, write};
use numpy::PyArrayDyn;
use observations::Observations;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::{Mutex, PoisonError};
use tella_envs::{Batch, EnvFault, Params, RenderOptions, Reset, StepBatch, VecEnv};

/// See `python/tella/_native.pyi`.
#[pyclass(module = "tella._native", name = "Environments")]
pub(crate) struct Environments {
    name: String,
    params: Params,
    threads: usize,
    same_step: bool,
    observations: Observations,
    /// Locked by nobody: it makes of what can be sent to a thread what can be shared.
    lanes: Mutex<Lanes>,
}

/// A batch, and where its loop is.
struct Lanes {
    env: Box<dyn VecEnv>,
    actions: Batch,
    active: Vec<bool>,
    out: StepBatch,
    /// Lanes that begin an episode in the next step.
    next: Vec<Reset>,
    /// Whether the batch was reset, and has not failed since.
    running: bool,
}

impl Lanes {
    fn new(env: Box<dyn VecEnv>) -> Self {
        let lanes = env.num_envs();
        Lanes {
            actions: Batch::new(env.action_space(), lanes),
            active: vec![true; lanes],
            out: StepBatch::new(env.observation_space(), lanes),
            next: Vec::new(),
            running: false,
            env,
        }
    }

    fn reset(&mut self, resets: &[Reset]) -> Result<(), EnvFault> {
        self.running = false;
        self.env.reset_all(resets, &mut self.out.observations)?;
        self.next.clear();
        self.active.fill(true);
        self.running = true;
        Ok(())
    }

    /// Steps the lanes in an episode and begins one in those whose last step ended theirs.
    fn step(&mut self) -> Result<(), EnvFault> {
        self.running = false;
        self.env.step(&self.actions, &self.active, &mut self.out)?;
        if !self.next.is_empty() {
            self.env.reset_all(&self.next, &mut self.out.observations)?;
        }
        for Reset { lane, .. } in self.next.drain(..) {
            self.active[lane] = true;
            self.out.rewards[lane] = 0.0;
            self.out.terminated[lane] = false;
            self.out.truncated[lane] = false;
        }
        for lane in 0..self.active.len() {
            if self.out.terminated[lane] | self.out.truncated[lane] {
                self.next.push(Reset { lane, seed: None });
                self.active[lane] = false;
            }
        }
        self.running = true;
        Ok(())
    }
}

type Floats<'py> = Bound<'py, PyArrayDyn<f64>>;
type Truths<'py> = Bound<'py, PyArrayDyn<bool>>;
/// Lanes whose episode ended, and its last observation in each.
type Ended<'py> = Option<(Vec<usize>, Vec<Bound<'py, PyAny>>)>;

#[pymethods]
impl Environments {
    #[new]
    fn new(
        name: String,
        params: &Bound<'_, PyDict>,
        num_envs: usize,
        num_threads: usize,
        same_step: bool,
    ) -> PyResult<Self> {
        let (params, env) = named::make(&name, params, num_envs, num_threads)?;
        let lanes = Mutex::new(Lanes::new(env));
        let observations = Observations::default();
        Ok(Environments { name, params, threads: num_threads, same_step, observations, lanes })
    }

    #[getter]
    fn params<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        to_kwargs(py, &self.params)
    }

    #[getter]
    fn observation_space<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, self.lanes().env.observation_space())
    }

    #[getter]
    fn action_space<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, self.lanes().env.action_space())
    }

    fn reset<'py>(
        slf: &Bound<'py, Self>,
        seeds: Vec<Option<u64>>,
        copy: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let mut this = slf.try_borrow_mut()?;
        let lanes = this.lanes();
        let count = lanes.active.len();
        if seeds.len() != count {
            let message = format!("{} seeds for {count} environments", seeds.len());
            return Err(PyValueError::new_err(message));
        }
        let resets: Vec<Reset> =
            seeds.into_iter().enumerate().map(|(lane, seed)| Reset { lane, seed }).collect();
        py.detach(|| lanes.reset(&resets)).map_err(refused)?;
        this.observed(slf, copy)
    }

    fn step<'py>(
        slf: &Bound<'py, Self>,
        actions: &Bound<'py, PyAny>,
        copy: bool,
    ) -> PyResult<(Bound<'py, PyAny>, Floats<'py>, Truths<'py>, Truths<'py>, Ended<'py>)> {
        let py = slf.py();
        let mut this = slf.try_borrow_mut()?;
        let same_step = this.same_step;
        let lanes = this.lanes();
        if !lanes.running {
            return Err(reset_needed(py));
        }
        actions::take(actions, &lanes.active, &mut lanes.actions)?;
        py.detach(|| lanes.step()).map_err(refused)?;
        let shape = &[lanes.active.len()];
        let rewards = array(py, &lanes.out.rewards, shape);
        let terminated = array(py, &lanes.out.terminated, shape);
        let truncated = array(py, &lanes.out.truncated, shape);
        let mut ended = None;
        if same_step && !lanes.next.is_empty() {
            let seen = &lanes.out.observations;
            let at: Vec<usize> = lanes.next.iter().map(|reset| reset.lane).collect();
            let last = |lane: &usize| read(py, seen.space(), seen.lane(*lane));
            let last = at.iter().map(last).collect::<PyResult<_>>()?;
            let resets = std::mem::take(&mut lanes.next);
            // Some lanes only: the others' episodes go on.
            lanes.running = false;
            py.detach(|| lanes.env.reset_all(&resets, &mut lanes.out.observations))
                .map_err(refused)?;
            lanes.active.fill(true);
            lanes.running = true;
            ended = Some((at, last));
        }
        Ok((this.observed(slf, copy)?, rewards, terminated, truncated, ended))
    }

    fn reset_one<'py>(
        &mut self,
        py: Python<'py>,
        seed: Option<u64>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let lanes = self.lanes();
        py.detach(|| lanes.reset(&[Reset { lane: 0, seed }])).map_err(alone)?;
        let seen = &lanes.out.observations;
        read(py, seen.space(), seen.lane(0))
    }

    fn step_one<'py>(
        &mut self,
        py: Python<'py>,
        action: &Bound<'py, PyAny>,
    ) -> PyResult<(Bound<'py, PyAny>, f64, bool, bool)> {
        let lanes = self.lanes();
        if !(lanes.running && lanes.active[0]) {
            return Err(reset_needed(py));
        }
        let space = lanes.actions.layout().clone();
        write(&space.space, action, &mut lanes.actions.lane_mut(0))
            .map_err(|why| PyValueError::new_err(format!("the action is not usable: {why}")))?;
        // One environment's step is sooner done than the interpreter is let go.
        lanes.step().map_err(alone)?;
        let (seen, out) = (&lanes.out.observations, &lanes.out);
        let seen = read(py, seen.space(), seen.lane(0))?;
        Ok((seen, out.rewards[0], out.terminated[0], out.truncated[0]))
    }

    fn render(&mut self, lane: usize) -> PyResult<Option<String>> {
        let lanes = self.lanes_with(lane)?;
        Ok(lanes.env.render(lane))
    }

    fn render_rgb<'py>(
        &mut self,
        py: Python<'py>,
        lane: usize,
        tile_size: usize,
    ) -> PyResult<Option<Bound<'py, PyArrayDyn<u8>>>> {
        let options = RenderOptions { tile_size, ..RenderOptions::default() };
        // Only what is lent for writing can be sent to where the interpreter is not held.
        let env = &mut self.lanes_with(lane)?.env;
        let drawn = py.detach(move || env.render_rgb(lane, &options));
        Ok(drawn.map(|frame| array(py, frame.pixels(), &[frame.height(), frame.width(), 3])))
    }

    #[expect(clippy::type_complexity, reason = "the form of pickle's protocol")]
    fn __reduce__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(
        Bound<'py, PyAny>,
        (String, Bound<'py, PyDict>, usize, usize, bool),
        (Vec<u8>, bool, Vec<usize>),
    )> {
        let mut this = slf.try_borrow_mut()?;
        let (threads, same_step) = (this.threads, this.same_step);
        let (name, params) = (this.name.clone(), to_kwargs(slf.py(), &this.params)?);
        let lanes = this.lanes();
        let state = lanes.env.save().ok_or_else(|| {
            PyTypeError::new_err(format!("`{name}` has a state that cannot be saved"))
        })?;
        let next = lanes.next.iter().map(|reset| reset.lane).collect();
        let made = (name, params, lanes.active.len(), threads, same_step);
        Ok((slf.get_type().into_any(), made, (state, lanes.running, next)))
    }

    fn __setstate__(&mut self, state: (Vec<u8>, bool, Vec<usize>)) -> PyResult<()> {
        let (state, running, next) = state;
        let lanes = self.lanes();
        lanes.env.restore(&state).map_err(|error| PyValueError::new_err(error.to_string()))?;
        lanes.running = running;
        lanes.next = next.into_iter().map(|lane| Reset { lane, seed: None }).collect();
        for reset in &lanes.next {
            *lanes.active.get_mut(reset.lane).ok_or_else(|| no_lane(reset.lane))? = false;
        }
        Ok(())
    }
}

impl Environments {
    fn lanes(&mut self) -> &mut Lanes {
        self.lanes.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    fn lanes_with(&mut self, lane: usize) -> PyResult<&mut Lanes> {
        let lanes = self.lanes();
        if lane >= lanes.active.len() {
            return Err(no_lane(lane));
        }
        Ok(lanes)
    }

    /// What all lanes show: the user's own, or views of what the next step overwrites.
    fn observed<'py>(&mut self, slf: &Bound<'py, Self>, copy: bool) -> PyResult<Bound<'py, PyAny>> {
        let lanes = self.lanes.get_mut().unwrap_or_else(PoisonError::into_inner);
        let seen = &lanes.out.observations;
        if copy {
            self.observations.copied(slf.py(), seen)
        } else {
            // SAFETY: the buffers of the batch are this object's for as long as it lives, and
            // are never reallocated; the views keep it alive.
            unsafe { self.observations.viewed(seen, slf.as_any()) }
        }
    }
}

fn refused(fault: EnvFault) -> PyErr {
    PyValueError::new_err(fault.to_string())
}

/// As [`refused`] where there is one environment only.
fn alone(fault: EnvFault) -> PyErr {
    PyValueError::new_err(fault.error.to_string())
}

fn no_lane(lane: usize) -> PyErr {
    PyValueError::new_err(format!("there is no environment {lane}"))
}

fn reset_needed(py: Python<'_>) -> PyErr {
    let message = "there is no episode to step in: call reset first";
    let needed = py.import("gymnasium.error").and_then(|m| m.getattr("ResetNeeded"));
    match needed.and_then(|class| class.call1((message,))) {
        Ok(error) => PyErr::from_value(error),
        Err(_) => PyValueError::new_err(message),
    }
}
