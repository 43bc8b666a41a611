//! Integers on the command line: what is no such integer is told what is.

use std::fmt::Display;
use std::ops::{Bound, RangeBounds};

/// A parser of the integers in `range`.
pub(super) fn whole<T: TryFrom<u64>>(
    range: impl RangeBounds<u64>,
) -> impl Fn(&str) -> Result<T, String> + Clone + Send + Sync + 'static {
    let least = match range.start_bound() {
        Bound::Included(n) => *n,
        Bound::Excluded(n) => n.saturating_add(1),
        Bound::Unbounded => 0,
    };
    let most = match range.end_bound() {
        Bound::Included(n) => *n,
        Bound::Excluded(n) => n.saturating_sub(1),
        Bound::Unbounded => u64::MAX,
    };
    move |text| {
        let number = text.parse().ok().filter(|n| (least..=most).contains(n));
        number.and_then(|n| n.try_into().ok()).ok_or_else(|| expected(least, most))
    }
}

fn expected(least: impl Display, most: impl Display) -> String {
    format!("expected an integer from {least} to {most}")
}

#[cfg(test)]
mod tests {
    use super::whole;

    #[test]
    fn integers_in_the_range_are_taken_and_all_else_is_told_it() {
        assert_eq!(whole::<u64>(..)("18446744073709551615"), Ok(u64::MAX));
        assert_eq!(whole::<u32>(1..=256)("256"), Ok(256));
        for text in ["0", "257", "-1", "1.5", "", "ten"] {
            let error = Err("expected an integer from 1 to 256".to_owned());
            assert_eq!(whole::<u32>(1..257)(text), error, "{text}");
        }
    }
}
