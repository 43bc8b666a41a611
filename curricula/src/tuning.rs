//! Which part of a lifetime tuning may see.

use crate::{BlockType, Curriculum};

impl Curriculum {
    /// How many episodes or steps of each variant belong to the part that tuning may see,
    /// in the order of [`Curriculum::variants`]; `None` where no part is marked.
    ///
    /// The part is the first `fraction` of the learning length, rounded to whole episodes
    /// or steps, at least 1. All learning lengths have one unit. A learning variant belongs
    /// to it as far as that reaches. An evaluation belongs to it, as a whole, where no more
    /// was learned before it: the one right at its end is still in.
    pub fn tuning(&self) -> Option<Vec<u64>> {
        let fraction = self.tune?.fraction;
        let of_type = |wanted| {
            let blocks = self.blocks.iter().filter(move |b| b.block_type == wanted);
            blocks.flat_map(|b| &b.task_blocks).flat_map(|t| &t.variants)
        };
        let total = of_type(BlockType::Learn).map(|v| u128::from(v.length.amount())).sum();
        let mut left = Some(part(fraction, total).max(1));
        let mut amounts = Vec::new();
        for block in &self.blocks {
            for variant in block.task_blocks.iter().flat_map(|t| &t.variants) {
                let amount = variant.length.amount();
                amounts.push(match (block.block_type, left) {
                    (_, None) => 0,
                    (BlockType::Eval, Some(_)) => amount,
                    (BlockType::Learn, Some(n)) => {
                        // What is learned beyond the part ends it for good.
                        left = n.checked_sub(amount.into());
                        u64::try_from(n).map_or(amount, |n| n.min(amount))
                    }
                });
            }
        }
        Some(amounts)
    }
}

/// So much of `total`, rounded to the nearest integer, halves up. The fraction, from 0 to 1,
/// is the shortest decimal number that reads as it does, which is the one that was written:
/// 0.3 of 5 is 1.5 and not a little less, and large totals keep all their digits.
fn part(fraction: f64, total: u128) -> u128 {
    let written = format!("{fraction:e}");
    let (mantissa, exponent) = written.split_once('e').unwrap_or((&written, "0"));
    let (whole, decimals) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: u128 = format!("{whole}{decimals}").parse().unwrap_or_default();
    let shift = decimals.len() as i64 - exponent.parse::<i64>().unwrap_or_default();
    // Digits: at most 17, below 2^57; a total, below 2^63: a product of 120 bits.
    let power = u32::try_from(shift).ok().and_then(|shift| 10u128.checked_pow(shift));
    let (Some(product), Some(power)) = (digits.checked_mul(total), power) else { return 0 };
    product / power + u128::from(product % power >= power.div_ceil(2))
}

#[cfg(test)]
mod tests {
    use super::part;
    use proptest::prelude::*;

    #[test]
    fn a_part_is_exact_in_the_number_as_it_is_written() {
        assert_eq!([part(0.3, 5), part(0.1, 5), part(0.1, 4), part(0.5, 1)], [2, 1, 0, 1]);
        assert_eq!(part(0.5, i64::MAX as u128), 1 << 62);
        assert_eq!(part(0.1, 9_007_199_254_740_995), 900_719_925_474_100);
        assert_eq!(part(1e-40, i64::MAX as u128), 0);
        assert_eq!(part(f64::MIN_POSITIVE, 1000), 0);
    }

    proptest! {
        /// A fraction of thousandths by the definition, in integers.
        #[test]
        fn thousandths(n in 1..1000u64, total in 0..=i64::MAX as u64) {
            let exact = (u128::from(n) * u128::from(total) + 500) / 1000;
            prop_assert_eq!(part(n as f64 / 1000.0, total.into()), exact);
        }
    }
}
