//! The axes of a grid: agents and curricula with their own settings spelled out, and the settings
//! that all runs share.

use super::MOST;
use super::model::{ConfigDoc, GridAgentDoc, GridCurriculumDoc};
use super::name::{self, is_label};
use crate::diagnostics::{Reporter, Sources, Span};
use crate::document::hints::allowed;
use crate::document::node::{Size, parse, quote};
use crate::document::read::{At, Many, Slot};
use crate::document::source::ValueDoc;
use crate::load::{agent_in, is_path, shortest_path};
use std::path::Path;
use tella_envs::ParamValue;

/// A value for a key.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// The key, as `--set` takes it.
    pub(super) key: String,
    /// The value, as `--set` takes it behind `=`.
    pub(super) value: String,
    pub(super) places: (Span, Span),
}

impl Setting {
    /// The last part of the key, which is what people call it.
    pub(super) fn short(&self) -> &str {
        self.key.rsplit('.').next().unwrap_or(&self.key)
    }
}

/// A choice on an axis of agents or of curricula.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) label: String,
    /// Name, or path from the working directory.
    pub(super) name: String,
    pub(super) span: Span,
    /// Path of a configuration file.
    pub(super) file: Option<At<String>>,
    pub(super) settings: Vec<Setting>,
}

/// What an agent's and a curriculum's entry have in common.
struct Entry<'d> {
    name: &'d Slot<String>,
    label: &'d Slot<String>,
    config: &'d Slot<ConfigDoc>,
    file: &'d Slot<String>,
}

/// The agents, each once for every combination of its own settings.
pub(super) fn agents(
    docs: &At<Vec<At<GridAgentDoc>>>,
    folder: &Path,
    report: &mut Reporter<'_>,
) -> Vec<Vec<Choice>> {
    let place = |name: &str| agent_in(folder, name);
    let mut all = Vec::new();
    for doc in &docs.value {
        let text;
        let entry = match &doc.value {
            GridAgentDoc::Text(name) => {
                text = given(doc.span, name);
                Entry {
                    name: &text,
                    label: &Slot::Absent,
                    config: &Slot::Absent,
                    file: &Slot::Absent,
                }
            }
            GridAgentDoc::Full(record) => Entry {
                name: &record.agent,
                label: &record.name,
                config: &record.config,
                file: &record.agent_config,
            },
        };
        all.extend(choices(doc.span, &entry, "agent", place, folder, report));
    }
    once(&all, "agents", docs.span, report);
    all
}

/// The curricula, each once for every combination of its own settings.
pub(super) fn curricula(
    docs: &At<Vec<At<GridCurriculumDoc>>>,
    folder: &Path,
    report: &mut Reporter<'_>,
) -> Vec<Vec<Choice>> {
    let place = |name: &str| match is_path(name) {
        true => in_folder(folder, name),
        false => name.to_owned(),
    };
    let mut all = Vec::new();
    for doc in &docs.value {
        let text;
        let entry = match &doc.value {
            GridCurriculumDoc::Text(name) => {
                text = given(doc.span, name);
                Entry {
                    name: &text,
                    label: &Slot::Absent,
                    config: &Slot::Absent,
                    file: &Slot::Absent,
                }
            }
            GridCurriculumDoc::Full(record) => Entry {
                name: &record.curriculum,
                label: &record.name,
                config: &record.config,
                file: &record.curriculum_config,
            },
        };
        all.extend(choices(doc.span, &entry, "curriculum", place, folder, report));
    }
    once(&all, "curricula", docs.span, report);
    all
}

fn in_folder(folder: &Path, file: &str) -> String {
    shortest_path(&folder.join(file)).to_string_lossy().into_owned()
}

fn given(span: Span, name: &str) -> Slot<String> {
    Slot::Given(At { span, value: name.to_owned() })
}

