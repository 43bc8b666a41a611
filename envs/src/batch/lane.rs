//! One environment's slice of a batch.

use super::{Layout, Leaf};

/// One lane of a batch, for reading: a slice of every leaf.
#[derive(Clone, Copy, Debug)]
pub struct Lane<'a> {
    layout: &'a Layout,
    leaves: &'a [Leaf],
    lane: usize,
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

/// One lane of a batch, for writing.
#[derive(Debug)]
pub struct LaneMut<'a> {
    layout: &'a Layout,
    leaves: &'a mut [Leaf],
    lane: usize,
}

macro_rules! read {
    ($name:ident, $variant:ident, $type:ty, $what:literal) => {
        #[doc = concat!("Leaf `leaf` as ", $what, "; panics where the space says otherwise.")]
        #[inline]
        pub fn $name(&self, leaf: usize) -> &'a [$type] {
            let width = self.layout.leaves[leaf].width;
            match &self.leaves[leaf] {
                Leaf::$variant(v) => &v[self.lane * width..(self.lane + 1) * width],
                other => wrong_type(leaf, $what, other),
            }
        }
    };
}

macro_rules! write {
    ($name:ident, $variant:ident, $type:ty, $what:literal) => {
        #[doc = concat!("Leaf `leaf` as ", $what, "; panics where the space says otherwise.")]
        #[inline]
        pub fn $name(&mut self, leaf: usize) -> &mut [$type] {
            let width = self.layout.leaves[leaf].width;
            match &mut self.leaves[leaf] {
                Leaf::$variant(v) => &mut v[self.lane * width..(self.lane + 1) * width],
                other => wrong_type(leaf, $what, other),
            }
        }
    };
}

#[cold]
fn wrong_type(leaf: usize, wanted: &str, found: &Leaf) -> ! {
    panic!("leaf {leaf} holds {}, asked for as {wanted}", found.type_name())
}

impl<'a> Lane<'a> {
    #[inline]
    pub(super) fn new(layout: &'a Layout, leaves: &'a [Leaf], lane: usize) -> Self {
        Lane { layout, leaves, lane }
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
        let width = self.layout.leaves[leaf].width;
        let range = self.lane * width..(self.lane + 1) * width;
        match &self.leaves[leaf] {
            Leaf::U8(v) => LeafRef::U8(&v[range]),
            Leaf::I64(v) => LeafRef::I64(&v[range]),
            Leaf::F32(v) => LeafRef::F32(&v[range]),
            Leaf::F64(v) => LeafRef::F64(&v[range]),
            Leaf::Text(v) => LeafRef::Text(&v[range]),
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
        LaneMut { layout, leaves, lane }
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
        let width = self.layout.leaves[leaf].width;
        let range = self.lane * width..(self.lane + 1) * width;
        match &mut self.leaves[leaf] {
            Leaf::U8(v) => LeafMut::U8(&mut v[range]),
            Leaf::I64(v) => LeafMut::I64(&mut v[range]),
            Leaf::F32(v) => LeafMut::F32(&mut v[range]),
            Leaf::F64(v) => LeafMut::F64(&mut v[range]),
            Leaf::Text(v) => LeafMut::Text(&mut v[range]),
        }
    }

    /// The same lane for reading.
    #[inline]
    pub fn as_lane(&self) -> Lane<'_> {
        Lane { layout: self.layout, leaves: self.leaves, lane: self.lane }
    }

    write!(u8, U8, u8, "u8");
    write!(i64, I64, i64, "i64");
    write!(f32, F32, f32, "f32");
    write!(f64, F64, f64, "f64");
    write!(text, Text, String, "text");
}
