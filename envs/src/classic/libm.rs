//! Arithmetic as Python and NumPy do it, where Rust's own would round differently.
//!
//! `x ** 2` is the C library's `pow` in both, which rounds about one square in a
//! thousand differently from `x * x`; a compiler that sees `pow(x, 2.0)` writes
//! `x * x`. `cos` and `sin` of 64-bit floats are the C library's in Python and in Rust.

use std::f32::consts::FRAC_2_PI;
use std::hint::black_box;

/// `x ** 2` in Python.
///
/// The product is the correctly rounded square. `pow` gives the same unless the square
/// lies so close to the middle between two floats that its own error, before it rounds,
/// decides: at most 0.05 units in the last place in glibc's and musl's (Arm's optimised
/// routines; their notes claim 0.54 after rounding, of which 0.029 grow with the result's
/// logarithm, so that 0.012 are left of them where that is below 21). Only near the
/// middle is it asked, which saves most of its time.
#[inline]
pub(super) fn square(x: f64) -> f64 {
    const EXPONENT: u64 = 0x7ff0_0000_0000_0000;
    let product = x * x;
    let bits = product.to_bits();
    let unit = f64::from_bits(bits & EXPONENT) * f64::EPSILON;
    // Exact, as long as nothing underflows.
    let lost = x.mul_add(x, -product);
    // Below a power of two the floats lie closer.
    let power_of_two = bits & !EXPONENT == 0;
    let clear = if (1e-9..1e9).contains(&product) { 0.485 } else { 0.44 };
    if lost.abs() < clear * unit && product > 1e-280 && !power_of_two { product } else { pow_2(x) }
}

/// How a library squares a 64-bit float.
pub trait Square: Clone + Send + 'static {
    /// The square of `x`.
    fn square(x: f64) -> f64;
}

/// As `x ** 2`: by the C library's `pow`.
#[derive(Clone, Copy, Debug)]
pub struct Power;

/// As `numpy.square(x)`: by a product.
#[derive(Clone, Copy, Debug)]
pub struct Product;

impl Square for Power {
    #[inline]
    fn square(x: f64) -> f64 {
        square(x)
    }
}

impl Square for Product {
    #[inline]
    fn square(x: f64) -> f64 {
        x * x
    }
}

/// `x ** 2` of a 32-bit float in NumPy: the C library's `powf(x, 2.0)`.
pub(super) fn square_f32(x: f32) -> f32 {
    x.powf(black_box(2.0))
}

/// The C library's `pow(x, 2.0)`.
#[cold]
#[inline(never)]
fn pow_2(x: f64) -> f64 {
    // Hidden from the compiler, which would turn the call into a product.
    x.powf(black_box(2.0))
}

/// Minus a quarter turn in three parts; the first has few bits, so that its multiples
/// are exact.
#[expect(clippy::approx_constant, reason = "it is a part of the constant on purpose")]
const QUARTER: [f32; 3] = [-1.570796, -3.1391647e-7, -5.3903025e-15];

/// NumPy's sine and cosine of a 32-bit float of at most 70,000 in magnitude.
///
/// NumPy (since 1.17, on x86-64 processors with FMA) takes the nearest multiple of a
/// quarter turn off, and fits polynomials to sine and cosine of the rest, all with fused
/// operations.
pub(super) fn sin_cos_f32(x: f32) -> (f32, f32) {
    debug_assert!(x.abs() <= 7e4);
    // Adding so large a number leaves no place for a fraction.
    const ROUNDER: f32 = 12_582_912.0;
    let quarters = (x * FRAC_2_PI + ROUNDER) - ROUNDER;
    let rest = QUARTER.iter().fold(x, |rest, &part| quarters.mul_add(part, rest));
    let square = rest * rest;
    // Close to the Taylor series 1, -1/2, 1/24, -1/720, 1/40320, last term first.
    let cos = polynomial(&[2.4372266e-5, -0.001388652, 0.04166662, -0.5, 1.0], square);
    // Close to the Taylor series 1, -1/6, 1/120, -1/5040, 1/362880 with the first term
    // left for the last operation.
    let series = [2.8404097e-6, -0.00019856491, 0.008333397, -0.16666667, 0.0];
    let sin = polynomial(&series, square).mul_add(rest, rest);
    match quarters as i32 & 3 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// Horner's rule, highest coefficient first, each step rounded once.
fn polynomial(coefficients: &[f32], x: f32) -> f32 {
    coefficients.iter().fold(0.0f32, |sum, &c| sum.mul_add(x, c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tella_rng::Generator;

    #[test]
    fn a_square_is_the_c_librarys() {
        let mut rng = Generator::new(0);
        let mut unlike_product = 0;
        for i in 0..2_000_000 {
            let x = match i % 4 {
                0 => rng.uniform(0.9, 1.0),
                1 => rng.uniform(-4.0, 4.0),
                2 => rng.normal(0.0, 1.0).exp2(),
                _ => 2f64.powi(rng.integers(-500, 500) as i32) * rng.uniform(1.0, 2.0),
            };
            assert_eq!(square(x).to_bits(), pow_2(x).to_bits(), "{x:e}");
            unlike_product += (pow_2(x) != x * x) as u32;
        }
        // About one in a thousand: else there would be nothing to this.
        assert!(unlike_product > 500, "{unlike_product}");
        for i in -500..500 {
            for x in [2f64.powi(i), 2f64.powi(i).sqrt(), 0.0, -0.0, f64::INFINITY] {
                assert_eq!(square(x).to_bits(), pow_2(x).to_bits(), "{x:e}");
            }
        }
        assert!(square(f64::NAN).is_nan());
    }
}
