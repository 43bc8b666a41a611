//! Agents that take whole batches: `choose_actions_batch(observations, mask)` and
//! `receive_transition_batch(observations, actions, rewards, terminated, truncated,
//! next_observations, mask)`, arrays whose first dimension is the environment. Only what lies in
//! lanes where the mask is true means anything.

use super::Refusal;
use crate::arrays::{Arrays, array, held_once, overwrite, read};
use crate::value::{shown, write};
use numpy::Element;
use numpy::prelude::*;
use pyo3::intern;
use pyo3::prelude::*;
use tella_agents::Transitions;
use tella_envs::{Batch, Space};

/// Arrays that are filled again at each step.
#[derive(Default)]
pub(super) struct Batches {
    seen: Option<Arrays>,
    next: Option<Arrays>,
    /// Whether `seen` is what the agent will be asked about: no episode ended since.
    goes_on: bool,
    actions: Option<Arrays>,
    mask: Option<Py<PyAny>>,
    rewards: Option<Py<PyAny>>,
    terminated: Option<Py<PyAny>>,
    truncated: Option<Py<PyAny>>,
}

impl Batches {
    /// What comes next is no continuation of what was seen.
    pub(super) fn forget(&mut self) {
        self.goes_on = false;
    }

    pub(super) fn choose(
        &mut self,
        agent: &Bound<'_, PyAny>,
        observations: &Batch,
        active: &[bool],
        actions: &mut Batch,
    ) -> Result<(), Refusal> {
        let py = agent.py();
        let seen = match &self.seen {
            Some(seen) if self.goes_on => seen,
            _ => show(py, &mut self.seen, observations)?,
        };
        let mask = flat(py, &mut self.mask, active)?;
        let seen = seen.whole(py, observations.space())?;
        let answer = agent.call_method1(intern!(py, "choose_actions_batch"), (seen, mask))?;
        take(&answer, active, actions)
    }

    pub(super) fn receive(
        &mut self,
        agent: &Bound<'_, PyAny>,
        t: &Transitions<'_>,
    ) -> PyResult<()> {
        let py = agent.py();
        let seen = match &self.seen {
            Some(seen) => seen,
            None => show(py, &mut self.seen, t.observations)?,
        };
        let next = show(py, &mut self.next, t.next_observations)?;
        let actions = show(py, &mut self.actions, t.actions)?;
        let rewards = match t.rewards {
            Some(rewards) => flat(py, &mut self.rewards, rewards)?,
            None => py.None().into_bound(py),
        };
        let given = (
            seen.whole(py, t.observations.space())?,
            actions.whole(py, t.actions.space())?,
            rewards,
            flat(py, &mut self.terminated, t.terminated)?,
            flat(py, &mut self.truncated, t.truncated)?,
            next.whole(py, t.next_observations.space())?,
            flat(py, &mut self.mask, t.active)?,
        );
        agent.call_method1(intern!(py, "receive_transition_batch"), given)?;
        let ended = |lane: usize| t.active[lane] && (t.terminated[lane] || t.truncated[lane]);
        self.goes_on = !(0..t.active.len()).any(ended);
        std::mem::swap(&mut self.seen, &mut self.next);
        Ok(())
    }
}

/// Fills `arrays` with a batch, anew where somebody kept them.
fn show<'a>(py: Python<'_>, arrays: &'a mut Option<Arrays>, batch: &Batch) -> PyResult<&'a Arrays> {
    if let Some(arrays) = arrays {
        arrays.refill(py, batch)?;
        return Ok(arrays);
    }
    Ok(arrays.insert(Arrays::new(py, batch, true)?))
}

/// An array of one element a lane, filled again where nobody kept it.
fn flat<'py, T: Element + Copy>(
    py: Python<'py>,
    kept: &mut Option<Py<PyAny>>,
    values: &[T],
) -> PyResult<Bound<'py, PyAny>> {
    if let Some(array) = kept
        && held_once(array)
        && overwrite(array.bind(py), values, &[values.len()])
    {
        return Ok(array.bind(py).clone());
    }
    let made = array(py, values, &[values.len()]);
    made.try_readwrite()?.make_nonwriteable();
    *kept = Some(made.clone().into_any().unbind());
    Ok(made.into_any())
}

