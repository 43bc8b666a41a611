//! A parameter's source in the language: a value, or a mapping that says how the
//! value varies from episode to episode.

use super::model::Amount;
use super::node::{Node, Value};
use super::read::{At, Entries, Read, Slot, plain, wrong};
use super::record::record;
use crate::diagnostics::{Reporter, Span};
use schemars::JsonSchema;
use tella_envs::{Draw, Drift, ParamSource, ParamValue};

/// A name of the environment's parameter, and where its value comes from.
pub(crate) type ParamsDoc = Entries<ParamDoc>;

/// Where a parameter's value comes from.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum ParamDoc {
    /// The same value in every episode.
    Value(ValueDoc),
    /// A value that varies from episode to episode.
    Varying(Box<VaryingDoc>),
}

/// A parameter's value.
#[derive(Clone, Debug)]
pub(crate) struct ValueDoc(pub(crate) ParamValue);

impl JsonSchema for ValueDoc {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "ParamValue".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["boolean", "number", "string"] })
    }
}

/// A finite number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Number(pub(crate) f64);

impl JsonSchema for Number {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Number".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "number" })
    }
}

record! {
    /// How a parameter varies from episode to episode: a drift (`from`, `to`, `over`), or
    /// one distribution. Needs `seeding: per-episode`.
    VaryingDoc, "a parameter that varies" {
        /// Drift: the number in the variant's first episode.
        from: Number,
        /// Drift: the number in episode `over` and all that follow.
        to: Number,
        /// Drift: the number of episodes from the first value to the last; at least 2.
        over: Amount,
        /// Drawn in every episode: any number from `low` to `high`.
        uniform: RangeDoc,
        /// Drawn in every episode: a number whose logarithm is uniform.
        log_uniform as "log-uniform": RangeDoc,
        /// Drawn in every episode: a normal distribution, clipped to `low` and `high`.
        normal: NormalDoc,
        /// Drawn in every episode: an integer from `low` to `high`, both included.
        integers: IntegersDoc,
        /// Drawn in every episode: one of some values.
        choice: ChoiceDoc,
    }
}

record! {
    /// A range of numbers.
    RangeDoc, "a mapping with `low` and `high`" {
        /// Least number.
        low: Number,
        /// Greatest number.
        high: Number,
    }
}

record! {
    /// A normal distribution; what falls outside the bounds becomes the bound.
    NormalDoc, "a normal distribution" {
        /// Mean, before clipping.
        mean: Number,
        /// Standard deviation, before clipping; at least 0.
        sigma: Number,
        /// Least number. Needed where the parameter has a least value.
        low: Number,
        /// Greatest number. Needed where the parameter has a greatest value.
        high: Number,
    }
}

record! {
    /// A range of integers, both ends included.
    IntegersDoc, "a mapping with `low` and `high`" {
        /// Least integer.
        low: i64,
        /// Greatest integer.
        high: i64,
    }
}

/// Values to choose from: a list, or values with weights.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub(crate) enum ChoiceDoc {
    /// All alike.
    Alike(Vec<At<ValueDoc>>),
    /// Some more often than others.
    Weighted(Box<WeightedDoc>),
}

record! {
    /// Values to choose from, with weights.
    WeightedDoc, "a list of values or a mapping with `values`" {
        /// The values.
        values: Vec<At<ValueDoc>>,
        /// How often each comes up in relation to the others. Default: all alike.
        weights: Vec<At<Number>>,
    }
}

impl Read for ParamDoc {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        match node.value {
            Value::Map(_) => Read::read(node, report).map(|v| ParamDoc::Varying(Box::new(v))),
            _ => Read::read(node, report).map(ParamDoc::Value),
        }
    }
}

impl Read for ValueDoc {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        let expected = "true, false, a finite number, a 64-bit integer or a string";
        plain(node).map(ValueDoc).or_else(|| wrong(node, expected, report))
    }
}

impl Read for Number {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        let number = match node.value {
            Value::Float(x) => Some(x).filter(|x| x.is_finite()),
            Value::Int(i) => Some(i as f64),
            _ => None,
        };
        number.map(Number).or_else(|| wrong(node, "a finite number", report))
    }
}

impl Read for ChoiceDoc {
    fn read(node: &Node, report: &mut Reporter<'_>) -> Option<Self> {
        match node.value {
            Value::Seq(_) => Read::read(node, report).map(ChoiceDoc::Alike),
            _ => Read::read(node, report).map(|w| ChoiceDoc::Weighted(Box::new(w))),
        }
    }
}

/// The ways in which a parameter can vary.
const FORMS: &str = "one of {from: ..., to: ..., over: ...}, {uniform: {low: ..., high: ...}}, \
    {log-uniform: {low: ..., high: ...}}, {normal: {mean: ..., sigma: ..., low: ..., high: ...}}, \
    {integers: {low: ..., high: ...}}, {choice: [...]}";

/// The source that a document gives, or `None` after reporting what is wrong with it.
pub(crate) fn source(doc: &At<ParamDoc>, report: &mut Reporter<'_>) -> Option<ParamSource> {
    match &doc.value {
        ParamDoc::Value(value) => Some(ParamSource::Fixed(value.0.clone())),
        ParamDoc::Varying(varying) => {
            let reader = Varying { span: doc.span, doc: varying, keys: Vec::new(), complete: true };
            reader.source(report)
        }
    }
}

/// A varying source under construction.
struct Varying<'d> {
    span: Span,
    doc: &'d VaryingDoc,
    /// Where the parts of the source stand, by key.
    keys: Vec<(&'static str, Span)>,
    /// Whether no part is missing or wrong; in place of one that is stands what has no
    /// problems, so that those of the others are found.
    complete: bool,
}

