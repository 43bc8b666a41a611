//! The course of every lifetime: a row for each task in each block.

use crate::findings::Findings;
use crate::table::{Cell, Column, Kind, Table};

pub(super) fn table(findings: &Findings<'_>) -> Table {
    let measure = &findings.study.request.settings.perf_measure;
    let columns = vec![
        Column::new("run", "Run", Kind::Text, "its folder, as it was given"),
        Column::new("lifetime_idx", "Lifetime", Kind::Count, "its index"),
        Column::new("block_num", "Block", Kind::Count, "its number in the log"),
        Column::new("block_type", "Type", Kind::Text, "train or test"),
        Column::new("block_subtype", "Subtype", Kind::Text, "wake or sleep"),
        Column::new("task", "Task", Kind::Text, ""),
        Column::new("experiences", "Experiences", Kind::Count, ""),
        Column::new("steps", "Steps", Kind::Count, ""),
        Column::new("mean", &format!("Mean {measure}"), Kind::Number, "of its experiences"),
    ];
    let mut rows = Vec::new();
    for side in &findings.study.sides {
        let members = side.cohort.members.iter().zip(&side.courses);
        for (member, course) in members.filter_map(|(m, course)| Some((m, course.as_ref()?))) {
            for span in &course.spans {
                let none = || "the log has no lengths of episodes".to_owned();
                rows.push(vec![
                    Cell::Text(member.place.run.clone()),
                    Cell::Count(u64::from(member.place.lifetime_idx)),
                    Cell::Count(span.block_num),
                    Cell::Text(span.block_type.as_str().to_owned()),
                    Cell::Text(if span.asleep { "sleep" } else { "wake" }.to_owned()),
                    Cell::Text(span.task.clone()),
                    Cell::Count((span.end - span.start) as u64),
                    span.steps.map_or_else(|| Cell::Nothing(none()), Cell::Count),
                    match span.measured {
                        0 => Cell::Nothing(format!("no complete experience has a {measure}")),
                        _ => Cell::Number(span.mean),
                    },
                ]);
            }
        }
    }
    Table {
        name: "blocks".to_owned(),
        title: "Blocks".to_owned(),
        caption: "Each lifetime's way through its curriculum, from its log.".to_owned(),
        columns,
        rows,
    }
}
