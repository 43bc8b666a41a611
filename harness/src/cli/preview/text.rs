//! A curriculum at a glance for a terminal; readable without colour.

use super::strip::{Kind, places, row, tuned_end};
use super::words::{about, asked, columns, duration, length, padded, shortened};
use super::{Preview, Stretch, colour};
use crate::run::bytes;
use std::fmt::Write;
use tella_curricula::BlockType;
use tella_envs::counted;
use tella_metrics::told::thousands;

/// Most rows of tasks, and most lines of the list.
const MOST_TASKS: usize = 30;
const MOST_LINES: usize = 40;

/// Widest label of a row.
const LABEL: usize = 20;

/// The preview in so many columns; each task's row in its colour where it may be `colourful`.
pub(super) fn draw(preview: &Preview<'_>, width: usize, colourful: bool) -> String {
    let mut out = heading(preview);
    out.push('\n');
    let tasks = preview.tasks();
    let shown = &tasks[..tasks.len().min(MOST_TASKS)];
    let label = shown.iter().map(|t| columns(t)).max().unwrap_or(0).clamp(5, LABEL);
    let cells = width.saturating_sub(label + 4).max(10);
    let places = places(preview, cells);
    // Writing to a string does not fail.
    let _ = writeln!(out, "{:label$}  {}", "block", axis(preview, &places, cells));
    for (n, task) in shown.iter().enumerate() {
        let strip: String = row(preview, &places, task, cells).into_iter().map(mark).collect();
        let name = padded(&shortened(task, label), label);
        let style = if colourful { colour::terminal(n) } else { Default::default() };
        let _ = writeln!(out, "{name} |{style}{strip}{style:#}|");
    }
    if tasks.len() > shown.len() {
        let _ = writeln!(out, "and {}", counted(tasks.len() - shown.len(), "more task"));
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
    let estimate = preview.estimate();
    format!(
        "{}: {}, learning {}, evaluation {}\n\
         curriculum seed {seed}, lifetime {idx} (its own seed {own}), hash {}\n\
         about {}, {} in the environments alone, {} of log (estimated with random actions)\n",
        preview.curriculum.name,
        counted(preview.curriculum.blocks.len(), "block"),
        asked(preview, BlockType::Learn),
        asked(preview, BlockType::Eval),
        &preview.hash[..16],
        about(estimate.steps, "step"),
        duration(estimate.seconds),
        bytes(estimate.log_bytes),
    )
}

fn list(out: &mut String, preview: &Preview<'_>) {
    let rows: Vec<[String; 6]> = preview.stretches.iter().take(MOST_LINES).map(line).collect();
    let headings = ["block", "kind", "variant", "length", "seed", ""].map(str::to_owned);
    let all: Vec<&[String; 6]> = std::iter::once(&headings).chain(&rows).collect();
    let widths: [usize; 6] = std::array::from_fn(|column| {
        all.iter().map(|row| columns(&row[column])).max().unwrap_or(0)
    });
    out.push('\n');
    for row in all {
        let cells = row.iter().zip(widths).enumerate().map(|(n, (text, width))| match n {
            0 | 3 | 4 => format!("{text:>width$}"),
            _ => padded(text, width),
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
        0 => {}
        n if n == s.variant.length.amount() => marks.push("tune".to_owned()),
        n => marks.push(format!("tune: the first {}", thousands(n))),
    }
    [
        s.block_num.to_string(),
        kind.to_owned(),
        format!("{}/{}", s.task, s.variant.variant),
        length(s.variant.length),
        s.variant.seed.to_string(),
        marks.join(", "),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::Estimate;
    use tella_curricula::{Curriculum, Document};

    const CURRICULUM: &str = "{schema: 1, name: x, blocks: [\
        {learn: {task: 倒立振子, env: CartPole-v1}, steps: 1}, \
        {learn: {task: A label of more than twenty columns, env: CartPole-v1}, steps: 3}]}";

    fn preview(curriculum: &Curriculum) -> Preview<'_> {
        let stretches = curriculum.blocks.iter().enumerate().map(|(block_num, block)| {
            let task = &block.task_blocks[0];
            let variant = &task.variants[0];
            let steps = variant.length.amount() as f64;
            let estimate = Estimate { steps, seconds: 0.0, experiences: 1.0, log_bytes: 16.0 };
            let (task, block_type) = (task.task.as_str(), block.block_type);
            Stretch { block_num, block_type, task, variant, estimate, tuned: 0 }
        });
        let (hash, stretches) = (curriculum.content_hash(), stretches.collect());
        Preview { curriculum, hash, seeds: (0, 0, 0), stretches }
    }

    #[test]
    fn every_row_has_the_same_columns_whatever_its_label() {
        let curriculum = Document::from_text(CURRICULUM, "x").unwrap().resolve(0, None).unwrap();
        let text = draw(&preview(&curriculum), 60, false);
        assert!(text.starts_with("x: 2 blocks, learning 4 steps, evaluation nothing\n"), "{text}");
        let rows: Vec<&str> = text.lines().filter(|line| line.ends_with('|')).collect();
        let expected = [
            format!("倒立振子{} |{}{}|", " ".repeat(12), "█".repeat(10), " ".repeat(26)),
            format!("A label of more tha… |{}{}|", " ".repeat(10), "█".repeat(26)),
        ];
        assert_eq!(rows, expected, "{text}");
        assert_eq!(rows.iter().map(|row| columns(row)).collect::<Vec<_>>(), [59, 59]);
    }

    #[test]
    fn colours_change_nothing_but_the_colour() {
        let curriculum = Document::from_text(CURRICULUM, "x").unwrap().resolve(0, None).unwrap();
        let preview = preview(&curriculum);
        let mut text = draw(&preview, 60, true);
        for code in ["\u{1b}[38;5;25m", "\u{1b}[38;5;166m"] {
            assert_eq!(text.matches(code).count(), 1, "{text:?}");
            text = text.replace(code, "");
        }
        assert_eq!(text.replace("\u{1b}[0m", ""), draw(&preview, 60, false));
    }
}
