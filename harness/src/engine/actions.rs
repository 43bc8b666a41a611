//! Whether what an agent answered can be handed to the environments.

use super::FaultKind;
use tella_envs::{Batch, Leaf, Space, counted};

/// What is wrong with an agent's answer, and with which environment's action.
pub(super) struct BadAction {
    pub(super) kind: FaultKind,
    pub(super) lane: Option<usize>,
    pub(super) message: String,
}

/// Checks that `actions` has one lane for each element of `active`, is laid out
/// as `space` says, and holds an element of it wherever `active` is true.
pub(super) fn check(actions: &Batch, space: &Space, active: &[bool]) -> Result<(), BadAction> {
    if actions.lanes() != active.len() {
        return Err(BadAction {
            kind: FaultKind::ActionCount,
            lane: None,
            message: format!(
                "answered with {} for {}",
                counted(actions.lanes(), "action"),
                counted(active.len(), "environment")
            ),
        });
    }
    // Discrete actions are checked in one pass over the buffer: this runs at
    // every step of every run.
    if let (Space::Discrete { n, start }, [Leaf::I64(values)]) = (space, actions.leaves()) {
        let all = start..&(start + n);
        let fine = values.iter().zip(active).all(|(v, a)| !a | all.contains(&v));
        if fine && values.len() == active.len() {
            return Ok(());
        }
    }
    if actions.space() != space {
        return Err(BadAction {
            kind: FaultKind::InvalidAction,
            lane: None,
            message: format!("answered with values of {}, not of {space}", actions.space()),
        });
    }
    for lane in (0..active.len()).filter(|&lane| active[lane]) {
        if let Err(why) = space.check(actions.lane(lane)) {
            return Err(BadAction {
                kind: FaultKind::InvalidAction,
                lane: Some(lane),
                message: format!("action outside {space}: {why}"),
            });
        }
    }
    Ok(())
}
