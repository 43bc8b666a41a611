//! The metrics of each lifetime, one row each, for further analysis.

use super::metrics::name;
use crate::findings::Findings;
use crate::table::{Cell, Column, Kind, Table};

pub(super) fn table(findings: &Findings<'_>) -> Table {
    let columns = vec![
        Column::new("metric", "Metric", Kind::Text, "its meaning on hover"),
        Column::new("side", "Agent", Kind::Text, "the agent, as this report calls it"),
        Column::new("run", "Run", Kind::Text, "its folder, as it was given"),
        Column::new("lifetime_idx", "Lifetime", Kind::Count, "its index"),
        Column::new("state", "State", Kind::Text, "complete, or how it stands"),
        Column::new("value", "Value", Kind::Number, ""),
        Column::new("missing", "Missing", Kind::Text, "why there is no value"),
    ];
    let mut rows = Vec::new();
    for (at, metric) in findings.study.request.metrics.iter().enumerate() {
        for (measures, side) in findings.measures.iter().zip(&findings.study.sides) {
            for (member, measured) in measures.cohort.members.iter().zip(&measures.measured) {
                let missing = measured[at].value.as_ref().err().map(ToString::to_string);
                rows.push(vec![
                    name(metric),
                    Cell::Text(side.label.clone()),
                    Cell::Text(member.place.run.clone()),
                    Cell::Count(u64::from(member.place.lifetime_idx)),
                    Cell::Text(member.state.as_str().to_owned()),
                    Cell::number(measured[at].value.clone().map_err(|why| why.to_string())),
                    Cell::Text(missing.unwrap_or_default()),
                ]);
            }
        }
    }
    Table {
        name: "metrics-by-lifetime".to_owned(),
        title: "Metrics by lifetime".to_owned(),
        caption: "Of a lifetime that was not lived to its end as far as its log reaches."
            .to_owned(),
        columns,
        rows,
    }
}
