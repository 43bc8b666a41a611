//! Parameters given by a YAML file and by `--set`, read with the diagnostics of
//! curricula: every problem at once, each with its place and what is allowed.
//!
//! Whose parameters they are is not known here; they are declared like those of
//! environments.

use crate::diagnostics::{Reporter, Sources, Span};
use crate::document::hints::{allowed, repair};
use crate::document::node::{self, Node, Value, describe, quote};
use crate::document::read::plain;
use crate::load::read;
use crate::{CurriculumError, Diagnostics};
use std::collections::BTreeMap;
use std::path::Path;
use tella_envs::{ParamKind, ParamSpec, ParamValue, Params, nearest, resolve_params};

/// Whose parameters are read.
#[derive(Clone, Copy, Debug)]
pub struct ParamsOf<'a> {
    /// The owner in messages, such as ``agent `random` ``.
    pub owner: &'a str,
    /// What stands before the names in overrides, such as `agent` for `agent.lambda=0.9`.
    pub prefix: &'a str,
    /// The parameters there are.
    pub specs: &'a [ParamSpec],
}

/// Parameters as given, complete, and the overrides that are not about them.
#[derive(Clone, Debug, PartialEq)]
pub struct GivenParams {
    /// Defaults, then the file's values, then the overrides'; of no use where errors were
    /// found.
    pub params: Params,
    /// Everything that is wrong with them: unknown names, values that are of the wrong type
    /// or out of range, names given twice, overrides whose prefix is misspelt or missing.
    pub found: Diagnostics,
    /// The other overrides, in their order.
    pub rest: Vec<String>,
    /// Where values were given.
    pub places: ParamPlaces,
}

/// Where parameters were given, for messages that come later.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParamPlaces {
    sources: Sources,
    spans: BTreeMap<String, Span>,
}

impl ParamPlaces {
    /// The parameters that were given, by name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.spans.keys().map(String::as_str)
    }

    /// An error at the value of parameter `name`, where it was given.
    pub fn error_at(&self, name: &str, message: &str) -> Option<Diagnostics> {
        let mut report = Reporter::new(&self.sources);
        report.error(*self.spans.get(name)?, message);
        Some(report.finish())
    }
}

impl<'a> ParamsOf<'a> {
    /// Reads the parameters from `file`, a YAML mapping (or nothing at all), and from
    /// `overrides`, each `key=value`.
    ///
    /// # Errors
    /// Where the file cannot be read; what is wrong in it is in [`GivenParams::found`].
    pub fn read(
        self,
        file: Option<&Path>,
        overrides: &[String],
    ) -> Result<GivenParams, CurriculumError> {
        let file = match file {
            Some(path) => Some((path.to_string_lossy().into_owned(), read(path)?)),
            None => None,
        };
        let file = file.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
        Ok(self.from_texts(file, overrides))
    }

    /// As [`read`](Self::read), with the name and text of the file.
    pub fn from_texts(self, file: Option<(&str, &str)>, overrides: &[String]) -> GivenParams {
        let mut sources = Sources::default();
        let file = file.map(|(name, text)| sources.add(name, text));
        let sets: Vec<u32> = overrides.iter().map(|set| sources.add("--set", set)).collect();
        let mut report = Reporter::new(&sources);
        let mut given = Given::default();
        if let Some(source) = file
            && let Some(root) = node::parse(source, node::Size::Limited, &mut report)
        {
            self.mapping(&root, &mut given, &mut report);
        }
        let mut set = Given::default();
        let mut rest = Vec::new();
        for (source, text) in sets.into_iter().zip(overrides) {
            match self.strip_prefix(source, &mut report) {
                Target::Mine(start) => self.set(source, start, &mut set, &mut report),
                Target::Other => rest.push(text.clone()),
                Target::Wrong => {}
            }
        }
        given.params.extend(set.params);
        given.spans.extend(set.spans);
        // Only values that were accepted are there, so that defaults are all that they lack.
        let params = resolve_params(self.specs, &given.params).expect("every value was accepted");
        let found = report.finish();
        GivenParams { params, found, rest, places: ParamPlaces { sources, spans: given.spans } }
    }

    /// The entries of a file.
    fn mapping(self, root: &Node, given: &mut Given, report: &mut Reporter<'_>) {
        let entries = match &root.value {
            Value::Map(entries) => entries,
            Value::Null => return,
            _ => {
                let found = describe(root, report);
                let message = format!("expected a mapping of parameters to values, found {found}");
                let hint = self.specs.first().map(|p| format!("as in `{}: {}`", p.name, p.default));
                report.error(root.span, message).maybe_hint(hint);
                return;
            }
        };
        node::report_duplicates(root, report);
        for (key, node) in entries {
            let Some(name) = key.text() else {
                let message =
                    format!("expected the name of a parameter, found {}", describe(key, report));
                report.error(key.span, message).maybe_hint(repair(key, "a string"));
                continue;
            };
            let Some(spec) = self.spec(name, key.span, report) else { continue };
            let expected = spec.kind.describe();
            // An indented mapping or list has no text of its own to point at.
            let empty = node.span.start == node.span.end;
            let span = if empty { key.span } else { node.span };
            let value = match plain(node).or_else(|| listed(node, &spec.kind)) {
                Some(value) => spec.kind.accept(&value),
                None => Err(format!("expected {expected}, found {}", describe(node, report))),
            };
            match value {
                Ok(value) => given.insert(name, value, span),
                Err(message) => {
                    report
                        .error(span, format!("parameter `{name}`: {message}"))
                        .maybe_hint(repair(node, &expected));
                }
            }
        }
    }

