//! Plots: one file each, whose `draw` makes a [`Figure`] of the findings, or none where there
//! is nothing to draw.

mod colour_bar;
mod comparison;
pub(crate) mod curves;
mod distributions;
mod estimates;
mod evaluations;
mod experts;
mod heat_map;
mod keys;
mod l2metrics;
mod labels;
mod learning_curves;
mod legend;
mod panels;
mod parts;
mod profiles;
mod timeline;
mod transfer;

use crate::figure::Figure;
use crate::findings::Findings;
use rayon::prelude::*;

/// Width of a figure across the page.
pub(crate) const WIDTH: f64 = 960.0;

/// A plot.
type Plot = fn(&Findings<'_>) -> Vec<Figure>;

/// The plots, in the order of the page.
const PLOTS: &[Plot] = &[
    timeline::draw,
    learning_curves::draw,
    evaluations::draw,
    heat_map::draw,
    transfer::draw,
    experts::draw,
    comparison::draw,
    distributions::draw,
    profiles::draw,
    l2metrics::draw,
];

/// All figures of a report, in the order of the page.
pub(crate) fn figures(findings: &Findings<'_>) -> Vec<Figure> {
    let drawn: Vec<Vec<Figure>> = PLOTS.par_iter().map(|plot| plot(findings)).collect();
    drawn.into_iter().flatten().collect()
}
