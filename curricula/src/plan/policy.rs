//! What holds for a whole curriculum: labels, evaluation, seeding, compatibility.

use super::Tasks;
use crate::diagnostics::{Reporter, Span};
use crate::document::model::{CurriculumDoc, TellaConfigUse};
use crate::document::node::quote;
use crate::document::read::Slot;
use crate::{Isolation, RewardVisibility, Seeding, TaskLabels};

/// What happens with TELLA's `--curriculum-config`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConfigUse {
    /// It is an error to give one.
    Refused,
    /// It is read and without effect.
    Ignored,
    /// It sets learning lengths and passes.
    Accepted,
}

/// What holds for a whole curriculum.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Policy {
    pub(crate) seeding: Seeding,
    pub(crate) task_labels: TaskLabels,
    pub(crate) isolation: Isolation,
    pub(crate) eval_rewards: RewardVisibility,
    pub(crate) number_incomplete: bool,
    /// `compat: tella`: besides the above, what TELLA lets pass is let pass.
    pub(crate) compat: bool,
    pub(crate) config: ConfigUse,
}

/// `compat: tella` as a set of policies: seeding, isolation, numbering.
pub(crate) const TELLA: (Seeding, Isolation, bool) = (Seeding::GymVector, Isolation::None, false);

impl Policy {
    pub(crate) fn build(doc: &CurriculumDoc, report: &mut Reporter<'_>) -> Policy {
        let compat = doc.compat.get().is_some();
        let absent = Slot::Absent;
        let isolation = doc.evaluation.get().map_or(&absent, |e| &e.isolation);
        if compat {
            agrees(&doc.seeding, TELLA.0, report);
            agrees(isolation, TELLA.1, report);
            agrees(&doc.number_incomplete, TELLA.2, report);
        }
        let config = match doc.tella_config.at() {
            Some(at) if !compat && !doc.compat.is_broken() => {
                report
                    .error(at.span, "`tella_config` is given without `compat: tella`")
                    .hint("remove it, or add `compat: tella`");
                ConfigUse::Refused
            }
            Some(at) if at.value == TellaConfigUse::Accepted => {
                if doc.generator.is_absent() {
                    report
                        .error(at.span, "`tella_config: accepted` needs a generator")
                        .hint("explicit blocks have their lengths already");
                }
                ConfigUse::Accepted
            }
            _ if compat => ConfigUse::Ignored,
            _ => ConfigUse::Refused,
        };
        let seeding = if compat { TELLA.0 } else { Seeding::default() };
        let default_isolation = if compat { TELLA.1 } else { Isolation::default() };
        let rewards = doc.evaluation.get().and_then(|e| e.rewards.get());
        Policy {
            seeding: doc.seeding.get().copied().unwrap_or(seeding),
            task_labels: doc.task_labels.get().copied().unwrap_or_default(),
            isolation: isolation.get().copied().unwrap_or(default_isolation),
            eval_rewards: rewards.copied().unwrap_or_default(),
            number_incomplete: doc.number_incomplete.get().copied().unwrap_or(!compat),
            compat,
            config,
        }
    }
}

impl Policy {
    /// What an episode's parameters are follows from its index in the variant, which
    /// gym-vector seeding lets depend on which environment was free first.
    pub(super) fn check_varying(
        &self,
        tasks: &Tasks,
        seeding: Option<Span>,
        report: &mut Reporter<'_>,
    ) {
        if self.seeding == Seeding::PerEpisode {
            return;
        }
        let params = tasks.variants.iter().flat_map(|v| v.params.iter());
        for (name, param) in params.filter(|(_, param)| !param.value.value.is_fixed()) {
            let message = format!(
                "parameter {} varies from episode to episode under gym-vector seeding",
                quote(name)
            );
            let place = seeding.unwrap_or(param.value.span);
            report
                .error(param.value.span, message)
                .related(place, "the seeding is chosen here")
                .hint("parameters vary under `seeding: per-episode`");
        }
    }
}

/// Reports a policy that `compat: tella` fixes otherwise.
fn agrees<T: PartialEq>(slot: &Slot<T>, tella: T, report: &mut Reporter<'_>) {
    if let Some(at) = slot.at().filter(|at| at.value != tella) {
        report
            .error(at.span, "this contradicts `compat: tella`")
            .hint("remove it, or remove `compat: tella` and write the policies one by one");
    }
}
