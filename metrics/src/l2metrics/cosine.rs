//! The cosine of the smoothing windows, rounded as NumPy rounds it on a processor with AVX-512.
//!
//! There NumPy 1.23 takes it from Intel's short vector mathematics, which is within an ulp of
//! the truth but not always the nearest double; elsewhere it takes the C library's. The golden
//! cases were made with the former, and the last bits decide ties (see [`super::dot`]).
//! The method is the usual one: the argument is taken modulo pi, in three parts, to a sine
//! between -pi/2 and pi/2, which is a polynomial. The parts and coefficients are the library's.

/// Pi as the sum of three doubles.
const PI: [f64; 3] = [std::f64::consts::PI, 1.224646799147353e-16, 2.165713347843828e-32];

/// The coefficients of x^15, x^13, ..., x^3 of the sine.
const SINE: [f64; 7] = [
    -7.37280909726507e-13,
    1.6048055576979365e-10,
    -2.505187912674299e-8,
    2.755731658449074e-6,
    -0.00019841269824944275,
    0.00833333333328519,
    -0.16666666666666183,
];

/// Below this argument the cosine is 1 to the last bit.
const LEVEL: f64 = 1.0 / (1u64 << 27) as f64;

/// The cosine of a small argument.
pub(crate) fn cos(x: f64) -> f64 {
    let x = x.abs();
    if x < LEVEL {
        return 1.0;
    }
    let turns = half_turns(x);
    let middle = turns + 0.5;
    let near = PI[1].mul_add(middle, middle.mul_add(PI[0], -x));
    let square = near * near;
    let rest = PI[2].mul_add(middle, near);
    let sum = SINE[1..].iter().fold(SINE[0], |sum, coefficient| sum.mul_add(square, *coefficient));
    let rest = if turns % 2.0 == 0.0 { rest } else { -rest };
    (rest * square).mul_add(sum, rest)
}

/// The largest whole number that is not above `x / pi`, the product with 1 / pi taken exactly.
fn half_turns(x: f64) -> f64 {
    let product = x * std::f64::consts::FRAC_1_PI;
    let error = x.mul_add(std::f64::consts::FRAC_1_PI, -product);
    let whole = product.floor();
    if whole == product && error < 0.0 { whole - 1.0 } else { whole }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::{FRAC_PI_2, PI, TAU};

    /// Computed with `numpy.cos` 1.23.5 on a processor with AVX-512; the second differs from
    /// the C library's in its last bit.
    #[test]
    fn known_cosines() {
        for (x, bits) in KNOWN {
            assert_eq!(cos(*x).to_bits(), *bits, "{x}");
            assert_eq!(cos(-x).to_bits(), *bits, "-{x}");
            assert!((cos(*x) - x.cos()).abs() < 1e-15);
        }
    }

    const KNOWN: &[(f64, u64)] = &[
        (0.0, 0x3ff0000000000000),
        (2.264869122355432, 0xbfe478338e775379),
        (6.137064718640526, 0x3fefa8b36c4cb4f2),
        (5.416539057913437, 0x3fe4b76371208a63),
        (1.949954060848837, 0xbfd7b057f20bf2e3),
        (5.340707511102648, 0x3fe2cf2304755a5b),
        (PI, 0xbff0000000000000),
        (TAU, 0x3ff0000000000000),
        (FRAC_PI_2, 0x3c91a62633145c07),
        (0.767944870877505, 0x3fe704d4e6a54d3a),
        (4.361269801454066, 0xbfd603425341bf11),
        (6.138744265635228, 0x3fefaab157a568a5),
        (4.994326782629927, 0x3fd1ce509f2c9f49),
        (2.3832771854819117, 0xbfe73b5ae5db4e0e),
        (1.6916268134714272, 0xbfbedb7debaa3edd),
    ];
}
