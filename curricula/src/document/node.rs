//! YAML as a tree in which every node knows its place: what `serde-saphyr` reads
//! before any of it is given a meaning.

use super::hints;
use crate::diagnostics::{Reporter, Span};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::options::{DuplicateKeyPolicy, NonFiniteFloatPolicy};
use serde_saphyr::{Budget, Options, SnippetMode, Spanned};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

/// Largest text read, in bytes, included files and aliased texts counted. With the limit on
/// nodes it keeps reading below a tenth of a second, whatever the text holds.
pub(crate) const MAX_BYTES: usize = 4 << 20;

/// Most nodes a text may hold, aliases expanded: some thousand blocks. More than those
/// are written with `repeat` or a generator.
const MAX_NODES: usize = 32_000;

/// Most levels of lists and mappings in each other.
const MAX_DEPTH: usize = 64;

/// Most nodes that aliases may add.
const MAX_ALIASED: usize = 20_000;

/// A value and its places.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// Where it is used; for an alias the alias itself.
    pub(crate) span: Span,
    /// Where its text stands; elsewhere than `span` for an alias.
    pub(crate) defined: Span,
    pub(crate) value: Value,
}

/// YAML's kinds of values.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(Box<str>),
    Seq(Vec<Node>),
    Map(Vec<(Node, Node)>),
    /// What could not be included, and was reported. As a key it stands for keys that
    /// nobody knows.
    Broken,
}

impl Node {
    /// Whether it stands for something that was reported.
    pub(crate) fn is_broken(&self) -> bool {
        matches!(self.value, Value::Broken)
    }

    /// The text of a string node.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(t) => Some(t),
            _ => None,
        }
    }
}

/// What stands at `node`, in words; numbers as they are written.
pub(crate) fn describe(node: &Node, report: &Reporter<'_>) -> String {
    let written = shortened(report.sources.slice(node.defined));
    match &node.value {
        Value::Null => "nothing".into(),
        Value::Bool(b) => b.to_string(),
        Value::Int(_) => format!("the integer {written}"),
        Value::Float(_) => format!("the number {written}"),
        Value::Text(t) => format!("the string {}", quote(t)),
        Value::Seq(_) => "a list".into(),
        Value::Map(_) => "a mapping".into(),
        Value::Broken => "something that was reported".into(),
    }
}

/// `text` in backquotes, shortened where it is long.
pub(crate) fn quote(text: &str) -> String {
    format!("`{}`", shortened(text))
}

