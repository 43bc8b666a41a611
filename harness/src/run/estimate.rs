//! What a lifetime takes, by estimate: steps, time, experiences and room for its log.

use super::disk::log_bytes;
use crate::App;
use crate::engine::{Probe, probe};
use serde_json::json;
use std::collections::HashMap;
use tella_curricula::{Length, TaskVariant};

/// Environments that are tried out; further ones are taken to be like the mean of these.
const MOST_PROBED: usize = 50;

/// What a variant takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// Steps of all environments together.
    pub steps: f64,
    /// Seconds in the environments alone.
    pub seconds: f64,
    /// Experiences that it leaves in the log.
    pub experiences: f64,
    /// Bytes of the log.
    pub log_bytes: f64,
}

/// Estimates variants, each environment tried out once.
pub struct Estimator<'a> {
    app: &'a App,
    known: HashMap<String, Probe>,
}

impl<'a> Estimator<'a> {
    /// An estimator that knows no environment.
    pub fn new(app: &'a App) -> Self {
        Estimator { app, known: HashMap::new() }
    }

    /// What `variant` takes.
    pub fn of(&mut self, variant: &TaskVariant) -> Estimate {
        let probe = self.probe(variant);
        let amount = variant.length.amount() as f64;
        let (steps, experiences) = match variant.length {
            Length::Episodes(_) => (amount * probe.steps_per_episode, amount),
            Length::Steps(_) => (amount, amount / probe.steps_per_episode),
        };
        Estimate {
            steps,
            seconds: steps * probe.seconds_per_step,
            experiences,
            log_bytes: log_bytes(variant, experiences),
        }
    }

    fn probe(&mut self, variant: &TaskVariant) -> Probe {
        let key = format!("{} {}", variant.env, json!(variant.params));
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        if self.known.len() < MOST_PROBED
            && let Ok(found) = probe(self.app, variant)
        {
            self.known.insert(key, found);
            return found;
        }
        let mean = |of: fn(&Probe) -> f64| {
            self.known.values().map(of).sum::<f64>() / self.known.len().max(1) as f64
        };
        Probe {
            steps_per_episode: mean(|p| p.steps_per_episode).max(1.0),
            seconds_per_step: mean(|p| p.seconds_per_step),
        }
    }
}
