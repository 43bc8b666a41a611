//! Whether a value lies in a space, and if not, where and why.

use super::{BoxSpace, Space};
use crate::{Lane, LeafRef};
use std::fmt;

/// Why a value does not lie in its space.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError {
    /// Where in the value: dictionary keys, tuple positions and array indices from
    /// the root, as in `image[0][2]`; empty for the value itself.
    pub place: String,
    /// What is wrong and what is allowed.
    pub problem: String,
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => f.write_str(&self.problem),
            place => write!(f, "{place}: {}", self.problem),
        }
    }
}

impl std::error::Error for ValueError {}

impl Space {
    /// Whether the value in `lane` lies in this space. NaN lies in no `Box`.
    pub fn contains(&self, lane: Lane<'_>) -> bool {
        self.find_problem(lane).is_none()
    }

    /// As [`Space::contains`], with the place and the reason where it does not.
    /// Allocates nothing where it does.
    pub fn check(&self, lane: Lane<'_>) -> Result<(), ValueError> {
        match self.find_problem(lane) {
            None => Ok(()),
            Some(problem) => Err(problem.explain(self)),
        }
    }

    fn find_problem(&self, lane: Lane<'_>) -> Option<Problem> {
        let mut leaf = 0;
        let problem = self.walk(lane, &mut leaf);
        if problem.is_none() && leaf != lane.layout().leaves.len() {
            return Some(Problem {
                leaf: None,
                element: None,
                text: "the value has more parts than its space".into(),
            });
        }
        problem
    }

    /// Checks the leaves from `leaf` on, in depth-first order.
    fn walk(&self, lane: Lane<'_>, leaf: &mut usize) -> Option<Problem> {
        match self {
            Space::Tuple(parts) => parts.iter().find_map(|part| part.walk(lane, leaf)),
            Space::Dict(parts) => parts.iter().find_map(|(_, part)| part.walk(lane, leaf)),
            _ => {
                let at = *leaf;
                *leaf += 1;
                if at >= lane.layout().leaves.len() {
                    let text = "the value lacks this part".into();
                    return Some(Problem { leaf: Some(at), element: None, text });
                }
                let (element, text) = self.leaf_problem(lane.leaf(at))?;
                Some(Problem { leaf: Some(at), element, text })
            }
        }
    }

    /// What is wrong with the value of a leaf, and with which of its elements.
    fn leaf_problem(&self, value: LeafRef<'_>) -> Option<(Option<usize>, String)> {
        match (self, value) {
            (Space::Discrete { n, start }, LeafRef::I64(&[x])) => {
                let inside = x >= *start && (x as i128) < *start as i128 + *n as i128;
                (!inside).then(|| (None, format!("{x} is outside {}", integers(*start, *n))))
            }
            (Space::MultiDiscrete { nvec }, LeafRef::I64(xs)) if xs.len() == nvec.len() => {
                let wrong = xs.iter().zip(nvec).position(|(x, n)| !(0..*n).contains(x))?;
                let (x, n) = (xs[wrong], nvec[wrong]);
                Some((Some(wrong), format!("{x} is outside {}", integers(0, n))))
            }
            (Space::MultiBinary { shape }, LeafRef::U8(xs)) if xs.len() == product(shape) => {
                let wrong = xs.iter().position(|x| *x > 1)?;
                Some((Some(wrong), format!("{} is neither 0 nor 1", xs[wrong])))
            }
            (Space::Text { min_length, max_length, charset }, LeafRef::Text([text])) => {
                let length = text.chars().count();
                if !(*min_length..=*max_length).contains(&length) {
                    let allowed = format!("{min_length} to {max_length}");
                    return Some((None, format!("{length} characters; allowed are {allowed}")));
                }
                let wrong = text.chars().find(|c| !charset.contains(*c))?;
                Some((None, format!("the character {wrong:?} is not one of {charset:?}")))
            }
            (Space::Box(b), value) if b.holds(value) => b.first_outside(value),
            _ => Some((None, format!("the value is {}, the space wants {self}", words(value)))),
        }
    }
}

