//! The explicit curriculum as a file and as a hash.

use crate::plan::{SCHEMA, TELLA};
use crate::{
    Block, BlockSubtype, BlockType, Curriculum, Isolation, RewardVisibility, Seeding, TaskLabels,
    TaskVariant,
};
use std::fmt::Write;
use tella_envs::{Draw, ParamSource, ParamValue};

/// What the hash begins with; it changes with the canonical form.
const HASH_DOMAIN: &[u8] = b"tella curriculum 1\n";

impl Curriculum {
    /// The curriculum as a file of the curriculum language: one that lists every
    /// block, variant, length and seed. Read back and resolved, with whatever seed,
    /// it gives a curriculum equal to this one.
    pub fn to_yaml(&self) -> String {
        let mut out = format!("schema: {SCHEMA}\nname: {}\n", scalar(&self.name));
        let line = |out: &mut String, text: std::fmt::Arguments<'_>| {
            // Writing to a string does not fail.
            let _ = writeln!(out, "{text}");
        };
        line(&mut out, format_args!("scenario_type: {}", scalar(&self.scenario_type)));
        let policies = (self.seeding, self.isolation, self.number_incomplete);
        if policies == TELLA {
            line(&mut out, format_args!("compat: tella"));
        }
        let seeding = match self.seeding {
            Seeding::PerEpisode => "per-episode",
            Seeding::GymVector => "gym-vector",
        };
        let labels = match self.task_labels {
            TaskLabels::Visible => "visible",
            TaskLabels::Boundaries => "boundaries",
            TaskLabels::Hidden => "hidden",
        };
        let isolation = match self.isolation {
            Isolation::Restore => "restore",
            Isolation::None => "none",
        };
        let rewards = match self.eval_rewards {
            RewardVisibility::Hidden => "hidden",
            RewardVisibility::Visible => "visible",
        };
        line(&mut out, format_args!("seeding: {seeding}"));
        line(&mut out, format_args!("task_labels: {labels}"));
        line(&mut out, format_args!("evaluation: {{isolation: {isolation}, rewards: {rewards}}}"));
        line(&mut out, format_args!("number_incomplete: {}", self.number_incomplete));
        if let Some(tune) = self.tune {
            line(&mut out, format_args!("tune: {{fraction: {:?}}}", tune.fraction));
        }
        line(&mut out, format_args!("blocks:"));
        for block in &self.blocks {
            write_block(&mut out, block);
        }
        out
    }

    /// BLAKE3 (64 hexadecimal digits) of the curriculum's canonical form: the line
    /// `tella curriculum 1`, then the curriculum as compact JSON with the fields in
    /// the order of the structs, parameters sorted by name, numbers in their shortest
    /// form that reads back equal, and whole floating-point parameters below 2^53
    /// written as integers (`1.0` and `1` mean the same to an environment). A parameter
    /// that varies stays as it is given: what it becomes in an episode follows from that.
    pub fn content_hash(&self) -> String {
        let mut canonical = self.clone();
        let variants = canonical
            .blocks
            .iter_mut()
            .flat_map(|b| &mut b.task_blocks)
            .flat_map(|t| &mut t.variants);
        for source in variants.flat_map(|v| v.params.values_mut()) {
            match source {
                ParamSource::Fixed(value) => make_canonical(value),
                ParamSource::Draw(Draw::Choice { values, .. }) => {
                    values.iter_mut().for_each(make_canonical);
                }
                _ => {}
            }
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(HASH_DOMAIN);
        serde_json::to_writer(&mut hasher, &canonical)
            .expect("a curriculum has string keys, and a hasher takes every byte");
        hasher.finalize().to_hex().to_string()
    }
}

/// A whole number as an integer.
fn make_canonical(value: &mut ParamValue) {
    if let ParamValue::Float(x) = *value
        && x.fract() == 0.0
        && x.abs() < (1u64 << 53) as f64
    {
        *value = ParamValue::Int(x as i64);
    }
}

