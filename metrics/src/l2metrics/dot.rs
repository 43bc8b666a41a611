//! The inner product, added in the order that the golden cases show.
//!
//! The order of summation matters here, odd as it is. A learning curve that is constant
//! (an agent that always gets -200 on MountainCar) is not constant any more after a moving
//! average: the last bits depend on the order of the additions, and normalisation then
//! blows these bits up to the range 1..101. Whether a curve reaches a level it equals
//! is such a question as well.
//!
//! The reference leaves it to `numpy.convolve`: up to 11 terms are added one after the
//! other by NumPy, more by OpenBLAS, in an order that depends on the processor. The order
//! here was fitted to the golden cases: candidates were tried on their smoothed data until
//! one agreed. With the cosine of [`super::cosine`] it gives every bit of the smoothed values of
//! all golden cases. No golden window is as long as 64. Blocks of 16 terms, eight pairs of running
//! sums with fused multiply-add, folded pairwise, the rest one by one: that looks like
//! OpenBLAS on 64-bit ARM, but on which machine the cases were made is not recorded.
//!
//! On x86-64 with AVX-512 the reference adds in another order. Of 279 generated scenarios,
//! many with constant or saturated returns, it differs there from this profile in 7.

/// The longest kernel that NumPy handles by itself, without BLAS.
const SHORT: usize = 11;

/// The terms of a block.
const BLOCK: usize = 16;

/// Windows whose sums are kept side by side: their terms are added in step, each in its own
/// order.
const LANES: usize = 8;

/// For each of `out`, the sum of `kernel[i] * signal[at + i]` at its place `at`. `signal` is longer
/// than `out` by a kernel less one.
pub(crate) fn convolve(kernel: &[f64], signal: &[f64], out: &mut [f64]) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
        // SAFETY: the processor has both features, as was just asked.
        return unsafe { convolve_with_fma(kernel, signal, out) };
    }
    all_windows(kernel, signal, out);
}

/// [`all_windows`] compiled for processors with fused multiply-add: the same bits, since
/// `mul_add` rounds once everywhere, but without a call to the C library per term.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn convolve_with_fma(kernel: &[f64], signal: &[f64], out: &mut [f64]) {
    all_windows(kernel, signal, out);
}

#[inline(always)]
fn all_windows(kernel: &[f64], signal: &[f64], out: &mut [f64]) {
    let (groups, rest) = out.as_chunks_mut::<LANES>();
    let single = LANES * groups.len();
    for (n, group) in groups.iter_mut().enumerate() {
        *group = windows(kernel, &signal[n * LANES..]);
    }
    for (n, out) in rest.iter_mut().enumerate() {
        [*out] = windows::<1>(kernel, &signal[single + n..]);
    }
}

/// The sums of the first so many windows.
#[inline(always)]
fn windows<const LANES: usize>(kernel: &[f64], signal: &[f64]) -> [f64; LANES] {
    if kernel.len() <= SHORT {
        return one_by_one([0.0; LANES], kernel, signal);
    }
    let (blocks, rest) = kernel.as_chunks::<BLOCK>();
    // Pairs (0, 1), (2, 3), ... are folded as vectors, and the last pair within itself.
    let [a0, a1] = four_sums(blocks, signal, 0);
    let [b0, b1] = four_sums(blocks, signal, 4);
    let [c0, c1] = four_sums(blocks, signal, 8);
    let [d0, d1] = four_sums(blocks, signal, 12);
    let even = add(add(a0, b0), add(c0, d0));
    let odd = add(add(a1, b1), add(c1, d1));
    one_by_one(add(even, odd), rest, &signal[BLOCK * blocks.len()..])
}

/// Of the sixteen running sums that each window has, those from `first` on: four, of which the
/// first and the third are added, and the second and the fourth.
#[inline(always)]
fn four_sums<const LANES: usize>(
    blocks: &[[f64; BLOCK]],
    signal: &[f64],
    first: usize,
) -> [[f64; LANES]; 2] {
    let mut sums = [[0.0f64; LANES]; 4];
    for (block, from) in blocks.iter().zip((0..).step_by(BLOCK)) {
        for (j, sums) in sums.iter_mut().enumerate() {
            let (term, at) = (block[first + j], from + first + j);
            let signal = &signal[at..at + LANES];
            for (sum, s) in sums.iter_mut().zip(signal) {
                *sum = term.mul_add(*s, *sum);
            }
        }
    }
    let [a, b, c, d] = sums;
    [add(a, c), add(b, d)]
}

#[inline(always)]
fn add<const LANES: usize>(a: [f64; LANES], b: [f64; LANES]) -> [f64; LANES] {
    let mut sums = a;
    for (sum, b) in sums.iter_mut().zip(b) {
        *sum += b;
    }
    sums
}

#[inline(always)]
fn one_by_one<const LANES: usize>(
    mut sums: [f64; LANES],
    kernel: &[f64],
    signal: &[f64],
) -> [f64; LANES] {
    for (at, k) in kernel.iter().enumerate() {
        let signal = &signal[at..at + LANES];
        for (sum, s) in sums.iter_mut().zip(signal) {
            *sum += k * s;
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The order of one window, written down plainly.
    fn dot(kernel: &[f64], signal: &[f64]) -> f64 {
        if kernel.len() <= SHORT {
            return kernel.iter().zip(signal).fold(0.0, |sum, (k, s)| sum + k * s);
        }
        let mut sums = [0.0f64; BLOCK];
        let whole = kernel.len() / BLOCK * BLOCK;
        for i in 0..whole {
            sums[i % BLOCK] = kernel[i].mul_add(signal[i], sums[i % BLOCK]);
        }
        let quarter = |j: usize| sums[j] + sums[j + 2];
        let fold = |i: usize| (quarter(i) + quarter(i + 4)) + (quarter(i + 8) + quarter(i + 12));
        (whole..kernel.len()).fold(fold(0) + fold(1), |sum, i| sum + kernel[i] * signal[i])
    }

    /// Many windows at once, with the processor's own instructions or without, give the bits
    /// of one after the other.
    #[test]
    fn windows_side_by_side_round_like_one_alone() {
        for n in [3, 11, 12, 15, 16, 31, 32, 47, 48, 64, 99, 100, 333] {
            for windows in [1, 7, 8, 9, 40] {
                let kernel: Vec<f64> = (0..n).map(|i| (i as f64 * 0.7).sin() + 1.1).collect();
                let signal: Vec<f64> =
                    (0..n + windows - 1).map(|i| (i as f64 * 1.3).cos() * 3.0).collect();
                let expected: Vec<u64> =
                    (0..windows).map(|at| dot(&kernel, &signal[at..at + n]).to_bits()).collect();
                let mut out = vec![0.0; windows];
                convolve(&kernel, &signal, &mut out);
                assert_eq!(out.iter().map(|v| v.to_bits()).collect::<Vec<_>>(), expected);
                all_windows(&kernel, &signal, &mut out);
                assert_eq!(out.iter().map(|v| v.to_bits()).collect::<Vec<_>>(), expected);
            }
        }
    }
}