/// One entry with each combination of its own settings.
fn choices(
    span: Span,
    entry: &Entry<'_>,
    what: &'static str,
    place: impl Fn(&str) -> String,
    folder: &Path,
    report: &mut Reporter<'_>,
) -> Option<Vec<Choice>> {
    if entry.name.is_absent() {
        report.error(span, format!("`{what}` is missing"));
    }
    let label = match entry.label.at() {
        Some(label) if !is_label(&label.value) => {
            let message = format!("{} is no name for runs", quote(&label.value));
            report
                .error(label.span, message)
                .hint("letters, digits, `.`, `_`, `-`, `=` and `+`, the first a letter or a digit");
            return None;
        }
        label => label.map(|at| at.value.clone()),
    };
    let name = entry.name.at()?;
    let prefix = if what == "agent" { "agent." } else { "" };
    let file = entry.file.at().map(|at| At { span: at.span, value: in_folder(folder, &at.value) });
    let choice = |settings| Choice {
        label: label.clone().unwrap_or_else(|| name::label(&name.value)),
        name: place(&name.value),
        span: name.span,
        file: file.clone(),
        settings,
    };
    let config = entry.config.get().map(|config| config_axes(config, prefix, report));
    let config = config.unwrap_or_default();
    let count = config.iter().try_fold(1_u64, |n, axis| n.checked_mul(axis.len() as u64));
    if count.is_none_or(|n| n > MOST) {
        let count = count.map_or("far more".to_owned(), |n| n.to_string());
        report.error(span, format!("this {what}'s values make {count} runs, {MOST} are allowed"));
        return Some(Vec::new());
    }
    Some(product(&config).into_iter().map(choice).collect())
}

/// Reports an axis without entries, and names that two entries have.
fn once(all: &[Vec<Choice>], what: &str, span: Span, report: &mut Reporter<'_>) {
    if all.is_empty() {
        report.error(span, format!("`{what}` is empty"));
    }
    let firsts: Vec<&Choice> = all.iter().filter_map(|choices| choices.first()).collect();
    for (at, choice) in firsts.iter().enumerate() {
        if let Some(first) = firsts[..at].iter().find(|other| other.label == choice.label) {
            let message = format!("two {what} are called {}", quote(&choice.label));
            report
                .error(choice.span, message)
                .related(first.span, "the first is here")
                .hint("give one of them a `name`");
        }
    }
}

/// The values of each key, in the order of the text.
pub(super) fn config_axes(
    config: &ConfigDoc,
    prefix: &str,
    report: &mut Reporter<'_>,
) -> Vec<Vec<Setting>> {
    let mut axes = Vec::new();
    for entry in &config.0 {
        let Some(values) = entry.value.at() else { continue };
        if values.value.0.is_empty() {
            report.error(values.span, format!("{} has no values", quote(&entry.key.value)));
        }
        let key = format!("{prefix}{}", entry.key.value);
        let setting = |value: &At<ValueDoc>| Setting {
            value: written(&value.value.0, key.starts_with("agent.")),
            key: key.clone(),
            places: (entry.key.span, value.span),
        };
        let settings: Vec<Setting> = values.value.0.iter().map(setting).collect();
        for (at, setting) in settings.iter().enumerate() {
            if settings[..at].iter().any(|other| other.value == setting.value) {
                report.error(setting.places.1, format!("{} stands twice", quote(&setting.value)));
            }
        }
        axes.push(settings);
    }
    axes
}

/// A value as `--set` takes it: for an agent's parameter its text, else YAML.
fn written(value: &ParamValue, bare: bool) -> String {
    match value {
        ParamValue::Text(text) if !bare && !stays_text(text) => format!("{text:?}"),
        value => value.to_string(),
    }
}

/// Whether YAML reads a bare text as that text.
fn stays_text(text: &str) -> bool {
    let mut sources = Sources::default();
    let source = sources.add("", text);
    let node = parse(source, Size::Limited, &mut Reporter::new(&sources));
    node.is_some_and(|node| node.text() == Some(text))
}

/// All combinations of one setting of each axis, the last axis innermost.
pub(super) fn product(axes: &[Vec<Setting>]) -> Vec<Vec<Setting>> {
    axes.iter().fold(vec![Vec::new()], |all, axis| {
        let longer = |settings: &Vec<Setting>| {
            let settings = settings.clone();
            axis.iter()
                .map(move |setting| [settings.as_slice(), std::slice::from_ref(setting)].concat())
        };
        all.iter().flat_map(longer).collect()
    })
}

/// The choices that a part names, all where it names none; what it names and is not there is
/// reported.
pub(super) fn named<'c>(
    labels: &Slot<Many<String>>,
    all: &'c [Vec<Choice>],
    what: &str,
    report: &mut Reporter<'_>,
) -> Vec<&'c Choice> {
    let Some(labels) = labels.get() else { return all.iter().flatten().collect() };
    let mut found = Vec::new();
    for label in &labels.0 {
        let of = all.iter().flatten().filter(|choice| choice.label == label.value);
        let before = found.len();
        found.extend(of);
        if found.len() == before {
            let names = all.iter().filter_map(|choices| Some(choices.first()?.label.as_str()));
            let message = format!("no {what} of this grid is called {}", quote(&label.value));
            report.error(label.span, message).hint_with(|| allowed(&label.value, names));
        }
    }
    found
}
