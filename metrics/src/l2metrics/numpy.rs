//! Sums, means, medians and quantiles, rounded as NumPy 1.23 and pandas 1.5 round them.

/// Terms that NumPy adds up in one go before it splits in halves.
const PAIRWISE_BLOCK: usize = 128;

/// The sum, added pairwise: halves down to 128 terms, eight running sums inside.
/// (NumPy documents the method at `numpy.sum`; the sizes were confirmed bit by bit.)
pub(crate) fn sum(values: &[f64]) -> f64 {
    if values.len() < 8 {
        return values.iter().fold(0.0, |sum, v| sum + v);
    }
    if values.len() > PAIRWISE_BLOCK {
        let half = values.len() / 2 / 8 * 8;
        return sum(&values[..half]) + sum(&values[half..]);
    }
    let (first, rest) = values.split_at(8);
    let mut r: [f64; 8] = first.try_into().expect("eight values");
    let chunks = rest.chunks_exact(8);
    let tail = chunks.remainder();
    for chunk in chunks {
        for (lane, v) in r.iter_mut().zip(chunk) {
            *lane += v;
        }
    }
    let sum = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]));
    tail.iter().fold(sum, |sum, v| sum + v)
}

/// `numpy.mean`; NaN of nothing.
pub(crate) fn mean(values: &[f64]) -> f64 {
    sum(values) / values.len() as f64
}

/// `numpy.nanmean`; NaN where every value is.
pub(crate) fn nanmean(values: &[f64]) -> f64 {
    let zeroed: Vec<f64> = values.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).collect();
    sum(&zeroed) / values.iter().filter(|v| !v.is_nan()).count() as f64
}

/// `numpy.median`; NaN of nothing.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[middle],
        _ => (sorted[middle - 1] + sorted[middle]) / 2.0,
    }
}

/// `numpy.quantile` with linear interpolation, of values sorted ascending, at least one.
pub(crate) fn quantile(sorted: &[f64], q: f64) -> f64 {
    let position = q * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let (a, b, t) = (sorted[below], sorted[above], position - position.floor());
    // NumPy starts from the nearer end so that the result is monotonic in `q`.
    if t < 0.5 { a + (b - a) * t } else { b - (b - a) * (1.0 - t) }
}

/// The mean as pandas takes it in `groupby`: compensated (Kahan) summation.
pub(crate) fn group_mean(values: &[f64]) -> f64 {
    let (mut sum, mut compensation) = (0.0, 0.0);
    for v in values {
        let y = v - compensation;
        let t = sum + y;
        compensation = t - sum - y;
        sum = t;
    }
    sum / values.len() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with `numpy.quantile([1, 2, 4, 8], [0.1, 0.9])`.
    #[test]
    fn quantiles_interpolate() {
        let values = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(quantile(&values, 0.1), 1.3);
        assert_eq!(quantile(&values, 0.9), 6.800000000000001);
        assert_eq!(quantile(&[3.0], 0.9), 3.0);
    }

    #[test]
    fn medians_of_odd_and_even_counts() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert!(median(&[]).is_nan());
    }

    /// A long sum of tenths: pairwise addition keeps it within two units in the last place.
    #[test]
    fn long_sums_stay_accurate() {
        let tenths = vec![0.1; 100_000];
        assert!((sum(&tenths) - 10_000.0).abs() < 4e-12);
        assert_eq!(sum(&tenths[..3]), 0.1 + 0.1 + 0.1);
    }
}
