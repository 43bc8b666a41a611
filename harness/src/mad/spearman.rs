//! Spearman's rank correlation: the correlation of ranks, equal values sharing the mean of theirs.

/// Of two lists of one length; nothing of fewer than three pairs, or where one list does not vary.
pub(super) fn correlation(a: &[f64], b: &[f64]) -> Option<f64> {
    if a.len() < 3 || a.len() != b.len() {
        return None;
    }
    let (a, b) = (ranks(a), ranks(b));
    let mean = (a.len() as f64 + 1.0) / 2.0;
    let product = |a: &[f64], b: &[f64]| -> f64 {
        a.iter().zip(b).map(|(a, b)| (a - mean) * (b - mean)).sum()
    };
    let deviations = (product(&a, &a) * product(&b, &b)).sqrt();
    (deviations > 0.0).then(|| product(&a, &b) / deviations)
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let rank = |value: &f64| {
        let below = values.iter().filter(|other| *other < value).count();
        let equal = values.iter().filter(|other| *other == value).count();
        below as f64 + (equal as f64 + 1.0) / 2.0
    };
    values.iter().map(rank).collect()
}

#[cfg(test)]
mod tests {
    use super::correlation;

    /// `scipy.stats.spearmanr` gives the same.
    #[test]
    fn ranks_correlate() {
        assert_eq!(correlation(&[1.0, 2.0, 3.0], &[10.0, 20.0, 300.0]), Some(1.0));
        assert_eq!(correlation(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]), Some(-1.0));
        let found = correlation(&[1.0, 2.0, 2.0, 4.0], &[1.0, 3.0, 2.0, 4.0]).unwrap();
        assert!((found - 0.948_683_298_050_513_8).abs() < 1e-12, "{found}");
        assert_eq!(correlation(&[1.0, 2.0], &[1.0, 2.0]), None);
        assert_eq!(correlation(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]), None);
    }
}
