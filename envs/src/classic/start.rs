//! The range from which an episode's start is drawn: Gymnasium's reset options.

use crate::{EnvError, ParamSpec, Params, float_param};
use tella_rng::Generator;

const LOW: &str = "reset_low";
const HIGH: &str = "reset_high";

/// A range of one or several elements of a start state.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    low: f64,
    high: f64,
}

impl Start {
    /// The two parameters, `low` and `high` by default, each within `-limit ..= limit`.
    pub(super) fn params(low: f64, high: f64, limit: f64, what: &str) -> [ParamSpec; 2] {
        let param = |name, default, end| {
            let help = format!("{end} {what} at the start of an episode");
            ParamSpec::float(name, default, -limit, limit, &help)
        };
        [param(LOW, low, "Least"), param(HIGH, high, "Greatest")]
    }

    /// The range chosen.
    pub(super) fn chosen(params: &Params) -> Result<Self, EnvError> {
        let (low, high) = (float_param(params, LOW)?, float_param(params, HIGH)?);
        if low > high {
            return Err(EnvError(format!("`{LOW}` is {low}, above `{HIGH}`, which is {high}")));
        }
        Ok(Start { low, high })
    }

    /// One element.
    #[inline]
    pub(super) fn draw(&self, rng: &mut Generator) -> f64 {
        rng.uniform(self.low, self.high)
    }
}
