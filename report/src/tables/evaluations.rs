//! The evaluations: each task in each evaluation block, over lifetimes.

use crate::findings::Findings;
use crate::table::{Cell, Column, Kind, Table};

pub(super) fn table(findings: &Findings<'_>) -> Table {
    let measure = &findings.study.request.settings.perf_measure;
    let columns = vec![
        Column::new("task", "Task", Kind::Text, ""),
        Column::new("side", "Agent", Kind::Text, "the agent, as this report calls it"),
        Column::new("block_num", "Block", Kind::Count, "its number in the log"),
        Column::new("mean", &format!("Mean {measure}"), Kind::Estimate, "over lifetimes"),
    ];
    let mut rows = Vec::new();
    for (task, lines) in findings.study.tasks.iter().zip(&findings.evaluations) {
        for (line, side) in lines.iter().zip(&findings.study.sides) {
            for (block, estimate) in line {
                let Some(mean) = estimate else { continue };
                rows.push(vec![
                    Cell::Text(task.name.clone()),
                    Cell::Text(side.label.clone()),
                    Cell::Count(*block as u64),
                    Cell::Estimate(mean.point, mean.interval),
                ]);
            }
        }
    }
    Table {
        name: "evaluations".to_owned(),
        title: "Evaluations".to_owned(),
        caption: format!(
            "Means of a block's experiences, then over lifetimes. Intervals from {} resamples.",
            findings.curve_bootstrap().resamples
        ),
        columns,
        rows,
    }
}
