//! Grids of runs: agents, curricula, configurations and seeds, each with each, in the YAML and with
//! the diagnostics of curricula.
//!
//! Agents are names here: who knows them reports what is wrong with them, at the places that
//! [`Grid::error_at`] and [`Grid::relocated`] know.

mod axes;
mod cells;
mod model;
mod name;

use crate::diagnostics::{Reporter, Sources, Span};
use crate::document::hints::allowed;
use crate::document::node::{self, Size, Value, describe};
use crate::document::read::{At, Read, Slot};
use crate::load::{is_path, read};
use crate::{CurriculumError, Diagnostics};
use model::GridDoc;
use std::collections::BTreeSet;
use std::path::Path;

/// Version of the language of grids.
const SCHEMA: u64 = 1;

/// The grid that ships with the program: name and text.
const QUICKSTART: (&str, &str) =
    ("quickstart", include_str!("../../library/grids/quickstart.yaml"));

/// A grid of runs, read and spelled out.
#[derive(Clone, Debug)]
pub struct Grid {
    sources: Sources,
    /// What it says it is for.
    pub description: Option<String>,
    /// The runs, agents outermost, seeds innermost, added ones last; never empty, and no two with
    /// the same name.
    pub cells: Vec<Cell>,
    /// Lifetimes of each run.
    pub lifetimes: u64,
    /// Environments stepped together.
    pub num_parallel_envs: u64,
    /// An episode that takes more steps than this is taken for endless.
    pub max_episode_steps: u64,
    /// Whether logs keep transitions.
    pub transitions: bool,
    /// What is odd about it.
    pub warnings: Diagnostics,
}

/// Most runs of a grid, and most lifetimes of a run.
const MOST: u64 = 10_000;

/// Steps after which an episode is taken for endless, unless somebody says otherwise.
pub const MAX_EPISODE_STEPS: u64 = 1_000_000;

/// One run of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its name, which is good for a folder: the agent, the curriculum, what is set, the seed.
    /// It does not depend on what else is in the grid.
    pub name: String,
    /// The agent's name in the grid.
    pub agent_label: String,
    /// The agent, as after `--agent`.
    pub agent: String,
    /// As after `--agent-config`.
    pub agent_config: Option<String>,
    /// The curriculum's name in the grid.
    pub curriculum_label: String,
    /// The curriculum, as `tella run` takes it.
    pub curriculum: String,
    /// As after `--curriculum-config`.
    pub curriculum_config: Option<String>,
    /// Overrides, as after `--set`, in the order of the text.
    pub set: Vec<String>,
    /// The seed of curricula and of agents.
    pub seed: u64,
    /// Where all that stands.
    places: Places,
}

impl Cell {
    /// Whether `other` is the same run, wherever in the grid it stands.
    fn is_same_run(&self, other: &Cell) -> bool {
        let parts = |cell: &Cell| {
            let Cell { agent, agent_config, curriculum, curriculum_config, set, seed, .. } =
                cell.clone();
            (agent, agent_config, curriculum, curriculum_config, BTreeSet::from_iter(set), seed)
        };
        parts(self) == parts(other)
    }
}

/// A part of a [`Cell`] that a message may be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellPart {
    /// The agent's name.
    Agent,
    /// The file of its parameters.
    AgentConfig,
    /// The curriculum's name or path.
    Curriculum,
    /// The file of lengths.
    CurriculumConfig,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Places {
    agent: Span,
    agent_config: Span,
    curriculum: Span,
    curriculum_config: Span,
    /// Key and value of each override.
    set: Vec<(Span, Span)>,
}

impl Grid {
    /// The grid in a file, or `quickstart`, which ships with the program. A word without `/` and
    /// without the ending `.yaml` or `.yml` is a name first.
    pub fn load(name_or_path: &str) -> Result<Grid, CurriculumError> {
        let (path, is_path) = (Path::new(name_or_path), is_path(name_or_path));
        if !is_path && name_or_path == QUICKSTART.0 {
            return Ok(Grid::from_text(QUICKSTART.1, "library:quickstart.yaml")?);
        }
        if !is_path && !path.exists() {
            return Err(CurriculumError::Unknown {
                name: name_or_path.to_owned(),
                hint: format!("a file is given by its path; `{}` comes with tella", QUICKSTART.0),
            });
        }
        Ok(Grid::from_text(&read(path)?, name_or_path)?)
    }

