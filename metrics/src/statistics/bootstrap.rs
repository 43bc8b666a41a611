//! The stratified bootstrap: how much a number would differ with other lifetimes.

use super::{Estimate, Scores, Statistic, Weights, improvement, quantile};
use rayon::prelude::*;
use tella_rng::{Generator, SeedSequence};

/// Resamples where nothing else is asked for: rliable's default.
pub const RESAMPLES: usize = 50_000;

/// Resamples that one stream of random numbers draws. A fixed partition: the result does
/// not depend on how many threads draw.
const CHUNK: usize = 1000;

/// How intervals are made: percentile bootstrap.
///
/// A resample draws, in each stratum, as many lifetimes as it has, with replacement. The
/// draws are NumPy's: resamples `1000 k` to `1000 k + 999` come from
/// `default_rng(SeedSequence(seed, spawn_key=(k,)))`, in each resample `integers(0, n,
/// size=n)` for each stratum in order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// How many resamples.
    pub resamples: usize,
    /// What share of resamples an interval holds.
    pub confidence: f64,
    /// The seed of the draws.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self { resamples: RESAMPLES, confidence: 0.95, seed: 0 }
    }
}

impl Bootstrap {
    /// Estimates of several statistics from the same resamples, in their order.
    pub fn estimates(&self, scores: &Scores, statistics: &[Statistic]) -> Vec<Estimate> {
        let replicates = match scores.lifetimes() {
            0 | 1 => vec![Vec::new(); statistics.len()],
            _ => self.replicates(scores, statistics),
        };
        let points = statistics.iter().map(|statistic| statistic.of(scores));
        let point_and_interval = points.zip(replicates);
        point_and_interval.map(|(point, drawn)| self.estimate(point, drawn)).collect()
    }

    /// The estimate of a statistic of A minus that of B, each side drawn on its own.
    pub fn difference(&self, a: &Scores, b: &Scores, statistic: Statistic) -> Estimate {
        let of = |weights: &Weights, room: &mut Vec<f64>| {
            let (own, other) = weights.split_at(a.lifetimes());
            statistic.of_drawn(a, own, room) - statistic.of_drawn(b, other, room)
        };
        let point = statistic.of(a) - statistic.of(b);
        self.estimate(point, self.of_two(a, b, of))
    }

    /// The estimate of the probability that a lifetime of A scores higher than one of B, ties
    /// counting half, averaged over strata (see [`super::probability_of_improvement`]), each
    /// side drawn on its own. Both sides have the same columns.
    pub fn improvement(&self, a: &Scores, b: &Scores) -> Estimate {
        let of = |weights: &Weights, room: &mut Vec<f64>| {
            let (own, other) = weights.split_at(a.lifetimes());
            improvement::of_drawn(a, own, b, other, room)
        };
        let point = improvement::probability_of_improvement(a, b);
        self.estimate(point, self.of_two(a, b, of))
    }

    /// The statistics of every resample: a list a statistic, in the order of the draws.
    pub fn replicates(&self, scores: &Scores, statistics: &[Statistic]) -> Vec<Vec<f64>> {
        let mut replicates = vec![Vec::with_capacity(self.resamples); statistics.len()];
        let chunks = self.draw(&scores.sizes(), |weights, room| {
            let of = |statistic: &Statistic| statistic.of_drawn(scores, weights, room);
            statistics.iter().map(of).collect::<Vec<f64>>()
        });
        for values in chunks {
            replicates.iter_mut().zip(values).for_each(|(list, value)| list.push(value));
        }
        replicates
    }

    /// A function of every resample of two sides.
    fn of_two(
        &self,
        a: &Scores,
        b: &Scores,
        of: impl Fn(&Weights, &mut Vec<f64>) -> f64 + Sync,
    ) -> Vec<f64> {
        if a.lifetimes() < 2 || b.lifetimes() < 2 {
            return Vec::new();
        }
        self.draw(&[a.sizes(), b.sizes()].concat(), of)
    }

