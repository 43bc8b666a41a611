//! The cells of a grid: each combination of its axes, less those left out, and those added.

use super::axes::{self, Choice, Setting, config_axes, product};
use super::model::{GridDoc, PartDoc};
use super::{Cell, MOST, Places, name};
use crate::diagnostics::{Reporter, Span};
use crate::document::hints::allowed;
use crate::document::node::quote;
use crate::document::read::{At, Slot};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// Most environments stepped together.
const MOST_ENVS: u64 = 65_536;

/// All cells of a grid, or as many as there are where something is wrong with it.
pub(super) fn cells(doc: &At<GridDoc>, folder: &Path, report: &mut Reporter<'_>) -> Vec<Cell> {
    let grid = &doc.value;
    check_amounts(grid, report);
    for (key, absent) in
        [("agents", grid.agents.is_absent()), ("curricula", grid.curricula.is_absent())]
    {
        if absent {
            report
                .error(doc.span, format!("`{key}` is missing"))
                .hint(format!("add `{key}: [...]`"));
        }
    }
    let agents = grid.agents.at().map(|docs| axes::agents(docs, folder, report));
    let curricula = grid.curricula.at().map(|docs| axes::curricula(docs, folder, report));
    let shared = grid.config.get().map(|config| config_axes(config, "", report));
    let shared = shared.unwrap_or_default();
    let seeds = seeds(grid, report);
    let (Some(agents), Some(curricula)) = (agents, curricula) else { return Vec::new() };
    check_owners(&agents, &curricula, &shared, report);
    let axes = Axes { agents: &agents, curricula: &curricula, shared: &shared, seeds: &seeds };
    let all: Vec<&Choice> = agents.iter().flatten().collect();
    let through: Vec<&Choice> = curricula.iter().flatten().collect();
    let span = grid.agents.span().unwrap_or(doc.span);
    let Some(mut cells) = combined(&all, &through, &shared, &seeds, span, report) else {
        return Vec::new();
    };
    for part in grid.exclude.get().into_iter().flatten() {
        axes.exclude(part, &mut cells, report);
    }
    for part in grid.include.get().into_iter().flatten() {
        cells.extend(axes.include(part, report));
    }
    once(&mut cells, span, report);
    if cells.len() as u64 > MOST {
        report.error(span, format!("this makes {} runs, {MOST} are allowed", cells.len()));
    }
    if cells.is_empty() && report.errors() == 0 {
        let span = grid.exclude.span().unwrap_or(doc.span);
        report.error(span, "every run of the grid is left out");
    }
    cells
}

/// Leaves one of each run, and reports those that are not the same and have one name.
fn once(cells: &mut Vec<Cell>, span: Span, report: &mut Reporter<'_>) {
    let mut names: HashMap<String, Cell> = HashMap::new();
    cells.retain(|cell| match names.get(&cell.name) {
        None => {
            names.insert(cell.name.clone(), cell.clone());
            true
        }
        Some(first) => {
            if !first.is_same_run(cell) {
                let message = format!("two different runs are called {}", quote(&cell.name));
                report.error(span, message).hint(
                    "give an agent or a curriculum another `name`, or leave one of the runs out",
                );
            }
            false
        }
    });
}

fn check_amounts(grid: &GridDoc, report: &mut Reporter<'_>) {
    for (slot, most) in [
        (&grid.lifetimes, MOST),
        (&grid.num_parallel_envs, MOST_ENVS),
        (&grid.max_episode_steps, u64::MAX),
    ] {
        if let Some(at) = slot.at().filter(|at| !(1..=most).contains(&at.value.0)) {
            let message = format!("expected an integer from 1 to {most}, found {}", at.value.0);
            report.error(at.span, message);
        }
    }
}

