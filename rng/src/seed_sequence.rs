//! NumPy's `SeedSequence`: from a seed of any size to well mixed start words.
//!
//! The algorithm is M. E. O'Neill's `seed_seq_fe` with a pool of four words, as
//! NumPy documents it under "SeedSequence". Only the pool is kept: 16 bytes, no
//! heap, since an environment makes one of these for every episode.

/// Words in the pool: NumPy's default, 128 bits.
const POOL: usize = 4;

const INIT_A: u32 = 0x43b0_d7e5;
const MULT_A: u32 = 0x931e_8875;
const INIT_B: u32 = 0x8b51_f9dd;
const MULT_B: u32 = 0x58f3_8ded;
const MIX_LEFT: u32 = 0xca01_f9dd;
const MIX_RIGHT: u32 = 0x4973_f715;
const SHIFT: u32 = 16;

/// `numpy.random.SeedSequence`: entropy mixed into a pool, from which any number
/// of start words is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeedSequence {
    pool: [u32; POOL],
}

impl SeedSequence {
    /// `SeedSequence(entropy)`.
    pub fn new(entropy: u64) -> Self {
        Self::with_spawn_key(entropy, &[])
    }

    /// `SeedSequence(entropy)` of a seed of up to 128 bits.
    pub fn from_u128(entropy: u128) -> Self {
        let words: [u32; POOL] = std::array::from_fn(|i| (entropy >> (32 * i)) as u32);
        Self::from_words(&words[..significant(&words)], &[])
    }

    /// `SeedSequence(entropy, spawn_key=spawn_key)`: with `spawn_key` `[k]` the
    /// k-th child that `SeedSequence(entropy).spawn` gives, with `[k, j]` that
    /// child's j-th child.
    pub fn with_spawn_key(entropy: u64, spawn_key: &[u32]) -> Self {
        let words = [entropy as u32, (entropy >> 32) as u32];
        Self::from_words(&words[..significant(&words)], spawn_key)
    }

    /// `SeedSequence(entropy, spawn_key=spawn_key)` of entropy given as a list of
    /// 32-bit words, least significant first. The number of words counts: a
    /// fifth word of zero changes the pool, as it does in NumPy.
    pub fn from_words(entropy: &[u32], spawn_key: &[u32]) -> Self {
        // A spawn key must not be taken for more entropy, so that short entropy is
        // filled up to the pool before the key follows it.
        let filled = if spawn_key.is_empty() { 0 } else { POOL.saturating_sub(entropy.len()) };
        let mut words = entropy
            .iter()
            .copied()
            .chain(std::iter::repeat_n(0, filled))
            .chain(spawn_key.iter().copied());

        let mut hash = Hash::new(INIT_A, MULT_A);
        let mut pool = [0; POOL];
        for word in &mut pool {
            *word = hash.next(words.next().unwrap_or(0));
        }
        for source in 0..POOL {
            for target in (0..POOL).filter(|&target| target != source) {
                pool[target] = mix(pool[target], hash.next(pool[source]));
            }
        }
        for word in words {
            for target in &mut pool {
                *target = mix(*target, hash.next(word));
            }
        }
        Self { pool }
    }

    /// `generate_state(N, numpy.uint32)`. Each call gives the same words.
    pub fn generate_state_u32<const N: usize>(&self) -> [u32; N] {
        let mut words = self.words();
        std::array::from_fn(|_| words())
    }

    /// `generate_state(N, numpy.uint64)`. Each call gives the same words.
    pub fn generate_state_u64<const N: usize>(&self) -> [u64; N] {
        let mut words = self.words();
        std::array::from_fn(|_| {
            let low = words();
            u64::from(low) | u64::from(words()) << 32
        })
    }

    /// The endless stream of start words.
    fn words(&self) -> impl FnMut() -> u32 {
        let mut hash = Hash::new(INIT_B, MULT_B);
        let mut pool = self.pool.into_iter().cycle();
        move || hash.next(pool.next().unwrap_or_default())
    }
}

/// How many of a seed's words NumPy uses: without leading zeros, but one at least.
fn significant(words: &[u32]) -> usize {
    words.iter().rposition(|&word| word != 0).map_or(1, |last| last + 1)
}

/// A hash whose multiplier moves on with every word.
struct Hash {
    constant: u32,
    multiplier: u32,
}

impl Hash {
    fn new(constant: u32, multiplier: u32) -> Self {
        Self { constant, multiplier }
    }

    fn next(&mut self, word: u32) -> u32 {
        let word = word ^ self.constant;
        self.constant = self.constant.wrapping_mul(self.multiplier);
        let word = word.wrapping_mul(self.constant);
        word ^ word >> SHIFT
    }
}

/// Takes a hashed word into a word of the pool.
fn mix(pool: u32, hashed: u32) -> u32 {
    let word = pool.wrapping_mul(MIX_LEFT).wrapping_sub(hashed.wrapping_mul(MIX_RIGHT));
    word ^ word >> SHIFT
}
