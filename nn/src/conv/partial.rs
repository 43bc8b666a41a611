//! Kernels much shorter than the input: window by window.
//!
//! The input is cut into windows as long as the kernel, every window is convolved by itself and
//! reaches into the next one, where the two are added (overlap-add). The transforms are of the
//! kernel's size, not of the input's.

use super::{Backend, last, padded, power_of_two};
use tch::Tensor;

/// Whether windows save work.
pub(super) fn worthwhile(length: i64, taps: i64) -> bool {
    length >= 4 * power_of_two(taps)
}

/// See [`Backend::causal`].
pub(super) fn causal(backend: Backend, u: &Tensor, k: &Tensor) -> Tensor {
    let (length, window) = (last(u), power_of_two(last(k)));
    let windows = (length + window - 1) / window;
    let outer = &u.size()[..u.dim() - 1];
    let shape = |last: &[i64]| [outer, last].concat();
    let cut = padded(u, windows * window).reshape(shape(&[windows, window]));
    // Windows are a new dimension before the last, which the kernel does not have.
    let y = backend.causal(&padded(&cut, 2 * window), &k.unsqueeze(-2));
    let (own, over) = (y.narrow(-1, 0, window), y.narrow(-1, window, window));
    let over = over.narrow(-2, 0, windows - 1).constant_pad_nd([0, 0, 1, 0]);
    (own + over).reshape(shape(&[windows * window])).narrow(-1, 0, length)
}
