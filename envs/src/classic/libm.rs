//! Arithmetic as Python and NumPy do it, where Rust's own would round differently.
//!
//! `x ** 2` is the C library's `pow` in both, which rounds about one square in a
//! thousand differently from `x * x`; a compiler that sees `pow(x, 2.0)` writes
//! `x * x`. `cos` and `sin` of 64-bit floats are the C library's in Python and in Rust.

use std::hint::black_box;

/// `x ** 2` in Python.
#[inline]
pub(super) fn square(x: f64) -> f64 {
    // Hidden from the compiler, which would turn the call into a product.
    x.powf(black_box(2.0))
}

/// NumPy's cosine of a 32-bit float no larger than 0.1 in magnitude.
///
/// NumPy (since 1.17, on x86-64 processors with FMA) fits a polynomial to the cosine
/// and evaluates it with fused operations; the reduction that comes before it leaves
/// arguments this small alone.
pub(super) fn cos_f32(x: f32) -> f32 {
    debug_assert!(x.abs() <= 0.1);
    // Close to the Taylor series 1, -1/2, 1/24, -1/720, 1/40320, last term first.
    polynomial(&[2.4372266e-5, -0.001388652, 0.04166662, -0.5, 1.0], x * x)
}

/// NumPy's sine of a 32-bit float no larger than 0.1 in magnitude, as [`cos_f32`].
pub(super) fn sin_f32(x: f32) -> f32 {
    debug_assert!(x.abs() <= 0.1);
    // Close to the Taylor series 1, -1/6, 1/120, -1/5040, 1/362880 with the first term
    // left for the last operation.
    let series = [2.8404097e-6, -0.00019856491, 0.008333397, -0.16666667, 0.0];
    polynomial(&series, x * x).mul_add(x, x)
}

/// Horner's rule, highest coefficient first, each step rounded once.
fn polynomial(coefficients: &[f32], x: f32) -> f32 {
    coefficients.iter().fold(0.0f32, |sum, &c| sum.mul_add(x, c))
}
