//! Drawings of the classic control environments: lines, discs and polygons in the
//! environment's own coordinates, y upwards.
//!
//! They are this project's own and equal no other library's. tiny-skia draws the
//! shapes, in software alone, so that a picture does not depend on the machine.

use crate::{Frame, RenderOptions};
use tiny_skia::{
    Color, FillRule, LineCap, LineJoin, Paint, Path, PathBuilder, Pixmap, PremultipliedColorU8,
    Stroke, Transform,
};

/// A place in the environment's coordinates.
pub(super) type Point = [f64; 2];

/// Red, green, blue.
type Rgb = [u8; 3];

pub(super) const INK: Rgb = [45, 52, 64];
pub(super) const GROUND: Rgb = [222, 214, 198];
pub(super) const BODY: Rgb = [66, 104, 160];
pub(super) const MOVING: Rgb = [204, 122, 70];
pub(super) const GOAL: Rgb = [70, 150, 90];
pub(super) const FAINT: Rgb = [190, 196, 205];

/// Columns of the natural size.
const COLUMNS: f64 = 480.0;

/// A white sheet that shows a rectangle of the environment's coordinates.
pub(super) struct Drawing {
    sheet: Pixmap,
    left: f64,
    top: f64,
    /// Pixels for one unit of the coordinates.
    scale: f64,
}

impl Drawing {
    /// A sheet from `left` to `right` and `bottom` to `top`.
    pub(super) fn new([left, right]: Point, [bottom, top]: Point, options: &RenderOptions) -> Self {
        let natural = RenderOptions::default().tile_size as f64;
        let columns = (COLUMNS * options.tile_size as f64 / natural).max(1.0);
        let scale = columns / (right - left);
        let rows = (scale * (top - bottom)).round().max(1.0);
        let mut sheet = Pixmap::new(columns as u32, rows as u32).expect("it has pixels");
        sheet.fill(Color::WHITE);
        Drawing { sheet, left, top, scale }
    }

    /// A line through `points`, its ends and corners round.
    pub(super) fn line(&mut self, points: impl IntoIterator<Item = Point>, width: f64, color: Rgb) {
        let Some(path) = self.path(points, false) else { return };
        let stroke = Stroke {
            width: (width * self.scale) as f32,
            line_cap: LineCap::Round,
            line_join: LineJoin::Round,
            ..Stroke::default()
        };
        self.sheet.stroke_path(&path, &paint(color), &stroke, Transform::identity(), None);
    }

    /// A filled polygon.
    pub(super) fn polygon(&mut self, points: impl IntoIterator<Item = Point>, color: Rgb) {
        let Some(path) = self.path(points, true) else { return };
        let winding = FillRule::Winding;
        self.sheet.fill_path(&path, &paint(color), winding, Transform::identity(), None);
    }

    /// A disc.
    pub(super) fn disc(&mut self, [x, y]: Point, radius: f64, color: Rgb) {
        let (x, y) = self.pixel([x, y]);
        let Some(path) = PathBuilder::from_circle(x, y, (radius * self.scale) as f32) else {
            return;
        };
        let winding = FillRule::Winding;
        self.sheet.fill_path(&path, &paint(color), winding, Transform::identity(), None);
    }

    /// The drawing as a picture.
    pub(super) fn frame(self) -> Frame {
        let mut frame = Frame::new(self.sheet.width() as usize, self.sheet.height() as usize);
        let (pixels, _) = frame.pixels_mut().as_chunks_mut::<3>();
        for (pixel, drawn) in pixels.iter_mut().zip(self.sheet.pixels()) {
            let drawn: &PremultipliedColorU8 = drawn;
            *pixel = [drawn.red(), drawn.green(), drawn.blue()];
        }
        frame
    }

    fn pixel(&self, [x, y]: Point) -> (f32, f32) {
        (((x - self.left) * self.scale) as f32, ((self.top - y) * self.scale) as f32)
    }

    fn path(&self, points: impl IntoIterator<Item = Point>, closed: bool) -> Option<Path> {
        let mut path = PathBuilder::new();
        for (i, point) in points.into_iter().enumerate() {
            let (x, y) = self.pixel(point);
            match i {
                0 => path.move_to(x, y),
                _ => path.line_to(x, y),
            }
        }
        if closed {
            path.close();
        }
        path.finish()
    }
}

fn paint([r, g, b]: Rgb) -> Paint<'static> {
    let mut paint = Paint { anti_alias: true, ..Paint::default() };
    paint.set_color_rgba8(r, g, b, 255);
    paint
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What lies at a place of the coordinates, on a sheet of 0 to 8 by 0 to 4.
    fn at(frame: &Frame, x: usize, y: usize) -> &[u8] {
        let scale = frame.width() / 8;
        let i = (frame.height() - 1 - y * scale) * frame.width() + x * scale;
        &frame.pixels()[i * 3..i * 3 + 3]
    }

    #[test]
    fn shapes_lie_where_they_are_put_at_any_size() {
        for tile_size in [8, 32, 64] {
            let options = RenderOptions { tile_size, ..RenderOptions::default() };
            let mut drawing = Drawing::new([0.0, 8.0], [0.0, 4.0], &options);
            drawing.disc([2.0, 3.0], 0.5, GOAL);
            drawing.line([[4.0, 1.0], [7.0, 1.0]], 0.5, INK);
            drawing.polygon([[5.0, 2.5], [7.0, 2.5], [6.0, 4.0]], BODY);
            let frame = drawing.frame();
            assert_eq!((frame.width(), frame.height()), (15 * tile_size, 15 * tile_size / 2));
            assert_eq!(at(&frame, 2, 3), GOAL);
            assert_eq!(at(&frame, 5, 1), INK);
            assert_eq!(at(&frame, 6, 3), BODY);
            assert_eq!(at(&frame, 2, 1), [255; 3]);
            assert_eq!(at(&frame, 4, 3), [255; 3]);
        }
    }

    /// What lies far outside, or nowhere, leaves the sheet as it is.
    #[test]
    fn odd_places_do_no_harm() {
        let mut drawing = Drawing::new([0.0, 1.0], [0.0, 1.0], &RenderOptions::default());
        drawing.disc([1e30, f64::NAN], 0.5, GOAL);
        drawing.line([[f64::INFINITY, 0.0], [1e300, 1.0]], 0.5, INK);
        drawing.polygon([[f64::NAN, 0.0]], BODY);
        assert!(drawing.frame().pixels().iter().all(|&value| value == 255));
    }
}
