//! TELLA's `--curriculum-config`: lengths of learning blocks for its MiniGrid
//! curricula, with the rules and quirks of TELLA 2.1.0
//! (`tella._curriculums.minigrid.m21`, class `_MiniGridCurriculum`).
//!
//! The file is YAML 1.1 as PyYAML reads it: `yes` is true, `010` is 8, `1_000` is
//! 1000, a repeated key's last value counts. Booleans are integers, as in Python.

use crate::Length;
use crate::diagnostics::{Diagnostics, Reporter, Sources, Span};
use crate::document::hints::allowed;
use crate::document::node::{self, Node, Value, describe, quote};
use crate::plan::{Body, ConfigUse, Plan, PlanGenerator, check_size, check_total};
use std::collections::HashMap;

/// A configuration file in TELLA's format.
#[derive(Clone, Debug)]
pub struct TellaConfig {
    sources: Sources,
    root: Node,
}

/// What stands under `learn` for a task or variant.
#[derive(Clone, Copy, Debug, Default)]
struct Setting {
    length: Option<u64>,
    unit: Option<Unit>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Unit {
    Episodes,
    Steps,
}

/// A checked file.
#[derive(Debug, Default)]
struct Settings {
    passes: Option<(u64, Span)>,
    default: Setting,
    by_label: HashMap<String, Setting>,
}

impl TellaConfig {
    /// Reads a file's text; `file` is its name in messages. What the file says is
    /// checked against a curriculum's tasks by [`Document::resolve`](crate::Document::resolve).
    pub fn from_text(text: &str, file: &str) -> Result<Self, Diagnostics> {
        let mut sources = Sources::default();
        let source = sources.add(file, text);
        let mut report = Reporter::new(&sources);
        match node::parse(source, node::Size::Limited, &mut report) {
            Some(root) => Ok(TellaConfig { root, sources: sources.clone() }),
            None => Err(report.finish()),
        }
    }

    /// The body of `plan` with this file's lengths, or what is wrong with the file.
    pub(crate) fn apply(&self, plan: &Plan) -> Result<Body, Diagnostics> {
        let mut report = Reporter::new(&self.sources);
        let body = match (plan.policy.config, &plan.body) {
            (ConfigUse::Ignored, body) => body.clone(),
            (ConfigUse::Accepted, Body::Generator(generator)) => {
                let settings = self.settings(plan, &mut report);
                let body = generator_with(generator, plan, &settings);
                if let Some((_, span)) = settings.passes {
                    check_size(body.size(), span, &mut report);
                }
                let body = Body::Generator(body);
                check_total(&body, self.root.span, &mut report);
                body
            }
            (_, body) => {
                let message = format!("curriculum {} takes no configuration", quote(&plan.name));
                report
                    .error(self.root.span, message)
                    .hint("change its YAML, or override a key: `--set key.path=value`");
                body.clone()
            }
        };
        if report.found.has_errors() { Err(report.finish()) } else { Ok(body) }
    }

    fn settings(&self, plan: &Plan, report: &mut Reporter<'_>) -> Settings {
        let mut settings = Settings::default();
        let Value::Map(entries) = &self.root.value else {
            let found = describe(&self.root, report);
            let message = format!("the configuration is a mapping, found {found}");
            report.error(self.root.span, message).hint("allowed keys: num learn blocks, learn");
            return settings;
        };
        for (key, value) in entries {
            match key.text() {
                Some("num learn blocks") => {
                    let passes = positive(value, "`num learn blocks`", report);
                    settings.passes = passes.map(|n| (n, value.span));
                }
                Some("learn") => self.learn(value, plan, &mut settings, report),
                _ => unknown(key, "the configuration", &["num learn blocks", "learn"], report),
            }
        }
        settings
    }

