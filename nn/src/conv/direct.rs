//! The convolution as it is defined: a matrix whose diagonals are the taps.

use super::{last, padded};
use tch::{Kind, Tensor};

/// See [`Backend::causal`](super::Backend::causal).
pub(super) fn causal(u: &Tensor, k: &Tensor) -> Tensor {
    let length = last(u);
    // One zero in front stands for every tap that would reach into the future.
    let taps = padded(k, length).constant_pad_nd([1, 0]);
    let lag = lags(length, u);
    product(&taps, &(lag.clamp_min(-1) + 1), u)
}

/// See [`Backend::low_pass`](super::Backend::low_pass): the cut spectrum's kernel, which is periodic.
pub(super) fn low_pass(u: &Tensor, k: &Tensor, size: i64, keep: i64) -> Tensor {
    let spectrum = k.fft_rfft(size, -1, "backward");
    let kept = spectrum.narrow(-1, 0, keep.min(last(&spectrum)));
    // The transform back fills missing frequencies with zeros.
    let taps = kept.fft_irfft(size, -1, "backward");
    product(&taps, &lags(last(u), u).remainder(size), u)
}

/// t - i for each position t (rows) and input i (columns).
fn lags(length: i64, like: &Tensor) -> Tensor {
    let at = Tensor::arange(length, (Kind::Int64, like.device()));
    at.unsqueeze(1) - at.unsqueeze(0)
}

/// y\[t\] = sum over i of taps\[index\[t, i\]\] u\[i\].
fn product(taps: &Tensor, index: &Tensor, u: &Tensor) -> Tensor {
    let size = [&taps.size()[..taps.dim() - 1], &index.size()[..]].concat();
    let matrix = taps.index_select(-1, &index.flatten(0, -1)).reshape(size);
    matrix.matmul(&u.unsqueeze(-1)).squeeze_dim(-1)
}
