//! Parameters of environments and agents: declared with type, default and
//! range, so that a run can be refused before it starts.

mod kind;
mod read;
mod source;

pub use read::{bool_param, float_param, int_param, text_param};
pub use source::{
    Draw, Drift, ParamSchedule, ParamSource, ParamSources, SourceProblem, fixed_params,
};

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
    /// A place in a grid, written `X,Y`; which ones there are is for the environment to check.
    Place {
        /// Whether `random` stands for any.
        random: bool,
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

impl ParamSpec {
    /// An integer parameter in `min ..= max`.
    pub fn int(name: &str, default: i64, min: i64, max: i64, help: &str) -> Self {
        Self::new(name, ParamKind::Int { min, max }, ParamValue::Int(default), help)
    }

    /// A number parameter in `min ..= max`.
    pub fn float(name: &str, default: f64, min: f64, max: f64, help: &str) -> Self {
        Self::new(name, ParamKind::Float { min, max }, ParamValue::Float(default), help)
    }

    /// A parameter that is true or false.
    pub fn bool(name: &str, default: bool, help: &str) -> Self {
        Self::new(name, ParamKind::Bool, ParamValue::Bool(default), help)
    }

    /// A parameter that is a place; where `random`, that word stands for any.
    pub fn place(name: &str, default: &str, random: bool, help: &str) -> Self {
        Self::new(name, ParamKind::Place { random }, ParamValue::Text(default.into()), help)
    }

    /// A parameter that is one of some words; the first is the default.
    pub fn choice(name: &str, choices: &[&str], help: &str) -> Self {
        let choices: Vec<String> = choices.iter().map(|c| c.to_string()).collect();
        let default = ParamValue::Text(choices[0].clone());
        Self::new(name, ParamKind::Choice { choices }, default, help)
    }

    fn new(name: &str, kind: ParamKind, default: ParamValue, help: &str) -> Self {
        ParamSpec { name: name.into(), kind, default, help: help.into() }
    }
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
    /// The value of `name` is not allowed: `message` says what is wrong and what
    /// would be right.
    pub fn invalid(name: &str, message: impl Into<String>) -> Self {
        ParamError::Invalid { name: name.into(), message: message.into() }
    }

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

impl ParamValue {
    /// The value in words, for messages.
    pub fn describe(&self) -> String {
        match self {
            ParamValue::Bool(b) => b.to_string(),
            ParamValue::Int(i) => format!("the integer {i}"),
            ParamValue::Float(x) => format!("the number {x}"),
            ParamValue::Text(t) => format!("the string `{t}`"),
        }
    }
}

/// As in YAML and on the command line.
impl std::fmt::Display for ParamValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ParamValue::Bool(b) => b.fmt(f),
            ParamValue::Int(i) => i.fmt(f),
            ParamValue::Float(x) => x.fmt(f),
            ParamValue::Text(t) => t.fmt(f),
        }
    }
}

/// Reads parameters written `key=value`, as on a command line; all errors at once.
pub fn parse(specs: &[ParamSpec], given: &[String]) -> Result<Params, Vec<ParamError>> {
    let (mut params, mut errors) = (Params::new(), Vec::new());
    for text in given {
        let invalid = |name: &str, message| ParamError::Invalid { name: name.into(), message };
        let Some((name, value)) = text.split_once('=') else {
            errors.push(invalid(text, "expected KEY=VALUE".into()));
            continue;
        };
        let Some(spec) = specs.iter().find(|s| s.name == name) else {
            errors.push(unknown(specs, name));
            continue;
        };
        match spec.kind.parse(value) {
            Err(message) => errors.push(invalid(name, message)),
            Ok(_) if params.contains_key(name) => {
                errors.push(invalid(name, "given more than once".into()));
            }
            Ok(value) => {
                params.insert(name.into(), value);
            }
        }
    }
    if errors.is_empty() { Ok(params) } else { Err(errors) }
}

fn unknown(specs: &[ParamSpec], name: &str) -> ParamError {
    let allowed: Vec<String> = specs.iter().map(|s| s.name.clone()).collect();
    let nearest = nearest(name, allowed.iter().map(String::as_str)).map(str::to_owned);
    ParamError::Unknown { name: name.into(), allowed, nearest }
}

/// Fills in defaults and checks every given value; all errors at once.
pub fn resolve(specs: &[ParamSpec], given: &Params) -> Result<Params, Vec<ParamError>> {
    let mut errors = Vec::new();
    let mut params: Params = specs.iter().map(|s| (s.name.clone(), s.default.clone())).collect();
    for (name, value) in given {
        let Some(spec) = specs.iter().find(|s| s.name == *name) else {
            errors.push(unknown(specs, name));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_is_reported_and_defaults_are_filled_in() {
        let specs = [
            ParamSpec::int("size", 5, 3, 9, ""),
            ParamSpec::float("gravity", 9.8, 0.0, 100.0, ""),
            ParamSpec::choice("mode", &["book", "nips"], ""),
        ];
        let text = |t: &str| ParamValue::Text(t.into());
        let good = resolve(&specs, &Params::from([("gravity".into(), ParamValue::Int(3))]));
        assert_eq!(
            good,
            Ok(Params::from([
                ("gravity".into(), ParamValue::Float(3.0)),
                ("mode".into(), text("book")),
                ("size".into(), ParamValue::Int(5)),
            ]))
        );
        let given = Params::from([
            ("gravty".into(), ParamValue::Int(3)),
            ("mode".into(), text("other")),
            ("size".into(), ParamValue::Int(99)),
        ]);
        let errors = resolve(&specs, &given).unwrap_err();
        assert_eq!(errors.len(), 3);
        assert_eq!(errors[0].name(), "gravty");
        assert_eq!(
            errors[0].hint().unwrap(),
            "did you mean `gravity`? allowed: size, gravity, mode"
        );
    }

    #[test]
    fn parameters_are_read_from_a_command_line() {
        let specs = [ParamSpec::int("size", 5, 3, 9, "")];
        let parse = |given: &[&str]| {
            let given: Vec<String> = given.iter().map(|g| g.to_string()).collect();
            parse(&specs, &given)
        };
        assert_eq!(parse(&["size=7"]), Ok(Params::from([("size".into(), ParamValue::Int(7))])));
        let errors = parse(&["size", "sise=4", "size=10", "size=3", "size=4"]).unwrap_err();
        let words: Vec<String> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(
            words,
            [
                "parameter `size`: expected KEY=VALUE",
                "unknown parameter `sise`",
                "parameter `size`: expected an integer from 3 to 9, found 10",
                "parameter `size`: given more than once",
            ]
        );
    }
}