    /// Reads a grid; `file` is its name in messages, and files it names lie relative to it.
    ///
    /// # Errors
    /// Everything that is wrong with it, agents and curricula aside.
    pub fn from_text(text: &str, file: &str) -> Result<Grid, Diagnostics> {
        let mut sources = Sources::default();
        let source = sources.add(file, text);
        let mut report = Reporter::new(&sources);
        let Some(root) = node::parse(source, Size::Limited, &mut report) else {
            return Err(report.finish());
        };
        if !matches!(root.value, Value::Map(_)) {
            let message = match root.value {
                Value::Null => "the file is empty".to_owned(),
                _ => format!("a grid is a mapping, found {}", describe(&root, &report)),
            };
            report
                .error(root.span, message)
                .hint("begin with `schema: 1`, `agents` and `curricula`");
            return Err(report.finish());
        }
        node::report_duplicates(&root, &mut report);
        let doc = GridDoc::read(&root, &mut report);
        let doc = doc.map(|value| At { span: root.span, value });
        let cells = doc.as_ref().map(|doc| {
            check_schema(doc, &mut report);
            let folder = Path::new(file).parent().unwrap_or(Path::new(""));
            cells::cells(doc, folder, &mut report)
        });
        let found = report.finish();
        let (Some(At { value: doc, .. }), Some(cells), false) = (doc, cells, found.has_errors())
        else {
            return Err(found);
        };
        let amount = |slot: &Slot<_>, default| {
            slot.get().map_or(default, |amount: &crate::document::model::Amount| amount.0)
        };
        Ok(Grid {
            description: doc.description.get().cloned(),
            cells,
            lifetimes: amount(&doc.lifetimes, 1),
            num_parallel_envs: amount(&doc.num_parallel_envs, 1),
            max_episode_steps: amount(&doc.max_episode_steps, MAX_EPISODE_STEPS),
            transitions: doc.log.get().is_some(),
            warnings: found,
            sources,
        })
    }

    /// An error at a part of a cell.
    pub fn error_at(
        &self,
        cell: &Cell,
        part: CellPart,
        message: &str,
        hint: Option<&str>,
    ) -> Diagnostics {
        let places = &cell.places;
        let span = match part {
            CellPart::Agent => places.agent,
            CellPart::AgentConfig => places.agent_config,
            CellPart::Curriculum => places.curriculum,
            CellPart::CurriculumConfig => places.curriculum_config,
        };
        let mut report = Reporter::new(&self.sources);
        report.error(span, message).maybe_hint(hint);
        report.finish()
    }

    /// As [`error_at`](Self::error_at) for a word that is none of `names`, with the nearest of them.
    pub fn unknown_at(
        &self,
        cell: &Cell,
        part: CellPart,
        message: &str,
        word: &str,
        names: &[String],
    ) -> Diagnostics {
        let hint = allowed(word, names.iter().map(String::as_str));
        self.error_at(cell, part, message, Some(&hint))
    }

    /// Messages about a cell's overrides, which are about `--set`, at the grid's own lines.
    pub fn relocated(&self, cell: &Cell, mut found: Diagnostics) -> Diagnostics {
        for diagnostic in &mut found.diagnostics {
            let place = &mut diagnostic.place;
            if place.file != "--set" {
                continue;
            }
            let about = cell.set.iter().position(|set| set.contains(&place.snippet));
            let Some((set, (key, value))) = about.map(|at| (&cell.set[at], cell.places.set[at]))
            else {
                continue;
            };
            let key_ends = set.split('=').next().map_or(0, |key| key.chars().count());
            *place = self.sources.place(if place.column > key_ends { value } else { key });
        }
        // The same line may be wrong in many cells and in the same way.
        let mut once = Diagnostics::default();
        once.merge(found);
        once
    }
}

fn check_schema(doc: &At<GridDoc>, report: &mut Reporter<'_>) {
    match &doc.value.schema {
        Slot::Given(version) if version.value != SCHEMA => {
            let message = format!("schema version {} is not known", version.value);
            let hint = format!("this program reads `schema: {SCHEMA}`");
            report.error(version.span, message).hint(hint);
        }
        Slot::Absent => {
            report.error(doc.span, "`schema` is missing").hint("add `schema: 1` as the first line");
        }
        _ => {}
    }
}

/// The JSON schema (2020-12) of a grid's file, which `curricula/grid.schema.json` holds.
pub fn grid_schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(GridDoc);
    schema.insert("title".into(), "tella grid, schema version 1".into());
    schema.insert("required".into(), serde_json::json!(["schema", "agents", "curricula"]));
    schema.to_value()
}
