//! A curriculum document: read from a file or the library, checked against a
//! catalog of environments, resolved with a seed.

pub(crate) mod adapters;
pub(crate) mod hints;
mod include;
pub(crate) mod model;
pub(crate) mod node;
pub(crate) mod read;
pub(crate) mod record;
mod set;
pub(crate) mod source;
mod write;

use crate::Curriculum;
use crate::check;
use crate::diagnostics::{Diagnostics, Reporter, Sources, Span};
use crate::plan::{Body, Plan};
use crate::resolve::{self, TellaConfig};
use model::CurriculumDoc;
use node::{Node, Size, Value};
use read::{At, Read};
use std::path::Path;
use tella_envs::Catalog;

/// A curriculum document. It may still be wrong: see [`Document::check`].
#[derive(Clone, Debug)]
pub struct Document {
    file: String,
    text: String,
    sources: Sources,
    /// What is wrong with it, environments aside.
    found: Diagnostics,
    plan: Option<Plan>,
}

impl Document {
    /// Reads a document; `file` is its name in messages. An error only where the
    /// text is not YAML or no mapping; everything else that is wrong with it comes
    /// out of [`Document::check`], all at once.
    pub fn from_text(text: &str, file: &str) -> Result<Document, Diagnostics> {
        Document::with_overrides(text, file, &[])
    }

    /// As [`Document::from_text`], with values put in before anything is read:
    /// `blocks[0].episodes=5`. Errors in them say `--set` for a file. No other file is read,
    /// so that an `include` is an error; see [`load`](crate::load) for files.
    pub fn with_overrides(
        text: &str,
        file: &str,
        overrides: &[String],
    ) -> Result<Document, Diagnostics> {
        Document::in_folder(text, file, None, overrides)
    }

    /// As [`Document::with_overrides`], with files of `folder` that the text includes.
    pub(crate) fn in_folder(
        text: &str,
        file: &str,
        folder: Option<&Path>,
        overrides: &[String],
    ) -> Result<Document, Diagnostics> {
        Document::of_size(text, file, folder, overrides, Size::Limited)
    }

    /// As [`Document::from_text`], for a text of any size: one that
    /// [`Curriculum::to_yaml`](crate::Curriculum::to_yaml) wrote.
    pub fn from_explicit_text(text: &str, file: &str) -> Result<Document, Diagnostics> {
        Document::of_size(text, file, None, &[], Size::Any)
    }

    fn of_size(
        text: &str,
        file: &str,
        folder: Option<&Path>,
        overrides: &[String],
        size: Size,
    ) -> Result<Document, Diagnostics> {
        let mut sources = Sources::default();
        let source = sources.add(file, text);
        let sets: Vec<u32> = overrides.iter().map(|set| sources.add("--set", set)).collect();
        let mut report = Reporter::new(&sources);
        let Some(mut root) = node::parse(source, size, &mut report) else {
            return Err(report.finish());
        };
        let (includes, wrong) = include::expand(&mut root, file, folder, &mut sources);
        let includes = includes && !wrong.has_errors();
        let text = if includes { write::to_yaml(&root) } else { text.to_owned() };
        let mut report = Reporter::new(&sources);
        if includes && !reads(&text) {
            let message =
                "with all that it includes the curriculum is nested too deeply or too large";
            report.error(root.span, message).hint("at most 64 levels are allowed");
            return Err(report.finish());
        }
        let mut overrides = set::Overrides::default();
        for set in sets {
            overrides.apply(&mut root, set, &mut report);
        }
        if root.is_broken() || !is_mapping(&root, &mut report) {
            let mut found = report.finish();
            found.merge(wrong);
            return Err(found);
        }
        node::report_duplicates(&root, &mut report);
        let record = CurriculumDoc::read(&root, &mut report);
        let plan = record.map(|value| Plan::build(&At { span: root.span, value }, &mut report));
        let mut found = report.finish();
        found.merge(wrong);
        Ok(Document { file: file.to_owned(), text, sources, found, plan })
    }

    /// The curriculum's name; empty where it has none.
    pub fn name(&self) -> &str {
        self.plan.as_ref().map_or("", |p| &p.name)
    }

    /// What it says it is for.
    pub fn description(&self) -> Option<&str> {
        self.plan.as_ref().and_then(|p| p.description.as_deref())
    }

    /// The file's name, as given.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The text it was read from, without overrides. Where that includes other files, a
    /// text that holds everything and includes nothing.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Everything that is wrong with it: keys, types, lengths, labels, and, against
    /// `catalog`, environments, parameters and spaces.
    pub fn check(&self, catalog: &dyn Catalog) -> Diagnostics {
        let mut found = self.found.clone();
        if let Some(plan) = &self.plan {
            let mut report = Reporter::new(&self.sources);
            check::environments(plan, catalog, &mut report);
            found.merge(report.finish());
        }
        found
    }

    /// An error at the environment of a task's variant, for what is found out of it elsewhere;
    /// at the document's start where there is no such variant.
    pub fn error_at(&self, task: &str, variant: &str, message: &str, hint: &str) -> Diagnostics {
        let variants = self.plan.iter().flat_map(|plan| &plan.tasks.variants);
        let found = variants.into_iter().find(|v| v.task == task && v.variant == variant);
        let span = found.map_or(Span::default(), |v| v.env.as_ref().map_or(v.span, |e| e.span));
        let mut report = Reporter::new(&self.sources);
        report.error(span, message).hint(hint);
        report.finish()
    }

    /// The explicit curriculum of the lifetime whose curriculum seed this is (see
    /// [`lifetime_seeds`](crate::lifetime_seeds)), with the lengths of a file given
    /// by TELLA's `--curriculum-config`. Environments are not looked at; an error
    /// where the document or the file is wrong otherwise.
    pub fn resolve(
        &self,
        lifetime_curriculum_seed: u64,
        config: Option<&TellaConfig>,
    ) -> Result<Curriculum, Diagnostics> {
        let Some(plan) = self.plan.as_ref().filter(|_| !self.found.has_errors()) else {
            return Err(self.found.clone());
        };
        let body: Body = match config {
            Some(config) => config.apply(plan)?,
            None => plan.body.clone(),
        };
        Ok(resolve::curriculum(plan, &body, lifetime_curriculum_seed))
    }
}

/// Whether a text can be read from the run folder that will keep it.
fn reads(text: &str) -> bool {
    let mut sources = Sources::default();
    let source = sources.add("", text);
    node::parse(source, Size::Limited, &mut Reporter::new(&sources)).is_some()
}

fn is_mapping(root: &Node, report: &mut Reporter<'_>) -> bool {
    let message = match &root.value {
        Value::Map(_) => return true,
        Value::Null => "the file is empty".to_owned(),
        _ => format!("a curriculum is a mapping, found {}", node::describe(root, report)),
    };
    report.error(root.span, message).hint("begin with `schema: 1` and `name: my-curriculum`");
    false
}
