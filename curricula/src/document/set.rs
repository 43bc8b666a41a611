//! `--set key.path=value`: a value put into the tree before it is read, so that
//! it is checked like every other.

use super::hints::allowed;
use super::node::{self, Node, Value, quote};
use crate::diagnostics::{Reporter, Span};

/// One step of a path.
enum Step {
    Key(String),
    Index(usize),
}

/// Puts the override number `source` (`blocks[0].episodes=5`) into the tree. The
/// last key may be new, those before it must exist.
pub(crate) fn apply(root: &mut Node, source: u32, report: &mut Reporter<'_>) -> Option<()> {
    let text = report.sources.text(source);
    let whole = Span { source, start: 0, end: text.len() as u32 };
    let (path_text, _) = text.split_once('=').or_else(|| {
        report.error(whole, "an override is `key.path=value`").hint("as in `generator.passes=2`");
        None
    })?;
    let path_span = Span { end: path_text.len() as u32, ..whole };
    let Some(path) = steps(path_text) else {
        let message = format!("{} is not a path of keys", quote(path_text));
        report.error(path_span, message).hint("as in `blocks[0].episodes` or `tasks.\"a.b\".env`");
        return None;
    };
    let value = value(source, path_text.len() + 1, report)?;
    let key = Node { span: path_span, defined: path_span, value: Value::Null };
    put(root, &path, key, value, report)
}

/// The value behind `=`, with its places in the override's text.
fn value(source: u32, start: usize, report: &mut Reporter<'_>) -> Option<Node> {
    // Blanks in place of the path keep the value's offsets.
    let text = report.sources.text(source);
    let blank: String = text[..start].chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    let padding = start - blank.len();
    let text = format!("{}{blank}{}", " ".repeat(padding), &text[start..]);
    node::parse_text(&text, source, report)
}

fn steps(path: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut rest = path.trim();
    loop {
        if let Some(quoted) = rest.strip_prefix('"') {
            let (key, after) = quoted.split_once('"')?;
            steps.push(Step::Key(key.to_owned()));
            rest = after;
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            steps.push(Step::Key(rest[..end].to_owned()));
            rest = &rest[end..];
        }
        while let Some(index) = rest.strip_prefix('[') {
            let (number, after) = index.split_once(']')?;
            steps.push(Step::Index(number.parse().ok()?));
            rest = after;
        }
        if rest.is_empty() {
            return Some(steps);
        }
        rest = rest.strip_prefix('.')?;
    }
}

fn put(
    node: &mut Node,
    path: &[Step],
    mut key: Node,
    value: Node,
    report: &mut Reporter<'_>,
) -> Option<()> {
    let Some((step, rest)) = path.split_first() else {
        *node = value;
        return Some(());
    };
    match (step, &mut node.value) {
        (Step::Index(i), Value::Seq(items)) => {
            let count = items.len();
            let Some(item) = items.get_mut(*i) else {
                let hint = format!("the list has {count} items, numbered from 0");
                report.error(key.span, format!("there is no item {i}")).hint(hint);
                return None;
            };
            put(item, rest, key, value, report)
        }
        (Step::Key(name), Value::Map(entries)) => {
            match entries.iter().position(|(k, _)| k.text() == Some(name)) {
                Some(i) => put(&mut entries[i].1, rest, key, value, report),
                None if rest.is_empty() => {
                    key.value = Value::Text(name.as_str().into());
                    entries.push((key, value));
                    Some(())
                }
                None => {
                    let keys: Vec<&str> = entries.iter().filter_map(|(k, _)| k.text()).collect();
                    let message = format!("there is no key {}", quote(name));
                    report
                        .error(key.span, message)
                        .hint_with(|| allowed(name, keys.iter().copied()));
                    None
                }
            }
        }
        (Step::Index(_), _) => {
            report.error(key.span, "the path has an index where the file has no list");
            None
        }
        (Step::Key(name), _) => {
            let message =
                format!("the path goes on to {} where the file has no mapping", quote(name));
            report.error(key.span, message);
            None
        }
    }
}