/// As much of `text` as a message bears.
fn shortened(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(60) {
        Some((end, _)) => Cow::Owned(format!("{}...", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// How large a text may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// What somebody writes.
    Limited,
    /// What this program wrote: a curriculum with every block of a generator.
    Any,
}

/// Parses the text number `source`; `None` where it is not YAML, which is then
/// reported. Repeated keys are kept; see [`report_duplicates`].
pub(crate) fn parse(source: u32, size: Size, report: &mut Reporter<'_>) -> Option<Node> {
    let text = report.sources.text(source);
    if size == Size::Limited && text.len() > MAX_BYTES {
        let message = format!("the file is larger than {} MiB", MAX_BYTES >> 20);
        report.error(Span { source, start: 0, end: 0 }, message);
        return None;
    }
    parse_text(text, source, size, report)
}

/// Parses `text`, whose offsets are those of the text number `source`.
pub(crate) fn parse_text(
    text: &str,
    source: u32,
    size: Size,
    report: &mut Reporter<'_>,
) -> Option<Node> {
    match serde_saphyr::from_str_with_options::<Node>(text, options(size)) {
        Ok(mut node) => {
            node.set_source(source);
            Some(node)
        }
        Err(error) => {
            report_syntax(source, &error, report);
            None
        }
    }
}

/// Every setting on which the meaning of a text depends, spelled out.
fn options(size: Size) -> Options {
    let (bytes, nodes) = match size {
        Size::Limited => (MAX_BYTES, MAX_NODES),
        Size::Any => (usize::MAX, usize::MAX / 2),
    };
    let mut budget = Budget::default();
    budget.max_events = 2 * nodes;
    budget.max_nodes = nodes;
    budget.max_depth = MAX_DEPTH;
    budget.flow_nesting_limit = MAX_DEPTH;
    budget.max_documents = 2;
    budget.max_total_scalar_bytes = bytes;
    let mut options = Options::default();
    options.budget = Some(budget);
    options.alias_limits.max_total_replayed_events = MAX_ALIASED;
    options.alias_limits.max_replay_stack_depth = MAX_DEPTH;
    options.duplicate_keys = DuplicateKeyPolicy::PassThrough;
    options.non_finite_float_policy = NonFiniteFloatPolicy::PassThrough;
    options.strict_booleans = true;
    options.underscored_numbers_as_strings = true;
    options.leading_zero_numbers_as_strings = true;
    options.reject_unsupported_tags = true;
    options.with_snippet = false;
    options
}

fn report_syntax(source: u32, error: &serde_saphyr::Error, report: &mut Reporter<'_>) {
    use serde_saphyr::Error as E;
    let location = error.location().unwrap_or(serde_saphyr::Location::UNKNOWN);
    let span = report.sources.span_at(source, location.line(), location.column(), 1);
    let error = original(error);
    if let Some((message, allowed)) = limit(error) {
        report.error(span, message).hint(allowed);
        return;
    }
    let (message, hint) = match error {
        E::MultipleDocuments { .. } => (
            "a file holds one YAML document, a second begins here".to_owned(),
            Some("put it into a file of its own"),
        ),
        E::RecursiveReferencesRequireWeakTypes { .. } => {
            let hint = "an alias stands for something that is complete before it";
            ("an alias stands inside what it refers to".to_owned(), Some(hint))
        }
        error => {
            let mut options = serde_saphyr::RenderOptions::default();
            options.snippets = SnippetMode::Off;
            let text = error.render_with_options(options);
            let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(m, _)| m);
            (format!("not valid YAML: {text}"), hints::syntax(text))
        }
    };
    report.error(span, message).maybe_hint(hint);
}

/// The error behind what is said of it: where an alias stands, what the text looks like.
fn original(mut error: &serde_saphyr::Error) -> &serde_saphyr::Error {
    use serde_saphyr::Error as E;
    while let E::AliasError { error: inner, .. } | E::WithSnippet { error: inner, .. } = error {
        error = inner;
    }
    error
}

/// The limit that a text exceeds, and what is allowed, where that is why it is refused.
fn limit(error: &serde_saphyr::Error) -> Option<(&'static str, String)> {
    use serde_saphyr::Error as E;
    use serde_saphyr::budget::BudgetBreach as B;
    let too_deep =
        || ("this is nested too deeply", format!("at most {MAX_DEPTH} levels are allowed"));
    let generator = "a curriculum of many blocks is written with a `generator`";
    Some(match error {
        E::Budget { breach: B::Depth { .. }, .. } => too_deep(),
        // The parser below has the same limit and says so in words alone.
        E::Message { msg, .. } | E::ExternalMessage { msg, .. }
            if msg.contains("recursion limit") =>
        {
            too_deep()
        }
        E::AliasReplayStackDepthExceeded { .. } => {
            let allowed = format!("at most {MAX_DEPTH} aliases are allowed within each other");
            ("aliases are nested too deeply", allowed)
        }
        E::AliasReplayLimitExceeded { .. }
        | E::AliasExpansionLimitExceeded { .. }
        | E::AliasReplayCounterOverflow { .. } => {
            let allowed =
                format!("aliases may stand for at most {MAX_ALIASED} values; {generator}");
            ("aliases make this file too large", allowed)
        }
        E::Budget { breach: B::ScalarBytes { .. }, .. } => {
            let allowed = format!("at most {} MiB of text are allowed", MAX_BYTES >> 20);
            ("aliases make this file too large", allowed)
        }
        E::Budget { .. } => {
            let allowed = format!("at most {MAX_NODES} are allowed; {generator}");
            ("this file holds too many values", allowed)
        }
        _ => return None,
    })
}

/// Reports every key that a mapping of the tree holds twice.
pub(crate) fn report_duplicates(node: &Node, report: &mut Reporter<'_>) {
    match &node.value {
        Value::Seq(items) => items.iter().for_each(|item| report_duplicates(item, report)),
        Value::Map(entries) => {
            let mut seen: HashMap<&str, Span> = HashMap::new();
            for (key, value) in entries {
                if let Some(text) = key.text() {
                    match seen.get(text) {
                        Some(first) => {
                            let message = format!("duplicate key {}", quote(text));
                            report
                                .error(key.span, message)
                                .related(*first, "first given here")
                                .hint("a mapping holds each key once");
                        }
                        None => {
                            seen.insert(text, key.span);
                        }
                    }
                }
                report_duplicates(value, report);
            }
        }
        _ => {}
    }
}

impl Node {
    fn set_source(&mut self, source: u32) {
        self.span.source = source;
        self.defined.source = source;
        match &mut self.value {
            Value::Seq(items) => items.iter_mut().for_each(|n| n.set_source(source)),
            Value::Map(entries) => {
                for (key, value) in entries {
                    key.set_source(source);
                    value.set_source(source);
                }
            }
            _ => {}
        }
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = Spanned::<Value>::deserialize(deserializer)?;
        let span = |l: serde_saphyr::Location| {
            let start = l.span().byte_offset().unwrap_or_default() as u32;
            let len = l.span().byte_len().unwrap_or_default() as u32;
            Span { source: 0, start, end: start + len }
        };
        Ok(Node {
            span: span(spanned.referenced),
            defined: span(spanned.defined),
            value: spanned.value,
        })
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any YAML value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_u64<E>(self, i: u64) -> Result<Value, E> {
        Ok(Value::Int(i.into()))
    }

    fn visit_i64<E>(self, i: i64) -> Result<Value, E> {
        Ok(Value::Int(i.into()))
    }

    fn visit_f64<E>(self, x: f64) -> Result<Value, E> {
        Ok(Value::Float(x))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Seq(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Value::Map(entries))
    }
}