/// Takes an answer's actions: arrays of the whole batch, else lane by lane.
fn take(answer: &Bound<'_, PyAny>, active: &[bool], actions: &mut Batch) -> Result<(), Refusal> {
    let layout = actions.layout().clone();
    if let ([leaf], [to]) = (layout.leaves.as_slice(), actions.leaves_mut())
        && read(answer, leaf, active.len(), to)
    {
        return Ok(());
    }
    take_lanes(answer, active, actions, &layout.space)
}

fn take_lanes(
    answer: &Bound<'_, PyAny>,
    active: &[bool],
    actions: &mut Batch,
    space: &Space,
) -> Result<(), Refusal> {
    let parts = Parts::of(answer, space, active.len())?;
    for lane in (0..active.len()).filter(|lane| active[*lane]) {
        let action = parts.lane(answer.py(), lane)?;
        write(space, &action, &mut actions.lane_mut(lane)).map_err(|why| {
            let message = format!("choose_actions_batch: the action is not usable: {why}");
            Refusal::Action { lane: Some(lane), message }
        })?;
    }
    Ok(())
}

/// An answer, taken apart as its space is.
enum Parts<'py> {
    Leaf(Bound<'py, PyAny>),
    Tuple(Vec<Parts<'py>>),
    Dict(Vec<(String, Parts<'py>)>),
}

impl<'py> Parts<'py> {
    fn of(answer: &Bound<'py, PyAny>, space: &Space, lanes: usize) -> Result<Self, Refusal> {
        let wrong = |wanted: &str| {
            let message = format!("choose_actions_batch returned {}; {wanted}", shown(answer));
            Refusal::Action { lane: None, message }
        };
        match space {
            Space::Tuple(spaces) => {
                let wanted = format!("a tuple of {} arrays is expected", spaces.len());
                if answer.len().ok() != Some(spaces.len()) {
                    return Err(wrong(&wanted));
                }
                let part = |(i, space): (usize, &Space)| {
                    let part = answer.get_item(i).map_err(|_| wrong(&wanted))?;
                    Parts::of(&part, space, lanes)
                };
                Ok(Parts::Tuple(spaces.iter().enumerate().map(part).collect::<Result<_, _>>()?))
            }
            Space::Dict(spaces) => {
                let part = |(key, space): &(String, Space)| {
                    let wanted = format!("a dictionary with an array for `{key}` is expected");
                    let part = answer.get_item(key).map_err(|_| wrong(&wanted))?;
                    Ok((key.clone(), Parts::of(&part, space, lanes)?))
                };
                Ok(Parts::Dict(spaces.iter().map(part).collect::<Result<_, Refusal>>()?))
            }
            _ => match answer.len() {
                Ok(len) if len == lanes => Ok(Parts::Leaf(answer.clone())),
                Ok(len) => Err(Refusal::Count(len)),
                Err(_) => Err(wrong("an array with one action for each environment is expected")),
            },
        }
    }

    fn lane(&self, py: Python<'py>, lane: usize) -> PyResult<Bound<'py, PyAny>> {
        match self {
            Parts::Leaf(array) => array.get_item(lane),
            Parts::Tuple(parts) => {
                let parts: Vec<_> =
                    parts.iter().map(|part| part.lane(py, lane)).collect::<PyResult<_>>()?;
                Ok(pyo3::types::PyTuple::new(py, parts)?.into_any())
            }
            Parts::Dict(parts) => {
                let dict = pyo3::types::PyDict::new(py);
                for (key, part) in parts {
                    dict.set_item(key, part.lane(py, lane)?)?;
                }
                Ok(dict.into_any())
            }
        }
    }
}
