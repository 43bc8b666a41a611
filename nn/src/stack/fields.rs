//! Reading a mapping's fields: each is asked for by name, with what it may be and what it is where
//! nothing is given.
//!
//! What is wrong is noted, and reading goes on with the default, so that all messages come at once.
//! Names that nobody asked for are unknown.

use super::Problem;
use super::node::{Node, Value};
use std::ops::RangeInclusive;
use tella_envs::nearest;

/// The fields of one mapping.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    file: &'a str,
    /// What the mapping declares, in words.
    of: String,
    /// Where messages go that belong to no field.
    at: &'a Node,
    entries: &'a [(Node, Node)],
    asked: Vec<&'static str>,
    /// Heads that the stack gives all layers.
    heads: Option<i64>,
    problems: Vec<Problem>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(
        file: &'a str,
        of: String,
        at: &'a Node,
        entries: &'a [(Node, Node)],
    ) -> Self {
        Self { file, of, at, entries, asked: Vec::new(), heads: None, problems: Vec::new() }
    }

    pub(super) fn with_heads(self, heads: Option<i64>) -> Self {
        Self { heads, ..self }
    }

    /// The value of `name`, where one is given.
    pub(super) fn get(&mut self, name: &'static str) -> Option<&'a Node> {
        self.asked.push(name);
        let is = |key: &Node| matches!(&key.value, Value::Text(text) if text == name);
        self.entries.iter().find(|(key, _)| is(key)).map(|(_, value)| value)
    }

    /// A message on `node`.
    pub(super) fn wrong(&mut self, node: &Node, message: String, hint: Option<String>) {
        self.problems.push(node.problem(self.file, message, hint));
    }

    /// A message on the field `name`, or on the mapping where it is not given.
    pub(crate) fn refuse(&mut self, name: &'static str, message: &str) {
        let node = self.get(name).unwrap_or(self.at);
        self.wrong(node, message.to_owned(), None);
    }

    fn expected(&mut self, node: &Node, name: &str, expected: String) {
        let message = format!("`{name}` of {} is {expected}, not {}", self.of, node.describe());
        self.wrong(node, message, None);
    }

    /// A whole number within `range`.
    pub(crate) fn integer(
        &mut self,
        name: &'static str,
        default: i64,
        range: RangeInclusive<i64>,
    ) -> i64 {
        self.optional_integer(name, range).unwrap_or(default)
    }

    /// A whole number within `range`, where one is given.
    pub(crate) fn optional_integer(
        &mut self,
        name: &'static str,
        range: RangeInclusive<i64>,
    ) -> Option<i64> {
        let node = self.get(name)?;
        match node.value {
            Value::Int(i) if range.contains(&i) => Some(i),
            _ => {
                self.expected(
                    node,
                    name,
                    format!("a whole number from {} to {}", range.start(), range.end()),
                );
                None
            }
        }
    }

    /// A number within `range`.
    pub(crate) fn number(
        &mut self,
        name: &'static str,
        default: f64,
        range: RangeInclusive<f64>,
    ) -> f64 {
        let Some(node) = self.get(name) else { return default };
        match node.value {
            Value::Float(x) if range.contains(&x) => x,
            Value::Int(i) if range.contains(&(i as f64)) => i as f64,
            _ => {
                self.expected(
                    node,
                    name,
                    format!("a number from {} to {}", range.start(), range.end()),
                );
                default
            }
        }
    }

    /// True or false.
    pub(crate) fn flag(&mut self, name: &'static str, default: bool) -> bool {
        let Some(node) = self.get(name) else { return default };
        match node.value {
            Value::Bool(flag) => flag,
            _ => {
                self.expected(node, name, "true or false".to_owned());
                default
            }
        }
    }

    /// One of some names, the first where none is given.
    pub(crate) fn choice<T: Copy>(
        &mut self,
        name: &'static str,
        choices: &[(&'static str, T)],
    ) -> T {
        let default = choices[0].1;
        let Some(node) = self.get(name) else { return default };
        let text = if let Value::Text(text) = &node.value { text } else { "" };
        if let Some((_, value)) = choices.iter().find(|(choice, _)| *choice == text) {
            return *value;
        }
        let names = || choices.iter().map(|(name, _)| *name);
        let listed = names().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let message =
            format!("`{name}` of {} is one of {listed}, not {}", self.of, node.describe());
        let hint = nearest(text, names()).map(|name| format!("did you mean `{name}`?"));
        self.wrong(node, message, hint);
        default
    }

    /// The number of heads: the layer's, the stack's, or `default`. It divides `width`.
    pub(crate) fn heads(&mut self, default: i64, width: i64) -> i64 {
        let given = self.optional_integer("heads", 1..=4096);
        let heads = given.or(self.heads).unwrap_or(default);
        if width % heads == 0 {
            return heads;
        }
        let node = self.get("heads").unwrap_or(self.at);
        let message = format!("{heads} heads do not divide the width {width}");
        let fits = (1..=heads.min(width)).rev().find(|n| width % n == 0).unwrap_or(1);
        self.wrong(node, message, Some(format!("`heads: {fits}` does")));
        fits
    }

    /// Notes a problem unless `divisor`, the value of `name`, divides `number`, which counts `what`.
    pub(crate) fn divides(&mut self, name: &'static str, divisor: i64, what: &str, number: i64) {
        if number % divisor != 0 {
            self.refuse(
                name,
                &format!("`{name}` is {divisor}, which does not divide {what}, {number}"),
            );
        }
    }

    /// All problems, unknown names among them.
    pub(super) fn finish(mut self) -> Vec<Problem> {
        for (key, _) in self.entries {
            let Value::Text(name) = &key.value else {
                self.wrong(key, format!("a name is expected here, not {}", key.describe()), None);
                continue;
            };
            if !self.asked.contains(&name.as_str()) {
                let known = self
                    .asked
                    .iter()
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ");
                let hint = match nearest(name, self.asked.iter().copied()) {
                    Some(name) => format!("did you mean `{name}`?"),
                    None if known.is_empty() => "it has none".to_owned(),
                    None => format!("it has {known}"),
                };
                self.wrong(key, format!("{} has no option `{name}`", self.of), Some(hint));
            }
        }
        self.problems
    }
}
