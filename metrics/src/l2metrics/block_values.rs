//! The values of a single regime: saturation, terminal and average performance.

use super::numpy;
use super::regimes::Regime;
use super::smoothing::saturation;
use std::borrow::Cow;
use tella_events::{BlockType, Numbers};

/// The share of a learning regime that counts as its end.
const TERMINAL_SHARE: f64 = 0.1;

/// The values of a regime.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BlockValues {
    /// The highest point of the curve, smoothed once more.
    pub(crate) saturation: f64,
    /// Where the curve first reaches it.
    pub(crate) exp_to_sat: usize,
    /// The mean of the last tenth of a learning regime, of all of an evaluation.
    pub(crate) term_perf: f64,
    /// The middle of what `term_perf` is the mean of.
    pub(crate) exp_to_term_perf: usize,
    /// The mean of all rows.
    pub(crate) avg_perf: f64,
}

/// Computes the values of a regime from its rows, at least one.
pub(crate) fn block_values(regime: &Regime, exp_num: &Numbers, perf: &[f64]) -> BlockValues {
    let rows = &perf[regime.rows.clone()];
    let curve = curve(regime, exp_num, perf);
    let (saturation, exp_to_sat) = saturation(&curve);
    let share = match regime.key.block_type {
        BlockType::Train => TERMINAL_SHARE,
        BlockType::Test => 1.0,
    };
    // The terms are kept as the reference writes them: 1 - 0.1 / 2 is 0.95, which its own
    // documentation calls 90%, and the products are cut, not rounded.
    let from = ((1.0 - share) * curve.len() as f64) as usize;
    BlockValues {
        saturation,
        exp_to_sat,
        term_perf: numpy::mean(&curve[from..]),
        exp_to_term_perf: ((1.0 - share / 2.0) * curve.len() as f64) as usize,
        avg_perf: numpy::mean(rows),
    }
}

/// The performance of each experience: rows that share a number (workers that counted
/// alike) are one point, their mean.
pub(crate) fn curve<'a>(regime: &Regime, exp_num: &Numbers, perf: &'a [f64]) -> Cow<'a, [f64]> {
    let rows = regime.rows.clone();
    // Numbers that count are all different, as they are as a rule.
    if exp_num.run(rows.start).1.end >= rows.end {
        return Cow::Borrowed(&perf[rows]);
    }
    let numbers: Vec<u64> = rows.clone().filter_map(|row| exp_num.get(row)).collect();
    points(&numbers, &perf[rows])
}

/// As [`curve`], of any rows in order.
pub(crate) fn points<'a>(numbers: &[u64], rows: &'a [f64]) -> Cow<'a, [f64]> {
    if numbers.windows(2).all(|pair| pair[0] != pair[1]) {
        return Cow::Borrowed(rows);
    }
    let mut points = Vec::new();
    let mut from = 0;
    for same in numbers.chunk_by(|a, b| a == b) {
        points.push(numpy::group_mean(&rows[from..from + same.len()]));
        from += same.len();
    }
    Cow::Owned(points)
}
