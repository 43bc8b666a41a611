//! Values of one space for many environments at once, in contiguous typed
//! buffers that are filled in place and never reallocated while a run is going.
//!
//! A space is taken apart into its *leaves* (a `Dict` of an image and a
//! direction has two); a [`Batch`] holds one buffer a leaf, laid out
//! `[num_envs, leaf width]`. A *lane* is the slice of every leaf that belongs to
//! one environment.

mod lane;
mod part;

pub use lane::{Lane, LaneMut, LeafMut, LeafRef};
pub(crate) use part::BatchPart;

use crate::{Dtype, Space};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// One leaf of a space.
#[derive(Clone, Debug, PartialEq)]
pub struct LeafLayout {
    /// Where the leaf sits: dictionary keys and tuple positions from the root,
    /// empty for a space that is itself a leaf.
    pub path: Vec<String>,
    /// Shape of one lane's value; empty for a scalar.
    pub shape: Vec<usize>,
    /// Elements of one lane's value: the product of `shape`.
    pub width: usize,
    /// The leaf's own space.
    pub space: Space,
}

/// The leaves of a space, in depth-first order.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// The leaves.
    pub leaves: Vec<LeafLayout>,
    /// The space they came from.
    pub space: Space,
}

impl Layout {
    /// Takes `space` apart.
    pub fn new(space: &Space) -> Self {
        let mut leaves = Vec::new();
        collect_leaves(space, &mut Vec::new(), &mut leaves);
        Layout { leaves, space: space.clone() }
    }

    /// Where lane `lane` lies in the buffer of leaf `leaf`.
    #[inline]
    fn range(&self, leaf: usize, lane: usize) -> Range<usize> {
        let width = self.leaves[leaf].width;
        lane * width..(lane + 1) * width
    }
}

fn collect_leaves(space: &Space, path: &mut Vec<String>, leaves: &mut Vec<LeafLayout>) {
    let shape = match space {
        Space::Tuple(parts) => {
            for (i, part) in parts.iter().enumerate() {
                path.push(i.to_string());
                collect_leaves(part, path, leaves);
                path.pop();
            }
            return;
        }
        Space::Dict(parts) => {
            for (key, part) in parts {
                path.push(key.clone());
                collect_leaves(part, path, leaves);
                path.pop();
            }
            return;
        }
        Space::Box(b) => b.shape.clone(),
        Space::Discrete { .. } | Space::Text { .. } => Vec::new(),
        Space::MultiDiscrete { nvec } => vec![nvec.len()],
        Space::MultiBinary { shape } => shape.clone(),
    };
    let width = shape.iter().product();
    leaves.push(LeafLayout { path: path.clone(), shape, width, space: space.clone() });
}

/// The buffer of one leaf for all lanes: `[lanes, width]`, row-major.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Leaf {
    /// `Box` of `uint8`, and `MultiBinary`.
    U8(Vec<u8>),
    /// `Discrete`, `MultiDiscrete` and `Box` of `int64`.
    I64(Vec<i64>),
    /// `Box` of `float32`.
    F32(Vec<f32>),
    /// `Box` of `float64`.
    F64(Vec<f64>),
    /// `Text`.
    Text(Vec<String>),
}

impl Leaf {
    fn zeros(space: &Space, len: usize) -> Self {
        match space {
            Space::Box(b) => match b.dtype {
                Dtype::Uint8 => Leaf::U8(vec![0; len]),
                Dtype::Int64 => Leaf::I64(vec![0; len]),
                Dtype::Float32 => Leaf::F32(vec![0.0; len]),
                Dtype::Float64 => Leaf::F64(vec![0.0; len]),
            },
            Space::MultiBinary { .. } => Leaf::U8(vec![0; len]),
            Space::Text { .. } => Leaf::Text(vec![String::new(); len]),
            Space::Discrete { .. } | Space::MultiDiscrete { .. } => Leaf::I64(vec![0; len]),
            Space::Tuple(_) | Space::Dict(_) => unreachable!("a product is not a leaf"),
        }
    }

