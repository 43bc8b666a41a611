//! A number as the reference gets to see it: written to a log as text, and read back.
//!
//! pandas 1.5, which reads the logs for the reference, rounds at every digit: a sixth of
//! all values with 16 or 17 digits come back with another last bit, and of a number below
//! 0.1 the last digits may be lost. That decides ties (see [`super::dot`]), so the
//! profile starts from what pandas reads. The text is Python's `repr` of the value, the
//! parser the default one of `pandas.read_csv`; the tests compare with both.

use rayon::prelude::*;

/// The digits that pandas looks at, leading zeros included.
const MOST_DIGITS: i32 = 17;

/// Whole numbers of so many digits are doubles.
const EXACT_DIGITS: usize = 15;

/// [`reread`] of every value.
pub(crate) fn reread_all(values: &mut [f64]) {
    values.par_iter_mut().with_min_len(1 << 12).for_each(|value| *value = reread(*value));
}

/// The value that pandas reads from Python's text for `value`.
pub(crate) fn reread(value: f64) -> f64 {
    // Up to 15 digits, six of them behind the point, are read exactly: both the digits and the
    // power of ten are doubles, and one division rounds once.
    let millionths = (value * 1e6).round();
    if millionths.abs() < 1e15 && millionths / 1e6 == value {
        return value;
    }
    let mut text = zmij::Buffer::new();
    let text = text.format(value.abs());
    match positional(text.as_bytes()) {
        Some(read) => read.copysign(value),
        None => digit_by_digit(text).copysign(value),
    }
}

/// What the first digits are, up to 17, of a text without an exponent and with at most
/// [`EXACT_DIGITS`] before the point: as [`digit_by_digit`], eight at a time.
fn positional(text: &[u8]) -> Option<f64> {
    let point = text.iter().take(EXACT_DIGITS + 1).position(|byte| *byte == b'.')?;
    let behind = &text[point + 1..];
    let len = point + behind.len();
    // Python writes numbers below 1e-4 with an exponent.
    if len > 23 || behind.contains(&b'e') || text.starts_with(b"0.0000") {
        return None;
    }
    // Zeros behind the last digit change nothing: up to 15 digits are exact, and so is their
    // power of ten.
    let mut digits = [b'0'; 24];
    digits[..point].copy_from_slice(&text[..point]);
    digits[point..len].copy_from_slice(behind);
    let eight = |from: usize| eight_digits(digits[from..from + 8].try_into().expect("eight bytes"));
    let digit = |at: usize| u64::from(digits[at] - b'0');
    let exact = (eight(0) * 100_000_000 + eight(8) - digit(EXACT_DIGITS)) / 10;
    let taken = len.clamp(EXACT_DIGITS, MOST_DIGITS as usize);
    let mut number = exact as f64;
    for at in EXACT_DIGITS..taken {
        number = number * 10.0 + digit(at) as f64;
    }
    Some(number / EXACT[taken - point])
}

/// The number that eight digits are.
fn eight_digits(digits: [u8; 8]) -> u64 {
    // Neighbours are joined, then pairs of them, then those.
    let ones = u64::from_le_bytes(digits) & 0x0f0f_0f0f_0f0f_0f0f;
    let tens = (ones * 10 + (ones >> 8)) & 0x00ff_00ff_00ff_00ff;
    let hundreds = (tens * 100 + (tens >> 16)) & 0x0000_ffff_0000_ffff;
    (hundreds * 10_000 + (hundreds >> 32)) & 0xffff_ffff
}

/// The value that pandas reads from the shortest text of a number that is not negative, step
/// by step.
fn digit_by_digit(text: &str) -> f64 {
    let Shortest { digits, count, exponent } = Shortest::of(text);

    // Python writes an exponent below 1e-4 and from 1e16 on. Above, zeros fill up to the
    // point; below 1, leading zeros use up digits.
    let positional = (-4..16).contains(&exponent);
    let leading = if positional { (-exponent).max(0) } else { 0 };
    let trailing = if positional { (exponent + 1 - count).max(0) } else { 0 };
    let taken = count.min(MOST_DIGITS - leading);
    // The first 15 digits are a whole number that a double holds exactly: nothing rounds yet.
    let (exact, rounded) =
        digits[..taken as usize].split_at(taken.min(EXACT_DIGITS as i32) as usize);
    let exact = exact.iter().fold(0, |number: i64, digit| number * 10 + i64::from(*digit));
    let mut number = exact as f64;
    number = rounded.iter().fold(number, |number, digit| number * 10.0 + f64::from(*digit));
    number = (0..trailing).fold(number, |number, _| number * 10.0);
    match exponent + 1 - taken - trailing {
        power @ 1.. => number * ten_to(power),
        power if power < -308 => number / ten_to(-308 - power) / 1e308,
        power => number / ten_to(-power),
    }
}

