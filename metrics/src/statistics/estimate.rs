//! An estimate, and what to say of too few lifetimes.

use serde::Serialize;

/// A number with its interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The number itself, of the lifetimes there are.
    pub point: f64,
    /// The interval; `None` of fewer than two lifetimes.
    pub interval: Option<(f64, f64)>,
}

impl Estimate {
    /// The interval lies wholly above a number.
    pub fn is_above(&self, number: f64) -> bool {
        self.interval.is_some_and(|(low, _)| low > number)
    }

    /// The interval lies wholly below a number.
    pub fn is_below(&self, number: f64) -> bool {
        self.interval.is_some_and(|(_, high)| high < number)
    }
}

/// Fewer lifetimes than this make intervals that are clearly too narrow. Of 4,000 samples of
/// normal scores, the 95% percentile interval of the mean held the true mean in 50% of
/// those with 2 lifetimes, 75% with 3, 84% with 5, 90% with 10, 93% with 20.
pub const FEW_LIFETIMES: usize = 10;

/// What a reader must know about an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Caution {
    /// There is no lifetime with a value.
    None,
    /// There is one: nothing says how much others would differ.
    One,
    /// There are few.
    Few(usize),
}

/// What is to be said of so many lifetimes; nothing of enough.
pub fn caution(lifetimes: usize) -> Option<Caution> {
    match lifetimes {
        0 => Some(Caution::None),
        1 => Some(Caution::One),
        n if n < FEW_LIFETIMES => Some(Caution::Few(n)),
        _ => None,
    }
}

impl std::fmt::Display for Caution {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::None => write!(f, "no lifetime has a value"),
            Self::One => write!(
                f,
                "one lifetime says nothing about others, so there is no interval; \
                 {FEW_LIFETIMES} or more are advised"
            ),
            Self::Few(n) => write!(
                f,
                "{n} lifetimes are few: intervals are too narrow; {FEW_LIFETIMES} or more are \
                 advised"
            ),
        }
    }
}
