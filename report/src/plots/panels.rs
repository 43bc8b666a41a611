//! Small multiples: a panel a task, in rows, all of one size.

use super::keys::{self, Key};
use super::{WIDTH, legend};
use crate::drawing::{Anchor, Canvas, Frame, Ink, Scale};
use crate::study::Study;

/// Height of a panel's inside, the room above it for its name, and between panels.
const HEIGHT: f64 = 124.0;
const HEAD: f64 = 24.0;
const GAP: (f64, f64) = (22.0, 44.0);

/// Room to the left of a panel for the labels of its axis, and in front of the first for what they
/// say; room to its right for half a label.
const LEFT: f64 = 40.0;
const MARGIN: f64 = 18.0;
const RIGHT: f64 = 18.0;

/// Panels that are being drawn.
pub(super) struct Panels {
    pub(super) canvas: Canvas,
    count: usize,
    columns: usize,
    top: f64,
}

impl Panels {
    /// Room for so many panels, under a legend of the sides where there are several.
    pub(super) fn new(count: usize, study: &Study) -> Self {
        let mut panels = Self::plain(count);
        if study.compares() {
            legend::sides(&mut panels.canvas, study, (MARGIN + LEFT, 16.0));
            panels.top = 40.0;
        }
        panels
    }

    /// Room for so many panels.
    pub(super) fn plain(count: usize) -> Self {
        let columns = match count {
            1 => 1,
            2 | 4 => 2,
            _ => 3,
        };
        Self { canvas: Canvas::new(WIDTH, 0.0), count, columns, top: 4.0 }
    }

    /// As [`new`](Self::new), under a legend that has the single-task experts, too.
    pub(super) fn with_experts(count: usize, study: &Study) -> Self {
        let mut panels = Self::plain(count);
        panels.top = 40.0;
        let end = legend::sides(&mut panels.canvas, study, (MARGIN + LEFT, 16.0));
        legend::expert(&mut panels.canvas, (end, 16.0));
        panels
    }

    /// The frame of the nth panel, with its name above it, without axes.
    pub(super) fn frame(&mut self, n: usize, name: &str, ink: Ink, x: f64, y: (f64, f64)) -> Frame {
        let frame = self.bare(n, x, y);
        let (left, right, top, _) = frame.sides();
        self.key(ink, (left + 4.0, top - 13.0));
        let most = ((right - left) / 7.5) as usize;
        self.canvas.label("t h", (left + 14.0, top - 9.0), Anchor::Start, name, most);
        frame
    }

    /// As [`frame`](Self::frame), for what is no task's and begins anywhere.
    pub(super) fn titled(&mut self, n: usize, name: &str, x: (f64, f64), y: (f64, f64)) -> Frame {
        let mut frame = self.bare(n, 0.0, y);
        frame.x = Scale::round(x, frame.x.range, 4);
        let (left, right, top, _) = frame.sides();
        let most = ((right - left) / 6.7) as usize;
        self.canvas.label("t h", (left, top - 9.0), Anchor::Start, name, most);
        frame
    }

    /// As [`frame`](Self::frame), for several tasks of a group: the group's name, then the names
    /// of its variants, as far as there is room.
    pub(super) fn group<'a>(
        &mut self,
        n: usize,
        name: &str,
        variants: impl Iterator<Item = (&'a str, Ink)>,
        x: f64,
        y: (f64, f64),
    ) -> Frame {
        let frame = self.bare(n, x, y);
        let (left, right, top, _) = frame.sides();
        let width = |text: &str, most: usize| 7.0 * text.chars().count().min(most) as f64;
        self.canvas.label("t h", (left, top - 9.0), Anchor::Start, name, 20);
        let mut at = left + 1.15 * width(name, 20) + 14.0;
        for (variant, ink) in variants {
            if at + width(variant, 8) > right {
                self.canvas.text("q s", (at - 4.0, top - 9.0), Anchor::Start, "…");
                break;
            }
            self.key(ink, (at, top - 13.0));
            self.canvas.label("q s", (at + 8.0, top - 9.0), Anchor::Start, variant, 8);
            at += width(variant, 8) + 24.0;
        }
        frame
    }

    fn key(&mut self, ink: Ink, place: (f64, f64)) {
        self.canvas.open(&ink.colour());
        self.canvas.mark("m", ink.marker(), place, 4.0, "");
        self.canvas.close();
    }

    /// The frame of the nth panel alone.
    fn bare(&self, n: usize, x: f64, y: (f64, f64)) -> Frame {
        let columns = self.columns as f64;
        let cell = (WIDTH - MARGIN - GAP.0 * (columns - 1.0)) / columns;
        let left = MARGIN + (n % self.columns) as f64 * (cell + GAP.0) + LEFT;
        let top = self.top + (n / self.columns) as f64 * (HEAD + HEIGHT + GAP.1) + HEAD;
        let size = (cell - LEFT - RIGHT, HEIGHT);
        let mut frame = Frame::new((left, top), size, (0.0, x), y);
        frame.y = Scale::round(y, frame.y.range, 4);
        frame
    }

    /// The axes of the nth panel. What they say stands below the last of each column and
    /// beside the first of each row.
    pub(super) fn axes(&mut self, n: usize, frame: &Frame, across: &str, up: &str) {
        frame.y_axis(&mut self.canvas, 4, true);
        frame.x_axis(&mut self.canvas, 4, true);
        let (left, right, top, bottom) = frame.sides();
        if n + self.columns >= self.count {
            self.canvas.text("q s", ((left + right) / 2.0, bottom + 34.0), Anchor::Middle, across);
        }
        if n.is_multiple_of(self.columns) {
            self.canvas.upright("q s", (left - LEFT - 4.0, (top + bottom) / 2.0), up);
        }
    }

    /// Sets a line above all panels, which must be drawn after it.
    pub(super) fn head(&mut self, text: &str) {
        self.canvas.label("t h", (MARGIN + LEFT, 16.0), Anchor::Start, text, 110);
        self.top = 28.0;
    }

    /// The drawing, with keys below.
    pub(super) fn finish(mut self, keys: &[Key]) -> Canvas {
        let rows = self.count.div_ceil(self.columns) as f64;
        let bottom = self.top + rows * (HEAD + HEIGHT + GAP.1);
        let end = keys::across(&mut self.canvas, keys, (MARGIN + LEFT, bottom + 8.0), WIDTH);
        self.canvas.set_height(end.max(bottom));
        self.canvas
    }
}

/// The range that all panels share, where it does most of them justice: where at least half of
/// them fill a fifth of it.
pub(super) fn common_range(ranges: &[(f64, f64)]) -> Option<(f64, f64)> {
    let low = ranges.iter().map(|r| r.0).fold(f64::INFINITY, f64::min);
    let high = ranges.iter().map(|r| r.1).fold(f64::NEG_INFINITY, f64::max);
    let filled = |r: &&(f64, f64)| r.1 - r.0 >= 0.2 * (high - low);
    let most = ranges.iter().filter(filled).count() * 2 >= ranges.len();
    (most && low <= high).then_some((low, high))
}

/// The lowest and the highest of values; an empty range of none.
pub(super) fn range_of(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let finite = values.filter(|value| value.is_finite());
    finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)))
}
