//! The set of values an observation or an action may take, with Gymnasium's
//! names and meanings (`gymnasium.spaces`).

use serde::{Deserialize, Serialize};

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
