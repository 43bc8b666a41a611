//! From nodes to the language's records: reads everything it can, reports the
//! rest, and goes on.
//!
//! A field is [`Slot::Absent`] where it is not given and [`Slot::Broken`] where it
//! is given but was reported already, so that later stages neither miss it nor
//! report it twice.

use super::hints::{allowed, near, repair};
use super::model::{Amount, MAX_AMOUNT};
use super::node::{Node, Value, describe, quote};
use crate::diagnostics::{Reporter, Span};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::DeserializeOwned;
use std::borrow::Cow;
use std::collections::HashSet;
use tella_envs::ParamValue;

/// Something a node can be read as.
pub(crate) trait Read: Sized {
    /// The value, or `None` after reporting why there is none.
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self>;
}

/// A value with its place.
#[derive(Clone, Debug, Default)]
pub(crate) struct At<T> {
    pub(crate) span: Span,
    pub(crate) value: T,
}

/// A field of a record.
#[derive(Clone, Debug, Default)]
pub(crate) enum Slot<T> {
    /// Not given.
    #[default]
    Absent,
    /// Given, reported as wrong.
    Broken(Span),
    /// Perhaps given: nobody knows, and what would tell was reported.
    Hidden,
    /// Given.
    Given(At<T>),
}

impl<T> Slot<T> {
    /// The value with its place, where there is a good one.
    pub(crate) fn at(&self) -> Option<&At<T>> {
        match self {
            Slot::Given(at) => Some(at),
            _ => None,
        }
    }

    /// The value, where there is a good one.
    pub(crate) fn get(&self) -> Option<&T> {
        self.at().map(|at| &at.value)
    }

    pub(crate) fn is_absent(&self) -> bool {
        matches!(self, Slot::Absent)
    }

    pub(crate) fn is_broken(&self) -> bool {
        matches!(self, Slot::Broken(_) | Slot::Hidden)
    }

    /// Where it is given, as far as is known.
    pub(crate) fn span(&self) -> Option<Span> {
        match self {
            Slot::Absent | Slot::Hidden => None,
            Slot::Broken(span) => Some(*span),
            Slot::Given(at) => Some(at.span),
        }
    }
}

impl<T: Read> Slot<T> {
    fn read(node: &Node, span: Span, report: &mut Reporter<'_>) -> Self {
        match T::read(node, report) {
            Some(value) => Slot::Given(At { span, value }),
            None => Slot::Broken(span),
        }
    }

    /// Reads the field `key` of a record.
    pub(crate) fn field(key: &'static str, found: Found<'_>, report: &mut Reporter<'_>) -> Self {
        match found {
            Found::No => Slot::Absent,
            Found::Misspelt(span) => Slot::Broken(span),
            Found::Hidden => Slot::Hidden,
            Found::Entry(name, node) => {
                report.key = Some(key);
                // An indented mapping or list has no text of its own to point at.
                let empty = node.span.start == node.span.end;
                Slot::read(node, if empty { name.span } else { node.span }, report)
            }
        }
    }
}

/// Reports that a node is not what was expected, where nothing was reported of it before;
/// always `None`.
pub(crate) fn wrong<T>(node: &Node, expected: &str, report: &mut Reporter<'_>) -> Option<T> {
    if node.is_broken() {
        return None;
    }
    if report.full() {
        report.omit();
        return None;
    }
    let key = report.key.map(|key| format!("`{key}`: ")).unwrap_or_default();
    let message = format!("{key}expected {expected}, found {}", describe(node, report));
    let hint = repair(node, expected);
    report.error(node.span, message).maybe_hint(hint);
    None
}

impl Read for String {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        match node.text() {
            Some(text) => Some(text.to_owned()),
            None => wrong(node, "a string", report),
        }
    }
}

impl Read for bool {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        match node.value {
            Value::Bool(b) => Some(b),
            _ => wrong(node, "true or false", report),
        }
    }
}

impl Read for u64 {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        match node.value {
            Value::Int(i) if u64::try_from(i).is_ok() => u64::try_from(i).ok(),
            _ => wrong(node, "an integer from 0 to 18446744073709551615", report),
        }
    }
}

impl Read for Amount {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        let amount = match node.value {
            Value::Int(i) => u64::try_from(i).ok().filter(|n| *n <= MAX_AMOUNT),
            _ => None,
        };
        let expected = || format!("an integer from 1 to {MAX_AMOUNT}");
        amount.map(Amount).or_else(|| wrong(node, &expected(), report))
    }
}

/// The value of a parameter, where a node can be one at all.
pub(crate) fn plain(node: &Node) -> Option<ParamValue> {
    match &node.value {
        Value::Bool(b) => Some(ParamValue::Bool(*b)),
        Value::Text(t) => Some(ParamValue::Text(t.to_string())),
        Value::Float(x) => Some(*x).filter(|x| x.is_finite()).map(ParamValue::Float),
        Value::Int(i) => i64::try_from(*i).ok().map(ParamValue::Int),
        _ => None,
    }
}

impl<T: Read> Read for Vec<At<T>> {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        let Value::Seq(items) = &node.value else { return wrong(node, "a list", report) };
        // Every item is read, so that every wrong one is reported.
        let read: Vec<Option<At<T>>> = items
            .iter()
            .map(|n| T::read(n, report).map(|value| At { span: n.span, value }))
            .collect();
        read.into_iter().collect()
    }
}

