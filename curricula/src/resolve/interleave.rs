//! Evaluations put into the middle of a learning block.

use crate::{Block, Length, TaskBlock, TaskVariant};

/// The learning block cut after every `every` of it, but not at its end, with `eval`
/// between the parts. A variant that is cut goes on in the next part.
pub(super) fn interleave(block: Block, every: Length, eval: Option<&Block>) -> Vec<Block> {
    let Block { block_type, block_subtype, task_blocks } = block;
    let mut cutter =
        Cutter { every: every.amount(), left: every.amount(), parts: vec![Vec::new()] };
    for task_block in &task_blocks {
        for (n, variant) in task_block.variants.iter().enumerate() {
            cutter.variant(&task_block.task, variant, n == 0);
        }
    }
    let parts = cutter.parts.into_iter();
    let mut blocks = Vec::new();
    for task_blocks in parts {
        if !blocks.is_empty() {
            blocks.extend(eval.cloned());
        }
        blocks.push(Block { block_type, block_subtype, task_blocks });
    }
    blocks
}

struct Cutter {
    every: u64,
    /// What is left to learn until the next evaluation.
    left: u64,
    parts: Vec<Vec<TaskBlock>>,
}

impl Cutter {
    /// Learns a variant; `fresh` where it begins a task block.
    fn variant(&mut self, task: &str, variant: &TaskVariant, mut fresh: bool) {
        let mut rest = variant.length.amount();
        let mut continues = variant.continues;
        while rest > 0 {
            if self.left == 0 {
                self.parts.push(Vec::new());
                self.left = self.every;
            }
            let piece = rest.min(self.left);
            let length = variant.length.with_amount(piece);
            let piece_of = TaskVariant { length, continues, ..variant.clone() };
            self.push(task, piece_of, fresh);
            (fresh, continues) = (false, true);
            rest -= piece;
            self.left -= piece;
        }
    }

    fn push(&mut self, task: &str, variant: TaskVariant, fresh: bool) {
        let Some(part) = self.parts.last_mut() else { return };
        match part.last_mut().filter(|_| !fresh) {
            Some(last) => last.variants.push(variant),
            None => part.push(TaskBlock { task: task.to_owned(), variants: vec![variant] }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BlockSubtype, BlockType};
    use proptest::prelude::*;

    fn variant(seed: u64, n: u64) -> TaskVariant {
        TaskVariant {
            variant: format!("V{seed}"),
            env: "E".into(),
            params: Default::default(),
            adapters: Vec::new(),
            seed,
            length: Length::Episodes(n),
            continues: false,
            held_out: false,
        }
    }

    fn block(block_type: BlockType, task_blocks: Vec<TaskBlock>) -> Block {
        Block { block_type, block_subtype: BlockSubtype::Wake, task_blocks }
    }

    /// Every episode learned one by one, as (task block, seed, index), with `None` for an
    /// evaluation: the obvious way.
    fn obvious(lengths: &[Vec<u64>], every: u64) -> Vec<Option<(usize, u64, u64)>> {
        let mut lived = Vec::new();
        for (t, task_block) in lengths.iter().enumerate() {
            for (v, n) in task_block.iter().enumerate() {
                lived.extend((0..*n).map(|i| (t, (100 * t + v) as u64, i)));
            }
        }
        let mut all = Vec::new();
        for (n, episode) in lived.into_iter().enumerate() {
            if n > 0 && (n as u64).is_multiple_of(every) {
                all.push(None);
            }
            all.push(Some(episode));
        }
        all
    }

    proptest! {
        /// Read back episode by episode, the blocks are what the obvious way gives; and
        /// no block and no variant is empty.
        #[test]
        fn as_episode_by_episode(
            lengths in prop::collection::vec(prop::collection::vec(1..9u64, 1..4), 1..4),
            every in 1..12u64,
        ) {
            let task_blocks = lengths.iter().enumerate().map(|(t, lengths)| TaskBlock {
                task: format!("T{t}"),
                variants: lengths
                    .iter()
                    .enumerate()
                    .map(|(v, n)| variant((100 * t + v) as u64, *n))
                    .collect(),
            });
            let whole = block(BlockType::Learn, task_blocks.collect());
            let eval = block(BlockType::Eval, Vec::new());
            let mut found = Vec::new();
            let mut next = 0;
            for block in interleave(whole, Length::Episodes(every), Some(&eval)) {
                if block.block_type == BlockType::Eval {
                    found.push(None);
                    continue;
                }
                prop_assert!(!block.task_blocks.is_empty());
                for task_block in &block.task_blocks {
                    prop_assert!(!task_block.variants.is_empty());
                    let t: usize = task_block.task[1..].parse().unwrap();
                    for variant in &task_block.variants {
                        next = if variant.continues { next } else { 0 };
                        let n = variant.length.amount();
                        prop_assert!(n > 0);
                        found.extend((next..next + n).map(|i| Some((t, variant.seed, i))));
                        next += n;
                    }
                }
            }
            prop_assert_eq!(found, obvious(&lengths, every));
        }
    }
}
