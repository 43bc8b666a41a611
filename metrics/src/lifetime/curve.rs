//! Learning curves: smoothing, means, trends.

use std::ops::Range;

/// The longest window, in rows.
const LONGEST: usize = 100;

/// Values closer than this to a level, on a scale of 0 to 1, have reached it: a curve that
/// saturates must not miss its own level by a rounding.
pub(crate) const REACHED: f64 = 1e-9;

/// Smooths each stretch of a curve with a centred moving average over a fifth of its
/// rows, at most 100, an odd number of them. At the ends, where rows are missing, the
/// window is cut on both sides alike, so that a row is never averaged with a future that
/// is longer than its past.
pub(crate) fn smoothed(raw: &[f64], stretches: impl Iterator<Item = Range<usize>>) -> Vec<f64> {
    let mut smooth = raw.to_vec();
    for rows in stretches {
        let curve = &raw[rows.clone()];
        let reach = (curve.len() / 5).min(LONGEST).saturating_sub(1) / 2;
        for (at, value) in smooth[rows].iter_mut().enumerate() {
            let reach = reach.min(at).min(curve.len() - 1 - at);
            *value = mean(&curve[at - reach..=at + reach]);
        }
    }
    smooth
}

/// The mean; exact where all values are equal. NaN of nothing.
pub(crate) fn mean(values: &[f64]) -> f64 {
    let Some(first) = values.first() else { return f64::NAN };
    first + values.iter().map(|value| value - first).sum::<f64>() / values.len() as f64
}

/// The number of rows in a tenth of `rows`, one at least.
fn tenth(rows: usize) -> usize {
    rows.div_ceil(10)
}

/// The mean of the first tenth.
pub(crate) fn beginning(curve: &[f64]) -> f64 {
    mean(&curve[..tenth(curve.len())])
}

/// The mean of the last tenth.
pub(crate) fn ending(curve: &[f64]) -> f64 {
    mean(&curve[curve.len() - tenth(curve.len())..])
}

/// The first row at which a curve reaches a level; the curve's length where it does not.
pub(crate) fn reaches(curve: &[f64], level: f64) -> usize {
    curve.iter().position(|value| *value >= level - REACHED).unwrap_or(curve.len())
}

/// The median of the slopes between all pairs of the points (0, y0), (1, y1), ... (Theil
/// 1950, Sen 1968); `None` of fewer than two points.
pub(crate) fn trend(y: &[f64]) -> Option<f64> {
    let mut slopes = Vec::new();
    for (i, from) in y.iter().enumerate() {
        slopes.extend(y[i + 1..].iter().zip(1u32..).map(|(to, n)| (to - from) / f64::from(n)));
    }
    slopes.sort_by(f64::total_cmp);
    let middle = slopes.len() / 2;
    match slopes.len() {
        0 => None,
        n if n % 2 == 1 => Some(slopes[middle]),
        _ => Some(f64::midpoint(slopes[middle - 1], slopes[middle])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// By hand: 20 rows have a window of 3, cut to 1 at both ends.
    #[test]
    fn windows_are_centred_and_cut_at_the_ends() {
        let raw: Vec<f64> = (0..20).map(|i| f64::from(i * i)).collect();
        let smooth = smoothed(&raw, std::iter::once(0..20));
        assert_eq!(smooth[0], 0.0);
        assert_eq!(smooth[19], 361.0);
        assert!((smooth[5] - (16.0 + 25.0 + 36.0) / 3.0).abs() < 1e-12);
    }

    /// By hand; `scipy.stats.theilslopes` says the same of the last two.
    #[test]
    fn trends() {
        assert_eq!(trend(&[1.0]), None);
        assert_eq!(trend(&[3.0, 1.0]), Some(-2.0));
        assert_eq!(trend(&[5.0, 3.0, 4.0, 0.0]), Some(-1.5833333333333335));
    }

    #[test]
    fn tenths_have_a_row_at_least() {
        assert_eq!((beginning(&[3.0]), ending(&[3.0])), (3.0, 3.0));
        let curve: Vec<f64> = (0..20).map(f64::from).collect();
        assert_eq!((beginning(&curve), ending(&curve)), (0.5, 18.5));
        assert_eq!((reaches(&curve, 7.0), reaches(&curve, 20.0)), (7, 20));
    }

    proptest! {
        /// A line is its own smoothing, and constants stay what they are to the bit.
        #[test]
        fn lines_stay_lines(n in 1usize..400, a in -1e3..1e3f64, b in -10.0..10.0f64) {
            let line: Vec<f64> = (0..n).map(|i| a + b * i as f64).collect();
            for (smooth, raw) in smoothed(&line, std::iter::once(0..n)).iter().zip(&line) {
                prop_assert!((smooth - raw).abs() < 1e-9);
            }
            let constant = vec![a; n];
            prop_assert_eq!(smoothed(&constant, std::iter::once(0..n)), constant);
        }
    }
}