    fn learn(&self, node: &Node, plan: &Plan, settings: &mut Settings, report: &mut Reporter<'_>) {
        let Value::Map(entries) = &node.value else {
            let message = format!("`learn` is a mapping, found {}", describe(node, report));
            report.error(node.span, message);
            return;
        };
        let tasks = &plan.tasks;
        let labels: Vec<String> = (tasks.declared.iter().map(|t| t.label.clone()))
            .chain(tasks.variants.iter().map(|v| format!("{}{}", v.task, v.variant)))
            .collect();
        let mut known = vec!["default length", "default unit"];
        known.extend(labels.iter().map(String::as_str));
        for (key, value) in entries {
            match key.text() {
                Some("default length") => {
                    settings.default.length = positive(value, "`default length`", report);
                }
                Some("default unit") => settings.default.unit = unit(value, report),
                Some(label) if labels.iter().any(|l| l == label) => {
                    settings.by_label.insert(label.to_owned(), setting(value, report));
                }
                _ => unknown(key, "`learn`", &known, report),
            }
        }
    }
}

/// The generator with the lengths that the file gives. A variant's key beats its
/// task's key altogether: what it leaves open comes from the defaults.
fn generator_with(generator: &PlanGenerator, plan: &Plan, settings: &Settings) -> PlanGenerator {
    use crate::document::model::Scenario;
    let mut generator = generator.clone();
    if let (Scenario::Dispersed, Some((passes, _))) = (generator.scenario, settings.passes) {
        generator.passes = passes;
    }
    for (index, length) in &mut generator.learn {
        let variant = &plan.tasks.variants[*index];
        let own = settings.by_label.get(&format!("{}{}", variant.task, variant.variant));
        let own = own.or_else(|| settings.by_label.get(&variant.task)).copied().unwrap_or_default();
        let (amount, planned) = match *length {
            Length::Episodes(n) => (n, Unit::Episodes),
            Length::Steps(n) => (n, Unit::Steps),
        };
        let amount = own.length.or(settings.default.length).unwrap_or(amount);
        *length = match own.unit.or(settings.default.unit).unwrap_or(planned) {
            Unit::Episodes => Length::Episodes(amount),
            Unit::Steps => Length::Steps(amount),
        };
    }
    generator
}

fn setting(node: &Node, report: &mut Reporter<'_>) -> Setting {
    let Value::Map(entries) = &node.value else {
        if integer(node, report).is_none() {
            let found = describe(node, report);
            let message = format!("a task's length is an integer or a mapping, found {found}");
            report.error(node.span, message).hint("allowed keys: length, unit");
            return Setting::default();
        }
        return Setting { length: positive(node, "a length", report), unit: None };
    };
    let mut setting = Setting::default();
    for (key, value) in entries {
        match key.text() {
            Some("length") => setting.length = positive(value, "`length`", report),
            Some("unit") => setting.unit = unit(value, report),
            _ => unknown(key, "a task's configuration", &["length", "unit"], report),
        }
    }
    setting
}

fn unknown(key: &Node, what: &str, words: &[&str], report: &mut Reporter<'_>) {
    let message = match key.text() {
        Some(text) => format!("unknown key {} in {what}", quote(text)),
        None => format!("unknown key in {what}: {}", describe(key, report)),
    };
    let text = key.text().unwrap_or_default();
    report.error(key.span, message).hint_with(|| allowed(text, words.iter().copied()));
}

fn unit(node: &Node, report: &mut Reporter<'_>) -> Option<Unit> {
    match node.text() {
        Some("episodes") => Some(Unit::Episodes),
        Some("steps") => Some(Unit::Steps),
        text => {
            let message = format!("a unit is a word, found {}", describe(node, report));
            let text = text.unwrap_or_default();
            let words = ["episodes", "steps"].into_iter();
            report.error(node.span, message).hint_with(|| allowed(text, words));
            None
        }
    }
}

fn positive(node: &Node, what: &str, report: &mut Reporter<'_>) -> Option<u64> {
    let value = integer(node, report);
    let good = value.filter(|n| (1..=i128::from(i64::MAX)).contains(n));
    if good.is_none() {
        let found = describe(node, report);
        report.error(node.span, format!("{what} is an integer of at least 1, found {found}"));
    }
    good.and_then(|n| u64::try_from(n).ok())
}

/// A node's value as an integer of YAML 1.1 and Python, where it is one.
fn integer(node: &Node, report: &Reporter<'_>) -> Option<i128> {
    let written = report.sources.slice(node.defined);
    match &node.value {
        Value::Bool(b) => Some(i128::from(*b)),
        // Quoted and block scalars are strings, whatever they hold.
        Value::Text(text) if **text != *written => None,
        Value::Int(_) | Value::Float(_) | Value::Text(_) => match written {
            "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(1),
            "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(0),
            _ => yaml11_integer(written),
        },
        _ => None,
    }
}

/// The integers of YAML 1.1 (<https://yaml.org/type/int.html>) as PyYAML's
/// resolver knows them: binary, octal with a leading 0, decimal, hexadecimal and
/// base 60, with `_` between digits.
fn yaml11_integer(text: &str) -> Option<i128> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let first = digits.chars().next()?;
    if !first.is_ascii_digit() || digits.contains(['+', '-']) {
        return None;
    }
    let plain = digits.replace('_', "");
    let magnitude = if let Some(binary) = plain.strip_prefix("0b") {
        i128::from_str_radix(binary, 2).ok()?
    } else if let Some(hexadecimal) = plain.strip_prefix("0x") {
        i128::from_str_radix(hexadecimal, 16).ok()?
    } else if plain != "0" && first == '0' {
        i128::from_str_radix(&plain, 8).ok()?
    } else if plain.contains(':') {
        let mut total: i128 = 0;
        for (i, part) in plain.split(':').enumerate() {
            let value: i128 = part.parse().ok()?;
            if i > 0 && (part.len() > 2 || value > 59) {
                return None;
            }
            total = total.checked_mul(60)?.checked_add(value)?;
        }
        total
    } else {
        plain.parse().ok()?
    };
    Some(sign * magnitude)
}

#[cfg(test)]
mod tests {
    use super::yaml11_integer;

    // Values from PyYAML 6: yaml.safe_load(text).
    #[test]
    fn integers_are_pyyamls() {
        let cases = [
            ("0", Some(0)),
            ("5", Some(5)),
            ("+5", Some(5)),
            ("-5", Some(-5)),
            ("1_000", Some(1000)),
            ("010", Some(8)),
            ("0b101", Some(5)),
            ("0x1F", Some(31)),
            ("1:30", Some(90)),
            ("08", None),
            ("0o17", None),
            ("1e3", None),
            ("1.0", None),
            ("1:60", None),
            ("ten", None),
            ("", None),
        ];
        for (text, value) in cases {
            assert_eq!(yaml11_integer(text), value, "{text}");
        }
    }
}