fn seeds(grid: &GridDoc, report: &mut Reporter<'_>) -> Vec<u64> {
    let Some(seeds) = grid.seeds.at() else { return vec![0] };
    if seeds.value.is_empty() {
        report.error(seeds.span, "`seeds` is empty").hint("leave it out for the seed 0 alone");
    }
    let mut seen = BTreeSet::new();
    for seed in &seeds.value {
        if !seen.insert(seed.value) {
            report.error(seed.span, format!("the seed {} stands twice", seed.value));
        }
    }
    seeds.value.iter().map(|seed| seed.value).collect()
}

/// Reports keys that an agent's or a curriculum's own settings and the shared ones give both, and
/// keys of the wrong owner.
fn check_owners(
    agents: &[Vec<Choice>],
    curricula: &[Vec<Choice>],
    shared: &[Vec<Setting>],
    report: &mut Reporter<'_>,
) {
    let firsts = agents.iter().chain(curricula).filter_map(|choices| choices.first());
    for setting in firsts.flat_map(|choice| &choice.settings) {
        let twice = shared.iter().filter_map(|axis| axis.first()).find(|s| s.key == setting.key);
        if let Some(other) = twice {
            report
                .error(setting.places.0, format!("{} is set twice", quote(&setting.key)))
                .related(other.places.0, "for all runs here")
                .hint("keep one of them");
        }
    }
    let of_curricula = curricula.iter().filter_map(|choices| choices.first());
    for setting in of_curricula.flat_map(|choice| &choice.settings) {
        if setting.key.starts_with("agent.") {
            let message = format!("{} is an agent's", quote(&setting.key));
            report
                .error(setting.places.0, message)
                .hint("put it under the agent, or under the grid's `config`");
        }
    }
}

/// The cells of every combination; `None` after reporting that there are too many.
fn combined(
    agents: &[&Choice],
    curricula: &[&Choice],
    shared: &[Vec<Setting>],
    seeds: &[u64],
    span: Span,
    report: &mut Reporter<'_>,
) -> Option<Vec<Cell>> {
    let lengths = shared.iter().map(Vec::len).chain([agents.len(), curricula.len(), seeds.len()]);
    let count = lengths.map(|n| n as u64).try_fold(1u64, u64::checked_mul);
    if count.is_none_or(|n| n > MOST) {
        let count = count.map_or("far more".to_owned(), |n| n.to_string());
        report.error(span, format!("this makes {count} runs, {MOST} are allowed"));
        return None;
    }
    let shared = product(shared);
    let mut cells = Vec::new();
    for (agent, curriculum) in agents.iter().flat_map(|a| curricula.iter().map(move |c| (a, c))) {
        for settings in &shared {
            cells.extend(seeds.iter().map(|seed| cell(agent, curriculum, settings, *seed)));
        }
    }
    Some(cells)
}

fn cell(agent: &Choice, curriculum: &Choice, shared: &[Setting], seed: u64) -> Cell {
    let own = agent.settings.iter().chain(&curriculum.settings);
    // What an added run is given goes before what its agent or curriculum has.
    let own = own.filter(|own| shared.iter().all(|setting| setting.key != own.key));
    let settings: Vec<&Setting> = own.chain(shared).collect();
    let ambiguous = |s: &Setting| settings.iter().filter(|o| o.short() == s.short()).count() > 1;
    let mut parts = vec![agent.label.clone(), curriculum.label.clone()];
    parts.extend(settings.iter().map(|s| match ambiguous(s) {
        true => format!("{}={}", s.key, s.value),
        false => format!("{}={}", s.short(), s.value),
    }));
    parts.push(format!("seed={seed}"));
    let file = |choice: &Choice| choice.file.as_ref().map(|file| file.value.clone());
    let place = |choice: &Choice| choice.file.as_ref().map_or(choice.span, |file| file.span);
    Cell {
        name: name::join(&parts),
        agent_label: agent.label.clone(),
        agent: agent.name.clone(),
        agent_config: file(agent),
        curriculum_label: curriculum.label.clone(),
        curriculum: curriculum.name.clone(),
        curriculum_config: file(curriculum),
        set: settings.iter().map(|s| format!("{}={}", s.key, s.value)).collect(),
        seed,
        places: Places {
            agent: agent.span,
            agent_config: place(agent),
            curriculum: curriculum.span,
            curriculum_config: place(curriculum),
            set: settings.iter().map(|s| s.places).collect(),
        },
    }
}

