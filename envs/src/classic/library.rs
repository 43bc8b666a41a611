//! The libraries whose environments these equal, for where the libraries differ.

use crate::{EnvError, ParamSpec, Params, text_param};

/// Name of the parameter that chooses.
const NAME: &str = "library";
const GYM: &str = "gym-0.23";
const GYMNASIUM: &str = "gymnasium-1.4";

/// A library with the NumPy it is used with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Library {
    /// gym 0.23.1 on NumPy 1.23: what TELLA uses.
    Gym,
    /// Gymnasium 1.4.0 on NumPy 2.4, where an operation on a 32-bit float and a Python
    /// float stays in 32 bits (NEP 50).
    Gymnasium,
}

impl Library {
    /// The parameter that chooses.
    pub(super) fn param() -> ParamSpec {
        let help = "Equal to which library's environment, step for step";
        ParamSpec::choice(NAME, &[GYM, GYMNASIUM], help)
    }

    /// The one chosen.
    pub(super) fn chosen(params: &Params) -> Result<Self, EnvError> {
        match text_param(params, NAME)? {
            GYM => Ok(Library::Gym),
            GYMNASIUM => Ok(Library::Gymnasium),
            other => Err(EnvError(format!("parameter `{NAME}`: there is no `{other}`"))),
        }
    }
}