    /// The value of one override, whose name begins at byte `start`.
    fn set(self, source: u32, start: usize, given: &mut Given, report: &mut Reporter<'_>) {
        let text = report.sources.text(source);
        let end = text.len() as u32;
        let Some((name, value)) = text[start..].split_once('=') else {
            let hint = format!("as in `{}.NAME=VALUE`", self.prefix);
            let span = Span { source, start: 0, end };
            report.error(span, "expected KEY=VALUE, found no `=`").hint(hint);
            return;
        };
        let equals = (start + name.len()) as u32;
        let key = Span { source, start: start as u32, end: equals };
        let Some(spec) = self.spec(name, key, report) else { return };
        let span = Span { source, start: equals + 1, end };
        match spec.kind.parse(value) {
            Err(message) => {
                report.error(span, format!("parameter `{name}`: {message}"));
            }
            Ok(_) if given.params.contains_key(name) => {
                report.error(key, format!("parameter `{name}` is set more than once"));
            }
            Ok(value) => given.insert(name, value, span),
        }
    }

    fn spec(self, name: &str, span: Span, report: &mut Reporter<'_>) -> Option<&'a ParamSpec> {
        let spec = self.specs.iter().find(|spec| spec.name == name);
        if spec.is_none() {
            let message = format!("{} has no parameter {}", self.owner, quote(name));
            report.error(span, message).hint_with(|| match self.specs {
                [] => "it takes no parameters".into(),
                specs => allowed(name, specs.iter().map(|s| s.name.as_str())),
            });
        }
        spec
    }

    /// Whether an override is about these parameters; one that was meant to be and is not
    /// written so is reported.
    fn strip_prefix(self, source: u32, report: &mut Reporter<'_>) -> Target {
        let text = report.sources.text(source);
        let key = text.split_once('=').map_or(text, |(key, _)| key);
        let (first, name) = match key.split_once('.') {
            Some((first, name)) => (first, Some(name)),
            None => (key, None),
        };
        let prefix = self.prefix;
        if first == prefix {
            return match name {
                Some(_) => Target::Mine(first.len() + 1),
                None => {
                    self.misspelt(source, first, format!("write `{prefix}.NAME=VALUE`"), report)
                }
            };
        }
        let is_parameter = |name: &str| self.specs.iter().any(|spec| spec.name == name);
        if let Some(name) = name
            && nearest(first, [prefix]).is_some()
        {
            return self.misspelt(
                source,
                first,
                format!("did you mean `{prefix}.{name}`?"),
                report,
            );
        }
        if is_parameter(key.trim()) {
            let hint = format!(
                "`{}` is a parameter of {}: write `{prefix}.{}=VALUE`",
                key.trim(),
                self.owner,
                key.trim()
            );
            return self.misspelt(source, key, hint, report);
        }
        Target::Other
    }

    fn misspelt(self, source: u32, word: &str, hint: String, report: &mut Reporter<'_>) -> Target {
        let span = Span { source, start: 0, end: word.len() as u32 };
        let message = format!("a curriculum has no key {}", quote(word));
        report.error(span, message).hint(hint);
        Target::Wrong
    }
}

/// Parameters read so far, with the places of their values.
#[derive(Default)]
struct Given {
    params: Params,
    spans: BTreeMap<String, Span>,
}

impl Given {
    fn insert(&mut self, name: &str, value: ParamValue, span: Span) {
        self.params.insert(name.to_owned(), value);
        self.spans.insert(name.to_owned(), span);
    }
}

/// A list where a string is wanted, as the text that `--set` would take: `[0, 1]`.
fn listed(node: &Node, kind: &ParamKind) -> Option<ParamValue> {
    fn text(node: &Node) -> Option<String> {
        match &node.value {
            Value::Seq(items) => {
                let items: Option<Vec<String>> = items.iter().map(text).collect();
                Some(format!("[{}]", items?.join(", ")))
            }
            Value::Float(x) => Some(x.to_string()),
            _ => plain(node).map(|value| value.to_string()),
        }
    }
    let list = matches!((kind, &node.value), (ParamKind::Text, Value::Seq(_)));
    list.then(|| text(node)).flatten().map(ParamValue::Text)
}

/// What an override is about.
enum Target {
    /// These parameters; the name begins here.
    Mine(usize),
    /// Something else.
    Other,
    /// These parameters, but for a mistake that was reported.
    Wrong,
}
