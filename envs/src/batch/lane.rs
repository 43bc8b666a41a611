//! One environment's slice of a batch.

use super::{Layout, Leaf};
use std::ops::Range;

/// One lane of a batch, for reading: a slice of every leaf.
#[derive(Clone, Copy, Debug)]
pub struct Lane<'a> {
    layout: &'a Layout,
    leaves: Leaves<'a>,
    lane: usize,
}

/// Where a lane's values lie, for reading.
#[derive(Clone, Copy, Debug)]
enum Leaves<'a> {
    /// In a whole batch.
    Whole(&'a [Leaf]),
    /// In the part of a batch that one thread works on.
    Part(&'a [LeafMut<'a>]),
}

/// Where a lane's values lie, for writing.
#[derive(Debug)]
enum LeavesMut<'a> {
    Whole(&'a mut [Leaf]),
    Part(&'a mut [LeafMut<'a>]),
}

/// One leaf of a lane, for reading, whatever its type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum LeafRef<'a> {
    /// `Box` of `uint8`, and `MultiBinary`.
    U8(&'a [u8]),
    /// `Discrete`, `MultiDiscrete` and `Box` of `int64`.
    I64(&'a [i64]),
    /// `Box` of `float32`.
    F32(&'a [f32]),
    /// `Box` of `float64`.
    F64(&'a [f64]),
    /// `Text`.
    Text(&'a [String]),
}

/// One leaf of a lane, for writing, whatever its type.
#[derive(Debug, PartialEq)]
pub enum LeafMut<'a> {
    /// `Box` of `uint8`, and `MultiBinary`.
    U8(&'a mut [u8]),
    /// `Discrete`, `MultiDiscrete` and `Box` of `int64`.
    I64(&'a mut [i64]),
    /// `Box` of `float32`.
    F32(&'a mut [f32]),
    /// `Box` of `float64`.
    F64(&'a mut [f64]),
    /// `Text`.
    Text(&'a mut [String]),
}

impl LeafRef<'_> {
    #[cold]
    fn type_name(&self) -> &'static str {
        match self {
            LeafRef::U8(_) => "u8",
            LeafRef::I64(_) => "i64",
            LeafRef::F32(_) => "f32",
            LeafRef::F64(_) => "f64",
            LeafRef::Text(_) => "text",
        }
    }
}

impl LeafMut<'_> {
    /// Some of its elements, for reading.
    #[inline]
    pub(super) fn range(&self, range: Range<usize>) -> LeafRef<'_> {
        match self {
            LeafMut::U8(v) => LeafRef::U8(&v[range]),
            LeafMut::I64(v) => LeafRef::I64(&v[range]),
            LeafMut::F32(v) => LeafRef::F32(&v[range]),
            LeafMut::F64(v) => LeafRef::F64(&v[range]),
            LeafMut::Text(v) => LeafRef::Text(&v[range]),
        }
    }

    /// Some of its elements, for writing.
    #[inline]
    pub(super) fn range_mut(&mut self, range: Range<usize>) -> LeafMut<'_> {
        match self {
            LeafMut::U8(v) => LeafMut::U8(&mut v[range]),
            LeafMut::I64(v) => LeafMut::I64(&mut v[range]),
            LeafMut::F32(v) => LeafMut::F32(&mut v[range]),
            LeafMut::F64(v) => LeafMut::F64(&mut v[range]),
            LeafMut::Text(v) => LeafMut::Text(&mut v[range]),
        }
    }

    fn type_name(&self) -> &'static str {
        self.range(0..0).type_name()
    }
}

/// One lane of a batch, for writing.
#[derive(Debug)]
pub struct LaneMut<'a> {
    layout: &'a Layout,
    leaves: LeavesMut<'a>,
    lane: usize,
}

macro_rules! read {
    ($name:ident, $variant:ident, $type:ty, $what:literal) => {
        #[doc = concat!("Leaf `leaf` as ", $what, "; panics where the space says otherwise.")]
        #[inline]
        pub fn $name(&self, leaf: usize) -> &'a [$type] {
            let range = self.layout.range(leaf, self.lane);
            match self.leaves {
                Leaves::Whole(leaves) => match &leaves[leaf] {
                    Leaf::$variant(v) => &v[range],
                    other => wrong_type(leaf, $what, other.type_name()),
                },
                Leaves::Part(part) => match &part[leaf] {
                    LeafMut::$variant(v) => &v[range],
                    other => wrong_type(leaf, $what, other.type_name()),
                },
            }
        }
    };
}

