//! A generator's state outside of it, in NumPy's terms.

use super::Generator;
use rand_pcg::Pcg64;
use serde::{Deserialize, Serialize};

/// What `bit_generator.state` shows in Python, 128-bit numbers as their 64-bit
/// halves, upper half first (several formats know no 128-bit numbers).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The generator's position.
    pub state: [u64; 2],
    /// The increment, which selects the stream. Odd.
    pub increment: [u64; 2],
    /// Whether half a word is buffered for the next 32-bit draw.
    pub has_uint32: bool,
    /// That half. Zero where there is none (NumPy keeps the last one here).
    pub uinteger: u32,
}

/// Why a state is no generator's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// PCG64's increments are odd.
    #[error("generator state: the increment has to be odd, here it is even")]
    EvenIncrement,
}

impl From<Generator> for State {
    fn from(generator: Generator) -> Self {
        let halves = |word: u128| [(word >> 64) as u64, word as u64];
        Self {
            state: halves(generator.pcg.state()),
            increment: halves(generator.pcg.stream() << 1 | 1),
            has_uint32: generator.half.is_some(),
            uinteger: generator.half.unwrap_or(0),
        }
    }
}

impl TryFrom<State> for Generator {
    type Error = StateError;

    fn try_from(state: State) -> Result<Self, StateError> {
        let join = |[high, low]: [u64; 2]| u128::from(high) << 64 | u128::from(low);
        if state.increment[1] & 1 == 0 {
            return Err(StateError::EvenIncrement);
        }
        Ok(Self {
            pcg: Pcg64::from_state(join(state.state), join(state.increment) >> 1),
            half: state.has_uint32.then_some(state.uinteger),
        })
    }
}
