//! What values a kind of parameter takes, and how a person writes them.

use super::{ParamKind, ParamValue};
use crate::nearest;
use std::fmt::Display;

impl ParamKind {
    /// The value in the form this kind uses (an integer given for a float becomes
    /// a float), or what is wrong with it.
    pub fn accept(&self, value: &ParamValue) -> Result<ParamValue, String> {
        match (self, value) {
            (ParamKind::Bool, ParamValue::Bool(_))
            | (ParamKind::Text | ParamKind::Place { .. }, ParamValue::Text(_)) => Ok(value.clone()),
            (ParamKind::Int { min, max }, ParamValue::Int(i)) => {
                if (min..=max).contains(&i) {
                    Ok(value.clone())
                } else {
                    Err(format!("expected {}, found {i}", self.describe()))
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
                    Err(format!("expected {}, found {x}", self.describe()))
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

    /// The value that `text`, from a command line, means for this kind.
    pub fn parse(&self, text: &str) -> Result<ParamValue, String> {
        let value = match self {
            ParamKind::Bool => text.parse().ok().map(ParamValue::Bool),
            ParamKind::Int { .. } => text.parse().ok().map(ParamValue::Int),
            ParamKind::Float { .. } => text.parse().ok().map(ParamValue::Float),
            ParamKind::Choice { .. } | ParamKind::Place { .. } | ParamKind::Text => {
                Some(ParamValue::Text(text.into()))
            }
        };
        match value {
            Some(value) => self.accept(&value),
            None => Err(format!("expected {}, found `{text}`", self.describe())),
        }
    }

    /// The kind in words.
    pub fn describe(&self) -> String {
        match self {
            ParamKind::Bool => "true or false".into(),
            ParamKind::Int { min, max } => {
                let (low, high) = (*min != i64::MIN, *max != i64::MAX);
                format!("an integer{}", range(low.then_some(min), high.then_some(max)))
            }
            ParamKind::Float { min, max } => {
                let (low, high) = (min.is_finite(), max.is_finite());
                format!("a number{}", range(low.then_some(min), high.then_some(max)))
            }
            ParamKind::Choice { choices } => format!("one of {}", choices.join(", ")),
            ParamKind::Place { random: false } => "a place X,Y".into(),
            ParamKind::Place { random: true } => "a place X,Y or random".into(),
            ParamKind::Text => "a string".into(),
        }
    }
}

/// A range in words, ends included, open where an end is `None`.
fn range(min: Option<impl Display>, max: Option<impl Display>) -> String {
    match (min, max) {
        (Some(min), Some(max)) => format!(" from {min} to {max}"),
        (Some(min), None) => format!(" of at least {min}"),
        (None, Some(max)) => format!(" of at most {max}"),
        (None, None) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int() -> ParamKind {
        ParamKind::Int { min: 1, max: 9 }
    }

    fn float() -> ParamKind {
        ParamKind::Float { min: 0.0, max: f64::INFINITY }
    }

    #[test]
    fn an_integer_serves_as_a_number_but_not_the_other_way() {
        assert_eq!(float().accept(&ParamValue::Int(3)), Ok(ParamValue::Float(3.0)));
        assert_eq!(
            int().accept(&ParamValue::Float(3.0)),
            Err("expected an integer from 1 to 9, found the number 3".into())
        );
    }

    #[test]
    fn ranges_are_closed_and_numbers_finite() {
        for (value, ok) in [(0, false), (1, true), (9, true), (10, false)] {
            assert_eq!(int().accept(&ParamValue::Int(value)).is_ok(), ok, "{value}");
        }
        for (value, ok) in [(0.0, true), (-0.1, false), (f64::NAN, false), (f64::INFINITY, false)] {
            assert_eq!(float().accept(&ParamValue::Float(value)).is_ok(), ok, "{value}");
        }
    }

    #[test]
    fn text_is_read_as_the_kind_says() {
        let choice = ParamKind::Choice { choices: vec!["book".into(), "nips".into()] };
        assert_eq!(int().parse("5"), Ok(ParamValue::Int(5)));
        assert_eq!(float().parse("1e-3"), Ok(ParamValue::Float(1e-3)));
        let place = ParamKind::Place { random: true };
        assert_eq!(place.parse("1,2"), Ok(ParamValue::Text("1,2".into())));
        assert_eq!(
            place.accept(&ParamValue::Int(1)),
            Err("expected a place X,Y or random, found the integer 1".into())
        );
        assert_eq!(ParamKind::Text.parse("5"), Ok(ParamValue::Text("5".into())));
        assert_eq!(ParamKind::Bool.parse("yes"), Err("expected true or false, found `yes`".into()));
        assert_eq!(
            choice.parse("nisp"),
            Err("`nisp` is not one of book, nips (did you mean `nips`?)".into())
        );
        assert_eq!(float().parse("-1"), Err("expected a number of at least 0, found -1".into()));
    }
}
