//! Keys: what marks and lines are that no axis and no legend of tasks explains, below a drawing or
//! beside it, so that its file says so alone.

use crate::drawing::{Anchor, Canvas, Marker};
use crate::findings::Findings;

/// Width of a character of the words.
const CHARACTER: f64 = 5.9;

/// Height of a row of keys.
pub(super) const ROW: f64 = 20.0;

/// What is shown in front of the words.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown {
    /// A line of a class across.
    Line(&'static str),
    /// A dotted line that stands upright.
    Upright,
    /// The band of an interval.
    Band,
    /// Dots of single experiences.
    Dots,
    /// A mark of a class, and its size.
    Mark(&'static str, Marker, f64),
    /// A pale bar at the bottom of a panel.
    Rug,
    /// A dark bar at the left of a cell.
    Bar,
    /// A stroke in place of a cell's colour.
    Stroke,
}

impl Shown {
    /// The width that it takes.
    fn width(self) -> f64 {
        match self {
            Self::Line(_) | Self::Band | Self::Dots => 28.0,
            Self::Upright | Self::Mark(..) | Self::Rug | Self::Bar | Self::Stroke => 12.0,
        }
    }
}

/// A key: what is shown, and what it is.
pub(super) type Key = (Shown, String);

/// A key of ours.
pub(super) fn key(shown: Shown, text: &str) -> Key {
    (shown, text.to_owned())
}

/// The key of the bands of intervals over lifetimes, where there are any.
pub(super) fn intervals(findings: &Findings<'_>) -> Option<Key> {
    let percent = 100.0 * findings.curve_bootstrap().confidence;
    let text = format!("{percent}% interval of the mean over lifetimes");
    findings.has_intervals().then_some((Shown::Band, text))
}

/// Draws keys beside each other, in as many rows as it takes up to `right`, and returns where they
/// end. Nothing of none.
pub(super) fn across(
    canvas: &mut Canvas,
    keys: &[Key],
    (left, mut y): (f64, f64),
    right: f64,
) -> f64 {
    if keys.is_empty() {
        return y;
    }
    canvas.open("keys k6");
    let mut x = left;
    for (shown, text) in keys {
        let width = shown.width() + 8.0 + CHARACTER * text.chars().count() as f64;
        if x > left && x + width > right {
            (x, y) = (left, y + ROW);
        }
        draw(canvas, *shown, text, (x, y));
        x += width + 22.0;
    }
    canvas.close();
    y + ROW
}

/// Draws keys below each other.
pub(super) fn down(canvas: &mut Canvas, keys: &[Key], (x, y): (f64, f64)) {
    canvas.open("keys k6");
    for (n, (shown, text)) in keys.iter().enumerate() {
        draw(canvas, *shown, text, (x, y + ROW * n as f64));
    }
    canvas.close();
}

fn draw(canvas: &mut Canvas, shown: Shown, text: &str, (x, y): (f64, f64)) {
    let width = shown.width();
    let (middle, end) = (x + width / 2.0, x + width);
    match shown {
        Shown::Line(class) => canvas.line(class, (x, y), (end, y)),
        Shown::Upright => canvas.line("ax y", (middle, y - 7.0), (middle, y + 7.0)),
        Shown::Band => canvas.rect("b", (x, y - 5.0), (width, 10.0), ""),
        Shown::Dots => canvas.dots("k6", &[0.2, 0.5, 0.8].map(|part| (x + part * width, y))),
        Shown::Mark(class, marker, size) => canvas.mark(class, marker, (middle, y), size, ""),
        Shown::Rug => canvas.rect("m p", (middle - 5.0, y - 6.0), (10.0, 12.0), ""),
        Shown::Bar => canvas.rect("t", (middle - 1.5, y - 7.0), (3.0, 14.0), ""),
        Shown::Stroke => canvas.line("gr", (x, y + 6.0), (end, y - 6.0)),
    }
    canvas.text("q s", (end + 8.0, y + 4.0), Anchor::Start, text);
}
