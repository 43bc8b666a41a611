//! What was run: a row a run, with all that it is a function of.

use crate::findings::Findings;
use crate::study::About;
use crate::table::{Cell, Column, Kind, Table};
use serde_json::{Map, Value};

const NOT_SAID: &str = "not said in the log";

/// The columns: key, heading, what it says.
const COLUMNS: [(&str, &str, &str); 12] = [
    ("run", "Run", "its folder, as it was given"),
    ("side", "Agent", "the agent, as this report calls it"),
    ("curriculum", "Curriculum", "its name"),
    ("scenario_type", "Scenario type", "as L2Logger has it"),
    ("agent_config", "Configuration", "of the agent"),
    ("curriculum_seed", "Curriculum seed", "of the experiment; lifetimes draw theirs from it"),
    ("agent_seed", "Agent seed", "of the experiment; lifetimes draw theirs from it"),
    ("num_parallel_envs", "Environments", "stepped as a batch"),
    ("program_version", "Version", "of the program that made the run"),
    ("curriculum_hash", "Curriculum hash", "of the explicit curriculum"),
    ("identity_hash", "Identity hash", "of all that the run is a function of"),
    ("created_at", "Made", "when the run was begun"),
];

pub(super) fn table(findings: &Findings<'_>) -> Table {
    let columns = COLUMNS.map(|(key, heading, about)| Column::new(key, heading, Kind::Text, about));
    let sides = findings.study.sides.iter();
    let rows = sides.flat_map(|side| side.runs.iter().map(|run| row(run, &side.label)));
    Table {
        name: "runs".to_owned(),
        title: "What was run".to_owned(),
        caption: "A row a run folder or L2Logger scenario.".to_owned(),
        columns: columns.to_vec(),
        rows: rows.collect(),
    }
}

fn row(run: &About, side: &str) -> Vec<Cell> {
    let number = |n: Option<u64>| n.map_or_else(|| text(""), |n| text(&n.to_string()));
    let mut row = vec![text(run.dir()), text(side)];
    match run {
        About::Run { info, .. } => row.extend([
            text(&info.curriculum),
            text(&info.scenario_type),
            text(&config(&info.agent_config)),
            number(info.curriculum_seed),
            number(info.agent_seed),
            text(&info.num_parallel_envs.to_string()),
            text(&info.program_version),
            text(&info.curriculum_hash),
            text(&info.identity_hash),
            text(&info.created_at),
        ]),
        About::Scenario { logger_info, scenario_info, .. } => {
            let said = |from: &Map<String, Value>, key: &str| match from.get(key) {
                Some(Value::String(said)) => text(said),
                Some(other) => text(&other.to_string()),
                None => text(""),
            };
            row.extend([
                said(scenario_info, "curriculum_name"),
                said(scenario_info, "scenario_type"),
                text(""),
                said(scenario_info, "curriculum_seed"),
                said(scenario_info, "agent_seed"),
                text(""),
                said(logger_info, "log_format_version"),
            ]);
            row.resize(COLUMNS.len(), text(""));
        }
    }
    row
}

/// A configuration as `key=value` words.
fn config(config: &Value) -> String {
    let words = config.as_object().into_iter().flatten();
    words.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
}

fn text(text: &str) -> Cell {
    match text {
        "" => Cell::Nothing(NOT_SAID.to_owned()),
        text => Cell::Text(text.to_owned()),
    }
}
