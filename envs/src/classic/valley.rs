//! The valley that both mountain cars drive in, drawn.

use super::drawing::{BODY, Drawing, FAINT, GOAL, GROUND, INK, Point};
use super::mountain_car::{MAX_POSITION, MIN_POSITION};
use crate::{Frame, RenderOptions};

/// Height of the ground at `x`.
fn height(x: f64) -> f64 {
    (3.0 * x).sin() * 0.45 + 0.55
}

/// The car at `position`, and a flag at `goal`.
pub(super) fn draw(position: f64, goal: f64, options: &RenderOptions) -> Frame {
    let mut drawing = Drawing::new([MIN_POSITION, MAX_POSITION], [0.0, 1.25], options);
    let parts = 90;
    let width = MAX_POSITION - MIN_POSITION;
    let ground = |i| {
        let x = MIN_POSITION + width * f64::from(i) / f64::from(parts);
        [x, height(x)]
    };
    let corners = [[MAX_POSITION, 0.0], [MIN_POSITION, 0.0]];
    drawing.polygon((0..=parts).map(ground).chain(corners), GROUND);
    drawing.line((0..=parts).map(ground), 0.012, INK);

    let pole = height(goal) + 0.16;
    drawing.line([[goal, height(goal)], [goal, pole]], 0.008, INK);
    drawing.polygon([[goal, pole], [goal, pole - 0.055], [goal + 0.075, pole - 0.0275]], GOAL);

    // The car stands on the slope: `along` it and `over` it.
    let slope = (3.0 * 0.45 * (3.0 * position).cos()).atan();
    let (sin, cos) = slope.sin_cos();
    let base = height(position);
    let on_slope = |along: f64, over: f64| -> Point {
        [position + along * cos - over * sin, base + along * sin + over * cos]
    };
    drawing.polygon(
        [(-0.062, 0.028), (0.062, 0.028), (0.055, 0.068), (0.03, 0.092), (-0.04, 0.092)]
            .map(|(along, over)| on_slope(along, over)),
        BODY,
    );
    for along in [-0.036, 0.036] {
        drawing.disc(on_slope(along, 0.024), 0.024, INK);
        drawing.disc(on_slope(along, 0.024), 0.009, FAINT);
    }
    drawing.frame()
}
