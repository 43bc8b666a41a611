//! A sample of all that came, of fixed size: each is as likely to be kept as any other (Vitter 1985, algorithm R).

use serde::{Deserialize, Serialize};
use tella_rng::Generator;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::agents) struct Reservoir<T> {
    kept: Vec<T>,
    seen: u64,
}

impl<T> Default for Reservoir<T> {
    fn default() -> Self {
        Self { kept: Vec::new(), seen: 0 }
    }
}

impl<T> Reservoir<T> {
    pub(super) fn kept(&self) -> &[T] {
        &self.kept
    }

    /// Whether it can have come about with room for `capacity`.
    pub(super) fn fits(&self, capacity: usize) -> bool {
        self.kept.len() as u64 == self.seen.min(capacity as u64)
    }

    /// Keeps `item` with probability `capacity` / n if it is the n-th, in the place of one drawn. Draws one `integers` where there is
    /// no room.
    pub(super) fn offer(&mut self, rng: &mut Generator, item: T, capacity: usize) {
        self.seen += 1;
        if self.kept.len() < capacity {
            return self.kept.push(item);
        }
        let place = rng.integers(0, self.seen as i64) as usize;
        if let Some(kept) = self.kept.get_mut(place) {
            *kept = item;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How often each of 40 is among the 8 kept, in 5,000 lives: 1,000 times. The sum of squared deviations over what is expected has 39
    /// degrees of freedom but for the dependence within a life, which makes it smaller; above 73 it would be one in a thousand.
    #[test]
    fn each_is_as_likely_to_be_kept_as_any_other() {
        let mut rng = Generator::new(3);
        let mut times = [0_u32; 40];
        for _ in 0..5000 {
            let mut reservoir = Reservoir::default();
            for item in 0..40 {
                reservoir.offer(&mut rng, item, 8);
                assert!(reservoir.fits(8));
            }
            assert_eq!(reservoir.kept().len(), 8);
            reservoir.kept().iter().for_each(|item| times[*item] += 1);
        }
        let deviation: f64 = times.iter().map(|n| (f64::from(*n) - 1000.0).powi(2) / 1000.0).sum();
        assert!(deviation < 73.0, "{deviation}: {times:?}");
    }
}
