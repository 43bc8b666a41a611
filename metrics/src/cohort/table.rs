//! The metrics of a cohort as a text table.

use super::{Absent, Measures, Summary};
use crate::run::layout;
use crate::statistics::{Bootstrap, Caution, Estimate};
use crate::told::{in_column, message};

/// Decimals in the table.
const PLACES: usize = 3;

impl Measures<'_> {
    /// A row a metric: mean with its interval, median, IQM, number of lifetimes. Then
    /// what the metrics mean, and why values are missing.
    pub fn table(&self, bootstrap: &Bootstrap) -> String {
        let summaries = self.summaries(bootstrap);
        let several = self.cohort.members.len() > 1;
        let percent = 100.0 * bootstrap.confidence;
        let headings: Vec<String> = match several {
            true => {
                ["metric", "mean", &format!("{percent}% interval"), "median", "IQM", "lifetimes"]
                    .map(str::to_owned)
                    .to_vec()
            }
            false => ["metric", "value"].map(str::to_owned).to_vec(),
        };
        let row = |(at, summary): (usize, &Summary)| {
            let point = |key| in_column(summary.get(key).map(|e| e.point), PLACES);
            let mut row = vec![summary.metric.full_name()];
            if several {
                row.push(point("mean"));
                let mean = summary.get("mean");
                row.push(mean.map_or("-".to_owned(), interval));
                row.extend([point("median"), point("iqm"), summary.lifetimes.to_string()]);
            } else {
                // As far as its log reaches, where it was not lived to its end.
                let value = self.measured.first().and_then(|m| m[at].value.as_ref().ok().copied());
                row.push(in_column(value, PLACES));
            }
            row
        };
        let rows: Vec<Vec<String>> = summaries.iter().enumerate().map(row).collect();
        let mut text = layout(&headings, &rows) + "\n";
        let width = rows.iter().map(|row| row[0].len()).max().unwrap_or(0);
        for summary in &summaries {
            let name = summary.metric.full_name();
            text.push_str(&format!("{name:<width$}  {}\n", summary.metric.meaning));
        }
        text.push_str(&notes(&summaries, self.cohort.members.len(), false));
        let mut told = self.notes();
        told.extend(self.without_value());
        if !told.is_empty() {
            text.push('\n');
            text.extend(told.iter().map(|note| format!("note: {note}\n")));
        }
        message(&text)
    }
}

/// An interval as text.
pub(crate) fn interval(estimate: &Estimate) -> String {
    match estimate.interval {
        Some((low, high)) => {
            format!("{} to {}", in_column(Some(low), PLACES), in_column(Some(high), PLACES))
        }
        None => "-".to_owned(),
    }
}

/// What must be said: lifetimes that do not count, by reason, and too few of them.
pub(crate) fn notes(summaries: &[Summary], lifetimes: usize, name_runs: bool) -> String {
    let mut reasons: Vec<(String, Vec<String>, Vec<Absent>)> = Vec::new();
    for summary in summaries {
        let mut by_reason: Vec<(String, Vec<Absent>)> = Vec::new();
        for absent in &summary.absent {
            match by_reason.iter_mut().find(|(reason, _)| *reason == absent.reason) {
                Some((_, list)) => list.push(absent.clone()),
                None => by_reason.push((absent.reason.clone(), vec![absent.clone()])),
            }
        }
        for (reason, list) in by_reason {
            let name = summary.metric.full_name();
            match reasons.iter_mut().find(|(r, _, l)| *r == reason && *l == list) {
                Some((_, names, _)) => names.push(name),
                None => reasons.push((reason, vec![name], list)),
            }
        }
    }
    let mut text = String::new();
    for (reason, names, list) in reasons {
        let who = match list.len() {
            // Its value is there, where it has one: there is nothing to leave it out of.
            1 if lifetimes == 1 => String::new(),
            n if n == lifetimes => "no lifetime counts: ".to_owned(),
            n if n > 5 => format!("{n} lifetimes do not count: "),
            _ => {
                format!("without {}: ", places(&list, name_runs))
            }
        };
        let names = if names.len() == summaries.len() && names.len() > 1 {
            "all metrics".to_owned()
        } else {
            names.join(", ")
        };
        text.push_str(&format!("{names}: {who}{reason}\n"));
    }
    let mut cautions: Vec<Caution> = summaries.iter().filter_map(|s| s.caution).collect();
    cautions.retain(|caution| *caution != Caution::None);
    cautions.dedup();
    if lifetimes > 1 {
        let most = cautions.iter().max_by_key(|c| match c {
            Caution::Few(n) => *n,
            _ => 1,
        });
        text.extend(most.map(|caution| format!("{caution}\n")));
    }
    if text.is_empty() { text } else { format!("\n{text}") }
}

/// Lifetimes by run: `lifetimes 0, 3 of runs/a`.
fn places(absent: &[Absent], name_runs: bool) -> String {
    let mut by_run: Vec<(&str, Vec<String>)> = Vec::new();
    for Absent { place, .. } in absent {
        let index = place.lifetime_idx.to_string();
        match by_run.iter_mut().find(|(run, _)| *run == place.run) {
            Some((_, indices)) => indices.push(index),
            None => by_run.push((&place.run, vec![index])),
        }
    }
    let named = |(run, indices): (&str, Vec<String>)| {
        let word = if indices.len() == 1 { "lifetime" } else { "lifetimes" };
        let of = if name_runs { format!(" of {run}") } else { String::new() };
        format!("{word} {}{of}", indices.join(", "))
    };
    by_run.into_iter().map(named).collect::<Vec<_>>().join(", ")
}
