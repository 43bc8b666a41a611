//! Hints: what was probably meant, and what is allowed.

use super::node::{Node, Value};
use tella_envs::nearest;

/// What was probably meant, where a value has the wrong type.
pub(crate) fn repair(node: &Node, expected: &str) -> Option<String> {
    if let Some(shape) = shape(expected) {
        return Some(shape.to_owned());
    }
    let number = expected.contains("integer") || expected.contains("number");
    match &node.value {
        Value::Text(t) if number => {
            let plain = t.replace('_', "");
            plain.parse::<i64>().is_ok().then(|| match plain.trim_start_matches('0') {
                "" => "write it as 0".to_owned(),
                digits => format!("write it as {digits}, without quotes, `_` or leading zeros"),
            })
        }
        Value::Float(x) if number && x.fract() == 0.0 && x.abs() < 1e15 => {
            Some(format!("write it as {x}"))
        }
        Value::Text(t) if expected == "true or false" => match t.to_lowercase().as_str() {
            "yes" | "on" => Some("write it as true".into()),
            "no" | "off" => Some("write it as false".into()),
            _ => None,
        },
        Value::Bool(_) | Value::Int(_) | Value::Float(_) if expected.starts_with("a string") => {
            Some("put it in quotes".into())
        }
        _ => None,
    }
}

/// What a part of a curriculum looks like.
fn shape(expected: &str) -> Option<&'static str> {
    Some(match expected {
        "a block" => "as in `{learn: CartPole, episodes: 10}`",
        "a task" => "the name of an environment, or a mapping with `env`",
        "a list" => "each item begins with `- `, or all stand in `[` and `]`",
        _ => return None,
    })
}

/// What to do about a text that is no YAML, by the parser's words.
pub(crate) fn syntax(words: &str) -> Option<&'static str> {
    const HINTS: &[(&str, &str)] = &[
        ("mapping values are not allowed", "a text that holds `: ` goes in quotes"),
        ("tabs disallowed", "indent with blanks"),
        ("u{0}", "the file may be UTF-16: save it as UTF-8"),
        ("unsupported tag", "leave the tag out"),
        (
            "unknown anchor",
            "an anchor is defined with `&name` before `*name` refers to it; a text that begins with `*` goes in quotes",
        ),
        ("unclosed quote", "close it with the same quote"),
        ("unclosed bracket", "close it, or put a text that holds it in quotes"),
    ];
    HINTS.iter().find(|(of, _)| words.contains(of)).map(|(_, hint)| *hint)
}

/// Longest word for which a near one is looked for, and most candidates: what a
/// person mistyped is short, and the search must not take long.
const WORD: usize = 100;
const CANDIDATES: usize = 2000;

/// The word that was probably meant: the nearest, else one that begins alike.
pub(crate) fn near<'a>(
    word: &str,
    words: impl Iterator<Item = &'a str> + Clone,
) -> Option<&'a str> {
    if word.len() > WORD {
        return None;
    }
    let mut words = words.take(CANDIDATES);
    let begins = |c: &&str| c.len() >= 3 && word.starts_with(*c);
    nearest(word, words.clone()).or_else(|| words.find(begins))
}

/// "did you mean" and the list of what is allowed.
pub(crate) fn allowed<'a>(word: &str, words: impl Iterator<Item = &'a str> + Clone) -> String {
    let list: Vec<&str> = words.clone().take(30).collect();
    let more = if words.clone().nth(30).is_some() { ", ..." } else { "" };
    let list = format!("allowed: {}{more}", list.join(", "));
    match near(word, words) {
        Some(near) => format!("did you mean `{near}`? {list}"),
        None => list,
    }
}
