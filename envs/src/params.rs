//! Parameters of environments and agents: declared with type, default and
//! range, so that a run can be refused before it starts.

use crate::nearest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ParamValue {
    /// A truth value.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A finite number.
    Float(f64),
    /// A string.
    Text(String),
}

/// Parameters by name, sorted.
pub type Params = BTreeMap<String, ParamValue>;

/// What values a parameter takes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum ParamKind {
    /// A truth value.
    Bool,
    /// An integer in `min ..= max`.
    Int {
        /// Least value.
        min: i64,
        /// Greatest value.
        max: i64,
    },
    /// A finite number in `min ..= max`.
    Float {
        /// Least value.
        min: f64,
        /// Greatest value.
        max: f64,
    },
    /// One of some words.
    Choice {
        /// The words.
        choices: Vec<String>,
    },
    /// Any string.
    Text,
}

/// The declaration of one parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParamSpec {
    /// Name, as in YAML and on the command line.
    pub name: String,
    /// Type and range.
    #[serde(flatten)]
    pub kind: ParamKind,
    /// Value where none is given.
    pub default: ParamValue,
    /// One sentence for `tella env list` and `tella agent list`.
    pub help: String,
}

/// What is wrong with one parameter.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ParamError {
    /// No parameter of this name.
    #[error("unknown parameter `{name}`")]
    Unknown {
        /// The name given.
        name: String,
        /// The names allowed.
        allowed: Vec<String>,
        /// The nearest of them.
        nearest: Option<String>,
    },
    /// Wrong type, or outside the range.
    #[error("parameter `{name}`: {message}")]
    Invalid {
        /// The parameter.
        name: String,
        /// What is wrong and what is allowed.
        message: String,
    },
}

impl ParamError {
    /// The parameter that is wrong.
    pub fn name(&self) -> &str {
        match self {
            ParamError::Unknown { name, .. } | ParamError::Invalid { name, .. } => name,
        }
    }

    /// What would be right, as a hint for a person.
    pub fn hint(&self) -> Option<String> {
        match self {
            ParamError::Unknown { allowed, .. } if allowed.is_empty() => {
                Some("it takes no parameters".into())
            }
            ParamError::Unknown { allowed, nearest, .. } => {
                let all = format!("allowed: {}", allowed.join(", "));
                Some(match nearest {
                    Some(n) => format!("did you mean `{n}`? {all}"),
                    None => all,
                })
            }
            ParamError::Invalid { .. } => None,
        }
    }
}

impl ParamKind {
    /// The value in the form this kind uses (an integer given for a float becomes
    /// a float), or what is wrong with it.
    pub fn accept(&self, value: &ParamValue) -> Result<ParamValue, String> {
        match (self, value) {
            (ParamKind::Bool, ParamValue::Bool(_)) | (ParamKind::Text, ParamValue::Text(_)) => {
                Ok(value.clone())
            }
            (ParamKind::Int { min, max }, ParamValue::Int(i)) => {
                if (min..=max).contains(&i) {
                    Ok(value.clone())
                } else {
                    Err(format!("{i} is outside {min} to {max}"))
                }
            }
            (ParamKind::Float { min, max }, ParamValue::Int(_) | ParamValue::Float(_)) => {
                let x = match value {
                    ParamValue::Int(i) => *i as f64,
                    ParamValue::Float(x) => *x,
                    _ => unreachable!("matched above"),
                };
                if x >= *min && x <= *max && x.is_finite() {
                    Ok(ParamValue::Float(x))
                } else {
                    Err(format!("{x} is outside {min} to {max}"))
                }
            }
            (ParamKind::Choice { choices }, ParamValue::Text(t)) => {
                if choices.contains(t) {
                    return Ok(value.clone());
                }
                let hint = nearest(t, choices.iter().map(String::as_str))
                    .map(|n| format!(" (did you mean `{n}`?)"))
                    .unwrap_or_default();
                Err(format!("`{t}` is not one of {}{hint}", choices.join(", ")))
            }
            _ => Err(format!("expected {}, found {}", self.describe(), value.describe())),
        }
    }

    /// The kind in words.
    pub fn describe(&self) -> String {
        match self {
            ParamKind::Bool => "true or false".into(),
            ParamKind::Int { min, max } => format!("an integer from {min} to {max}"),
            ParamKind::Float { min, max } => format!("a number from {min} to {max}"),
            ParamKind::Choice { choices } => format!("one of {}", choices.join(", ")),
            ParamKind::Text => "a string".into(),
        }
    }
}

impl ParamValue {
    /// The value in words, for messages.
    pub fn describe(&self) -> String {
        match self {
            ParamValue::Bool(b) => format!("{b}"),
            ParamValue::Int(i) => format!("the integer {i}"),
            ParamValue::Float(x) => format!("the number {x}"),
            ParamValue::Text(t) => format!("the string `{t}`"),
        }
    }
}

/// Fills in defaults and checks every given value; all errors at once.
pub fn resolve(specs: &[ParamSpec], given: &Params) -> Result<Params, Vec<ParamError>> {
    let mut errors = Vec::new();
    let mut params: Params = specs.iter().map(|s| (s.name.clone(), s.default.clone())).collect();
    for (name, value) in given {
        let Some(spec) = specs.iter().find(|s| s.name == *name) else {
            let allowed: Vec<String> = specs.iter().map(|s| s.name.clone()).collect();
            let nearest = nearest(name, allowed.iter().map(String::as_str)).map(str::to_owned);
            errors.push(ParamError::Unknown { name: name.clone(), allowed, nearest });
            continue;
        };
        match spec.kind.accept(value) {
            Ok(value) => {
                params.insert(name.clone(), value);
            }
            Err(message) => errors.push(ParamError::Invalid { name: name.clone(), message }),
        }
    }
    if errors.is_empty() { Ok(params) } else { Err(errors) }
}
