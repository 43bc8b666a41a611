//! The convolution as a matrix product: each kernel's Toeplitz matrix times its inputs.
//!
//! L^2 products a channel and as much to keep of the matrix as `BLOCK` rows have, yet the fastest way
//! up to a few thousand positions where matrix units compute in half precision: it is computed in the
//! inputs' own kind, with sums in single precision. Outputs are had block by block, each from the
//! inputs up to its end, so that about half of the zeros above the diagonal are left out.

use super::{last, padded};
use tch::Tensor;

/// Outputs of a block.
const BLOCK: i64 = 256;

/// See [`Backend::causal`](super::Backend::causal).
pub(super) fn causal(u: &Tensor, k: &Tensor) -> Tensor {
    let (outer, inner) = shapes(u, k);
    let (length, channels) = (last(u), inner.iter().product::<i64>());
    let size = |dims: &[&[i64]]| dims.concat();
    let expanded = u.expand(size(&[&outer, &inner, &[length]]), false);
    let k = k.to_kind(u.kind()).expand(size(&[&inner, &[last(k)]]), false);
    let rows = outer.iter().product::<i64>();
    let u = expanded.reshape([rows, channels, length]).transpose(0, 1);
    let y = blocks(&u, &k.reshape([channels, last(&k)])).transpose(0, 1);
    y.reshape(size(&[&outer, &inner, &[length]]))
}

/// The Toeplitz matrices (C, L, L) of kernels (C, K): what input s adds to output t is k\[t - s\], zero
/// where that is no tap.
pub(crate) fn matrix(k: &Tensor, length: i64) -> Tensor {
    shifted(k, length, length)
}

/// u (C, B, L), k (C, K).
fn blocks(u: &Tensor, k: &Tensor) -> Tensor {
    let length = last(u);
    if length <= BLOCK {
        return u.matmul(&shifted(k, length, length));
    }
    let count = (length + BLOCK - 1) / BLOCK;
    let channels = k.size()[0];
    // (C, BLOCK, count * BLOCK), cut into what inputs of a block add to those 0, 1, 2 ... blocks on. The
    // last output block needs all of these, farthest first, the one before it all but the first.
    let lags = shifted(k, BLOCK, count * BLOCK).reshape([channels, BLOCK, count, BLOCK]);
    let lags = lags.permute([0, 2, 1, 3]).flip([1]).reshape([channels, count * BLOCK, BLOCK]);
    let block = |i: i64| {
        let (seen, own) = ((i + 1) * BLOCK, BLOCK.min(length - i * BLOCK));
        let seen = seen.min(length);
        let lags = lags.narrow(1, (count - 1 - i) * BLOCK, seen).narrow(2, 0, own);
        u.narrow(2, 0, seen).matmul(&lags)
    };
    Tensor::cat(&(0..count).map(block).collect::<Vec<_>>(), 2)
}

/// Kernels (C, K) shifted by 0, 1, 2 ...: (C, shifts, length), of which row s at t is k\[t - s\].
///
/// Written over and over again with a period one longer than a row, a kernel stands one place later in
/// each row: one copy, and sums as gradients, where an index would be added up place by place. Rows are
/// a multiple of eight long, as matrix units like them.
fn shifted(k: &Tensor, shifts: i64, length: i64) -> Tensor {
    let taps = last(k).min(length);
    let row = (length + shifts + 7) / 8 * 8;
    let period = padded(&k.narrow(-1, 0, taps), row + 1);
    let repeated = period.unsqueeze(1).expand([-1, shifts, -1], false).flatten(1, 2);
    repeated.narrow(1, 0, shifts * row).unflatten(1, [shifts, row]).narrow(2, 0, length)
}

/// Leading dimensions of the result: those before the kernel's own, and as many as it has.
fn shapes(u: &Tensor, k: &Tensor) -> (Vec<i64>, Vec<i64>) {
    let (mut of_u, of_k) = (u.size(), k.size());
    of_u.pop();
    let of_k = &of_k[..of_k.len() - 1];
    while of_u.len() < of_k.len() {
        of_u.insert(0, 1);
    }
    let inner = of_u.split_off(of_u.len() - of_k.len());
    let broadcast = inner.iter().zip(of_k).map(|(u, k)| if *u == 1 { *k } else { *u }).collect();
    (of_u, broadcast)
}
