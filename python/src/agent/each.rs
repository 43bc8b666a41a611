//! TELLA's way: a list with one observation, then one with one transition, for each
//! environment; None where an environment does not take part.

use super::Refusal;
use crate::arrays::{Arrays, array};
use crate::value::{shown, write};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyList, PyString, PyTuple};
use tella_agents::Transitions;
use tella_envs::Batch;

/// What is kept from one call of the agent to the next.
pub(super) struct Each {
    /// The class of transitions.
    transition: Py<PyAny>,
    /// What the agent saw last, its own to keep and change.
    seen: Option<Arrays>,
    /// What follows, where no episode ended: it will be seen next.
    next: Option<Arrays>,
    /// What the agent chose, in its own words.
    chosen: Vec<Py<PyAny>>,
}

impl Each {
    pub(super) fn new(py: Python<'_>) -> PyResult<Self> {
        let transition = py.import("tella._transition")?.getattr("Transition")?.unbind();
        Ok(Each { transition, seen: None, next: None, chosen: Vec::new() })
    }

    /// What comes next is no continuation of what was seen.
    pub(super) fn forget(&mut self) {
        self.next = None;
    }

    pub(super) fn choose(
        &mut self,
        agent: &Bound<'_, PyAny>,
        observations: &Batch,
        active: &[bool],
        actions: &mut Batch,
    ) -> Result<(), Refusal> {
        let py = agent.py();
        let seen = match self.next.take() {
            Some(next) => next,
            None => Arrays::new(py, observations, false)?,
        };
        let space = observations.space();
        let shown_to = |(lane, active): (usize, &bool)| match active {
            true => seen.lane(py, space, lane).map(Some),
            false => Ok(None),
        };
        let list: Vec<_> = active.iter().enumerate().map(shown_to).collect::<PyResult<_>>()?;
        self.seen = Some(seen);
        let list = PyList::new(py, list)?;
        let answer = agent.call_method1(intern!(py, "choose_actions"), (list,))?;
        let len = match answer.len() {
            Ok(len) if !answer.is_instance_of::<PyString>() => len,
            _ => {
                let what = format!("a list of {} is expected", counted(active.len()));
                let message = format!("choose_actions returned {}; {what}", shown(&answer));
                return Err(Refusal::Action { lane: None, message });
            }
        };
        if len != active.len() {
            return Err(Refusal::Count(len));
        }
        self.chosen.clear();
        let space = actions.space().clone();
        for (lane, active) in active.iter().enumerate() {
            let action = answer.get_item(lane)?;
            if *active {
                write(&space, &action, &mut actions.lane_mut(lane)).map_err(|why| {
                    let message = format!("choose_actions: the action is not usable: {why}");
                    Refusal::Action { lane: Some(lane), message }
                })?;
            }
            self.chosen.push(action.unbind());
        }
        Ok(())
    }

    pub(super) fn receive(
        &mut self,
        agent: &Bound<'_, PyAny>,
        t: &Transitions<'_>,
    ) -> PyResult<()> {
        let py = agent.py();
        let seen = match self.seen.take() {
            Some(seen) => seen,
            None => Arrays::new(py, t.observations, false)?,
        };
        let next = Arrays::new(py, t.next_observations, false)?;
        let lanes = t.active.len();
        let rewards = t.rewards.map(|rewards| array(py, rewards, &[lanes]));
        let mut any_ended = false;
        let done: Vec<bool> = (0..lanes).map(|i| t.terminated[i] || t.truncated[i]).collect();
        let dones = array(py, &done, &[lanes]);
        let transition = self.transition.bind(py);
        let mut list = Vec::with_capacity(lanes);
        for (lane, active) in t.active.iter().enumerate() {
            if !active {
                list.push(None);
                continue;
            }
            any_ended |= done[lane];
            let reward = match &rewards {
                Some(rewards) => rewards.get_item(lane)?,
                None => py.None().into_bound(py),
            };
            let fields = PyTuple::new(
                py,
                [
                    seen.lane(py, t.observations.space(), lane)?,
                    self.chosen[lane].bind(py).clone(),
                    reward,
                    dones.get_item(lane)?,
                    next.lane(py, t.next_observations.space(), lane)?,
                ],
            )?;
            list.push(Some(transition.call1(fields)?));
        }
        if !any_ended {
            self.next = Some(next);
        }
        let list = PyList::new(py, list)?;
        agent.call_method1(intern!(py, "receive_transitions"), (list,)).map(drop)
    }
}

fn counted(n: usize) -> String {
    tella_envs::counted(n, "action")
}
