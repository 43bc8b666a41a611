//! Curves in small multiples: a panel for each thing, a line for each side, of numbers that others give.

use super::panels::{Panels, range_of};
use crate::drawing::{Anchor, Track};
use crate::figure::{Figure, Part};
use tella_metrics::told::{counted, number};

/// A panel.
#[derive(Clone, Debug)]
pub struct Panel {
    /// What it is about.
    pub name: String,
    /// Its lines.
    pub curves: Vec<Curve>,
}

/// A line.
#[derive(Clone, Debug)]
pub struct Curve {
    /// Whose it is: a place among the sides.
    pub side: usize,
    /// Its points.
    pub points: Vec<(f64, f64)>,
}

/// A figure of `panels` with the axes' words `across` and `up`, which starts at 0; `sides` are named in a
/// legend.
pub fn curves(
    name: &str,
    title: &str,
    (across, up): (&str, &str),
    sides: &[&str],
    panels: &[Panel],
    caption: &str,
) -> Figure {
    let mut drawn = Panels::plain(panels.len());
    let mut place = 58.0;
    drawn.head("");
    for (side, label) in sides.iter().enumerate() {
        let class = class(side);
        drawn.canvas.line(&format!("l {class}"), (place, 12.0), (place + 30.0, 12.0));
        drawn.canvas.label("t", (place + 38.0, 16.0), Anchor::Start, label, 40);
        place += 62.0 + 7.5 * label.chars().count().min(40) as f64;
    }
    for (n, panel) in panels.iter().enumerate() {
        let points = || panel.curves.iter().flat_map(|curve| &curve.points);
        let (_, end) = range_of(points().map(|(x, _)| *x));
        let (_, high) = range_of(points().map(|(_, y)| *y));
        let frame = drawn.titled(n, &panel.name, (0.0, end), (0.0, high.max(1e-9)));
        drawn.axes(n, &frame, across, up);
        for curve in &panel.curves {
            let track: Track = curve.points.iter().map(|(x, y)| frame.at(*x, *y)).collect();
            drawn.canvas.track(&format!("l {}", class(curve.side)), &track);
        }
    }
    let mut alt = format!("{title}: {}, {up} by {across}.", counted(panels.len(), "panel"));
    for panel in panels {
        for curve in &panel.curves {
            if let Some((_, last)) = curve.points.iter().rfind(|(_, y)| y.is_finite()) {
                let side = sides.get(curve.side).copied().unwrap_or_default();
                alt.push_str(&format!(" {}, {side}: {} at the end.", panel.name, number(*last)));
            }
        }
    }
    Figure {
        name: name.to_owned(),
        part: Part::Performance,
        title: title.to_owned(),
        alt,
        caption: caption.to_owned(),
        canvas: drawn.finish(&[]),
    }
}

/// The class of a side's lines.
fn class(side: usize) -> String {
    let ink = crate::drawing::Ink { number: side };
    format!("{} {}", ink.colour(), ink.dash())
}