/// One value or a list of values.
#[derive(Clone, Debug)]
pub(crate) struct Many<T>(pub(crate) Vec<At<T>>);

impl<T: Read> Read for Many<T> {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        match node.value {
            Value::Seq(_) => Vec::read(node, report).map(Many),
            _ => T::read(node, report).map(|value| Many(vec![At { span: node.span, value }])),
        }
    }
}

/// One entry of a mapping whose keys are free, in the order of the text.
#[derive(Clone, Debug)]
pub(crate) struct Entry<T> {
    pub(crate) key: At<String>,
    pub(crate) value: Slot<T>,
}

/// A mapping whose keys are free; each key once.
#[derive(Clone, Debug)]
pub(crate) struct Entries<T>(pub(crate) Vec<Entry<T>>);

impl<T: Read> Read for Entries<T> {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        let Value::Map(entries) = &node.value else { return wrong(node, "a mapping", report) };
        let mut read: Vec<Entry<T>> = Vec::new();
        let mut seen = HashSet::new();
        let complete = !entries.iter().any(|(key, _)| key.is_broken());
        for (key, value) in entries {
            report.key = None;
            let Some(name) = key.text() else {
                wrong::<()>(key, "a string as key", report);
                continue;
            };
            let value = Slot::read(value, value.span, report);
            // A repeated key was reported when the tree was made.
            if !seen.insert(name) {
                continue;
            }
            read.push(Entry { key: At { span: key.span, value: name.to_owned() }, value });
        }
        complete.then_some(Entries(read))
    }
}

/// A field among the entries of a mapping.
#[derive(Clone, Copy)]
pub(crate) enum Found<'n> {
    /// It is not there.
    No,
    /// A key that is near it is, reported as unknown: it is not missing besides.
    Misspelt(Span),
    /// It may be in what could not be included, which was reported.
    Hidden,
    /// Its key and value.
    Entry(&'n Node, &'n Node),
}

/// Finds the fields of a record among the entries of a mapping, each once;
/// unknown keys are reported. A repeated key was reported when the tree was made.
pub(crate) fn fields<'n>(
    node: &'n Node,
    what: &str,
    names: &[&str],
    report: &mut Reporter<'_>,
) -> Option<Vec<Found<'n>>> {
    let Value::Map(entries) = &node.value else {
        return wrong(node, what, report);
    };
    report.key = None;
    let mut found = vec![Found::No; names.len()];
    for (key, value) in entries {
        let Some(name) = key.text() else {
            wrong::<()>(key, "a string as key", report);
            continue;
        };
        match names.iter().position(|n| *n == name) {
            Some(i) if matches!(found[i], Found::Entry(..)) => {}
            Some(i) => found[i] = Found::Entry(key, value),
            None => {
                let candidates = names.iter().copied();
                let meant = if report.full() { None } else { near(name, candidates) };
                if let Some(i) = names.iter().position(|n| Some(*n) == meant)
                    && matches!(found[i], Found::No)
                {
                    found[i] = Found::Misspelt(key.span);
                }
                let message = format!("unknown key {} in {what}", quote(name));
                report.error(key.span, message).hint_with(|| allowed(name, names.iter().copied()));
            }
        }
    }
    if entries.iter().any(|(key, _)| key.is_broken()) {
        for field in found.iter_mut().filter(|field| matches!(field, Found::No)) {
            *field = Found::Hidden;
        }
    }
    Some(found)
}

/// A word read as an enum of words through serde, which knows the words.
pub(crate) fn word<T: DeserializeOwned>(
    node: &Node,
    what: &str,
    report: &mut Reporter<'_>,
) -> Option<T> {
    let Some(text) = node.text() else { return wrong(node, &format!("a string: {what}"), report) };
    match T::deserialize(serde::de::value::StrDeserializer::<Words>::new(text)) {
        Ok(value) => Some(value),
        Err(Words(words)) => {
            let message = format!("{} is not {what}", quote(text));
            report.error(node.span, message).hint_with(|| allowed(text, words.iter().copied()));
            None
        }
    }
}

/// The error of reading a word: the words there are.
#[derive(Debug)]
struct Words(&'static [&'static str]);

impl std::fmt::Display for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "one of {}", self.0.join(", "))
    }
}

impl std::error::Error for Words {}

impl serde::de::Error for Words {
    fn custom<T: std::fmt::Display>(_: T) -> Self {
        Words(&[])
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Words(expected)
    }
}

/// Schema of a wrapper: that of what it wraps.
macro_rules! schema_of_inner {
    ($($wrapper:ident),*) => {$(
        impl<T: JsonSchema> JsonSchema for $wrapper<T> {
            fn inline_schema() -> bool {
                T::inline_schema()
            }
            fn schema_name() -> Cow<'static, str> {
                T::schema_name()
            }
            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                T::json_schema(generator)
            }
        }
    )*};
}
schema_of_inner!(Slot, At);

impl<T: JsonSchema> JsonSchema for Many<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("{}OrList", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        schemars::json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

impl<T: JsonSchema> JsonSchema for Entries<T> {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> Cow<'static, str> {
        format!("MapOf{}", T::schema_name()).into()
    }
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let value = generator.subschema_for::<T>();
        schemars::json_schema!({ "type": "object", "additionalProperties": value })
    }
}
