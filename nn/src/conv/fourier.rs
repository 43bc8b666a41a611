//! The convolution as a product of spectra, by libtorch's real FFT.

use super::{last, padded};
use tch::{Kind, Tensor};

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

/// The circular convolution of `size` points, with frequencies from `keep` on left out.
pub(super) fn circular(u: &Tensor, k: &Tensor, size: i64, keep: Option<i64>) -> Tensor {
    let spectrum = k.fft_rfft(size, -1, "backward");
    let spectrum = match keep {
        Some(keep) if keep < last(&spectrum) => {
            padded(&spectrum.narrow(-1, 0, keep), last(&spectrum))
        }
        _ => spectrum,
    };
    (u.fft_rfft(size, -1, "backward") * spectrum).fft_irfft(size, -1, "backward")
}

/// The spectrum of `size` real points.
pub(super) fn spectrum(x: &Tensor, size: i64) -> Tensor {
    x.to_kind(if x.kind() == Kind::Double { Kind::Double } else { Kind::Float })
        .fft_rfft(size, -1, "backward")
}
