//! A tree written as YAML that reads back as the same tree: how a curriculum that
//! includes others is kept in one file.

use super::node::{Node, Value};
use crate::explicit::scalar;
use std::fmt::Write;

/// The tree as YAML; aliases and included files written out, comments lost.
pub(crate) fn to_yaml(root: &Node) -> String {
    let mut out = String::new();
    write(&mut out, root, 0);
    out
}

/// Writes `node` on lines of its own, indented so far.
fn write(out: &mut String, node: &Node, indent: usize) {
    let pad = " ".repeat(indent);
    // Writing to a string does not fail.
    match &node.value {
        Value::Map(entries) if !entries.is_empty() => {
            for (key, value) in entries {
                let _ = write!(out, "{pad}{}:", plain(&key.value));
                write_value(out, value, indent);
            }
        }
        Value::Seq(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(out, "{pad}-");
                write_value(out, item, indent);
            }
        }
        value => {
            let _ = writeln!(out, "{pad}{}", plain(value));
        }
    }
}

/// Writes `node` behind a key or a dash.
fn write_value(out: &mut String, node: &Node, indent: usize) {
    let long = match &node.value {
        Value::Map(entries) => !entries.is_empty(),
        Value::Seq(items) => !items.is_empty(),
        _ => false,
    };
    if long {
        out.push('\n');
        write(out, node, indent + 2);
    } else {
        let _ = writeln!(out, " {}", plain(&node.value));
    }
}

/// A value that fits on a line.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(b) => b.to_string(),
        Value::Int(i) => i.to_string(),
        Value::Float(x) if x.is_nan() => ".nan".into(),
        Value::Float(x) if x.is_infinite() => if *x > 0.0 { ".inf" } else { "-.inf" }.into(),
        // Rust's debug form has a point or an exponent, so that it reads as a float.
        Value::Float(x) => format!("{x:?}"),
        Value::Text(t) => scalar(t),
        Value::Seq(_) => "[]".into(),
        Value::Map(_) => "{}".into(),
        // Of a document with something that could not be included no text is kept.
        Value::Broken => "null".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::{Reporter, Sources, Span};
    use crate::document::node;
    use proptest::prelude::*;

    fn node(value: Value) -> Node {
        Node { span: Span::default(), defined: Span::default(), value }
    }

    fn value() -> impl Strategy<Value = Value> {
        let text = prop_oneof!["[a-z~<.0-9:# -]{0,6}", any::<String>()];
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::Bool),
            any::<i64>().prop_map(|i| Value::Int(i.into())),
            any::<u64>().prop_map(|i| Value::Int(i.into())),
            any::<f64>().prop_map(Value::Float),
            text.clone().prop_map(|t| Value::Text(t.into())),
        ];
        scalar.prop_recursive(4, 40, 5, move |inner| {
            let key = text.clone().prop_map(|t| node(Value::Text(t.into())));
            prop_oneof![
                prop::collection::vec(inner.clone().prop_map(node), 0..5).prop_map(Value::Seq),
                prop::collection::vec((key, inner.prop_map(node)), 0..5).prop_map(Value::Map),
            ]
        })
    }

    fn same(a: &Value, b: &Value) -> bool {
        match (a, b) {
            (Value::Seq(a), Value::Seq(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(&a.value, &b.value))
            }
            (Value::Map(a), Value::Map(b)) => {
                let mut pairs = a.iter().zip(b);
                a.len() == b.len()
                    && pairs
                        .all(|(a, b)| same(&a.0.value, &b.0.value) && same(&a.1.value, &b.1.value))
            }
            (Value::Float(a), Value::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
            _ => format!("{a:?}") == format!("{b:?}"),
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(value in value()) {
            let text = to_yaml(&node(value.clone()));
            let mut sources = Sources::default();
            let source = sources.add("x", &text);
            let mut report = Reporter::new(&sources);
            let read = node::parse(source, node::Size::Limited, &mut report);
            prop_assert!(read.is_some(), "{}\n{text}", report.finish());
            prop_assert!(same(&read.unwrap().value, &value), "{text}");
        }
    }
}
