//! The range from which an episode's start is drawn: Gymnasium's reset options.

use crate::{EnvError, ParamError, ParamSpec, Params, float_param};
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

    fn read(params: &Params) -> Result<Self, EnvError> {
        Ok(Start { low: float_param(params, LOW)?, high: float_param(params, HIGH)? })
    }

    /// What is wrong with the range, where the environment has one.
    pub(super) fn contradiction(params: &Params) -> Option<ParamError> {
        let Start { low, high } = Self::read(params).ok()?;
        let message = || format!("expected at most `{HIGH}`, which is {high}, found {low}");
        (low > high).then(|| ParamError::invalid(LOW, message()))
    }

    /// The range chosen.
    pub(super) fn chosen(params: &Params) -> Result<Self, EnvError> {
        match Self::contradiction(params) {
            Some(error) => Err(EnvError(error.to_string())),
            None => Self::read(params),
        }
    }

    /// One element.
    #[inline]
    pub(super) fn draw(&self, rng: &mut Generator) -> f64 {
        rng.uniform(self.low, self.high)
    }
}
