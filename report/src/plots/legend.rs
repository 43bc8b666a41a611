//! Legends that several figures have.

use crate::drawing::{Anchor, Canvas, DASHES};
use crate::study::Study;

/// The class of a side's lines: sides are told apart by dashes, tasks by colours.
pub(super) fn dash(side: usize) -> String {
    format!("d{}", side % DASHES.len())
}

/// A line and its label for each side, beginning at a place.
pub(super) fn sides(canvas: &mut Canvas, study: &Study, (mut x, y): (f64, f64)) {
    for (n, side) in study.sides.iter().enumerate() {
        canvas.line(&format!("i l {}", dash(n)), (x, y - 4.0), (x + 34.0, y - 4.0));
        canvas.label("t", (x + 42.0, y), Anchor::Start, &side.label, 40);
        x += 42.0 + 7.5 * side.label.chars().count().min(40) as f64 + 28.0;
    }
}
