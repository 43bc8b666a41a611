//! What each object looks like.

use super::super::cell::{Color, DoorState, Kind};
use super::shapes::{Canvas, Rgb, circle, line, rect};

const BLACK: Rgb = [0; 3];
const ORANGE: Rgb = [255, 128, 0];

/// The colour on the screen.
fn rgb(color: Color) -> Rgb {
    match color {
        Color::Red => [255, 0, 0],
        Color::Green => [0, 255, 0],
        Color::Blue => [0, 0, 255],
        Color::Purple => [112, 39, 195],
        Color::Yellow => [255, 255, 0],
        Color::Grey => [100, 100, 100],
    }
}

/// A colour made darker; fractions are cut off.
fn darker(color: Rgb, factor: f64) -> Rgb {
    color.map(|value| (f64::from(value) * factor) as u8)
}

/// Draws an object; `state` is a door's, as observations show it.
pub(super) fn draw(canvas: &mut Canvas, kind: Kind, color: Color, state: u8) {
    let color = rgb(color);
    match kind {
        Kind::Unseen | Kind::Empty | Kind::Agent => {}
        Kind::Wall | Kind::Goal => canvas.fill(color, rect(0.0, 1.0, 0.0, 1.0)),
        Kind::Floor => canvas.fill(darker(color, 0.5), rect(0.031, 1.0, 0.031, 1.0)),
        Kind::Lava => lava(canvas),
        Kind::Door => door(canvas, color, state),
        Kind::Key => key(canvas, color),
        Kind::Ball => canvas.fill(color, circle(0.5, 0.5, 0.31)),
        Kind::Box => {
            canvas.fill(color, rect(0.12, 0.88, 0.12, 0.88));
            canvas.fill(BLACK, rect(0.18, 0.82, 0.18, 0.82));
            canvas.fill(color, rect(0.16, 0.84, 0.47, 0.53));
        }
    }
}

/// Three waves on orange.
fn lava(canvas: &mut Canvas) {
    canvas.fill(ORANGE, rect(0.0, 1.0, 0.0, 1.0));
    for wave in 0..3 {
        let low = 0.3 + 0.2 * f64::from(wave);
        let high = 0.4 + 0.2 * f64::from(wave);
        canvas.fill(BLACK, line((0.1, low), (0.3, high), 0.03));
        canvas.fill(BLACK, line((0.3, high), (0.5, low), 0.03));
        canvas.fill(BLACK, line((0.5, low), (0.7, high), 0.03));
        canvas.fill(BLACK, line((0.7, high), (0.9, low), 0.03));
    }
}

fn door(canvas: &mut Canvas, color: Rgb, state: u8) {
    if state == DoorState::Open as u8 {
        canvas.fill(color, rect(0.88, 1.0, 0.0, 1.0));
        canvas.fill(BLACK, rect(0.92, 0.96, 0.04, 0.96));
        return;
    }
    canvas.fill(color, rect(0.0, 1.0, 0.0, 1.0));
    if state == DoorState::Locked as u8 {
        canvas.fill(darker(color, 0.45), rect(0.06, 0.94, 0.06, 0.94));
        canvas.fill(color, rect(0.52, 0.75, 0.50, 0.56));
    } else {
        canvas.fill(BLACK, rect(0.04, 0.96, 0.04, 0.96));
        canvas.fill(color, rect(0.08, 0.92, 0.08, 0.92));
        canvas.fill(BLACK, rect(0.12, 0.88, 0.12, 0.88));
        canvas.fill(color, circle(0.75, 0.50, 0.08));
    }
}

fn key(canvas: &mut Canvas, color: Rgb) {
    canvas.fill(color, rect(0.50, 0.63, 0.31, 0.88));
    canvas.fill(color, rect(0.38, 0.50, 0.59, 0.66));
    canvas.fill(color, rect(0.38, 0.50, 0.81, 0.88));
    canvas.fill(color, circle(0.56, 0.28, 0.190));
    canvas.fill(BLACK, circle(0.56, 0.28, 0.064));
}
