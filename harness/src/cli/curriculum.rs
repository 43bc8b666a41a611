//! `tella curriculum`: the curricula there are, checked and spelled out.

use super::numbers::whole;
use super::{CliError, CliResult, Exit, preview};
use crate::App;
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::{BufWriter, Write, stderr};
use std::path::PathBuf;
use tella_curricula::{
    Curriculum, CurriculumError, Diagnostics, TellaConfig, grid_schema, json_schema, library,
    lifetime_seeds,
};
use tella_envs::counted;

/// Verbs of `tella curriculum`.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the curricula of the library
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Check curricula; exit code 1 where one of them is wrong
    Check {
        /// YAML files, or names from `tella curriculum list`
        #[arg(required = true, value_name = "FILE")]
        files: Vec<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Spell out the curriculum of one lifetime: every block, variant, length and seed
    Show(Show),
    /// Show a curriculum at a glance: a strip of its blocks, lengths, estimated time and disk, seeds
    Preview(Box<preview::Args>),
    /// Print the JSON schema of curriculum files, for editors
    Schema {
        /// That of the grids of `tella sweep` instead
        #[arg(long)]
        grid: bool,
    },
}

/// Arguments of `tella curriculum show`.
#[derive(Debug, Args)]
pub(super) struct Show {
    #[command(flatten)]
    selection: Selection,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Which lifetime of which curriculum.
#[derive(Debug, Args)]
pub(super) struct Selection {
    /// A name from `tella curriculum list`, or a YAML file
    #[arg(value_name = "NAME|FILE")]
    curriculum: String,
    /// Seed of the curricula, as for `tella run`
    #[arg(long, value_name = "SEED", default_value_t = 0, value_parser = whole::<u64>(..))]
    curriculum_seed: u64,
    /// The lifetime, from 0
    #[arg(long, value_name = "IDX", default_value_t = 0, value_parser = whole::<u64>(..=4_000_000_000))]
    lifetime_idx: u64,
    /// The curriculum's lengths, in TELLA's own YAML
    #[arg(long, value_name = "FILE")]
    curriculum_config: Option<PathBuf>,
    /// Override a key, as in `generator.passes=2`; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,
}

impl Selection {
    /// The experiment's seed for curricula, the lifetime's index, and its own seed.
    pub(super) fn seeds(&self) -> (u64, u64, u64) {
        let own = lifetime_seeds(self.curriculum_seed, self.lifetime_idx);
        (self.curriculum_seed, self.lifetime_idx, own)
    }

    /// The explicit curriculum, checked.
    pub(super) fn curriculum(&self, app: &App) -> Result<Curriculum, CliError> {
        let document = app.curriculum(&self.curriculum, &self.set)?;
        let found = document.check(&app.envs);
        if found.has_errors() {
            return Err(found.into());
        }
        let config = self.curriculum_config.as_deref().map(TellaConfig::load).transpose()?;
        Ok(document.resolve(self.seeds().2, config.as_ref())?)
    }
}

pub(super) fn run(app: &App, command: Command, out: &mut impl Write) -> CliResult {
    match command {
        Command::List { json } => list(json, out),
        Command::Check { files, json } => check(app, &files, json, out),
        Command::Show(args) => show(app, &args, out),
        Command::Preview(args) => preview::run(app, &args, out),
        Command::Schema { grid } => {
            writeln!(out, "{:#}", if grid { grid_schema() } else { json_schema() })?;
            Ok(Exit::Ok)
        }
    }
}

fn list(json: bool, out: &mut impl Write) -> CliResult {
    let entries = library();
    if json {
        writeln!(out, "{:#}", json!(entries))?;
        return Ok(Exit::Ok);
    }
    let width = entries.iter().map(|e| e.name.len()).max().unwrap_or(0);
    for entry in entries {
        writeln!(out, "{:width$}  {}", entry.name, entry.description)?;
    }
    Ok(Exit::Ok)
}

/// Exit code 1 where a file is wrong, 2 where one could not be read at all; a closed
/// standard error changes nothing of that.
fn check(app: &App, files: &[String], json: bool, out: &mut impl Write) -> CliResult {
    let mut exit = Exit::Ok;
    let mut answers = Vec::new();
    for file in files {
        let found = match app.curriculum(file, &[]) {
            Ok(document) => document.check(&app.envs),
            Err(CurriculumError::Invalid(found)) => found,
            Err(error) => {
                exit = Exit::Usage;
                if json {
                    answers.push(json!({"file": file, "ok": false, "error": error.to_string()}));
                } else {
                    let _ = writeln!(stderr(), "error: {error}");
                }
                continue;
            }
        };
        let ok = !found.has_errors();
        if !ok && exit == Exit::Ok {
            exit = Exit::Found;
        }
        if json {
            answers.push(json!({"file": file, "ok": ok, "diagnostics": found.diagnostics}));
            continue;
        }
        let _ = write!(stderr(), "{found}");
        writeln!(out, "{file}: {}", verdict(&found))?;
    }
    if json {
        writeln!(out, "{:#}", json!(answers))?;
    }
    Ok(exit)
}

fn verdict(found: &Diagnostics) -> String {
    let count = found.diagnostics.len() + found.omitted;
    match (found.has_errors(), count) {
        (false, _) => "ok".into(),
        (true, n) => counted(n, "problem"),
    }
}

fn show(app: &App, args: &Show, out: &mut impl Write) -> CliResult {
    let curriculum = args.selection.curriculum(app)?;
    let mut out = BufWriter::new(out);
    if args.json {
        let hash = curriculum.content_hash();
        let mut answer =
            json!({"name": curriculum.name, "hash": hash, "blocks": curriculum.blocks});
        if let Some(tune) = curriculum.tune {
            answer["tune"] = json!(tune);
        }
        writeln!(out, "{answer:#}")?;
    } else {
        write!(out, "{}", curriculum.to_yaml())?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}
