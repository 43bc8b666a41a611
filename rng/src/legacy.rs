//! `numpy.random.seed` and `numpy.random.randint`: NumPy's old global generator, a Mersenne
//! Twister (Matsumoto and Nishimura 1998), of which the field's older code still draws.

/// Words of the twister's state, and the distance of the words that are mixed.
const WORDS: usize = 624;
const SHIFT: usize = 397;

/// `numpy.random.RandomState`, as `numpy.random.seed` leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegacyGenerator {
    words: [u32; WORDS],
    /// Words given out since they were last mixed.
    given: usize,
}

impl LegacyGenerator {
    /// `numpy.random.seed(seed)`.
    pub fn new(seed: u32) -> Self {
        let mut words = [seed; WORDS];
        for i in 1..WORDS {
            let last = words[i - 1];
            words[i] = (last ^ last >> 30).wrapping_mul(1_812_433_253).wrapping_add(i as u32);
        }
        Self { words, given: WORDS }
    }

    fn mix(&mut self) {
        for i in 0..WORDS {
            let (this, next) = (self.words[i], self.words[(i + 1) % WORDS]);
            let word = this & 0x8000_0000 | next & 0x7fff_ffff;
            let twist = if word & 1 == 1 { 0x9908_b0df } else { 0 };
            self.words[i] = self.words[(i + SHIFT) % WORDS] ^ word >> 1 ^ twist;
        }
        self.given = 0;
    }

    fn next_u32(&mut self) -> u32 {
        if self.given == WORDS {
            self.mix();
        }
        let mut word = self.words[self.given];
        self.given += 1;
        word ^= word >> 11;
        word ^= word << 7 & 0x9d2c_5680;
        word ^= word << 15 & 0xefc6_0000;
        word ^ word >> 18
    }

    /// `randint(low, high)`: uniform in [low, high), data type int64. An array of these is the
    /// same as that many single draws. Draws above the range, cut to as many bits as it has, are
    /// thrown away.
    ///
    /// # Panics
    ///
    /// Where `low >= high`, or the range has more than 2^32 - 1 numbers.
    pub fn randint(&mut self, low: i64, high: i64) -> i64 {
        assert!(low < high, "randint: no number from {low} below {high}");
        let span = u32::try_from(high.wrapping_sub(low) - 1).expect("a range of 32 bits");
        if span == 0 {
            return low;
        }
        let mask = u32::MAX >> span.leading_zeros();
        loop {
            let draw = self.next_u32() & mask;
            if draw <= span {
                return low + i64::from(draw);
            }
        }
    }
}
