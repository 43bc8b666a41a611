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
        let total =
            of_type(BlockType::Learn).fold(0u64, |n, v| n.saturating_add(v.length.amount()));
        let part = ((fraction * total as f64).round() as u64).max(1);
        let mut left = Some(part);
        let mut amounts = Vec::new();
        for block in &self.blocks {
            for variant in block.task_blocks.iter().flat_map(|t| &t.variants) {
                let amount = variant.length.amount();
                amounts.push(match (block.block_type, left) {
                    (_, None) => 0,
                    (BlockType::Eval, Some(_)) => amount,
                    (BlockType::Learn, Some(n)) => {
                        // What is learned beyond the part ends it for good.
                        left = n.checked_sub(amount);
                        n.min(amount)
                    }
                });
            }
        }
        Some(amounts)
    }
}
