//! The smallest p-value that so few lifetimes can attain.
//!
//! A bootstrap interval of two or three values is too narrow to hold what it should: with two
//! values its 95% are their range, which holds the mean of what they are drawn from half of the
//! time. What does not depend on how values are distributed is in how many ways lifetimes can be
//! given to the sides. Were the sides alike, every way would be as likely, and the most one-sided
//! one (of two, since either side may be the better) has a share of all that no exact test can go
//! below.

/// The smallest two-sided p of pairs: each pair's sign is as likely one as the other.
pub fn of_pairs(pairs: usize) -> f64 {
    (2.0 * 0.5f64.powi(i32::try_from(pairs).unwrap_or(i32::MAX))).min(1.0)
}

/// The smallest two-sided p of two sides: all ways to choose which lifetimes are those of one side
/// are as likely.
pub fn of_sides(a: usize, b: usize) -> f64 {
    let (few, all) = (a.min(b), a + b);
    let ways: f64 = (0..few).map(|n| (all - n) as f64 / (few - n) as f64).product();
    (2.0 / ways).min(1.0)
}

/// Whether a smallest p reaches a level, which is 1 less a confidence and so rounded.
pub fn reaches(smallest: f64, level: f64) -> bool {
    smallest <= level + 1e-12
}

/// The fewest pairs, or lifetimes on each of two sides, of which the smallest p is `level` or less.
pub fn fewest(level: f64, smallest: impl Fn(usize) -> f64) -> usize {
    // Halving p with each lifetime at least, it is below every level a float can have.
    (1..2000).find(|n| reaches(smallest(*n), level)).unwrap_or(2000)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By counting: of `2^n` signs two are alike, of the ways to choose two sides two are ordered.
    #[test]
    fn as_counted() {
        assert_eq!([0, 1, 2, 5, 6].map(of_pairs), [1.0, 1.0, 0.5, 0.0625, 0.03125]);
        let ways = |a: usize, b: usize| {
            (0u32..1 << (a + b)).filter(|chosen| chosen.count_ones() as usize == a).count() as f64
        };
        for (a, b) in [(1, 1), (2, 2), (2, 8), (3, 5), (4, 4), (7, 3)] {
            let counted = (2.0 / ways(a, b)).min(1.0);
            assert!((of_sides(a, b) - counted).abs() < 1e-12, "{a} and {b}");
        }
    }

    #[test]
    fn the_fewest_for_the_usual_levels() {
        let sides = |n| of_sides(n, n);
        assert_eq!([0.1, 0.05, 0.01].map(|level| fewest(level, of_pairs)), [5, 6, 8]);
        assert_eq!([0.1, 0.05, 0.01].map(|level| fewest(level, sides)), [3, 4, 5]);
    }
}
