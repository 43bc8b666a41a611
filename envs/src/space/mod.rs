//! The set of values an observation or an action may take, with Gymnasium's
//! names and meanings (`gymnasium.spaces`).

mod check;
mod json;
mod sample;

pub use check::ValueError;

use serde::{Deserialize, Serialize};
use std::fmt;

/// Element type of a [`BoxSpace`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dtype {
    /// 8-bit unsigned integers, as in images.
    Uint8,
    /// 64-bit signed integers.
    Int64,
    /// 32-bit floats.
    Float32,
    /// 64-bit floats.
    Float64,
}

/// An array of fixed shape with a lower and an upper bound for each element.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoxSpace {
    /// Lower bounds, row-major, one for each element; `-inf` where unbounded.
    pub low: Vec<f64>,
    /// Upper bounds, row-major, one for each element; `inf` where unbounded.
    pub high: Vec<f64>,
    /// Shape of the array; empty for a scalar.
    pub shape: Vec<usize>,
    /// Element type.
    pub dtype: Dtype,
}

/// The set of values an observation or an action may take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Space {
    /// A bounded array.
    Box(BoxSpace),
    /// The integers `start .. start + n`.
    Discrete {
        /// How many values there are; at least 1.
        n: i64,
        /// The smallest value.
        start: i64,
    },
    /// A vector of integers, element `i` in `0 .. nvec[i]`.
    MultiDiscrete {
        /// The number of values of each element.
        nvec: Vec<i64>,
    },
    /// An array of zeros and ones.
    MultiBinary {
        /// Shape of the array.
        shape: Vec<usize>,
    },
    /// An ordered product of spaces.
    Tuple(Vec<Space>),
    /// A product of named spaces; the order of keys is the order given here
    /// (Gymnasium sorts them, so the environments here list them sorted).
    Dict(Vec<(String, Space)>),
    /// Strings of bounded length over a character set.
    Text {
        /// Least number of characters.
        min_length: usize,
        /// Greatest number of characters.
        max_length: usize,
        /// Characters allowed.
        charset: String,
    },
}

impl Space {
    /// `Discrete(n)` starting at 0.
    pub fn discrete(n: i64) -> Self {
        Space::Discrete { n, start: 0 }
    }

    /// A box whose elements share one lower and one upper bound.
    pub fn uniform_box(low: f64, high: f64, shape: &[usize], dtype: Dtype) -> Self {
        let len = shape.iter().product();
        Space::Box(BoxSpace {
            low: vec![low; len],
            high: vec![high; len],
            shape: shape.to_vec(),
            dtype,
        })
    }
}

impl BoxSpace {
    /// The lower and the upper bound of element `i` as the element type holds them
    /// (a 32-bit box rounds the bounds it was given).
    #[inline]
    pub fn bounds(&self, i: usize) -> (f64, f64) {
        let (low, high) = (self.low[i], self.high[i]);
        match self.dtype {
            Dtype::Float32 => (low as f32 as f64, high as f32 as f64),
            _ => (low, high),
        }
    }
}

impl fmt::Display for Dtype {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Dtype::Uint8 => "uint8",
            Dtype::Int64 => "int64",
            Dtype::Float32 => "float32",
            Dtype::Float64 => "float64",
        })
    }
}

/// The space in Gymnasium's words, bounds of boxes left out: `Box((7, 7, 3), uint8)`.
impl fmt::Display for Space {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Space::Box(b) => write!(f, "Box({}, {})", Shape(&b.shape), b.dtype),
            Space::Discrete { n, start: 0 } => write!(f, "Discrete({n})"),
            Space::Discrete { n, start } => write!(f, "Discrete({n}, start={start})"),
            Space::MultiDiscrete { nvec } => write!(f, "MultiDiscrete({nvec:?})"),
            Space::MultiBinary { shape } => write!(f, "MultiBinary({})", Shape(shape)),
            Space::Tuple(parts) => {
                f.write_str("Tuple(")?;
                for (i, part) in parts.iter().enumerate() {
                    write!(f, "{}{part}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
            Space::Dict(parts) => {
                f.write_str("Dict(")?;
                for (i, (key, part)) in parts.iter().enumerate() {
                    write!(f, "{}{key}: {part}", if i == 0 { "" } else { ", " })?;
                }
                f.write_str(")")
            }
            Space::Text { min_length, max_length, .. } => {
                write!(f, "Text({min_length}, {max_length})")
            }
        }
    }
}

/// A shape in Python's words.
struct Shape<'a>(&'a [usize]);

impl fmt::Display for Shape<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<String> = self.0.iter().map(usize::to_string).collect();
        match words.as_slice() {
            [one] => write!(f, "({one},)"),
            _ => write!(f, "({})", words.join(", ")),
        }
    }
}
