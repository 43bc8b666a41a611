//! The long convolution, behind one seam.
//!
//! For inputs u and a kernel k of K taps, y\[t\] = sum over j < K, j <= t of k\[j\] u\[t - j\]:
//! causal, and no tap reaches before the start. [`Backend`] says how it is computed; all ways give
//! the same and have gradients for both arguments. [`Online`] computes it step by step.
//!
//! u is (..., L), k is (..., K) and is broadcast against u's leading dimensions as libtorch does
//! it, so that k (H, K) serves u (B, H, L) and u (B, G, H, L).

mod direct;
mod fourier;
mod monarch;
mod online;
mod partial;
mod toeplitz;

pub use monarch::Plan;
pub use online::Online;
pub(crate) use toeplitz::matrix;

use tch::{Kind, Tensor};

/// How a convolution is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The sum as it is written, L * K products: what the others are checked against.
    Direct,
    /// libtorch's real FFT. Kernels much shorter than the input are applied window by window.
    Fft,
    /// The discrete Fourier transform as `order` matrix products (2 to 4), for matrix units
    /// (FlashFFTConv).
    Monarch {
        /// How many factors the size is split into.
        order: u32,
    },
    /// The kernel's Toeplitz matrix times the input, for matrix units and short inputs.
    Toeplitz,
}

impl Backend {
    /// The causal convolution of `u` (..., L) with `k` (..., K).
    ///
    /// Half precision is computed in single precision but by [`Backend::Toeplitz`]; the result has
    /// the kind of `u`.
    pub fn causal(self, u: &Tensor, k: &Tensor) -> Tensor {
        if self == Backend::Toeplitz {
            return toeplitz::causal(u, k);
        }
        let length = last(u);
        let k = k.narrow(-1, 0, last(k).min(length));
        if self != Backend::Direct && partial::worthwhile(length, last(&k)) {
            return partial::causal(self, &widened(u), &k).to_kind(u.kind());
        }
        let size = fourier::size(length + last(&k) - 1);
        if self == Backend::Fft {
            return fourier::circular(u, &k, size);
        }
        let (wide_u, k) = (widened(u), widened(&k));
        let y = match self {
            Backend::Direct => direct::causal(&wide_u, &k),
            Backend::Monarch { order } => {
                Plan::new(power_of_two(size), order, None, &wide_u).circular(&wide_u, &k)
            }
            Backend::Fft | Backend::Toeplitz => unreachable!("it was computed above"),
        };
        y.narrow(-1, 0, length).to_kind(u.kind())
    }

    /// As [`Backend::causal`], with the kernel's spectrum cut off: of its transform of `size`
    /// points (a power of two, at least L + K - 1) only the frequencies below `keep` are left.
    ///
    /// A cut spectrum belongs to a kernel that reaches into the past and the future: the result is
    /// no longer causal.
    pub fn low_pass(self, u: &Tensor, k: &Tensor, size: i64, keep: i64) -> Tensor {
        let (wide_u, k) = (widened(u), widened(k));
        let y = match self {
            Backend::Direct => direct::low_pass(&wide_u, &k, size, keep),
            // A cut spectrum is a transform's.
            Backend::Fft | Backend::Toeplitz => fourier::low_pass(&wide_u, &k, size, keep),
            Backend::Monarch { order } => {
                Plan::new(size, order, Some(keep), &wide_u).circular(&wide_u, &k)
            }
        };
        y.narrow(-1, 0, last(u)).to_kind(u.kind())
    }

    /// Past and future: `after` (..., K) is the causal kernel, `before` (..., K) weighs later
    /// inputs, so that y\[t\] = sum over j <= t of after\[t - j\] u\[j\] + sum over j > t of
    /// before\[j - t - 1\] u\[j\].
    pub fn bidirectional(self, u: &Tensor, after: &Tensor, before: &Tensor) -> Tensor {
        let delayed = before.constant_pad_nd([1, 0]);
        self.causal(u, after) + self.causal(&u.flip([-1]), &delayed).flip([-1])
    }
}

/// The size of the last dimension.
pub(crate) fn last(t: &Tensor) -> i64 {
    t.size()[t.dim() - 1]
}

/// At least single precision.
fn widened(t: &Tensor) -> Tensor {
    match t.kind() {
        Kind::Half | Kind::BFloat16 => t.to_kind(Kind::Float),
        _ => t.shallow_clone(),
    }
}

/// The next power of two.
pub(crate) fn power_of_two(n: i64) -> i64 {
    (n.max(1) as u64).next_power_of_two() as i64
}

/// `t` with zeros after its last position, `length` positions in all.
pub(crate) fn padded(t: &Tensor, length: i64) -> Tensor {
    t.constant_pad_nd([0, length - last(t)])
}
