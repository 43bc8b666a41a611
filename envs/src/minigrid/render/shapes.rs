//! Shapes on a square canvas, finer than the tile it becomes.
//!
//! A pixel belongs to a shape where the shape holds its middle; places run from 0
//! to 1 in both directions. Drawing at three times the resolution and averaging
//! is all the smoothing there is. The arithmetic, single precision where upstream
//! has it included, is that of minigrid 3.2.0: pictures are compared to the bit.

use std::f64::consts::PI;

/// Red, green, blue.
pub(super) type Rgb = [u8; 3];

/// Pixels of the canvas for each of the tile's, in either direction.
const FINER: usize = 3;

/// A square that shapes are filled in.
pub(super) struct Canvas {
    side: usize,
    pixels: Vec<Rgb>,
}

impl Canvas {
    /// A black canvas for a tile with sides of `tile_size` pixels.
    pub(super) fn new(tile_size: usize) -> Canvas {
        let side = tile_size * FINER;
        Canvas { side, pixels: vec![[0; 3]; side * side] }
    }

    /// Gives every pixel whose middle is `inside` the colour.
    pub(super) fn fill(&mut self, color: Rgb, inside: impl Fn(f64, f64) -> bool) {
        let side = self.side as f64;
        for (i, pixel) in self.pixels.iter_mut().enumerate() {
            let (x, y) = (i % self.side, i / self.side);
            if inside((x as f64 + 0.5) / side, (y as f64 + 0.5) / side) {
                *pixel = color;
            }
        }
    }

    /// Lightens every pixel by 30 % of what is missing to white.
    pub(super) fn highlight(&mut self) {
        for value in self.pixels.as_flattened_mut() {
            *value = (f64::from(*value) + 0.3 * f64::from(255 - *value)) as u8;
        }
    }

    /// The tile: each pixel the mean of nine, `tile_size * tile_size * 3` bytes row
    /// by row. Upstream takes the mean of the means of rows and cuts the fraction
    /// off; where the nine values make a whole number that arithmetic can come out
    /// just below it, and the byte one lower.
    pub(super) fn tile(&self) -> Box<[u8]> {
        let size = self.side / FINER;
        let mut tile = Vec::with_capacity(size * size * 3);
        for y in 0..size {
            for x in 0..size {
                for channel in 0..3 {
                    let row_mean = |row| {
                        let start = (y * FINER + row) * self.side + x * FINER;
                        let row = &self.pixels[start..start + FINER];
                        row.iter().map(|p| f64::from(p[channel])).sum::<f64>() / FINER as f64
                    };
                    let sum = row_mean(0) + row_mean(1) + row_mean(2);
                    tile.push((sum / FINER as f64) as u8);
                }
            }
        }
        tile.into()
    }
}

/// `x0 ..= x1` by `y0 ..= y1`.
pub(super) fn rect(x0: f64, x1: f64, y0: f64, y1: f64) -> impl Fn(f64, f64) -> bool {
    move |x, y| x >= x0 && x <= x1 && y >= y0 && y <= y1
}

/// A disc with its edge.
pub(super) fn circle(cx: f64, cy: f64, r: f64) -> impl Fn(f64, f64) -> bool {
    move |x, y| (x - cx) * (x - cx) + (y - cy) * (y - cy) <= r * r
}

/// All that lies within `r` of the line between two points.
pub(super) fn line(from: (f64, f64), to: (f64, f64), r: f64) -> impl Fn(f64, f64) -> bool {
    let left = from.0.min(to.0) - r;
    let right = from.0.max(to.0) + r;
    let top = from.1.min(to.1) - r;
    let bottom = from.1.max(to.1) + r;
    let start = (from.0 as f32, from.1 as f32);
    let (dx, dy) = (to.0 as f32 - start.0, to.1 as f32 - start.1);
    let length = (dx * dx + dy * dy).sqrt();
    let (dx, dy) = (f64::from(dx / length), f64::from(dy / length));
    let (start, length) = ((f64::from(start.0), f64::from(start.1)), f64::from(length));
    move |x, y| {
        if x < left || x > right || y < top || y > bottom {
            return false;
        }
        let along = ((x - start.0) * dx + (y - start.1) * dy).clamp(0.0, length);
        let (px, py) = (x - (start.0 + along * dx), y - (start.1 + along * dy));
        (px * px + py * py).sqrt() <= r
    }
}

/// The agent: a triangle that points right, turned right by `quarters` of a circle.
pub(super) fn agent(quarters: u8) -> impl Fn(f64, f64) -> bool {
    let inside = triangle([0.12, 0.19], [0.87, 0.50], [0.12, 0.81]);
    let theta = 0.5 * PI * f64::from(quarters);
    let (cos, sin) = ((-theta).cos(), (-theta).sin());
    move |x, y| {
        let (x, y) = (x - 0.5, y - 0.5);
        inside(0.5 + x * cos - y * sin, 0.5 + y * cos + x * sin)
    }
}

/// A triangle, by barycentric coordinates.
fn triangle(a: [f32; 2], b: [f32; 2], c: [f32; 2]) -> impl Fn(f64, f64) -> bool {
    let v0 = [c[0] - a[0], c[1] - a[1]];
    let v1 = [b[0] - a[0], b[1] - a[1]];
    let dot = |p: [f32; 2], q: [f32; 2]| p[0] * q[0] + p[1] * q[1];
    let (dot00, dot01, dot11) = (dot(v0, v0), dot(v0, v1), dot(v1, v1));
    let scale = f64::from(1.0 / (dot00 * dot11 - dot01 * dot01));
    let (dot00, dot01, dot11) = (f64::from(dot00), f64::from(dot01), f64::from(dot11));
    move |x, y| {
        let (x, y) = (x - f64::from(a[0]), y - f64::from(a[1]));
        let dot02 = f64::from(v0[0]) * x + f64::from(v0[1]) * y;
        let dot12 = f64::from(v1[0]) * x + f64::from(v1[1]) * y;
        let u = (dot11 * dot02 - dot01 * dot12) * scale;
        let v = (dot00 * dot12 - dot01 * dot02) * scale;
        u >= 0.0 && v >= 0.0 && u + v < 1.0
    }
}
