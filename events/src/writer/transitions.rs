//! Appending transitions, where the log keeps them.

use super::LifetimeWriter;
use crate::error::EventError;
use crate::transition::{ActionColumn, ActionValues, ActionVec, Transition};

/// The most bytes of a frame's steps, unpacked: wide actions make frames of fewer rows.
const FRAME_BYTES: usize = 16 << 20;

/// Bytes of a step besides its action.
const FIXED_BYTES: usize = 34;

impl LifetimeWriter {
    /// The columns of actions, where transitions are kept.
    pub fn action_columns(&self) -> Option<&[ActionColumn]> {
        self.action_columns.as_deref()
    }

    /// Appends one step with its action, leaf by leaf in the order of the columns of actions.
    ///
    /// # Errors
    /// Where the log keeps no transitions, or the action does not fit its columns.
    #[inline]
    pub fn push_transition<'a>(
        &mut self,
        transition: &Transition,
        action: impl IntoIterator<Item = ActionValues<'a>>,
    ) -> Result<(), EventError> {
        self.check_running()?;
        if !self.gather_step(transition, action) {
            let e = EventError::Grammar("a step that does not fit what the log keeps".into());
            return Err(self.stop_at(e));
        }
        self.in_frame[3] += 1;
        if self.in_frame[3] >= self.steps_in_frame {
            return self.hand_over([false, false, false, true]).map_err(|e| self.stop_at(e));
        }
        self.hand_over_if_full()
    }

    /// Whether the step fits; then it was gathered.
    fn gather_step<'a>(
        &mut self,
        transition: &Transition,
        action: impl IntoIterator<Item = ActionValues<'a>>,
    ) -> bool {
        let Some(columns) = &self.action_columns else { return false };
        let gathered = &mut self.gathered;
        if gathered.actions.len() != columns.len() {
            gathered.actions = columns.iter().map(|column| ActionVec::new(column.kind)).collect();
        }
        let mut leaves = columns.iter().zip(&mut gathered.actions);
        let mut fits = true;
        for values in action {
            let leaf = leaves.next();
            fits &= leaf.is_some_and(|(column, all)| all.push(values, column.elements()));
        }
        fits &= leaves.next().is_none();
        if fits {
            gathered.steps.push(*transition);
        } else {
            let steps = gathered.steps.len();
            for (column, all) in columns.iter().zip(&mut gathered.actions) {
                all.truncate(steps * column.elements());
            }
        }
        fits
    }
}

/// The steps after which a frame is written, where it is after so many rows of other tables.
pub(super) fn steps_in_frame(frame_rows: usize, actions: Option<&[ActionColumn]>) -> usize {
    let columns = actions.into_iter().flatten();
    let action: usize = columns.map(|c| c.kind.size() * c.elements()).sum();
    frame_rows.min(FRAME_BYTES / (FIXED_BYTES + action)).max(1)
}
