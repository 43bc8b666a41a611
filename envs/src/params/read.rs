//! Reading parameters that [`super::resolve`] has completed and checked.

use super::{ParamValue, Params};
use crate::EnvError;

fn missing(name: &str, wanted: &str) -> EnvError {
    EnvError(format!("parameter `{name}` should be {wanted}; parameters must be resolved first"))
}

/// The truth value of parameter `name`.
pub fn bool_param(params: &Params, name: &str) -> Result<bool, EnvError> {
    match params.get(name) {
        Some(ParamValue::Bool(b)) => Ok(*b),
        _ => Err(missing(name, "true or false")),
    }
}

/// The integer of parameter `name`.
pub fn int_param(params: &Params, name: &str) -> Result<i64, EnvError> {
    match params.get(name) {
        Some(ParamValue::Int(i)) => Ok(*i),
        _ => Err(missing(name, "an integer")),
    }
}

/// The number of parameter `name`.
pub fn float_param(params: &Params, name: &str) -> Result<f64, EnvError> {
    match params.get(name) {
        Some(ParamValue::Float(x)) => Ok(*x),
        _ => Err(missing(name, "a number")),
    }
}

/// The string of parameter `name`.
pub fn text_param<'a>(params: &'a Params, name: &str) -> Result<&'a str, EnvError> {
    match params.get(name) {
        Some(ParamValue::Text(t)) => Ok(t),
        _ => Err(missing(name, "a string")),
    }
}
