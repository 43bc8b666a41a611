//! The lifetimes: how each stands, its seeds, what it holds and what is missing from it.

use crate::findings::Findings;
use crate::study::{LifetimeAbout, Side};
use crate::table::{Cell, Column, Kind, Table};
use tella_metrics::cohort::Place;

const UNKNOWN: &str = "not known of this log";

pub(super) fn table(findings: &Findings<'_>) -> Table {
    let text = |key, heading, about| Column::new(key, heading, Kind::Text, about);
    let count = |key, heading, about| Column::new(key, heading, Kind::Count, about);
    let columns = vec![
        text("lifetime", "Lifetime", "run and index"),
        text("side", "Agent", "the agent, as this report calls it"),
        text("state", "State", "complete, or how it stands"),
        text("curriculum_seed", "Curriculum seed", "the lifetime's own"),
        text("agent_seed", "Agent seed", "the lifetime's own"),
        count("learning", "Learning", "learning experiences"),
        count("evaluation", "Evaluation", "evaluation experiences"),
        count("unfinished", "Unfinished", "experiences that were cut off; no metric counts them"),
        count("without_value", "No value", "complete experiences without a value of the measure"),
        text("content_hash", "Content hash", "of the rows of the log"),
        text("note", "Note", "why it cannot be measured, or what ended it"),
    ];
    let rows = findings.study.sides.iter().flat_map(rows);
    Table {
        name: "lifetimes".to_owned(),
        title: "Lifetimes".to_owned(),
        caption: "A row a lifetime.".to_owned(),
        columns,
        rows: rows.collect(),
    }
}

fn rows(side: &Side) -> Vec<Vec<Cell>> {
    let mut rows = Vec::new();
    for member in &side.cohort.members {
        let about = side.about(&member.place);
        let fault = about.and_then(LifetimeAbout::fault);
        let status = about.map(|about| &about.status);
        let mut row = head(side, &member.place, member.state.as_str());
        let seed = |seed: Option<u64>| match seed {
            Some(seed) => Cell::Text(seed.to_string()),
            None => nothing(),
        };
        row.extend([seed(member.curriculum_seed), seed(status.and_then(|s| s.agent_seed))]);
        let note = match &member.lifetime {
            Ok(life) => {
                let counts = [
                    life.cost.learning_experiences,
                    life.cost.evaluation_experiences,
                    life.missing.unfinished as u64,
                    life.missing.without_value as u64,
                ];
                row.extend(counts.map(Cell::Count));
                fault
            }
            Err(error) => {
                row.extend([const { Cell::Nothing(String::new()) }; 4]);
                Some(fault.unwrap_or_else(|| error.to_string()))
            }
        };
        let hash = status.and_then(|s| s.content_hash.clone());
        row.push(hash.map_or_else(nothing, Cell::Text));
        row.push(note.map_or(Cell::Text(String::new()), Cell::Text));
        rows.push(row);
    }
    for damaged in &side.cohort.damaged {
        let mut row = head(side, &damaged.place, "damaged");
        row.extend((0..7).map(|_| Cell::Nothing("its log is damaged".to_owned())));
        row.push(Cell::Text(damaged.why.clone()));
        rows.push(row);
    }
    rows
}

fn head(side: &Side, place: &Place, state: &str) -> Vec<Cell> {
    [place.to_string(), side.label.clone(), state.to_owned()].map(Cell::Text).to_vec()
}

fn nothing() -> Cell {
    Cell::Nothing(UNKNOWN.to_owned())
}
