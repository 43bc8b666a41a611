//! From a grid to runs: agents, curricula and parameters of all cells found and checked, and
//! everything that is wrong told at once, at the grid's own lines.

use crate::App;
use crate::cli::chosen::{Chosen, Refused, choose, hint_for_python};
use crate::cli::on::config_to_try;
use crate::cli::refusal::{Asked, Refusal, refusal};
use crate::cli::{CliError, overrides};
use crate::engine::{AgentChoice, make_agent, spaces};
use crate::run::{Isolate, PlanSpec};
use crate::sweep::SweepRun;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tella_curricula::{
    Cell, CellPart, CurriculumError, Diagnostics, Document, Grid, TellaConfig, library,
    lifetime_seeds,
};

/// The runs of a grid, which may be lived on other machines.
pub(super) fn runs(app: &App, grid: &Grid, elsewhere: bool) -> Result<Vec<SweepRun>, CliError> {
    let mut found = grid.warnings.clone();
    // Cells that differ in their seeds alone are checked once.
    let mut known: HashMap<Key<'_>, Option<Fit>> = HashMap::new();
    let mut runs = Vec::new();
    for cell in &grid.cells {
        let fit = known.entry(key(cell)).or_insert_with(|| {
            let (fit, told) = match fit(app, grid, cell, elsewhere) {
                Ok((fit, warnings)) => (Some(fit), warnings),
                Err(wrong) => (None, wrong),
            };
            found.merge(told);
            fit
        });
        if let Some(fit) = fit {
            let spec =
                PlanSpec { agent_seed: cell.seed, curriculum_seed: cell.seed, ..fit.spec.clone() };
            let (document, isolation) = (Arc::clone(&fit.document), fit.isolation);
            runs.push(SweepRun { cell: cell.clone(), spec, document, isolation });
        }
    }
    if found.has_errors() {
        return Err(found.into());
    }
    if !found.is_empty() {
        eprintln!("{found}");
    }
    Ok(runs)
}

type Key<'c> = (&'c str, &'c Option<String>, &'c str, &'c Option<String>, &'c [String]);

/// What cells share that differ in their seeds alone.
fn key(cell: &Cell) -> Key<'_> {
    (&cell.agent, &cell.agent_config, &cell.curriculum, &cell.curriculum_config, &cell.set)
}

/// A cell that was found sound.
struct Fit {
    spec: PlanSpec,
    document: Arc<Document>,
    isolation: Isolate,
}

/// A cell checked, with what is odd about it; or what is wrong with it.
fn fit(
    app: &App,
    grid: &Grid,
    cell: &Cell,
    elsewhere: bool,
) -> Result<(Fit, Diagnostics), Diagnostics> {
    let agent_config = cell.agent_config.as_deref().map(Path::new);
    let Chosen { document, agent_config, overrides, places, warnings } =
        choose(app, &cell.curriculum, &cell.agent, agent_config, &cell.set)
            .map_err(|refused| wrong(app, grid, cell, refused))?;
    let here = |part| move |message: String| grid.error_at(cell, part, &message, None);
    let config = cell.curriculum_config.as_deref().map(Path::new);
    let config_file = config
        .map(|path| Ok((overrides::read(path)?, TellaConfig::load(path)?)))
        .transpose()
        .map_err(|error: CliError| here(CellPart::CurriculumConfig)(error.message))?;
    let (config_text, config) = config_file.unzip();
    let spec = PlanSpec {
        agent: cell.agent.clone(),
        agent_config,
        agent_seed: cell.seed,
        curriculum_seed: cell.seed,
        num_envs: grid.num_parallel_envs as usize,
        max_episode_steps: grid.max_episode_steps,
        overrides,
        curriculum_config: config_text,
        transitions: grid.transitions,
    };
    let first = lifetime_seeds(cell.seed, 0);
    let curriculum = document.resolve(first, config.as_ref())?;
    if !app.agents.is_foreign(&cell.agent) {
        let spaces = spaces(app, &curriculum)
            .map_err(|error| here(CellPart::Curriculum)(error.to_string()))?;
        let choice = AgentChoice {
            name: &spec.agent,
            config: &spec.agent_config,
            seed: spec.agent_seed,
            num_envs: spec.num_envs,
        };
        let config = config_to_try(&spec.agent_config, elsewhere);
        if let Err(error) = make_agent(app, &spaces, AgentChoice { config: &config, ..choice }) {
            let (document, curriculum) = (&document, &curriculum);
            let asked = Asked { document, curriculum, places: &places, spaces: &spaces, choice };
            return Err(match refusal(app, &asked, &error) {
                Refusal::At(found) => grid.relocated(cell, found),
                Refusal::Said(message) => here(CellPart::Agent)(message),
            });
        }
    }
    let isolation = Isolate::fitting(app, &cell.agent, &curriculum);
    let fit = Fit { spec, document: Arc::new(document), isolation };
    Ok((fit, grid.relocated(cell, warnings)))
}

/// What is wrong with a cell, at the grid's lines.
fn wrong(app: &App, grid: &Grid, cell: &Cell, refused: Refused) -> Diagnostics {
    let at = |part, message: &str, hint| grid.error_at(cell, part, message, hint);
    match refused {
        Refused::NoAgent => {
            let message = format!("no agent is called `{}`", cell.agent);
            if let Some(hint) = hint_for_python(&cell.agent) {
                return at(CellPart::Agent, &message, Some(&hint));
            }
            let names: Vec<String> = app.agents.specs().into_iter().map(|s| s.name).collect();
            grid.unknown_at(cell, CellPart::Agent, &message, &cell.agent, &names)
        }
        Refused::NotFound(error) => {
            at(CellPart::Agent, &format!("agent {}: {error}", cell.agent), None)
        }
        Refused::AgentConfig(error) => at(CellPart::AgentConfig, &error.to_string(), None),
        Refused::Curriculum(CurriculumError::Unknown { name, .. }) => {
            let names: Vec<String> = library().iter().map(|e| e.name.to_owned()).collect();
            let message = format!("no curriculum is called `{name}`");
            grid.unknown_at(cell, CellPart::Curriculum, &message, &name, &names)
        }
        Refused::Curriculum(error) => at(CellPart::Curriculum, &error.to_string(), None),
        Refused::Wrong(found) => grid.relocated(cell, found),
    }
}
