//! The convolution as a product of spectra, by libtorch's real FFT, with the gradient of `fourier.cpp`.

use super::{last, padded};
use crate::shim::made;
use std::ffi::{c_char, c_void};
use tch::{Kind, Tensor};

unsafe extern "C" {
    fn tella_fft_convolution(
        u: *const c_void,
        k: *const c_void,
        size: i64,
        why: *mut c_char,
        room: usize,
    ) -> *mut c_void;
}

/// A size of at least `least` that FFTs are fast at: even, with no prime factor above 5.
pub(super) fn size(least: i64) -> i64 {
    let smooth = |mut n: i64| {
        for p in [2, 3, 5] {
            while n % p == 0 {
                n /= p;
            }
        }
        n == 1
    };
    (least.max(2)..).find(|n| n % 2 == 0 && smooth(*n)).expect("there are powers of two")
}

/// The circular convolution of `size` points, which is at least L + K - 1: as many of them as `u` is long, in its kind.
///
/// # Panics
///
/// Where libtorch refuses, as its own operations do.
pub(super) fn circular(u: &Tensor, k: &Tensor, size: i64) -> Tensor {
    let [u, k] = [u, k].map(|tensor| tensor.as_ptr() as *const c_void);
    // SAFETY: both are libtorch's tensors, which outlive the call.
    made(|why, room| unsafe { tella_fft_convolution(u, k, size, why, room) })
}

/// The circular convolution of `size` points, with frequencies from `keep` on left out.
pub(super) fn low_pass(u: &Tensor, k: &Tensor, size: i64, keep: i64) -> Tensor {
    let spectrum = k.fft_rfft(size, -1, "backward");
    let kept = spectrum.narrow(-1, 0, keep.min(last(&spectrum)));
    (u.fft_rfft(size, -1, "backward") * padded(&kept, last(&spectrum)))
        .fft_irfft(size, -1, "backward")
}

/// The spectrum of `size` real points.
pub(super) fn spectrum(x: &Tensor, size: i64) -> Tensor {
    x.to_kind(if x.kind() == Kind::Double { Kind::Double } else { Kind::Float })
        .fft_rfft(size, -1, "backward")
}
