//! A curriculum at a glance for a terminal; readable without colour.

use super::strip::{Kind, places, row, tuned_end};
use super::{Preview, Stretch};
use crate::run::bytes;
use std::fmt::Write;
use tella_curricula::BlockType;

/// Most rows of tasks, and most lines of the list.
const MOST_TASKS: usize = 30;
const MOST_LINES: usize = 40;

/// Widest label of a row.
const LABEL: usize = 20;

pub(super) fn draw(preview: &Preview<'_>, width: usize) -> String {
    let mut out = heading(preview);
    out.push('\n');
    let tasks = preview.tasks();
    let shown = &tasks[..tasks.len().min(MOST_TASKS)];
    let label = shown.iter().map(|t| t.chars().count()).max().unwrap_or(0).clamp(5, LABEL);
    let cells = width.saturating_sub(label + 4).max(10);
    let places = places(preview, cells);
    // Writing to a string does not fail.
    let _ = writeln!(out, "{:label$}  {}", "block", axis(preview, &places, cells));
    for task in shown {
        let strip: String = row(preview, &places, task, cells).into_iter().map(mark).collect();
        let name: String = task.chars().take(label).collect();
        let _ = writeln!(out, "{name:label$} |{strip}|");
    }
    if tasks.len() > shown.len() {
        let _ = writeln!(out, "and {} more tasks", tasks.len() - shown.len());
    }
    if let Some(end) = tuned_end(preview, &places) {
        let n = (end.round() as usize).clamp(1, cells);
        let _ = writeln!(out, "{:label$} |{:cells$}|", "tune", "=".repeat(n));
    }
    let _ = writeln!(out, "\n{}", legend(preview));
    list(&mut out, preview);
    out
}

fn mark(kind: Option<Kind>) -> char {
    match kind {
        None => ' ',
        Some(Kind::Learn) => '█',
        Some(Kind::Eval) => '▒',
        Some(Kind::HeldOut) => '░',
    }
}

fn legend(preview: &Preview<'_>) -> String {
    let mut parts = vec!["█ learning", "▒ evaluation"];
    if preview.stretches.iter().any(|s| s.variant.held_out) {
        parts.push("░ evaluation, held out");
    }
    if preview.curriculum.tune.is_some() {
        parts.push("= tuning may see");
    }
    parts.join("   ")
}

/// Block numbers where there is room for them.
fn axis(preview: &Preview<'_>, places: &[(f64, f64)], cells: usize) -> String {
    let mut axis = String::new();
    let mut last = None;
    for (stretch, (start, _)) in preview.stretches.iter().zip(places) {
        let number = stretch.block_num.to_string();
        let at = *start as usize;
        let room = at >= axis.len() + usize::from(!axis.is_empty());
        if last != Some(stretch.block_num) && room && at + number.len() <= cells {
            axis.push_str(&" ".repeat(at - axis.len()));
            axis.push_str(&number);
        }
        last = Some(stretch.block_num);
    }
    axis
}

fn heading(preview: &Preview<'_>) -> String {
    let (seed, idx, own) = preview.seeds;
    let asked = |block_type, what: &str| {
        let (episodes, steps) = preview.asked(block_type);
        let parts = [(episodes, "episodes"), (steps, "steps")];
        let parts: Vec<String> = parts
            .iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, unit)| format!("{} {unit}", thousands(*n as f64)))
            .collect();
        format!("{what} {}", if parts.is_empty() { "nothing".into() } else { parts.join(" and ") })
    };
    format!(
        "{}: {} blocks, {}, {}\n\
         curriculum seed {seed}, lifetime {idx} (its own seed {own}), hash {}\n\
         about {} steps, {} in the environments alone, {} of log (estimated with random actions)\n",
        preview.curriculum.name,
        preview.curriculum.blocks.len(),
        asked(BlockType::Learn, "learning"),
        asked(BlockType::Eval, "evaluation"),
        &preview.hash[..16],
        thousands(preview.steps()),
        duration(preview.seconds),
        bytes(preview.log_bytes),
    )
}

fn list(out: &mut String, preview: &Preview<'_>) {
    let rows: Vec<[String; 6]> = preview.stretches.iter().take(MOST_LINES).map(line).collect();
    let headings = ["block", "kind", "variant", "length", "seed", ""].map(str::to_owned);
    let all: Vec<&[String; 6]> = std::iter::once(&headings).chain(&rows).collect();
    let widths: [usize; 6] = std::array::from_fn(|column| {
        all.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
    });
    out.push('\n');
    for row in all {
        let cells = row.iter().zip(widths).enumerate().map(|(n, (text, width))| match n {
            0 | 3 | 4 => format!("{text:>width$}"),
            _ => format!("{text:width$}"),
        });
        let line = cells.collect::<Vec<_>>().join("  ");
        let _ = writeln!(out, "{}", line.trim_end());
    }
    if preview.stretches.len() > MOST_LINES {
        let more = preview.stretches.len() - MOST_LINES;
        let _ = writeln!(out, "and {more} more; `tella curriculum show` lists them all");
    }
}

fn line(s: &Stretch<'_>) -> [String; 6] {
    let kind = match s.block_type {
        BlockType::Learn => "learn",
        BlockType::Eval => "eval",
    };
    let mut marks = Vec::new();
    if s.variant.continues {
        marks.push("continues".to_owned());
    }
    if s.variant.held_out {
        marks.push("held out".to_owned());
    }
    match s.tuned {
        0.0 => {}
        1.0 => marks.push("tune".to_owned()),
        part => {
            let amount = (part * s.variant.length.amount() as f64).round();
            marks.push(format!("tune: the first {}", thousands(amount)));
        }
    }
    let length = s.variant.length;
    [
        s.block_num.to_string(),
        kind.to_owned(),
        format!("{}/{}", s.task, s.variant.variant),
        format!("{} {}", thousands(length.amount() as f64), length.unit()),
        s.variant.seed.to_string(),
        marks.join(", "),
    ]
}

/// A whole number with commas.
pub(super) fn thousands(n: f64) -> String {
    let digits = format!("{:.0}", n.round());
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A time for people.
pub(super) fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => "less than 1 s".into(),
        s if s < 90.0 => format!("{s:.0} s"),
        s if s < 5400.0 => format!("{:.1} min", s / 60.0),
        s if s < 48.0 * 3600.0 => format!("{:.1} h", s / 3600.0),
        s => format!("{} days", thousands(s / 86400.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::{duration, thousands};

    #[test]
    fn numbers_are_readable() {
        assert_eq!(
            ["0", "999", "1,000", "12,345,678"],
            [0.0, 999.0, 1000.0, 12_345_678.0].map(thousands)
        );
        let shown = [0.1, 42.0, 90.0, 7200.0, 1e9].map(duration);
        assert_eq!(shown, ["less than 1 s", "42 s", "1.5 min", "2.0 h", "11,574 days"]);
    }
}
