//! Frames: the inside of a panel, with axes.

use super::canvas::{Anchor, Canvas};
use super::scale::{Scale, ticks};

/// The inside of a panel, and its scales.
#[derive(Clone, Copy, Debug)]
pub struct Frame {
    /// Across.
    pub x: Scale,
    /// Upwards: its range begins at the bottom.
    pub y: Scale,
}

impl Frame {
    /// A frame whose inside has these corners.
    pub fn new(left_top: (f64, f64), size: (f64, f64), x: (f64, f64), y: (f64, f64)) -> Self {
        let ((left, top), (width, height)) = (left_top, size);
        Self { x: Scale::new(x, (left, left + width)), y: Scale::new(y, (top + height, top)) }
    }

    /// The place of a point.
    pub fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x.at(x), self.y.at(y))
    }

    /// Its left, right, top and bottom.
    pub fn sides(&self) -> (f64, f64, f64, f64) {
        (self.x.range.0, self.x.range.1, self.y.range.1, self.y.range.0)
    }

    /// Horizontal lines at round numbers, with their labels to the left.
    pub fn y_axis(&self, canvas: &mut Canvas, about: usize, labels: bool) {
        let (left, right, _, _) = self.sides();
        for (value, label) in ticks(self.y.domain, about) {
            let y = self.y.at(value);
            canvas.line("gr", (left, y), (right, y));
            if labels {
                canvas.text("q s", (left - 7.0, y + 4.0), Anchor::End, &label);
            }
        }
    }

    /// The line at the bottom, ticks at round numbers, with their labels below.
    pub fn x_axis(&self, canvas: &mut Canvas, about: usize, labels: bool) {
        let (left, right, _, bottom) = self.sides();
        canvas.line("ax", (left, bottom), (right, bottom));
        for (value, label) in ticks(self.x.domain, about) {
            let x = self.x.at(value);
            canvas.line("ax", (x, bottom), (x, bottom + 4.0));
            if labels {
                canvas.text("q s", (x, bottom + 17.0), Anchor::Middle, &label);
            }
        }
    }
}
