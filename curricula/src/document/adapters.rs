//! Adapters in the language: what `tella-envs` puts around an environment so that
//! tasks with different spaces look alike.

use super::model::Amount;
use super::node::{Node, Value};
use super::read::{At, Many, Read, Slot, wrong};
use super::record::{record, words};
use crate::diagnostics::Reporter;
use schemars::JsonSchema;
use serde::Deserialize;
use tella_envs::wrappers::{Actions, Adapter};

/// Most elements that a shape may have.
const MOST_ELEMENTS: u64 = 1 << 24;

/// One adapter or a list, the first innermost.
pub(crate) type AdaptersDoc = Many<AdapterDoc>;

/// An adapter: a word, or a mapping with one key.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum AdapterDoc {
    /// One that has no settings.
    Word(AdapterWord),
    /// One that has.
    Full(Box<AdapterRecord>),
}

/// Adapters without settings.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum AdapterWord {
    /// Discrete observations become vectors of 0 and 1.
    OneHot,
    /// Observations of any kind become one vector.
    Flatten,
}

record! {
    /// An adapter with settings: one of these.
    AdapterRecord, "an adapter" {
        /// Observations are filled up with zeros at the end of each axis.
        pad: ShapeDoc,
        /// Observations are scaled along their first two axes.
        resize: ShapeDoc,
        /// Actions are cut to some, numbered from 0.
        action_subset as "action-subset": ActionsDoc,
    }
}

record! {
    /// A shape.
    ShapeDoc, "a mapping with `shape`" {
        /// The length of each axis.
        shape: Vec<At<Amount>>,
    }
}

/// Actions: the first `n`, or a list.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum ActionsDoc {
    /// These, in this order.
    Listed(Vec<At<i64>>),
    /// The first `n`.
    First(Box<FirstDoc>),
}

record! {
    /// The first actions.
    FirstDoc, "a list of actions or a mapping with `n`" {
        /// How many.
        n: Amount,
    }
}

words! {
    AdapterWord: "an adapter without settings",
}

impl Read for AdapterDoc {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        match node.text() {
            Some(_) => Read::read(node, report).map(AdapterDoc::Word),
            None => Read::read(node, report).map(|record| AdapterDoc::Full(Box::new(record))),
        }
    }
}

impl Read for ActionsDoc {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        match node.value {
            Value::Seq(_) => Read::read(node, report).map(ActionsDoc::Listed),
            _ => Read::read(node, report).map(|record| ActionsDoc::First(Box::new(record))),
        }
    }
}

impl Read for i64 {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        match node.value {
            Value::Int(i) if i64::try_from(i).is_ok() => i64::try_from(i).ok(),
            _ => wrong(node, "an integer within 64 bits", report),
        }
    }
}

/// The adapters that a document gives, or `None` after reporting what is missing
/// from one.
pub(crate) fn adapters(doc: &AdaptersDoc, report: &mut Reporter<'_>) -> Option<Vec<Adapter>> {
    let read: Vec<Option<Adapter>> = doc.0.iter().map(|one| adapter(one, report)).collect();
    read.into_iter().collect()
}

fn adapter(doc: &At<AdapterDoc>, report: &mut Reporter<'_>) -> Option<Adapter> {
    let record = match &doc.value {
        AdapterDoc::Word(AdapterWord::OneHot) => return Some(Adapter::OneHot),
        AdapterDoc::Word(AdapterWord::Flatten) => return Some(Adapter::Flatten),
        AdapterDoc::Full(record) => record,
    };
    let given = [record.pad.span(), record.resize.span(), record.action_subset.span()];
    if given.iter().flatten().count() != 1 {
        let hint = "allowed: one-hot, flatten, {pad: {shape: [...]}}, {resize: {shape: [...]}}, {action-subset: [...]}";
        report.error(doc.span, "an adapter has one key").hint(hint);
        return None;
    }
    match (&record.pad, &record.resize, &record.action_subset) {
        (Slot::Given(pad), _, _) => Some(Adapter::Pad { shape: shape(pad, report)? }),
        (_, Slot::Given(resize), _) => {
            let axes = shape(resize, report)?;
            let Ok(shape) = <[usize; 2]>::try_from(axes) else {
                let hint = "as in `{resize: {shape: [7, 7]}}`";
                report.error(resize.span, "`shape` is a height and a width").hint(hint);
                return None;
            };
            Some(Adapter::Resize { shape })
        }
        (_, _, Slot::Given(actions)) => match &actions.value {
            ActionsDoc::Listed(list) => {
                let list = list.iter().map(|a| a.value).collect();
                Some(Adapter::ActionSubset(Actions::Listed(list)))
            }
            ActionsDoc::First(first) => {
                if first.n.is_absent() {
                    report.error(actions.span, "`n` is missing").hint("as in `{n: 6}`");
                }
                let n = i64::try_from(first.n.get()?.0).ok()?;
                Some(Adapter::ActionSubset(Actions::First { n }))
            }
        },
        _ => None,
    }
}

fn shape(doc: &At<ShapeDoc>, report: &mut Reporter<'_>) -> Option<Vec<usize>> {
    if doc.value.shape.is_absent() {
        report.error(doc.span, "`shape` is missing").hint("as in `{shape: [7, 7, 3]}`");
    }
    let axes = doc.value.shape.get()?;
    let elements = axes.iter().try_fold(1u64, |n, axis| n.checked_mul(axis.value.0));
    if elements.is_none_or(|n| n > MOST_ELEMENTS) {
        let message =
            format!("the shape has too many elements, at most {MOST_ELEMENTS} are allowed");
        report.error(doc.span, message);
        return None;
    }
    axes.iter().map(|axis| usize::try_from(axis.value.0).ok()).collect()
}
