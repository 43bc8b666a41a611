//! Legends that several figures have.

use crate::drawing::{Anchor, Canvas, DASHES};
use crate::study::Study;

/// The class of a side's lines: sides are told apart by dashes, tasks by colours.
pub(super) fn dash(side: usize) -> String {
    format!("d{}", side % DASHES.len())
}

/// The class of single-task experts' colour.
pub(super) const EXPERT: &str = "k6";

/// A line and its label for each side, beginning at a place; returns where it ends.
pub(super) fn sides(canvas: &mut Canvas, study: &Study, (mut x, y): (f64, f64)) -> f64 {
    for (n, side) in study.sides.iter().enumerate() {
        canvas.line(&format!("i l {}", dash(n)), (x, y - 4.0), (x + 34.0, y - 4.0));
        canvas.label("t", (x + 42.0, y), Anchor::Start, &side.label, 40);
        x += 42.0 + 7.5 * side.label.chars().count().min(40) as f64 + 28.0;
    }
    x
}

/// The line of single-task experts.
pub(super) fn expert(canvas: &mut Canvas, (x, y): (f64, f64)) {
    canvas.line(&format!("l {EXPERT}"), (x, y - 4.0), (x + 34.0, y - 4.0));
    canvas.text("t", (x + 42.0, y), Anchor::Start, "single-task expert");
}