impl Varying<'_> {
    fn source(mut self, report: &mut Reporter<'_>) -> Option<ParamSource> {
        let doc = self.doc;
        let drift = [doc.from.span(), doc.to.span(), doc.over.span()];
        let drift = drift.into_iter().flatten().next();
        let distributions = [
            doc.uniform.span(),
            doc.log_uniform.span(),
            doc.normal.span(),
            doc.integers.span(),
            doc.choice.span(),
        ];
        let given: Vec<Span> =
            drift.into_iter().chain(distributions.into_iter().flatten()).collect();
        if given.len() != 1 {
            let message = "a parameter varies in one way";
            report.error(given.get(1).copied().unwrap_or(self.span), message).hint(FORMS);
            return None;
        }
        let source = match (&doc.uniform, &doc.log_uniform, &doc.normal, &doc.integers, &doc.choice)
        {
            (Slot::Given(at), ..) => {
                let (low, high) = self.range(at, report);
                ParamSource::Draw(Draw::Uniform { low, high })
            }
            (_, Slot::Given(at), ..) => {
                let (low, high) = self.range(at, report);
                ParamSource::Draw(Draw::LogUniform { low, high })
            }
            (_, _, Slot::Given(at), ..) => ParamSource::Draw(self.normal(at, report)),
            (_, _, _, Slot::Given(at), _) => {
                let low = self.need(&at.value.low, "low", at.span, report);
                let high = self.need(&at.value.high, "high", at.span, report);
                let (low, high) = (low.or(high)?, high.or(low)?);
                ParamSource::Draw(Draw::Integers { low, high })
            }
            (.., Slot::Given(at)) => ParamSource::Draw(self.choice(at, report)?),
            _ if drift.is_some() => ParamSource::Drift(self.drift(report)),
            _ => return None,
        };
        let problems = source.problems();
        for problem in &problems {
            let at = self.keys.iter().find(|(key, _)| *key == problem.key);
            let span = at.map_or(self.span, |(_, span)| *span);
            report.error(span, problem.message.clone()).hint(problem.allowed);
        }
        (self.complete && problems.is_empty()).then_some(source)
    }

    /// The value of `key`; reported where it is missing.
    fn need<T: Copy>(
        &mut self,
        slot: &Slot<T>,
        key: &'static str,
        record: Span,
        report: &mut Reporter<'_>,
    ) -> Option<T> {
        if slot.is_absent() {
            report.error(record, format!("`{key}` is missing")).hint(FORMS);
        }
        self.keys.extend(slot.span().map(|span| (key, span)));
        self.complete &= slot.get().is_some();
        slot.get().copied()
    }

    /// The number of `key`, NaN where there is none.
    fn number(
        &mut self,
        slot: &Slot<Number>,
        key: &'static str,
        record: Span,
        report: &mut Reporter<'_>,
    ) -> f64 {
        self.need(slot, key, record, report).map_or(f64::NAN, |number| number.0)
    }

    fn drift(&mut self, report: &mut Reporter<'_>) -> Drift {
        let (doc, span) = (self.doc, self.span);
        let from = self.number(&doc.from, "from", span, report);
        let to = self.number(&doc.to, "to", span, report);
        let over = self.need(&doc.over, "over", span, report).map_or(2, |over| over.0);
        Drift { from, to, over }
    }

    fn range(&mut self, at: &At<RangeDoc>, report: &mut Reporter<'_>) -> (f64, f64) {
        let low = self.number(&at.value.low, "low", at.span, report);
        let high = self.number(&at.value.high, "high", at.span, report);
        (low, high)
    }

    fn normal(&mut self, at: &At<NormalDoc>, report: &mut Reporter<'_>) -> Draw {
        let doc = &at.value;
        let mean = self.number(&doc.mean, "mean", at.span, report);
        let sigma = self.number(&doc.sigma, "sigma", at.span, report);
        let mut bound = |slot: &Slot<Number>, key| {
            (!slot.is_absent()).then(|| self.number(slot, key, at.span, report))
        };
        let (low, high) = (bound(&doc.low, "low"), bound(&doc.high, "high"));
        Draw::Normal { mean, sigma, low, high }
    }

    fn choice(&mut self, at: &At<ChoiceDoc>, report: &mut Reporter<'_>) -> Option<Draw> {
        let plain = |list: &[At<ValueDoc>]| list.iter().map(|v| v.value.0.clone()).collect();
        self.keys.push(("values", at.span));
        let record = match &at.value {
            ChoiceDoc::Alike(list) => {
                return Some(Draw::Choice { values: plain(list), weights: Vec::new() });
            }
            ChoiceDoc::Weighted(record) => record,
        };
        if record.values.is_absent() {
            report
                .error(at.span, "`values` is missing")
                .hint("as in `{values: [a, b], weights: [1, 2]}`");
        }
        let weights: Vec<f64> =
            record.weights.get().into_iter().flatten().map(|w| w.value.0).collect();
        self.complete &= !record.weights.is_broken();
        if let (Some(span), true) = (record.weights.at().map(|at| at.span), weights.is_empty()) {
            report.error(span, "`weights` is empty").hint("remove it, or give each value a weight");
            return None;
        }
        self.keys.extend(record.weights.span().map(|span| ("weights", span)));
        let values = match record.values.get() {
            Some(values) => plain(values),
            None => {
                self.complete = false;
                vec![ParamValue::Bool(true); weights.len().max(1)]
            }
        };
        Some(Draw::Choice { values, weights })
    }
}
