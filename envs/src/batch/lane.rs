//! One environment's slice of a batch.

use super::{Layout, Leaf};

/// One lane of a batch, for reading: a slice of every leaf.
#[derive(Clone, Copy, Debug)]
pub struct Lane<'a> {
    layout: &'a Layout,
    leaves: &'a [Leaf],
    lane: usize,
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
    let found = match found {
        Leaf::U8(_) => "u8",
        Leaf::I64(_) => "i64",
        Leaf::F32(_) => "f32",
        Leaf::F64(_) => "f64",
        Leaf::Text(_) => "text",
    };
    panic!("leaf {leaf} holds {found}, asked for as {wanted}")
}

impl<'a> Lane<'a> {
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

    read!(u8, U8, u8, "u8");
    read!(i64, I64, i64, "i64");
    read!(f32, F32, f32, "f32");
    read!(f64, F64, f64, "f64");
    read!(text, Text, String, "text");
}

impl<'a> LaneMut<'a> {
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

    write!(u8, U8, u8, "u8");
    write!(i64, I64, i64, "i64");
    write!(f32, F32, f32, "f32");
    write!(f64, F64, f64, "f64");
    write!(text, Text, String, "text");
}