    /// The element type's name.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Leaf::U8(_) => "u8",
            Leaf::I64(_) => "i64",
            Leaf::F32(_) => "f32",
            Leaf::F64(_) => "f64",
            Leaf::Text(_) => "text",
        }
    }

    /// Some of its elements, for reading.
    #[inline]
    fn range(&self, range: Range<usize>) -> LeafRef<'_> {
        match self {
            Leaf::U8(v) => LeafRef::U8(&v[range]),
            Leaf::I64(v) => LeafRef::I64(&v[range]),
            Leaf::F32(v) => LeafRef::F32(&v[range]),
            Leaf::F64(v) => LeafRef::F64(&v[range]),
            Leaf::Text(v) => LeafRef::Text(&v[range]),
        }
    }

    /// Some of its elements, for writing.
    #[inline]
    fn range_mut(&mut self, range: Range<usize>) -> LeafMut<'_> {
        match self {
            Leaf::U8(v) => LeafMut::U8(&mut v[range]),
            Leaf::I64(v) => LeafMut::I64(&mut v[range]),
            Leaf::F32(v) => LeafMut::F32(&mut v[range]),
            Leaf::F64(v) => LeafMut::F64(&mut v[range]),
            Leaf::Text(v) => LeafMut::Text(&mut v[range]),
        }
    }

    /// All of it, for writing.
    fn all_mut(&mut self) -> LeafMut<'_> {
        match self {
            Leaf::U8(v) => LeafMut::U8(v),
            Leaf::I64(v) => LeafMut::I64(v),
            Leaf::F32(v) => LeafMut::F32(v),
            Leaf::F64(v) => LeafMut::F64(v),
            Leaf::Text(v) => LeafMut::Text(v),
        }
    }

    fn copy_range(&mut self, to: Range<usize>, source: &Leaf, from: usize) {
        let from = from..from + to.len();
        match (self, source) {
            (Leaf::U8(a), Leaf::U8(b)) => a[to].copy_from_slice(&b[from]),
            (Leaf::I64(a), Leaf::I64(b)) => a[to].copy_from_slice(&b[from]),
            (Leaf::F32(a), Leaf::F32(b)) => a[to].copy_from_slice(&b[from]),
            (Leaf::F64(a), Leaf::F64(b)) => a[to].copy_from_slice(&b[from]),
            (Leaf::Text(a), Leaf::Text(b)) => a[to].clone_from_slice(&b[from]),
            _ => panic!("copy between batches of different spaces"),
        }
    }
}

/// Values of one space for `num_envs` environments.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    layout: Arc<Layout>,
    lanes: usize,
    leaves: Vec<Leaf>,
}

impl Batch {
    /// A zeroed batch of `lanes` values of `space`.
    pub fn new(space: &Space, lanes: usize) -> Self {
        let layout = Arc::new(Layout::new(space));
        let leaves = layout.leaves.iter().map(|l| Leaf::zeros(&l.space, lanes * l.width)).collect();
        Batch { layout, lanes, leaves }
    }

    /// How the lanes are laid out.
    pub fn layout(&self) -> &Arc<Layout> {
        &self.layout
    }

    /// The space of one lane.
    pub fn space(&self) -> &Space {
        &self.layout.space
    }

    /// Number of lanes.
    pub fn lanes(&self) -> usize {
        self.lanes
    }

    /// The buffers, one a leaf.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The buffers, one a leaf, for writing.
    pub fn leaves_mut(&mut self) -> &mut [Leaf] {
        &mut self.leaves
    }

    /// One lane, for reading.
    #[inline]
    pub fn lane(&self, lane: usize) -> Lane<'_> {
        assert!(lane < self.lanes, "lane {lane} of {}", self.lanes);
        Lane::new(&self.layout, &self.leaves, lane)
    }

    /// One lane, for writing.
    #[inline]
    pub fn lane_mut(&mut self, lane: usize) -> LaneMut<'_> {
        assert!(lane < self.lanes, "lane {lane} of {}", self.lanes);
        LaneMut::new(&self.layout, &mut self.leaves, lane)
    }

    /// The batch cut into parts of `lanes` lanes each, the last of what is left, to be
    /// written by several threads.
    pub(crate) fn parts(&mut self, lanes: usize) -> impl Iterator<Item = BatchPart<'_>> {
        part::cut(&self.layout, &mut self.leaves, self.lanes, lanes)
    }

    /// Copies `source`, a batch of the same layout, into the lanes from `first` on.
    pub fn copy_block(&mut self, first: usize, source: &Batch) {
        for (i, leaf) in self.layout.leaves.iter().enumerate() {
            let range = first * leaf.width..(first + source.lanes) * leaf.width;
            self.leaves[i].copy_range(range, &source.leaves[i], 0);
        }
    }

    /// Copies lane `from` of `source`, a batch of the same layout, to lane `to`.
    pub fn copy_lane(&mut self, to: usize, source: &Batch, from: usize) {
        for (i, leaf) in self.layout.leaves.iter().enumerate() {
            let range = to * leaf.width..(to + 1) * leaf.width;
            self.leaves[i].copy_range(range, &source.leaves[i], from * leaf.width);
        }
    }
}
