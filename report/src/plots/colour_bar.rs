//! The key to colours that stand for numbers.

use crate::drawing::{Anchor, Canvas};

/// Width and height of the bar, and its steps.
const SIZE: (f64, f64) = (180.0, 9.0);
const STEPS: usize = 36;

/// A bar from 0 to 1, with what stands below its left end, its middle and its right end.
pub(super) fn draw(
    canvas: &mut Canvas,
    (x, y): (f64, f64),
    labels: [&str; 3],
    class: impl Fn(f64) -> String,
) {
    let width = SIZE.0 / STEPS as f64;
    for n in 0..STEPS {
        let share = n as f64 / (STEPS - 1) as f64;
        // A little wider than its part, so that no paper shows between.
        canvas.rect(&class(share), (x + n as f64 * width, y), (width + 0.3, SIZE.1), "");
    }
    let places =
        [(x, Anchor::Start), (x + SIZE.0 / 2.0, Anchor::Middle), (x + SIZE.0, Anchor::End)];
    for (label, (x, anchor)) in labels.into_iter().zip(places) {
        canvas.text("q s", (x, y + SIZE.1 + 14.0), anchor, label);
    }
}