fn write_block(out: &mut String, block: &Block) {
    let key = match block.block_type {
        BlockType::Learn => "learn",
        BlockType::Eval => "eval",
    };
    let _ = match block.block_subtype {
        BlockSubtype::Wake => writeln!(out, "  - {key}:"),
        BlockSubtype::Sleep => writeln!(out, "  - subtype: sleep\n    {key}:"),
    };
    for task in &block.task_blocks {
        let _ = writeln!(out, "      - task: {}\n        variants:", scalar(&task.task));
        for variant in &task.variants {
            let _ = writeln!(out, "          - {{{}}}", flow(variant));
        }
    }
}

/// A variant's entries, for one line.
fn flow(v: &TaskVariant) -> String {
    let mut text = format!("variant: {}, env: {}", scalar(&v.variant), scalar(&v.env));
    if !v.params.is_empty() {
        let params: Vec<String> = v
            .params
            .iter()
            .map(|(name, value)| format!("{}: {}", scalar(name), source(value)))
            .collect();
        let _ = write!(text, ", params: {{{}}}", params.join(", "));
    }
    if !v.adapters.is_empty() {
        // JSON is YAML, and adapters are the same in both.
        let json = serde_json::to_string(&v.adapters).expect("adapters are plain data");
        let _ = write!(text, ", adapters: {json}");
    }
    let (unit, n) = (v.length.unit(), v.length.amount());
    let _ = write!(text, ", seed: {}, {unit}: {n}", v.seed);
    for (flag, key) in [(v.continues, "continues"), (v.held_out, "held_out")] {
        text.push_str(&if flag { format!(", {key}: true") } else { String::new() });
    }
    text
}

fn source(source: &ParamSource) -> String {
    let list = |items: Vec<String>| format!("[{}]", items.join(", "));
    match source {
        ParamSource::Fixed(value) => param(value),
        ParamSource::Drift(d) => {
            format!("{{from: {:?}, to: {:?}, over: {}}}", d.from, d.to, d.over)
        }
        ParamSource::Draw(draw) => match draw {
            Draw::Uniform { low, high } => {
                format!("{{uniform: {{low: {low:?}, high: {high:?}}}}}")
            }
            Draw::LogUniform { low, high } => {
                format!("{{log-uniform: {{low: {low:?}, high: {high:?}}}}}")
            }
            Draw::Normal { mean, sigma, low, high } => {
                let bound = |key: &str, bound: &Option<f64>| {
                    bound.map_or(String::new(), |x| format!(", {key}: {x:?}"))
                };
                let bounds = [bound("low", low), bound("high", high)].concat();
                format!("{{normal: {{mean: {mean:?}, sigma: {sigma:?}{bounds}}}}}")
            }
            Draw::Integers { low, high } => format!("{{integers: {{low: {low}, high: {high}}}}}"),
            Draw::Choice { values, weights } => {
                let values = list(values.iter().map(param).collect());
                if weights.is_empty() {
                    return format!("{{choice: {values}}}");
                }
                let weights = list(weights.iter().map(|w| format!("{w:?}")).collect());
                format!("{{choice: {{values: {values}, weights: {weights}}}}}")
            }
        },
    }
}

fn param(value: &ParamValue) -> String {
    match value {
        ParamValue::Bool(b) => b.to_string(),
        ParamValue::Int(i) => i.to_string(),
        // Rust's debug form has a point or an exponent, so that it reads as a float.
        ParamValue::Float(x) => format!("{x:?}"),
        ParamValue::Text(t) => scalar(t),
    }
}

/// A string as YAML: plain where it can be nothing else, else in double quotes.
pub(crate) fn scalar(text: &str) -> String {
    let word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '+');
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(word)
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
        );
    if plain {
        return text.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            ' '..='~' => quoted.push(c),
            c if c.is_alphanumeric() => quoted.push(c),
            c => {
                let _ = write!(quoted, "\\U{:08X}", c as u32);
            }
        }
    }
    quoted.push('"');
    quoted
}