impl BoxSpace {
    /// Whether `value` has this box's element type and number of elements.
    fn holds(&self, value: LeafRef<'_>) -> bool {
        use super::Dtype::*;
        let len = match (self.dtype, value) {
            (Uint8, LeafRef::U8(v)) => v.len(),
            (Int64, LeafRef::I64(v)) => v.len(),
            (Float32, LeafRef::F32(v)) => v.len(),
            (Float64, LeafRef::F64(v)) => v.len(),
            _ => return false,
        };
        len == product(&self.shape)
    }

    /// The first element outside its bounds.
    fn first_outside(&self, value: LeafRef<'_>) -> Option<(Option<usize>, String)> {
        let wrong = match value {
            LeafRef::U8(v) => self.position_outside(v, |x| x as f64),
            LeafRef::I64(v) => self.position_outside_i64(v),
            LeafRef::F32(v) => self.position_outside(v, |x| x as f64),
            LeafRef::F64(v) => self.position_outside(v, |x| x),
            LeafRef::Text(_) => None,
        }?;
        let (low, high) = self.bounds(wrong);
        let (shown, nan) = match value {
            LeafRef::U8(v) => (v[wrong].to_string(), false),
            LeafRef::I64(v) => (v[wrong].to_string(), false),
            LeafRef::F32(v) => (v[wrong].to_string(), v[wrong].is_nan()),
            LeafRef::F64(v) => (v[wrong].to_string(), v[wrong].is_nan()),
            LeafRef::Text(_) => return None,
        };
        let element = (!self.shape.is_empty()).then_some(wrong);
        Some((
            element,
            if nan {
                "NaN is not a number".into()
            } else {
                format!("{shown} is outside {low} to {high}")
            },
        ))
    }

    fn position_outside<T: Copy>(&self, v: &[T], wide: impl Fn(T) -> f64) -> Option<usize> {
        (0..v.len()).find(|&i| {
            let (low, high) = self.bounds(i);
            let x = wide(v[i]);
            !(x >= low && x <= high)
        })
    }

    /// As `position_outside`, exact also where an `f64` cannot tell two integers apart.
    fn position_outside_i64(&self, v: &[i64]) -> Option<usize> {
        (0..v.len()).find(|&i| {
            let (low, high) = self.bounds(i);
            // `as` cuts infinite bounds to the ends of the type.
            v[i] < low.ceil() as i64 || v[i] > high.floor() as i64
        })
    }
}

/// A problem before it is put into words.
struct Problem {
    leaf: Option<usize>,
    element: Option<usize>,
    text: String,
}

impl Problem {
    /// Finds the words for the place; only once there is something to tell.
    fn explain(self, space: &Space) -> ValueError {
        let mut place = String::new();
        if let Some(leaf) = self.leaf {
            let layout = crate::Layout::new(space);
            let leaf = &layout.leaves[leaf];
            place = leaf.path.join(".");
            if let Some(element) = self.element {
                place.push_str(&index_words(&leaf.shape, element));
            }
        }
        ValueError { place, problem: self.text }
    }
}

/// The place of element number `element` of an array of this shape: `[1][0]`.
pub(super) fn index_words(shape: &[usize], element: usize) -> String {
    let mut rest = element;
    let mut indices: Vec<usize> = Vec::with_capacity(shape.len());
    for &len in shape.iter().rev() {
        indices.push(rest % len);
        rest /= len;
    }
    indices.iter().rev().map(|i| format!("[{i}]")).collect()
}

fn integers(start: i64, n: i64) -> String {
    format!("{start} to {}", start as i128 + n as i128 - 1)
}

pub(super) fn product(shape: &[usize]) -> usize {
    shape.iter().product()
}

fn words(value: LeafRef<'_>) -> String {
    let (name, len) = match value {
        LeafRef::U8(v) => ("u8", v.len()),
        LeafRef::I64(v) => ("i64", v.len()),
        LeafRef::F32(v) => ("f32", v.len()),
        LeafRef::F64(v) => ("f64", v.len()),
        LeafRef::Text(v) => ("text", v.len()),
    };
    format!("{len} x {name}")
}