/// All axes of a grid.
struct Axes<'g> {
    agents: &'g [Vec<Choice>],
    curricula: &'g [Vec<Choice>],
    shared: &'g [Vec<Setting>],
    seeds: &'g [u64],
}

impl Axes<'_> {
    /// Takes the cells away that fit a part.
    fn exclude(&self, part: &At<PartDoc>, cells: &mut Vec<Cell>, report: &mut Reporter<'_>) {
        let (doc, errors) = (&part.value, report.errors());
        let label = |choices: Vec<&Choice>| -> BTreeSet<String> {
            choices.into_iter().map(|choice| choice.label.clone()).collect()
        };
        let agents = label(axes::named(&doc.agent, self.agents, "agent", report));
        let curricula = label(axes::named(&doc.curriculum, self.curricula, "curriculum", report));
        let config = doc.config.get().map(|config| config_axes(config, "", report));
        let config = config.unwrap_or_default();
        self.check_known(&config, report);
        let seeds: Option<Vec<u64>> =
            doc.seed.get().map(|seeds| seeds.0.iter().map(|seed| seed.value).collect());
        if report.errors() > errors || broken(doc) {
            return;
        }
        let has = |cell: &Cell, axis: &Vec<Setting>| {
            axis.iter().any(|s| cell.set.contains(&format!("{}={}", s.key, s.value)))
        };
        let before = cells.len();
        cells.retain(|cell| {
            !(agents.contains(&cell.agent_label)
                && curricula.contains(&cell.curriculum_label)
                && seeds.as_ref().is_none_or(|seeds| seeds.contains(&cell.seed))
                && config.iter().all(|axis| has(cell, axis)))
        });
        if cells.len() == before {
            report.warning(part.span, "no run of the grid fits this, so that none is left out");
        }
    }

    /// The cells that a part adds.
    fn include(&self, part: &At<PartDoc>, report: &mut Reporter<'_>) -> Vec<Cell> {
        let doc = &part.value;
        let agents = axes::named(&doc.agent, self.agents, "agent", report);
        let curricula = axes::named(&doc.curriculum, self.curricula, "curriculum", report);
        let config = doc.config.get().map(|config| config_axes(config, "", report));
        let config = config.as_deref().unwrap_or(self.shared);
        let seeds: Option<Vec<u64>> =
            doc.seed.get().map(|seeds| seeds.0.iter().map(|seed| seed.value).collect());
        let seeds = seeds.as_deref().unwrap_or(self.seeds);
        if broken(doc) {
            return Vec::new();
        }
        combined(&agents, &curricula, config, seeds, part.span, report).unwrap_or_default()
    }

    /// Reports keys that no run sets.
    fn check_known(&self, config: &[Vec<Setting>], report: &mut Reporter<'_>) {
        let choices = self.agents.iter().chain(self.curricula).filter_map(|c| c.first());
        let own = choices.flat_map(|choice| &choice.settings);
        let shared = self.shared.iter().filter_map(|axis| axis.first());
        let keys: BTreeSet<&str> = own.chain(shared).map(|s| s.key.as_str()).collect();
        for setting in config.iter().filter_map(|axis| axis.first()) {
            if !keys.contains(setting.key.as_str()) {
                let message = format!("no run of this grid sets {}", quote(&setting.key));
                report
                    .error(setting.places.0, message)
                    .hint_with(|| allowed(&setting.key, keys.iter().copied()));
            }
        }
    }
}

/// Whether something in a part was reported, so that it may mean less than it says.
fn broken(doc: &PartDoc) -> bool {
    doc.agent.is_broken()
        || doc.curriculum.is_broken()
        || doc.seed.is_broken()
        || doc.config.is_broken()
        || doc.config.get().is_some_and(|config| {
            config.0.iter().any(|entry| matches!(entry.value, Slot::Broken(_) | Slot::Hidden))
        })
}
