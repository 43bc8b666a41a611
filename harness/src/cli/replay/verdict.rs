//! What was simulated, compared with what the log says.

use crate::engine::{Repeated, end_words};
use crate::run::Recording;
use serde_json::{Value, json};
use std::fmt;

/// Both sides of the comparison.
pub(super) struct Verdict<'a> {
    pub(super) run: String,
    pub(super) lifetime: u32,
    pub(super) recording: &'a Recording,
    pub(super) repeated: Repeated,
}

impl Verdict<'_> {
    /// Whether return, length and end are the log's. Of an experience that its variant's end
    /// cut, the environment knows no end.
    pub(super) fn same(&self) -> bool {
        self.same_values() && self.repeated.differs.is_none()
    }

    fn same_values(&self) -> bool {
        let (log, here) = (&self.recording.experience, &self.repeated);
        let end = (log.terminated, log.truncated) == (here.terminated, here.truncated);
        log.reward.to_bits() == here.reward.to_bits()
            && log.episode_step_count == here.episode_step_count
            && (end || !log.complete)
    }

    pub(super) fn to_json(&self) -> Value {
        let (log, segment) = (&self.recording.experience, &self.recording.segment);
        json!({
            "run": self.run,
            "lifetime": self.lifetime,
            "experience": log.exp_num,
            "block_num": segment.block_num,
            "task": segment.task,
            "variant": segment.variant,
            "episode_index": log.episode_index,
            "env_index": log.env_index,
            "simulated_before": self.recording.course.episodes.len() - 1,
            "same": self.same(),
            "recorded": {
                "reward": log.reward,
                "episode_step_count": log.episode_step_count,
                "terminated": log.terminated,
                "truncated": log.truncated,
                "complete": log.complete,
            },
            "repeated": self.repeated,
        })
    }
}

/// A return, a length and an end, in words.
fn words(reward: f64, steps: u64, end: &str) -> String {
    let unit = if steps == 1 { "step" } else { "steps" };
    format!("return {reward}, {steps} {unit}{end}")
}

impl fmt::Display for Verdict<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (log, segment) = (&self.recording.experience, &self.recording.segment);
        let number = log.exp_num.map_or("-".into(), |n| n.to_string());
        write!(
            f,
            "experience {number} (lifetime {}, block {}, ",
            self.lifetime, segment.block_num
        )?;
        write!(f, "{} {}): ", segment.task, segment.variant)?;
        let before = self.recording.course.episodes.len() - 1;
        let recorded = words(
            log.reward,
            log.episode_step_count,
            if log.complete { end_words(log.terminated, log.truncated) } else { ", cut" },
        );
        if self.same() {
            write!(f, "the same as logged: {recorded}")?;
        } else {
            let Repeated { reward, episode_step_count, terminated, truncated, differs } =
                &self.repeated;
            let here = words(*reward, *episode_step_count, end_words(*terminated, *truncated));
            write!(f, "DIFFERENT: {here} here; the log says {recorded}")?;
            if let Some(differs) = differs {
                write!(f, "\nfirst difference: {differs}")?;
            }
        }
        match before {
            0 => Ok(()),
            1 => write!(f, "\none earlier experience of its environment was simulated first"),
            n => write!(f, "\n{n} earlier experiences of its environment were simulated first"),
        }
    }
}
