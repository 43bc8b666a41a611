//! Numbers and times as text, in the forms the field's Python tools write.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// A float as Python's `repr` writes it: the shortest digits that give it back, with an
/// exponent of at least two digits below 1e-4 and from 1e16 on.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        return "nan".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf".into() } else { "-inf".into() };
    }
    if value == 0.0 || (1e-4..1e16).contains(&value.abs()) {
        return format!("{value:?}");
    }
    let text = format!("{value:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    format!("{digits}e{sign}{exponent:0>2}")
}

/// Reads a float as Python or pandas would write it. A number too large for one is none: Python
/// would have written `inf`.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    let value: f64 = text.parse().ok()?;
    let too_large = value.is_infinite() && text.contains(|c: char| c.is_ascii_digit());
    (!too_large).then_some(value)
}

/// Reads a whole number, also one that pandas made a float of.
pub(super) fn parse_whole(text: &str) -> Option<u64> {
    if let Ok(whole) = text.parse() {
        return Some(whole);
    }
    let (whole, fraction) = text.split_once('.')?;
    fraction.bytes().all(|b| b == b'0').then(|| whole.parse().ok()).flatten()
}

/// L2Logger's timestamps: no zone, so they are taken and given as UTC.
const L2LOGGER: &str = "%Y%m%dT%H%M%S%.6f";

fn timestamp(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Microseconds since 1970 UTC in L2Logger's form.
pub(super) fn l2logger_time(micros: i64) -> String {
    timestamp(micros).strftime(L2LOGGER).to_string()
}

/// Reads L2Logger's form.
pub(super) fn parse_l2logger_time(text: &str) -> Option<i64> {
    if let Some(time) = to_the_microsecond(text.as_bytes()) {
        return Some(TimeZone::UTC.to_timestamp(time).ok()?.as_microsecond());
    }
    // The format's own reading passes white space and years of fewer digits.
    let whole_seconds = text.as_bytes().get(..15)?;
    let of_form = |(at, b): (usize, &u8)| if at == 8 { *b == b'T' } else { b.is_ascii_digit() };
    if !whole_seconds.iter().enumerate().all(of_form) {
        return None;
    }
    let time = DateTime::strptime("%Y%m%dT%H%M%S%.f", text).ok()?;
    Some(TimeZone::UTC.to_timestamp(time).ok()?.as_microsecond())
}

/// The time of a text in L2Logger's form with all six digits of microseconds, as every log
/// that it wrote has them.
fn to_the_microsecond(text: &[u8]) -> Option<DateTime> {
    if text.len() != 22 || text[8] != b'T' || text[15] != b'.' {
        return None;
    }
    let number = |range: std::ops::Range<usize>| {
        let digits = &text[range];
        let digit = |n: i32, b: &u8| n * 10 + i32::from(*b - b'0');
        digits.iter().all(u8::is_ascii_digit).then(|| digits.iter().fold(0, digit))
    };
    let part = |range| number(range).map(|n| n as i8);
    DateTime::new(
        number(0..4)? as i16,
        part(4..6)?,
        part(6..8)?,
        part(9..11)?,
        part(11..13)?,
        part(13..15)?,
        number(16..22)? * 1000,
    )
    .ok()
}

/// Microseconds since 1970 UTC as RFC 3339 with microseconds.
pub(super) fn rfc3339(micros: i64) -> String {
    timestamp(micros).strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// Reads RFC 3339.
pub(super) fn parse_rfc3339(text: &str) -> Option<i64> {
    text.parse::<Timestamp>().ok().map(Timestamp::as_microsecond)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected texts: `repr` of CPython 3.11.
    #[test]
    fn floats_as_python_writes_them() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (19.0, "19.0"),
            (0.1, "0.1"),
            (1e-4, "0.0001"),
            (9.999e-5, "9.999e-05"),
            (1e-5, "1e-05"),
            (1.5e-10, "1.5e-10"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.2345e300, "1.2345e+300"),
            (5e-324, "5e-324"),
            (f64::NAN, "nan"),
            (f64::NEG_INFINITY, "-inf"),
        ] {
            assert_eq!(float(value), text);
            assert_eq!(parse_float(text).map(f64::is_nan), Some(value.is_nan()));
        }
        assert_eq!(["1e400", "-1e309", "1e308"].map(parse_float), [None, None, Some(1e308)]);
    }

    #[test]
    fn whole_numbers_also_from_pandas() {
        assert_eq!(parse_whole("18446744073709551615"), Some(u64::MAX));
        assert_eq!(parse_whole("12.0"), Some(12));
        for bad in ["", "-1", "1.5", "x", "."] {
            assert_eq!(parse_whole(bad), None, "{bad}");
        }
    }

    #[test]
    fn times_there_and_back() {
        for micros in [0, 1, 1_790_000_000_123_456, -1, 1_600_000_000_000_000] {
            assert_eq!(parse_l2logger_time(&l2logger_time(micros)), Some(micros));
            assert_eq!(parse_rfc3339(&rfc3339(micros)), Some(micros));
        }
        assert_eq!(l2logger_time(1_600_000_379_389_000), "20200913T123259.389000");
        assert_eq!(parse_l2logger_time("20200913T123259"), Some(1_600_000_379_000_000));
        assert_eq!(parse_l2logger_time("20200913T123259.5"), Some(1_600_000_379_500_000));
        for bad in [
            "20201313T123259.000000",
            "2020091xT123259.000000",
            "20200913T126059.000000",
            "202\r0101T000000.000000",
            "-0240101T000000.000000",
            "2020 913T123259",
            "20200913T12",
        ] {
            assert_eq!(parse_l2logger_time(bad), None, "{bad}");
        }
    }
}
