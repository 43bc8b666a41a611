//! The parameters of a world.

use super::drift::{Drift, Shape};
use crate::{EnvError, ParamError, ParamSpec, Params, float_param, int_param, text_param};

/// Everything that tells one world from another, but its seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Steps of a window.
    pub window: u64,
    /// Cells along each side of the torus.
    pub size: usize,
    /// Cells along each side of the agent's view: odd.
    pub view_size: usize,
    /// Kinds of objects.
    pub kinds: usize,
    /// Objects of each kind, those included that are about to appear.
    pub per_kind: usize,
    /// Least and greatest number of steps between an object's being collected and the
    /// appearance of the next one.
    pub respawn: [u64; 2],
    /// What objects are worth.
    pub drift: Drift,
}

/// How many of a thing, where a parameter's range keeps it from being negative.
fn count(params: &Params, name: &str) -> Result<u64, EnvError> {
    let value = int_param(params, name)?;
    u64::try_from(value).map_err(|_| EnvError(format!("parameter `{name}`: {value} is negative")))
}

impl Settings {
    /// The parameters with their defaults and ranges.
    pub fn params() -> Vec<ParamSpec> {
        let (int, float) = (ParamSpec::int, ParamSpec::float);
        vec![
            int("window", 1000, 1, 1_000_000_000, "Steps of a window, which is one experience"),
            int("size", 32, 3, 1024, "Cells along each side of the torus"),
            int("view_size", 7, 3, 31, "Cells along each side of the agent's view, odd"),
            int("kinds", 4, 1, 8, "Kinds of objects"),
            float("density", 0.1, 0.0, 0.5, "Objects a cell; of each kind there is at least one"),
            int("respawn_min", 10, 1, 1_000_000, "Least steps until a collected object is back"),
            int("respawn_max", 100, 1, 1_000_000, "Greatest steps until it is back"),
            ParamSpec::choice("drift", &Shape::NAMES, "How an object's reward changes with time"),
            float("reward", 0.0, -1e6, 1e6, "An object's reward, averaged over a period"),
            float("amplitude", 1.0, 0.0, 1e6, "Greatest distance of a reward from its average"),
            int("period", 10_000, 2, 1 << 50, "Steps after which rewards repeat"),
            float("phase", 0.0, 0.0, 1.0, "Share of a period by which all kinds are ahead"),
            int("harmonics", 4, 1, 32, "Sines that make up the drift `fourier`"),
        ]
    }

    /// The settings that complete parameters mean.
    pub fn read(params: &Params) -> Result<Self, EnvError> {
        let int = |name| count(params, name);
        let (size, kinds) = (int("size")? as usize, int("kinds")? as usize);
        let objects = float_param(params, "density")? * (size * size) as f64;
        let harmonics = int("harmonics")? as usize;
        Ok(Settings {
            window: int("window")?.max(1),
            size,
            view_size: int("view_size")? as usize,
            kinds,
            per_kind: ((objects / kinds as f64).round() as usize).max(1),
            respawn: [int("respawn_min")?, int("respawn_max")?],
            drift: Drift {
                shape: Shape::named(text_param(params, "drift")?, harmonics)?,
                kinds,
                reward: float_param(params, "reward")?,
                amplitude: float_param(params, "amplitude")?,
                period: int("period")?,
                phase: float_param(params, "phase")?,
            },
        })
    }

    /// What is wrong with parameters that are each in range.
    pub fn contradictions(&self) -> Vec<ParamError> {
        let Settings { size, view_size: view, respawn: [min, max], .. } = *self;
        let mut errors = Vec::new();
        if view % 2 == 0 {
            let message =
                format!("expected an odd number, found {view}: the agent is in the middle");
            errors.push(ParamError::invalid("view_size", message));
        }
        if view > size {
            let message = format!("expected at most `size`, which is {size}, found {view}");
            errors.push(ParamError::invalid("view_size", message));
        }
        if min > max {
            let message = format!("expected at most `respawn_max`, which is {max}, found {min}");
            errors.push(ParamError::invalid("respawn_min", message));
        }
        errors
    }
}
