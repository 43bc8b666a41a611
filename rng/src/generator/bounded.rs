//! Whole numbers in a range: `Generator.integers`.
//!
//! NumPy multiplies a draw by the number of values and keeps the upper half
//! (D. Lemire, "Fast Random Integer Generation in an Interval", 2019), rejecting
//! the few draws that would favour some values. How wide a draw it takes depends
//! on the range and on the data type, and so does what is left for later draws:
//! 64-bit types take 32-bit draws where the range fits, 8-bit types cut one
//! 32-bit draw into four and throw away the rest of the last one of a call.

use super::Generator;

/// Lemire's method for draws of one width: uniform in [0, `$span`]. Where the span
/// is all that the width holds, the product's upper half is the draw itself.
macro_rules! lemire {
    ($draw:expr, $span:expr, $narrow:ty, $wide:ty) => {{
        let count = <$wide>::from($span) + 1;
        let mut product = <$wide>::from($draw) * count;
        // Only a remainder below the number of values can be below the threshold,
        // whose division is worth avoiding.
        if (product as $narrow) < count as $narrow {
            let threshold = (<$narrow>::MAX - $span) % (count as $narrow);
            while (product as $narrow) < threshold {
                product = <$wide>::from($draw) * count;
            }
        }
        (product >> <$narrow>::BITS) as $narrow
    }};
}

impl Generator {
    /// `integers(low, high)`: uniform in [low, high), data type int64. An array of
    /// these is the same as that many single draws.
    ///
    /// # Panics
    ///
    /// Where `low >= high`.
    #[inline]
    pub fn integers(&mut self, low: i64, high: i64) -> i64 {
        assert!(low < high, "integers: no number from {low} below {high}");
        low.wrapping_add(self.below_or_equal(high.wrapping_sub(low) as u64 - 1) as i64)
    }

    /// `integers(low, high, size=out.len(), dtype=numpy.uint8)` into `out`; `high`
    /// may be 256. Not the same as that many calls: one 32-bit draw makes four.
    ///
    /// # Panics
    ///
    /// Where `low >= high` or `high` is over 256.
    pub fn fill_integers_u8(&mut self, low: u8, high: u16, out: &mut [u8]) {
        assert!(u16::from(low) < high && high <= 256, "integers: no u8 from {low} below {high}");
        self.fill_bytes_to((high - 1 - u16::from(low)) as u8, out, |offset| low + offset);
    }

    /// `integers(low, high, size=out.len(), dtype=numpy.int8)` into `out`; `high`
    /// may be 128. Not the same as that many calls: one 32-bit draw makes four.
    ///
    /// # Panics
    ///
    /// Where `low >= high` or `high` is over 128.
    pub fn fill_integers_i8(&mut self, low: i8, high: i16, out: &mut [i8]) {
        assert!(i16::from(low) < high && high <= 128, "integers: no i8 from {low} below {high}");
        self.fill_bytes_to((high - 1 - i16::from(low)) as u8, out, |offset| {
            low.wrapping_add(offset as i8)
        });
    }

    /// Uniform in [0, span], by the narrowest draw that holds `span`, 32 bits at
    /// least. What NumPy's shuffles and `integers` of 64-bit types rest on.
    #[inline]
    pub(super) fn below_or_equal(&mut self, span: u64) -> u64 {
        if span == 0 {
            return 0;
        }
        match u32::try_from(span) {
            Ok(span) => u64::from(lemire!(self.next_u32(), span, u32, u64)),
            Err(_) => lemire!(self.random_raw(), span, u64, u128),
        }
    }

    /// Fills with `value(offset)`, offsets uniform in [0, span], from 32-bit draws
    /// cut into bytes, lowest first.
    fn fill_bytes_to<T>(&mut self, span: u8, out: &mut [T], value: impl Fn(u8) -> T) {
        let (mut word, mut left) = (0u32, 0u8);
        let mut draw = || {
            if left == 0 {
                (word, left) = (self.next_u32(), 3);
            } else {
                (word, left) = (word >> 8, left - 1);
            }
            word as u8
        };
        for slot in out {
            *slot = value(if span == 0 { 0 } else { lemire!(draw(), span, u8, u16) });
        }
    }
}