macro_rules! write {
    ($name:ident, $variant:ident, $type:ty, $what:literal) => {
        #[doc = concat!("Leaf `leaf` as ", $what, "; panics where the space says otherwise.")]
        #[inline]
        pub fn $name(&mut self, leaf: usize) -> &mut [$type] {
            let range = self.layout.range(leaf, self.lane);
            match &mut self.leaves {
                LeavesMut::Whole(leaves) => match &mut leaves[leaf] {
                    Leaf::$variant(v) => &mut v[range],
                    other => wrong_type(leaf, $what, other.type_name()),
                },
                LeavesMut::Part(part) => match &mut part[leaf] {
                    LeafMut::$variant(v) => &mut v[range],
                    other => wrong_type(leaf, $what, other.type_name()),
                },
            }
        }
    };
}

#[cold]
fn wrong_type(leaf: usize, wanted: &str, found: &str) -> ! {
    panic!("leaf {leaf} holds {found}, asked for as {wanted}")
}

impl<'a> Lane<'a> {
    #[inline]
    pub(super) fn new(layout: &'a Layout, leaves: &'a [Leaf], lane: usize) -> Self {
        Lane { layout, leaves: Leaves::Whole(leaves), lane }
    }

    /// How the lane is laid out.
    pub fn layout(&self) -> &'a Layout {
        self.layout
    }

    /// The lane's number in its batch.
    pub fn index(&self) -> usize {
        self.lane
    }

    /// Leaf `leaf`, whatever its type.
    #[inline]
    pub fn leaf(&self, leaf: usize) -> LeafRef<'a> {
        let range = self.layout.range(leaf, self.lane);
        match self.leaves {
            Leaves::Whole(leaves) => leaves[leaf].range(range),
            Leaves::Part(part) => part[leaf].range(range),
        }
    }

    read!(u8, U8, u8, "u8");
    read!(i64, I64, i64, "i64");
    read!(f32, F32, f32, "f32");
    read!(f64, F64, f64, "f64");
    read!(text, Text, String, "text");
}

impl<'a> LaneMut<'a> {
    #[inline]
    pub(super) fn new(layout: &'a Layout, leaves: &'a mut [Leaf], lane: usize) -> Self {
        LaneMut { layout, leaves: LeavesMut::Whole(leaves), lane }
    }

    /// Lane `lane` of a part of a batch, counted from the part's first.
    #[inline]
    pub(super) fn of_part(layout: &'a Layout, leaves: &'a mut [LeafMut<'a>], lane: usize) -> Self {
        LaneMut { layout, leaves: LeavesMut::Part(leaves), lane }
    }

    /// How the lane is laid out.
    pub fn layout(&self) -> &'a Layout {
        self.layout
    }

    /// The lane's number in its batch.
    pub fn index(&self) -> usize {
        self.lane
    }

    /// Leaf `leaf`, whatever its type.
    #[inline]
    pub fn leaf(&mut self, leaf: usize) -> LeafMut<'_> {
        let range = self.layout.range(leaf, self.lane);
        match &mut self.leaves {
            LeavesMut::Whole(leaves) => leaves[leaf].range_mut(range),
            LeavesMut::Part(part) => part[leaf].range_mut(range),
        }
    }

    /// The same lane for reading.
    #[inline]
    pub fn as_lane(&self) -> Lane<'_> {
        let leaves = match &self.leaves {
            LeavesMut::Whole(leaves) => Leaves::Whole(leaves),
            LeavesMut::Part(part) => Leaves::Part(part),
        };
        Lane { layout: self.layout, leaves, lane: self.lane }
    }

    write!(u8, U8, u8, "u8");
    write!(i64, I64, i64, "i64");
    write!(f32, F32, f32, "f32");
    write!(f64, F64, f64, "f64");
    write!(text, Text, String, "text");
}
