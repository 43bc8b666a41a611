//! Scales: numbers to places on paper, and round ticks with their labels.

use tella_metrics::told::{exponent, fixed};

/// The part of a step that a scale may reach beyond a round number.
const LITTLE: f64 = 0.05;

/// A linear scale from numbers to places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The numbers that lie at both ends.
    pub domain: (f64, f64),
    /// The places of both ends.
    pub range: (f64, f64),
}

impl Scale {
    /// A scale that holds `domain`, a little widened where it is a single number.
    pub fn new(domain: (f64, f64), range: (f64, f64)) -> Self {
        let (low, high) = domain;
        let wide = high - low;
        let domain = match wide.is_finite() && wide > 1e-12 * low.abs().max(high.abs()) {
            true => domain,
            false if low.is_finite() => {
                let room = low.abs().max(1.0) * 0.5;
                (low - room, low + room)
            }
            false => (0.0, 1.0),
        };
        Self { domain, range }
    }

    /// A scale whose ends are the round numbers around `domain`.
    pub fn round(domain: (f64, f64), range: (f64, f64), about: usize) -> Self {
        let mut scale = Self::new(domain, range);
        let step = step(scale.domain, about);
        let (low, high) = scale.domain;
        // What reaches a little beyond a round number does not need another step.
        let (first, last) = ((low / step + LITTLE).floor(), (high / step - LITTLE).ceil());
        scale.domain = ((first * step).min(low), (last * step).max(high));
        scale
    }

    /// The place of a number.
    pub fn at(&self, value: f64) -> f64 {
        let (low, high) = self.domain;
        let share = (value - low) / (high - low);
        self.range.0 + share * (self.range.1 - self.range.0)
    }

    /// The number at a place.
    pub fn invert(&self, place: f64) -> f64 {
        let share = (place - self.range.0) / (self.range.1 - self.range.0);
        self.domain.0 + share * (self.domain.1 - self.domain.0)
    }
}

/// Round numbers within a domain, about so many of them, each with its label.
pub fn ticks(domain: (f64, f64), about: usize) -> Vec<(f64, String)> {
    let step = step(domain, about);
    let (first, last) = ((domain.0 / step - 1e-9).ceil(), (domain.1 / step + 1e-9).floor());
    // A domain is finite, and a step a sensible part of it.
    let count = (last - first).clamp(0.0, 50.0) as usize;
    // An axis that reaches millions is told in millions.
    let largest = domain.0.abs().max(domain.1.abs());
    let (unit, letter) = if largest >= 1e6 { (1e6, " M") } else { (1.0, "") };
    let places = (-(step / unit).log10().floor()).max(0.0) as usize;
    let uneven = (step / unit * 10f64.powi(places as i32)).fract() > 1e-6;
    let label = |value: f64| match largest {
        _ if value == 0.0 => "0".to_owned(),
        0.0..1e15 if step >= 1e-5 => {
            let text = fixed(value / unit, places + usize::from(uneven));
            (text + letter).replace('-', "−")
        }
        _ => exponent(value, 1).replace('-', "−"),
    };
    (0..=count).map(|n| (first + n as f64) * step).map(|v| (v, label(v))).collect()
}

/// The distance of round ticks: 1, 2 or 5 times a power of ten.
fn step(domain: (f64, f64), about: usize) -> f64 {
    let raw = ((domain.1 - domain.0) / about.max(1) as f64).max(f64::MIN_POSITIVE);
    let power = 10f64.powf(raw.log10().floor());
    // A little less, so that 0.02 is not above 2 hundredths by a rounding.
    let factor = raw / power * (1.0 - 1e-9);
    let round = [1.0, 2.0, 5.0].into_iter().find(|round| factor <= *round);
    power * round.unwrap_or(10.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(domain: (f64, f64), about: usize) -> Vec<String> {
        ticks(domain, about).into_iter().map(|(_, label)| label).collect()
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(labels((0.0, 1.0), 5), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels((-1.0, 1.0), 4), ["−1.0", "−0.5", "0", "0.5", "1.0"]);
        assert_eq!(labels((0.0, 18_000.0), 4), ["0", "5,000", "10,000", "15,000"]);
        assert_eq!(labels((0.03, 0.07), 2), ["0.04", "0.06"]);
        assert_eq!(labels((0.0, 1.2e6), 3), ["0", "0.5 M", "1.0 M"]);
        assert_eq!(labels((0.0, 2e-7), 2), ["0", "1.0e−7", "2.0e−7"]);
    }

    #[test]
    fn a_scale_goes_both_ways() {
        let scale = Scale::round((0.13, 0.87), (100.0, 0.0), 5);
        assert_eq!(scale.domain, (0.0, 1.0));
        assert!((scale.at(0.25) - 75.0).abs() < 1e-9);
        assert!((scale.invert(scale.at(0.4)) - 0.4).abs() < 1e-12);
        let of_one = Scale::new((3.0, 3.0), (0.0, 10.0));
        assert_eq!(of_one.at(3.0), 5.0);
        assert!(Scale::new((f64::NAN, 0.0), (0.0, 1.0)).at(0.5).is_finite());
    }
}