    /// A function of how often each lifetime was drawn, of every resample in order.
    pub(super) fn draw<T: Send>(
        &self,
        sizes: &[usize],
        of: impl Fn(&Weights, &mut Vec<f64>) -> T + Sync,
    ) -> Vec<T> {
        let chunks = self.resamples.div_ceil(CHUNK);
        let lifetimes = sizes.iter().sum();
        let chunk = |k: usize| {
            let seeds = SeedSequence::with_spawn_key(self.seed, &[k as u32]);
            let mut rng = Generator::from_seed_sequence(&seeds);
            let (mut weights, mut room) = (vec![0; lifetimes], Vec::new());
            let resamples = CHUNK.min(self.resamples - k * CHUNK);
            let mut values = Vec::with_capacity(resamples);
            for _ in 0..resamples {
                weights.fill(0);
                let mut first = 0;
                for size in sizes {
                    let own = &mut weights[first..first + size];
                    for _ in 0..*size {
                        own[rng.integers(0, *size as i64) as usize] += 1;
                    }
                    first += size;
                }
                values.push(of(&weights, &mut room));
            }
            values
        };
        (0..chunks).into_par_iter().map(chunk).collect::<Vec<_>>().into_iter().flatten().collect()
    }

    /// A point estimate with the interval of its replicates, where there are any.
    pub(super) fn estimate(&self, point: f64, mut replicates: Vec<f64>) -> Estimate {
        replicates.sort_by(f64::total_cmp);
        let tail = (1.0 - self.confidence) / 2.0;
        let interval = (!replicates.is_empty())
            .then(|| (quantile(&replicates, tail), quantile(&replicates, 1.0 - tail)));
        Estimate { point, interval }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Stratum;
    use super::*;

    const FEW: Bootstrap = Bootstrap { resamples: 2500, confidence: 0.95, seed: 7 };

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let scores = Scores::of_lifetimes((0..20).map(|i| f64::from(i * i % 7)));
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        let three = rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap();
        let draw = || FEW.replicates(&scores, &[Statistic::Iqm]);
        assert_eq!(one.install(draw), three.install(draw));
        assert_eq!(draw()[0].len(), 2500);
    }

    /// Strata keep their sizes: scores that are constant within strata never vary.
    #[test]
    fn lifetimes_are_drawn_within_their_stratum() {
        let strata = [Stratum::of_lifetimes([1.0; 3]), Stratum::of_lifetimes([5.0; 2])];
        let scores = Scores::new(strata);
        let estimates = FEW.estimates(&scores, &[Statistic::Mean, Statistic::Iqm]);
        assert_eq!(estimates[0], Estimate { point: 3.0, interval: Some((3.0, 3.0)) });
        assert_eq!(estimates[1].interval, Some((7.0 / 3.0, 7.0 / 3.0)));
    }

    /// Rows are drawn whole: two columns that add up to a constant in every lifetime have a
    /// mean that never varies. Drawn one by one it would.
    #[test]
    fn a_lifetime_is_drawn_with_all_its_tasks() {
        let rows = (0..6).map(|i| vec![f64::from(i), 10.0 - f64::from(i)]);
        let scores = Scores::new([Stratum::of_rows(rows)]);
        let estimate = FEW.estimates(&scores, &[Statistic::Mean])[0].clone();
        let (low, high) = estimate.interval.unwrap();
        assert!((low - 5.0).abs() < 1e-12 && (high - 5.0).abs() < 1e-12);
    }

    #[test]
    fn one_lifetime_has_no_interval() {
        let estimate = &FEW.estimates(&Scores::of_lifetimes([3.0]), &[Statistic::Mean])[0];
        assert_eq!(*estimate, Estimate { point: 3.0, interval: None });
        let two = Scores::of_lifetimes([1.0, 2.0]);
        assert_eq!(
            FEW.difference(&two, &Scores::of_lifetimes([3.0]), Statistic::Mean).interval,
            None
        );
    }

    /// By the central limit theorem: the mean of 400 scores with variance s^2 has an interval
    /// of 1.96 s / 20 on each side, to within a few percent with 2,500 resamples.
    #[test]
    fn intervals_of_means_are_those_of_the_normal_distribution() {
        let scores: Vec<f64> = (0..400).map(|i| f64::from(i % 20)).collect();
        let half = 1.96 * (399.0f64 / 12.0).sqrt() / 20.0;
        let estimate = &FEW.estimates(&Scores::of_lifetimes(scores), &[Statistic::Mean])[0];
        let (low, high) = estimate.interval.unwrap();
        assert!(((high - low) / 2.0 / half - 1.0).abs() < 0.1, "{low} {high} {half}");
    }
}
