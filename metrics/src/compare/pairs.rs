//! Pairs: lifetimes of both sides that met the same curriculum.

use crate::cohort::{Cohort, Sample};
use crate::definition::mean;

/// Why a lifetime with a value does not count in a comparison by pairs.
pub(super) const ALONE: &str = "no lifetime of the other side with its curriculum seed has a value";

/// How lifetimes are paired.
#[derive(Clone, Debug, PartialEq)]
pub enum Pairing {
    /// In pairs of equal curriculum and curriculum seed.
    Paired(Vec<Pair>),
    /// Not, and why.
    Unpaired(String),
}

/// The members of each side that met the same curriculum: one each as a rule. Where a
/// side has several (other agent seeds), their mean stands for them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pair {
    /// The members of both sides.
    pub members: [Vec<usize>; 2],
}

/// What tells curricula apart: name, text, seed.
type Key<'a> = (&'a str, &'a str, u64);

impl Pairing {
    /// Pairs two cohorts. They are compared in pairs where at least two curriculum seeds
    /// match and one of the sides has no others; what is left over on the other side is
    /// then left out, and told.
    pub(super) fn of(a: &Cohort, b: &Cohort) -> Self {
        let (Some(a), Some(b)) = (keys(a), keys(b)) else {
            return Self::Unpaired("curriculum seeds are not known".to_owned());
        };
        let mut all: Vec<(Key, Pair)> = Vec::new();
        for (side, keys) in [a, b].into_iter().enumerate() {
            for (member, key) in keys.into_iter().enumerate() {
                let at = all.iter().position(|(k, _)| *k == key).unwrap_or_else(|| {
                    all.push((key, Pair::default()));
                    all.len() - 1
                });
                all[at].1.members[side].push(member);
            }
        }
        let has = |pair: &Pair, side: usize| !pair.members[side].is_empty();
        let count = |of: &dyn Fn(&Pair) -> bool| all.iter().filter(|(_, pair)| of(pair)).count();
        let matched = count(&|pair| has(pair, 0) && has(pair, 1));
        let fewer = count(&|pair| has(pair, 0)).min(count(&|pair| has(pair, 1)));
        if matched < 2 || matched < fewer {
            let why = format!("{matched} of {fewer} curriculum seeds match");
            return Self::Unpaired(why);
        }
        Self::Paired(all.into_iter().map(|(_, pair)| pair).collect())
    }

    /// The number of pairs that both sides have lifetimes for.
    pub fn pairs(&self) -> Option<usize> {
        match self {
            Self::Paired(pairs) => {
                Some(pairs.iter().filter(|pair| pair.members.iter().all(|m| !m.is_empty())).count())
            }
            Self::Unpaired(_) => None,
        }
    }
}

/// The key of each member; `None` where one is not known.
fn keys(cohort: &Cohort) -> Option<Vec<Key<'_>>> {
    cohort
        .members
        .iter()
        .map(|member| {
            let seed = member.curriculum_seed?;
            Some((member.curriculum.as_str(), member.curriculum_text.as_str(), seed))
        })
        .collect()
}

/// The differences of pairs, and the members whose pair has a value on their side only.
pub(super) struct Differences {
    pub(super) values: Vec<f64>,
    pub(super) alone: [Vec<usize>; 2],
}

/// A minus B for each pair with values on both sides.
pub(super) fn differences(pairs: &[Pair], samples: &[Sample; 2]) -> Differences {
    let mut differences = Differences { values: Vec::new(), alone: [Vec::new(), Vec::new()] };
    for pair in pairs {
        let of_side = |side: usize| -> Vec<(usize, f64)> {
            let values = samples[side].values.iter();
            let own = values.filter(|(member, _, _)| pair.members[side].contains(member));
            own.map(|(member, _, value)| (*member, *value)).collect()
        };
        let sides = [of_side(0), of_side(1)];
        let means = sides
            .each_ref()
            .map(|values| mean(&values.iter().map(|(_, value)| *value).collect::<Vec<_>>()));
        match means {
            // Values at the ends of floating point have a difference beyond it.
            [Some(a), Some(b)] => differences.values.push((a - b).clamp(f64::MIN, f64::MAX)),
            _ => {
                for (alone, side) in differences.alone.iter_mut().zip(sides) {
                    alone.extend(side.into_iter().map(|(member, _)| member));
                }
            }
        }
    }
    differences
}
