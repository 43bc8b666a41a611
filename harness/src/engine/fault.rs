//! What can end a lifetime before its curriculum does.

use serde::{Deserialize, Serialize};
use std::fmt;
use tella_events::EventError;

/// Who is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The agent.
    Agent,
    /// The environment.
    Environment,
    /// This program: a bug.
    Harness,
}

/// What it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// It reported an error.
    Error,
    /// It panicked.
    Panic,
    /// The agent answered with another number of actions than it was asked for.
    ActionCount,
    /// An action was outside the action space, or not a number.
    InvalidAction,
    /// The environment's reward was not a finite number.
    InvalidReward,
    /// An episode went on past the step limit.
    EndlessEpisode,
    /// A call took longer than the timeout.
    Timeout,
    /// The worker process died.
    Died,
}

/// Where in a run something happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The lifetime's index.
    pub lifetime: u64,
    /// The block's number, from 0.
    pub block: u64,
    /// The task's label.
    pub task: String,
    /// The variant's label.
    pub variant: String,
    /// The episode's index in the variant, in order of starting.
    pub episode: Option<u64>,
    /// The environment's index in the batch.
    pub env_index: Option<u64>,
    /// The step: in the episode where one is named, else in the variant.
    pub step: Option<u64>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lifetime {}, block {}", self.lifetime, self.block)?;
        if !self.task.is_empty() {
            write!(f, ", task {}", self.task)?;
        }
        // The hooks of a task are called outside its variants.
        if !self.variant.is_empty() {
            write!(f, " {}", self.variant)?;
        }
        if let Some(episode) = self.episode {
            write!(f, ", episode {episode}")?;
        }
        if let Some(env_index) = self.env_index {
            write!(f, ", environment {env_index}")?;
        }
        if let Some(step) = self.step {
            write!(f, ", step {step}")?;
        }
        Ok(())
    }
}

/// A classified fault and its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// Who.
    pub party: Party,
    /// What.
    pub kind: FaultKind,
    /// What it said, in words.
    pub message: String,
    /// Where.
    pub place: Place,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let party = match self.party {
            Party::Agent => "agent",
            Party::Environment => "environment",
            Party::Harness => "bug in tella",
        };
        write!(f, "{party}: {}\n  at {}", self.message, self.place)
    }
}

/// Why a lifetime stopped before its end.
#[derive(Debug)]
pub enum Stop {
    /// It was asked to.
    Requested,
    /// Agent or environment failed.
    Fault(Box<Fault>),
    /// The log could not be written.
    Log(EventError),
}

impl From<EventError> for Stop {
    fn from(error: EventError) -> Self {
        Stop::Log(error)
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Stop::Fault(Box::new(fault))
    }
}