/// The fewest digits that tell a number other than 0 from all others, the first and the
/// last of them not 0, and the power of ten that the first one stands for.
struct Shortest {
    digits: [u8; 24],
    count: i32,
    exponent: i32,
}

impl Shortest {
    /// Reads them from the shortest text of a number, with an exponent or without.
    fn of(text: &str) -> Shortest {
        let (mantissa, power) = text.split_once('e').unwrap_or((text, "0"));
        let power: i32 = power.parse().expect("an exponent of few digits");
        let mut digits = [0; 24];
        let (mut count, mut whole, mut zeros, mut behind_point) = (0, 0, 0, false);
        for byte in mantissa.bytes() {
            match byte {
                b'.' => behind_point = true,
                b'0' if count == 0 => zeros += i32::from(behind_point),
                digit => {
                    digits[count] = digit - b'0';
                    count += 1;
                    whole += i32::from(!behind_point);
                }
            }
        }
        let exponent = power + if whole > 0 { whole - 1 } else { -zeros - 1 };
        let count =
            digits[..count].iter().rposition(|digit| *digit != 0).map_or(0, |last| last + 1);
        Shortest { digits, count: count as i32, exponent }
    }
}

/// The powers of ten that a double holds exactly.
const EXACT: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// The double nearest to a power of ten, up to 308.
fn ten_to(power: i32) -> f64 {
    match EXACT.get(power as usize) {
        Some(exact) => *exact,
        None => format!("1e{power}").parse().expect("a power of ten"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Read with `pandas.read_csv` 1.5.3 from one-column files of these texts.
    #[test]
    fn known_readings() {
        for (text, read) in READINGS {
            let value: f64 = text.parse().unwrap();
            assert_eq!(reread(value).to_bits(), *read, "{text}");
        }
    }

    /// A number of few digits is read as what it is; the long way says so, too.
    #[test]
    fn short_decimals_are_exact() {
        for text in ["0.5", "-0.25", "123456.789", "0.000001", "0.3", "999999999.999999"] {
            let value: f64 = text.parse().unwrap();
            assert_eq!(reread(value), value, "{text}");
        }
    }

    proptest! {
        /// Eight digits at a time are what digit by digit is.
        #[test]
        fn both_ways_read_alike(value in 0.0f64..1.0, scale in -4i32..15, digits in 1usize..18) {
            let value: f64 = format!("{:.*e}", digits, value * 10f64.powi(scale)).parse().unwrap();
            let mut text = zmij::Buffer::new();
            let text = text.format(value);
            if let Some(read) = positional(text.as_bytes()) {
                prop_assert_eq!(read.to_bits(), digit_by_digit(text).to_bits(), "{}", text);
            }
        }
    }

    const READINGS: &[(&str, u64)] = &[
        ("0.9752777777777778", 0x3fef3579be02468b),
        ("0.9714285714285714", 0x3fef15f15f15f15f),
        ("-0.3717663944639567", 0xbfd7cb05467e5eb1),
        ("0.1", 0x3fb999999999999a),
        ("0.5941556698303643", 0x3fe30352c054f0c0),
        ("1.23456789012345e-05", 0x3ee9e40930267892),
        ("0.00012345678901234567", 0x3f202e85be1804df),
        ("-200.0", 0xc069000000000000),
        ("1e+16", 0x4341c37937e08000),
        ("1.2345678901234567e+20", 0x441ac53a7e04bcda),
        ("2.5e-309", 0x0001cc359e067a35),
        ("1e-310", 0x000012688b70e62b),
        ("5e-324", 0x0000000000000001),
        ("1.7976931348623157e+308", 0x7fefffffffffffff),
        ("123456789012345.67", 0x42dc12218377de6c),
        ("0.3333333333333333", 0x3fd5555555555555),
        ("1e+22", 0x4480f0cf064dd592),
        ("3.0000000000000004", 0x4008000000000001),
        ("-1.0000000000000002", 0xbff0000000000001),
        ("1234567890123456.0", 0x43118b54f22aeb00),
        ("0.012345678901234568", 0x3f8948b0f90591bf),
        ("2.2250738585072014e-308", 0x0010000000000000),
        ("0.23796462709189137", 0x3fce759ff97b7506),
        ("0.5442292252959519", 0x3fe16a5368858d8d),
        ("0.36995516654807925", 0x3fd7ad586f53dadd),
        ("0.6039200385961945", 0x3fe353501de56e4a),
        ("0.625720304108054", 0x3fe405e69652cae3),
        ("0.06552885923981311", 0x3fb0c67fd361123f),
        ("0.013167991554874137", 0x3f8af7d1e8a8526b),
        ("0.83746908209646", 0x3feacc8bf5e07e71),
    ];
}
