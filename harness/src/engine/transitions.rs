//! Steps on their way to the log, where it keeps them: actions leaf by leaf.

use super::EpisodesState;
use super::make::spaces;
use crate::App;
use std::sync::Arc;
use tella_curricula::Curriculum;
use tella_envs::{Batch, Dtype, EnvError, Layout, LeafLayout, LeafMut, LeafRef, Space, StepBatch};
use tella_events::{
    ActionColumn, ActionKind, ActionValues, EventError, LifetimeWriter, Transition,
};

/// The columns that the log keeps a curriculum's actions in.
pub fn action_columns(app: &App, curriculum: &Curriculum) -> Result<Vec<ActionColumn>, EnvError> {
    let (_, actions) = spaces(app, curriculum)?;
    Ok(columns_of(&actions))
}

/// A column for each leaf of a space that has elements.
fn columns_of(space: &Space) -> Vec<ActionColumn> {
    let layout = Layout::new(space);
    let leaves = layout.leaves.iter().filter(|leaf| leaf.width > 0);
    leaves.map(column).collect()
}

fn column(leaf: &LeafLayout) -> ActionColumn {
    let kind = match &leaf.space {
        Space::Box(space) => match space.dtype {
            Dtype::Uint8 => ActionKind::U8,
            Dtype::Int64 => ActionKind::I64,
            Dtype::Float32 => ActionKind::F32,
            Dtype::Float64 => ActionKind::F64,
        },
        Space::MultiBinary { .. } => ActionKind::U8,
        Space::Text { .. } => ActionKind::Text,
        _ => ActionKind::I64,
    };
    let name = ["action"].into_iter().chain(leaf.path.iter().map(String::as_str));
    ActionColumn {
        name: name.collect::<Vec<_>>().join("."),
        kind,
        width: (!leaf.shape.is_empty()).then_some(leaf.width),
    }
}

/// The action of a lane, in the order of [`action_columns`].
fn action(actions: &Batch, lane: usize) -> impl Iterator<Item = ActionValues<'_>> {
    let lane = actions.lane(lane);
    let leaves = lane.layout().leaves.iter().enumerate().filter(|(_, leaf)| leaf.width > 0);
    leaves.map(move |(i, _)| match lane.leaf(i) {
        LeafRef::U8(v) => ActionValues::U8(v),
        LeafRef::I64(v) => ActionValues::I64(v),
        LeafRef::F32(v) => ActionValues::F32(v),
        LeafRef::F64(v) => ActionValues::F64(v),
        LeafRef::Text(v) => ActionValues::Text(v),
    })
}

/// Puts an action that the log keeps into lane 0, or says why it does not fit.
pub(super) fn put_action<'a>(
    actions: &mut Batch,
    kept: impl IntoIterator<Item = ActionValues<'a>>,
) -> Result<(), String> {
    let misfit = format!("the log's actions are not of {}", actions.space());
    let layout = Arc::clone(actions.layout());
    let mut lane = actions.lane_mut(0);
    let mut kept = kept.into_iter();
    for (i, _) in layout.leaves.iter().enumerate().filter(|(_, leaf)| leaf.width > 0) {
        let fits = match (lane.leaf(i), kept.next()) {
            (LeafMut::U8(to), Some(ActionValues::U8(from))) => copy(to, from),
            (LeafMut::I64(to), Some(ActionValues::I64(from))) => copy(to, from),
            (LeafMut::F32(to), Some(ActionValues::F32(from))) => copy(to, from),
            (LeafMut::F64(to), Some(ActionValues::F64(from))) => copy(to, from),
            (LeafMut::Text(to), Some(ActionValues::Text(from))) => copy(to, from),
            _ => false,
        };
        if !fits {
            return Err(misfit);
        }
    }
    if kept.next().is_some() { Err(misfit) } else { Ok(()) }
}

fn copy<T: Clone>(to: &mut [T], from: &[T]) -> bool {
    let fits = to.len() == from.len();
    if fits {
        to.clone_from_slice(from);
    }
    fits
}

/// Logs the step that the active lanes have just taken, before episodes that it ended are
/// counted as such.
pub(super) fn log_step(
    log: &mut LifetimeWriter,
    variant_num: u64,
    active: &[bool],
    episodes: &EpisodesState,
    actions: &Batch,
    out: &StepBatch,
) -> Result<(), EventError> {
    for lane in (0..active.len()).filter(|&lane| active[lane]) {
        let episode = episodes.episode(lane);
        let transition = Transition {
            variant_num,
            episode_index: episode.index,
            step: episode.steps,
            reward: out.rewards[lane],
            terminated: out.terminated[lane],
            truncated: out.truncated[lane],
        };
        log.push_transition(&transition, action(actions, lane))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_leaf_is_a_column_of_its_type_and_size() {
        let space = Space::Dict(vec![
            ("arm".into(), Space::uniform_box(-1.0, 1.0, &[2, 3], Dtype::Float32)),
            ("none".into(), Space::uniform_box(0.0, 1.0, &[0], Dtype::Uint8)),
            (
                "pair".into(),
                Space::Tuple(vec![Space::discrete(3), Space::MultiDiscrete { nvec: vec![2, 5] }]),
            ),
        ]);
        let columns = columns_of(&space);
        let told: Vec<_> = columns.iter().map(|c| (c.name.as_str(), c.kind, c.width)).collect();
        assert_eq!(
            told,
            [
                ("action.arm", ActionKind::F32, Some(6)),
                ("action.pair.0", ActionKind::I64, None),
                ("action.pair.1", ActionKind::I64, Some(2)),
            ]
        );
        let mut batch = Batch::new(&space, 2);
        batch.lane_mut(1).i64(3).copy_from_slice(&[1, 4]);
        let values: Vec<_> = action(&batch, 1).collect();
        assert_eq!(values.len(), 3);
        assert_eq!(values[2], ActionValues::I64(&[1, 4]));
        assert_eq!(columns_of(&Space::discrete(4))[0].name, "action");
    }
}
