//! Parts: long curves are cut into equal parts, each drawn as its mean, so that a figure is
//! no larger for a longer log.

/// Points of a curve at most.
pub(super) const POINTS: usize = 150;

/// The experiences of each part, where `length` of them are cut into parts.
pub(super) fn part(at: usize, length: usize) -> std::ops::Range<usize> {
    let parts = length.min(POINTS);
    at * length / parts..(at + 1) * length / parts
}

/// The middle of a part.
pub(super) fn middle(at: usize, length: usize) -> f64 {
    let rows = part(at, length);
    (rows.start + rows.end) as f64 / 2.0
}

/// The means over the parts of a curve: `length` experiences, cut into at most [`POINTS`];
/// NaN beyond its end.
pub(super) fn in_parts(curve: &[f64], length: usize) -> Vec<f64> {
    let of_part = |at| {
        let rows = part(at, length);
        let own = &curve[rows.start.min(curve.len())..rows.end.min(curve.len())];
        match own.is_empty() {
            true => f64::NAN,
            false => own.iter().sum::<f64>() / own.len() as f64,
        }
    };
    (0..length.min(POINTS)).map(of_part).collect()
}

/// Of places in the order of a lifetime the lowest and the highest in each column of the width
/// of a pixel: all that would be seen of a row of dots on a line, were all of them drawn.
pub(super) fn lowest_and_highest(places: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut kept = Vec::new();
    for column in places.chunk_by(|a, b| a.0.floor() == b.0.floor()) {
        let finite = || column.iter().filter(|place| place.1.is_finite());
        let low = finite().min_by(|a, b| a.1.total_cmp(&b.1));
        let high = finite().max_by(|a, b| a.1.total_cmp(&b.1));
        kept.extend(low);
        kept.extend(high.filter(|high| Some(high) != low.as_ref()));
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_means_of_all_experiences_once() {
        let curve: Vec<f64> = (0..1000).map(f64::from).collect();
        let parts = in_parts(&curve, 1000);
        assert_eq!(parts.len(), POINTS);
        let rows: usize = (0..POINTS).map(|at| part(at, 1000).len()).sum();
        assert_eq!(rows, 1000);
        // By hand: 1000 / 150, the first part has 6 rows.
        assert_eq!(parts[0], 2.5);
        assert_eq!(in_parts(&[1.0, 2.0], 4)[..2], [1.0, 2.0]);
        assert!(in_parts(&[1.0, 2.0], 4)[2].is_nan());
    }

    #[test]
    fn the_lowest_and_the_highest_of_a_column_are_kept() {
        let places = [(0.1, 5.0), (0.5, 1.0), (0.9, 3.0), (1.2, 2.0), (1.3, f64::NAN)];
        assert_eq!(lowest_and_highest(&places), [(0.5, 1.0), (0.1, 5.0), (1.2, 2.0)]);
    }
}
