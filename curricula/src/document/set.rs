//! `--set key.path=value`: a value put into the tree before it is read, so that
//! it is checked like every other.

use super::hints::allowed;
use super::node::{self, Node, Value, quote};
use crate::diagnostics::{Reporter, Span};
use tella_envs::counted;

/// One step of a path, and where it stands.
struct Step {
    span: Span,
    to: To,
}

/// Where a step leads.
#[derive(PartialEq)]
enum To {
    Key(String),
    Index(usize),
}

/// The overrides put into a tree until now: their paths.
#[derive(Default)]
pub(crate) struct Overrides(Vec<Vec<Step>>);

impl Overrides {
    /// Puts the override number `source` (`blocks[0].episodes=5`) into the tree. The
    /// last key may be new, those before it must exist, and nothing that an override set is
    /// set again.
    pub(crate) fn apply(
        &mut self,
        root: &mut Node,
        source: u32,
        report: &mut Reporter<'_>,
    ) -> Option<()> {
        let text = report.sources.text(source);
        let whole = Span { source, start: 0, end: text.len() as u32 };
        let (path_text, _) = text.split_once('=').or_else(|| {
            report
                .error(whole, "an override is `key.path=value`")
                .hint("as in `generator.passes=2`");
            None
        })?;
        let path_span = Span { end: path_text.len() as u32, ..whole };
        let Some(path) = steps(path_text, source) else {
            let message = format!("{} is not a path of keys", quote(path_text));
            report
                .error(path_span, message)
                .hint("as in `blocks[0].episodes` or `tasks.\"a.b\".env`");
            return None;
        };
        let begins = |other: &&Vec<Step>| {
            other.len() >= path.len() && path.iter().zip(*other).all(|(a, b)| a.to == b.to)
        };
        if let Some(first) = self.0.iter().find(begins) {
            report
                .error(path_span, format!("{} is set more than once", quote(path_text.trim())))
                .related(joined(first), "first set here")
                .hint("keep one of the overrides");
            return None;
        }
        let value = value(source, path_text.len() + 1, report)?;
        put(root, &path, value, report)?;
        self.0.push(path);
        Some(())
    }
}

/// All of a path.
fn joined(path: &[Step]) -> Span {
    let (Some(first), Some(last)) = (path.first(), path.last()) else { return Span::default() };
    Span { end: last.span.end, ..first.span }
}

/// The value behind `=`, with its places in the override's text.
fn value(source: u32, start: usize, report: &mut Reporter<'_>) -> Option<Node> {
    // Blanks in place of the path keep the value's offsets.
    let text = report.sources.text(source);
    let blank: String = text[..start].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    let padding = start - blank.len();
    let text = format!("{}{blank}{}", " ".repeat(padding), &text[start..]);
    node::parse_text(&text, source, node::Size::Limited, report)
}

/// The steps of a path at the start of the text number `source`.
fn steps(path: &str, source: u32) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path.trim();
    let start = path.len() - path.trim_start().len();
    let end = start + rest.len();
    let mut push = |to, before: &str, after: &str| {
        let (start, end) = ((end - before.len()) as u32, (end - after.len()) as u32);
        steps.push(Step { span: Span { source, start, end }, to });
    };
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (key, after) = quoted.split_once('"')?;
            push(To::Key(key.to_owned()), rest, after);
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            let (key, after) = rest.split_at(end);
            push(To::Key(key.to_owned()), rest, after);
            rest = after;
        }
        while let Some(index) = rest.strip_prefix('[') {
            let (number, after) = index.split_once(']')?;
            push(To::Index(number.parse().ok()?), rest, after);
            rest = after;
        }
        if rest.is_empty() {
            return Some(steps);
        }
        rest = rest.strip_prefix('.')?;
    }
}

fn put(node: &mut Node, path: &[Step], value: Node, report: &mut Reporter<'_>) -> Option<()> {
    let Some((step, rest)) = path.split_first() else {
        *node = value;
        return Some(());
    };
    match (&step.to, &mut node.value) {
        (To::Index(i), Value::Seq(items)) => {
            let count = items.len();
            let Some(item) = items.get_mut(*i) else {
                let hint = format!("the list has {}, numbered from 0", counted(count, "item"));
                report.error(step.span, format!("there is no item {i}")).hint(hint);
                return None;
            };
            put(item, rest, value, report)
        }
        (To::Key(name), Value::Map(entries)) => {
            match entries.iter().position(|(k, _)| k.text() == Some(name)) {
                Some(i) => put(&mut entries[i].1, rest, value, report),
                None if rest.is_empty() => {
                    let text = Value::Text(name.as_str().into());
                    let key = Node { span: step.span, defined: step.span, value: text };
                    entries.push((key, value));
                    Some(())
                }
                None if entries.iter().any(|(key, _)| key.is_broken()) => None,
                None => {
                    let keys: Vec<&str> = entries.iter().filter_map(|(k, _)| k.text()).collect();
                    let message = format!("there is no key {}", quote(name));
                    report
                        .error(step.span, message)
                        .hint_with(|| allowed(name, keys.iter().copied()));
                    None
                }
            }
        }
        // What could not be included was reported.
        (_, Value::Broken) => None,
        (To::Index(_), _) => {
            report.error(step.span, "the path has an index where the file has no list");
            None
        }
        (To::Key(name), _) => {
            let message =
                format!("the path goes on to {} where the file has no mapping", quote(name));
            report.error(step.span, message);
            None
        }
    }
}
