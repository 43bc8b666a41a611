//! The causal convolution one step at a time, in O(log^2 L) a step on average.
//!
//! Pairs of an input and a later output are cut into tiles. The first [`BASE`] lags within a block
//! of [`BASE`] steps are summed as they come. After a step T that is U times an odd number, U a
//! power of two from [`BASE`] to the period P, the last U inputs are added to the next U outputs at
//! once, by an FFT of 2U points. Every pair lies in one tile, and the tile is done before its
//! outputs are due (relaxed multiplication: van der Hoeven 1997; for long convolutions Oncescu et
//! al. 2024). P is the power of two that covers the kernel, so that what is kept is two rings of P.
//!
//! All lanes share the clock. A lane that begins anew has its rings filled with zeros: the
//! convolution does not depend on when it began.

use super::{fourier, padded, power_of_two};
use crate::State;
use crate::state::write;
use tch::Tensor;

/// Steps that are summed directly.
const BASE: i64 = 32;

/// Inputs of the last period: a ring.
const INPUTS: &str = "inputs";

/// What earlier inputs add to the outputs of the next period: a ring.
const PENDING: &str = "pending";

/// The convolution of channels (..., H) with kernels of `taps` taps.
#[derive(Clone, Copy, Debug)]
pub struct Online {
    period: i64,
}

impl Online {
    /// For kernels of `taps` taps.
    pub fn new(taps: i64) -> Self {
        Self { period: power_of_two(taps).max(BASE) }
    }

    /// The state of `lanes` with channels of the shape `channels` (its last dimensions are the
    /// kernels').
    pub fn state(&self, lanes: i64, channels: &[i64], k: &Tensor) -> State {
        let shape = [channels, &[self.period]].concat();
        let mut state = State::new(lanes).with(INPUTS, &shape, k).with(PENDING, &shape, k);
        self.refresh(&mut state, k);
        state
    }

    /// Takes up the kernels `k` (..., H, K). What earlier ones have added to coming outputs stays.
    pub fn refresh(&self, state: &mut State, k: &Tensor) {
        let k = padded(&k.detach(), 2 * self.period);
        // The first taps, last first, so that they lie beside the inputs as these come.
        let mut shared = vec![k.narrow(-1, 0, BASE).flip([-1]).contiguous()];
        let mut reach = BASE;
        while reach <= self.period {
            shared.push(fourier::spectrum(&k.narrow(-1, 0, 2 * reach), 2 * reach));
            reach *= 2;
        }
        state.set_shared(shared);
    }

    /// Inputs of the last period, oldest first: (B, ..., P).
    pub fn inputs(&self, state: &State) -> Tensor {
        crate::state::unrolled(&state.get(INPUTS), state.clock())
    }

    /// The next output for the next input u (B, ...), the shape of the channels.
    pub fn step(&self, u: &Tensor, state: &mut State) -> Tensor {
        let (now, inputs, pending) = (state.clock(), state.get(INPUTS), state.get(PENDING));
        write(&inputs, now, u);
        let (at, done) = (now % self.period, now % BASE + 1);
        let near = inputs.narrow(-1, at + 1 - done, done)
            * state.shared()[0].narrow(-1, BASE - done, done);
        let due = pending.select(-1, at);
        let y = near.sum_dim_intlist([-1].as_slice(), false, None) + &due;
        let _ = pending.narrow(-1, at, 1).zero_();
        state.tick();
        let next = now + 1;
        if next % BASE == 0 {
            self.spread(next, &inputs, &pending, state);
        }
        y
    }

    /// Adds the inputs before the time `next` to the outputs from then on.
    fn spread(&self, next: i64, inputs: &Tensor, pending: &Tensor, state: &State) {
        let reach = (1 << next.trailing_zeros().min(62)).min(self.period);
        let spectrum = &state.shared()[1 + (reach / BASE).trailing_zeros() as usize];
        let from = (next - reach) % self.period;
        let seen = fourier::spectrum(&inputs.narrow(-1, from, reach), 2 * reach);
        let added = (seen * spectrum).fft_irfft(2 * reach, -1, "backward").narrow(-1, reach, reach);
        let _ = pending.narrow(-1, next % self.period, reach).g_add_(&added);
    }
}
