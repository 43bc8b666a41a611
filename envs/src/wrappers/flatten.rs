//! One vector of all parts, and one-hot vectors of discrete ones.

use super::observation::ObservationMap;
use crate::{
    BoxSpace, Dtype, EnvError, Lane, LaneMut, Layout, LeafLayout, LeafMut, LeafRef, Space,
};

/// Writes the parts of an observation one after the other.
pub(super) struct Flatten {
    parts: Vec<Part>,
}

/// How a leaf is written.
enum Part {
    /// Its elements as they are.
    Numbers,
    /// For each element a vector as long as it has values, 1 in the place of its value;
    /// the least value and the number of values of each element.
    OneHot(Vec<(i64, i64)>),
}

/// Flattens any observation but text; `float64` only where `float32` could not hold a part.
pub(super) fn plan(space: &Space) -> Result<(Flatten, Space), EnvError> {
    let (mut low, mut high) = (Vec::new(), Vec::new());
    let mut dtype = Dtype::Float32;
    let mut parts = Vec::new();
    for leaf in &Layout::new(space).leaves {
        let part = Part::new(leaf)?;
        match (&part, &leaf.space) {
            (Part::OneHot(values), _) => {
                let len: i64 = values.iter().map(|(_, n)| n).sum();
                low.extend((0..len).map(|_| 0.0));
                high.extend((0..len).map(|_| 1.0));
            }
            (Part::Numbers, Space::Box(b)) => {
                low.extend((0..leaf.width).map(|i| b.bounds(i).0));
                high.extend((0..leaf.width).map(|i| b.bounds(i).1));
                if matches!(b.dtype, Dtype::Float64 | Dtype::Int64) {
                    dtype = Dtype::Float64;
                }
            }
            (Part::Numbers, _) => {
                low.extend((0..leaf.width).map(|_| 0.0));
                high.extend((0..leaf.width).map(|_| 1.0));
            }
        }
        parts.push(part);
    }
    let shape = vec![low.len()];
    Ok((Flatten { parts }, Space::Box(BoxSpace { low, high, shape, dtype })))
}

/// Flattens a discrete observation and refuses others.
pub(super) fn plan_one_hot(space: &Space) -> Result<(Flatten, Space), EnvError> {
    match space {
        Space::Discrete { .. } | Space::MultiDiscrete { .. } => plan(space),
        _ => Err(EnvError(format!("one-hot is for discrete observations, not {space}"))),
    }
}

impl Part {
    fn new(leaf: &LeafLayout) -> Result<Self, EnvError> {
        match &leaf.space {
            Space::Discrete { n, start } => Ok(Part::OneHot(vec![(*start, *n)])),
            Space::MultiDiscrete { nvec } => {
                Ok(Part::OneHot(nvec.iter().map(|n| (0, *n)).collect()))
            }
            Space::Box(_) | Space::MultiBinary { .. } => Ok(Part::Numbers),
            other => Err(EnvError(format!("{other} has no fixed width and cannot be flattened"))),
        }
    }

    /// Writes the leaf's numbers through `put`, in order.
    fn write(&self, value: LeafRef<'_>, put: &mut impl FnMut(f64)) -> Result<(), EnvError> {
        match (self, value) {
            (Part::OneHot(values), LeafRef::I64(v)) => {
                for ((start, n), x) in values.iter().zip(v) {
                    let hot = x - start;
                    if !(0..*n).contains(&hot) {
                        return Err(EnvError(format!("the observation {x} is outside its space")));
                    }
                    (0..*n).for_each(|i| put(if i == hot { 1.0 } else { 0.0 }));
                }
            }
            (_, LeafRef::U8(v)) => v.iter().for_each(|x| put(*x as f64)),
            (_, LeafRef::I64(v)) => v.iter().for_each(|x| put(*x as f64)),
            (_, LeafRef::F32(v)) => v.iter().for_each(|x| put(*x as f64)),
            (_, LeafRef::F64(v)) => v.iter().for_each(|x| put(*x)),
            (_, LeafRef::Text(_)) => unreachable!("text is refused in the plan"),
        }
        Ok(())
    }
}

impl ObservationMap for Flatten {
    fn apply(&self, from: Lane<'_>, to: &mut LaneMut<'_>) -> Result<(), EnvError> {
        let mut parts = self.parts.iter().enumerate();
        let mut next = 0;
        match to.leaf(0) {
            LeafMut::F32(out) => parts.try_for_each(|(i, part)| {
                part.write(from.leaf(i), &mut |x| {
                    out[next] = x as f32;
                    next += 1;
                })
            }),
            LeafMut::F64(out) => parts.try_for_each(|(i, part)| {
                part.write(from.leaf(i), &mut |x| {
                    out[next] = x;
                    next += 1;
                })
            }),
            _ => unreachable!("planned as a vector of floats"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wrappers::tests::translate;
    use serde_json::json;

    #[test]
    fn parts_follow_each_other() {
        let space = Space::Dict(vec![
            ("bits".into(), Space::MultiBinary { shape: vec![2] }),
            ("direction".into(), Space::Discrete { n: 3, start: 1 }),
            ("image".into(), Space::uniform_box(0.0, 9.0, &[2, 2], Dtype::Uint8)),
            ("pair".into(), Space::MultiDiscrete { nvec: vec![2, 2] }),
        ]);
        let plan = plan(&space).unwrap();
        let value = json!({
            "bits": [1, 0], "direction": 3, "image": [[1, 2], [3, 4]], "pair": [1, 0],
        });
        let expected: Vec<f64> = vec![1., 0., 0., 0., 1., 1., 2., 3., 4., 0., 1., 1., 0.];
        assert_eq!(translate(&space, &plan, &value), json!(expected));
        let Space::Box(flat) = &plan.1 else { panic!("a vector") };
        assert_eq!((flat.shape[0], flat.dtype, flat.high[5]), (13, Dtype::Float32, 9.0));
    }

    #[test]
    fn a_wide_part_makes_the_vector_wide() {
        let space = Space::Tuple(vec![
            Space::uniform_box(0.0, 1.0, &[1], Dtype::Float32),
            Space::uniform_box(-5.0, 5.0, &[], Dtype::Int64),
        ]);
        let plan = plan(&space).unwrap();
        assert_eq!(translate(&space, &plan, &json!([[0.5], -3])), json!([0.5, -3.0]));
        let Space::Box(flat) = plan.1 else { panic!("a vector") };
        assert_eq!(flat.dtype, Dtype::Float64);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let text = Space::Text { min_length: 0, max_length: 3, charset: "ab".into() };
        assert!(plan(&Space::Tuple(vec![text])).is_err());
        assert!(plan_one_hot(&Space::uniform_box(0.0, 1.0, &[2], Dtype::Uint8)).is_err());
        assert!(plan_one_hot(&Space::discrete(3)).is_ok());
    }
}
