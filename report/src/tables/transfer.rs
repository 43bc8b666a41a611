//! The transfer matrix, a row a pair of tasks.

use crate::findings::Findings;
use crate::table::{Cell, Column, Kind, Table};

pub(super) fn table(findings: &Findings<'_>) -> Table {
    let columns = vec![
        Column::new("learnt", "Learnt", Kind::Text, "the task that was learnt"),
        Column::new("evaluated", "Evaluated", Kind::Text, "the task that was evaluated"),
        Column::new("side", "Agent", Kind::Text, "the agent, as this report calls it"),
        Column::new("transfer", "Transfer", Kind::Number, "evaluation after minus before"),
        Column::new("lifetimes", "n", Kind::Count, "lifetimes with a value"),
    ];
    let name = |task: usize| Cell::Text(findings.study.tasks[task].name.clone());
    let mut rows = Vec::new();
    for (matrix, side) in findings.transfers.iter().zip(&findings.study.sides) {
        for ((from, to), (value, lifetimes)) in matrix {
            rows.push(vec![
                name(*from),
                name(*to),
                Cell::Text(side.label.clone()),
                Cell::Number(*value),
                Cell::Count(*lifetimes as u64),
            ]);
        }
    }
    Table {
        name: "transfer".to_owned(),
        title: "Transfer matrix".to_owned(),
        caption: "Means over lifetimes, as shares of the evaluated task's range.".to_owned(),
        columns,
        rows,
    }
}
