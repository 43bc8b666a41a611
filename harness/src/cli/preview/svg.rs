//! A curriculum at a glance as a drawing: the strip that reports have, of what is planned.

use super::strip::{Kind, kind, places, tuned_end};
use super::words::{about, asked, duration, length};
use super::{Preview, Stretch};
use crate::run::bytes;
use tella_curricula::BlockType;
use tella_envs::counted;
use tella_report::drawing::{Anchor, Bar, Canvas, Ink, Look, Strip};

/// Width of the drawing, as that of a report's figures.
const WIDTH: f64 = 960.0;

/// Units of the strip: nothing is narrower than one of them, where there is room.
const UNIT: f64 = 2.0;

/// Where the first row begins, below the heading.
const TOP: f64 = 84.0;

/// Rows drawn.
const MOST_TASKS: usize = 60;

pub(super) fn draw(preview: &Preview<'_>) -> String {
    let tasks = preview.tasks();
    let tasks = &tasks[..tasks.len().min(MOST_TASKS)];
    let strip = Strip::across(WIDTH);
    let x = |unit: f64| strip.left + unit * UNIT;
    let places = places(preview, ((strip.right - strip.left) / UNIT) as usize);
    let bottom = TOP + tasks.len() as f64 * Strip::ROW;
    let mut canvas = Canvas::new(WIDTH, bottom + 68.0);
    let said = heading(preview);
    canvas.label("t h", (strip.left, 18.0), Anchor::Start, &preview.curriculum.name, 90);
    for (line, text) in said.iter().enumerate() {
        let y = 36.0 + 16.0 * line as f64;
        canvas.text("q s", (strip.left, y), Anchor::Start, text);
    }
    if let Some(end) = tuned_end(preview, &places) {
        tuned(&mut canvas, (strip.left, x(end)), bottom);
    }
    for (n, task) in tasks.iter().enumerate() {
        let own = preview.stretches.iter().zip(&places).filter(|(s, _)| s.task == *task);
        let bars: Vec<Bar> = own.map(|(s, (from, to))| bar(s, (x(*from), x(*to)))).collect();
        let top = TOP + n as f64 * Strip::ROW;
        strip.row(&mut canvas, task, Ink { number: n }, top, &bars);
    }
    axis(&mut canvas, preview, &places, bottom + 4.0);
    legend(&mut canvas, preview, bottom + 38.0);
    canvas.file(&preview.curriculum.name, &said.join(" "))
}

/// What stands below the name, in lines.
fn heading(preview: &Preview<'_>) -> [String; 2] {
    let (seed, idx, _) = preview.seeds;
    let lengths = format!(
        "{}: learning {}, evaluation {}. Curriculum seed {seed}, lifetime {idx}, hash {}.",
        counted(preview.curriculum.blocks.len(), "block"),
        asked(preview, BlockType::Learn),
        asked(preview, BlockType::Eval),
        &preview.hash[..16]
    );
    let estimate = preview.estimate();
    let estimate = format!(
        "About {}, {} in the environments alone, {} of log; widths by estimated steps, short ones \
         widened.",
        about(estimate.steps, "step"),
        duration(estimate.seconds),
        bytes(estimate.log_bytes)
    );
    [lengths, estimate]
}

/// The part that tuning may see: shaded, with a bracket above it.
fn tuned(canvas: &mut Canvas, (left, right): (f64, f64), bottom: f64) {
    let (top, width) = (TOP - 8.0, (right - left).max(2.0));
    canvas.rect("f p", (left, top), (width, bottom - top), "");
    canvas.rect("t", (left, top), (width, 3.0), "");
}

fn bar(stretch: &Stretch<'_>, (from, to): (f64, f64)) -> Bar {
    // A hair's breadth between neighbours, so that blocks can be counted.
    let to = if to - from > 3.0 { to - 1.0 } else { to };
    let title = format!(
        "block {}: {}/{}, {}, seed {}",
        stretch.block_num,
        stretch.task,
        stretch.variant.variant,
        length(stretch.variant.length),
        stretch.variant.seed
    );
    let look = match kind(stretch) {
        Kind::Learn => Look::Learning,
        Kind::Eval => Look::Evaluation,
        Kind::HeldOut => Look::HeldOut,
    };
    Bar { from, to, look, title }
}

/// Block numbers below the strip, where there is room for them.
fn axis(canvas: &mut Canvas, preview: &Preview<'_>, places: &[(f64, f64)], y: f64) {
    let strip = Strip::across(WIDTH);
    canvas.line("ax", (strip.left, y), (strip.right, y));
    canvas.text("q s", (strip.left - 10.0, y + 17.0), Anchor::End, "block");
    let (mut free, mut last) = (0.0, None);
    for (stretch, (start, _)) in preview.stretches.iter().zip(places) {
        let x = strip.left + start * UNIT;
        if last != Some(stretch.block_num) && x >= free {
            let number = stretch.block_num.to_string();
            canvas.line("ax", (x, y), (x, y + 4.0));
            canvas.text("q s", (x, y + 17.0), Anchor::Start, &number);
            free = x + 10.0 + 7.0 * number.len() as f64;
        }
        last = Some(stretch.block_num);
    }
}

fn legend(canvas: &mut Canvas, preview: &Preview<'_>, y: f64) {
    let mut looks = vec![(Look::Learning, "learning"), (Look::Evaluation, "evaluation")];
    if preview.stretches.iter().any(|s| s.variant.held_out) {
        looks.push((Look::HeldOut, "evaluation, held out"));
    }
    let end = Strip::across(WIDTH).legend(canvas, y, &looks);
    if preview.curriculum.tune.is_some() {
        canvas.rect("t", (end, y + 8.0), (22.0, 3.0), "");
        canvas.text("t s", (end + 30.0, y + 13.5), Anchor::Start, "tuning may see");
    }
}
