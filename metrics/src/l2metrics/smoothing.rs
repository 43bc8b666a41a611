//! Smoothing of a learning curve by a window, with the ends reflected.

use super::cosine::cos;
use super::dot::convolve;
use super::numpy;
use super::settings::Smoothing;
use rayon::prelude::*;
use std::borrow::Cow;
use std::f64::consts::PI;

/// The longest window where none is given.
const LONGEST: usize = 100;

/// The rows that are smoothed by one thread at a time.
const PART: usize = 1 << 12;

/// The curve convolved with a window that adds up to one; as long as the curve.
///
/// A window shorter than three leaves the curve as it is. One that is longer than the
/// curve is replaced by the default, a fifth of the curve, rather than cut.
pub(crate) fn smooth(
    curve: &[f64],
    window_length: Option<usize>,
    method: Smoothing,
) -> Cow<'_, [f64]> {
    let fallback = ((curve.len() as f64 * 0.2) as usize).min(LONGEST);
    let length = window_length.filter(|w| *w <= curve.len()).unwrap_or(fallback);
    let Some(weights) = (length >= 3).then(|| window(length, method)).flatten() else {
        return Cow::Borrowed(curve);
    };
    let total = numpy::sum(&weights);
    // A convolution runs through its kernel backwards.
    let kernel: Vec<f64> = weights.iter().rev().map(|w| w / total).collect();
    let reach = length - 1;
    let mut signal = Vec::with_capacity(curve.len() + 2 * reach);
    signal.extend(curve[1..=reach].iter().rev());
    signal.extend(curve);
    signal.extend(curve[curve.len() - length..curve.len() - 1].iter().rev());
    // Of the windows that fit, as many as there are rows are kept, from this one on. It puts
    // row i at a window from i - ceil(length / 2) on: an odd window is not centred on its
    // row but lies one row early. So the reference has it.
    let first = length / 2 - 1;
    let mut smoothed = vec![0.0; curve.len()];
    smoothed.par_chunks_mut(PART).enumerate().for_each(|(n, part)| {
        let from = first + n * PART;
        convolve(&kernel, &signal[from..from + part.len() + reach], part);
    });
    Cow::Owned(smoothed)
}

/// The highest point of the smoothed curve and where it is first reached. The curve is
/// smoothed here although it was in preprocessing, and even where `smoothing_method` is
/// `none`.
pub(crate) fn saturation(curve: &[f64]) -> (f64, usize) {
    let smoothed = smooth(curve, None, Smoothing::Flat);
    let highest = smoothed.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let at = smoothed.iter().position(|v| *v == highest).unwrap_or(0);
    (highest, at)
}

/// The window's weights before scaling, as NumPy defines them; `None` for no smoothing.
fn window(length: usize, method: Smoothing) -> Option<Vec<f64>> {
    let span = (length - 1) as f64;
    // Odd numbers from -span to span: NumPy's parametrisation, symmetric about zero.
    let points = (0..length).map(|i| 2.0 * i as f64 - span);
    Some(match method {
        Smoothing::Flat => vec![1.0; length],
        Smoothing::Hanning => points.map(|n| 0.5 + 0.5 * cos(PI * n / span)).collect(),
        Smoothing::Hamming => points.map(|n| 0.54 + 0.46 * cos(PI * n / span)).collect(),
        Smoothing::Bartlett => {
            points.map(|n| if n <= 0.0 { 1.0 + n / span } else { 1.0 - n / span }).collect()
        }
        Smoothing::Blackman => points
            .map(|n| 0.42 + 0.5 * cos(PI * n / span) + 0.08 * cos(2.0 * PI * n / span))
            .collect(),
        Smoothing::None => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition: the mean of the rows around, the curve mirrored at its ends.
    #[test]
    fn a_flat_window_is_a_moving_average_over_the_mirrored_curve() {
        for (rows, length) in [(9, 3), (9, 4), (20, 5), (20, 20), (30, 13), (40, 32)] {
            let curve: Vec<f64> = (0..rows).map(|i| (i as f64 * 0.9).sin() * 10.0).collect();
            let mirrored = |i: isize| {
                let last = rows as isize - 1;
                let i = if i < 0 { -i } else { i };
                curve[(if i > last { 2 * last - i } else { i }) as usize]
            };
            let smoothed = smooth(&curve, Some(length), Smoothing::Flat);
            assert_eq!(smoothed.len(), rows);
            let before = length as isize - length as isize / 2;
            for (at, value) in smoothed.iter().enumerate() {
                let around = (0..length as isize).map(|k| mirrored(at as isize - before + k));
                let mean = around.sum::<f64>() / length as f64;
                assert!((value - mean).abs() < 1e-12, "{rows} {length} {at}");
            }
        }
    }

    #[test]
    fn short_curves_and_windows_are_left_alone() {
        assert!(matches!(smooth(&[1.0; 14], None, Smoothing::Flat), Cow::Borrowed(_)));
        assert!(matches!(smooth(&[1.0; 14], Some(2), Smoothing::Flat), Cow::Borrowed(_)));
        assert!(matches!(smooth(&[1.0; 400], None, Smoothing::None), Cow::Borrowed(_)));
        assert!(matches!(smooth(&[1.0], None, Smoothing::Flat), Cow::Borrowed(_)));
    }

    /// Windows computed with NumPy's functions of the same names, length 5.
    #[test]
    fn windows_are_numpys() {
        let check = |method, expected: [f64; 5]| {
            for (w, e) in window(5, method).unwrap().iter().zip(expected) {
                assert!((w - e).abs() < 1e-15, "{method:?}");
            }
        };
        check(Smoothing::Hanning, [0.0, 0.5, 1.0, 0.5, 0.0]);
        check(Smoothing::Hamming, [0.08, 0.54, 1.0, 0.54, 0.08]);
        check(Smoothing::Bartlett, [0.0, 0.5, 1.0, 0.5, 0.0]);
        check(Smoothing::Blackman, [0.0, 0.34, 1.0, 0.34, 0.0]);
    }
}
