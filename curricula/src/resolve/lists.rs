//! Listed blocks: seeds where none are given, repetitions, pools.
//!
//! Draws are made from `default_rng(curriculum seed of the lifetime)` in the order in
//! which the blocks are lived, each repetition with draws of its own. Evaluations in
//! the middle of learning blocks have a stream of their own, so that what is learned
//! is the same with and without them.

use super::generate::eval_block;
use super::{interleave::interleave, learning_seed, variant};
use crate::plan::{Content, Plan, PlanBlock, PlanItem, PlanPool, PlanTaskBlock, Use};
use crate::{Block, BlockType, Length, TaskBlock, TaskVariant};
use tella_rng::{Generator, SeedSequence};

pub(super) fn blocks(plan: &Plan, items: &[PlanItem], seed: u64) -> Vec<Block> {
    // The curriculum seed's first child seeds all evaluations in the middle of blocks.
    let child = SeedSequence::with_spawn_key(seed, &[0]);
    let mut resolver = Resolver {
        plan,
        rng: Generator::new(seed),
        eval_seed: Generator::from_seed_sequence(&child).random_raw(),
        last_seed: 0,
        blocks: Vec::new(),
    };
    resolver.list(items);
    resolver.blocks
}

struct Resolver<'p> {
    plan: &'p Plan,
    rng: Generator,
    eval_seed: u64,
    /// The seed of the variant learned last.
    last_seed: u64,
    blocks: Vec<Block>,
}

impl Resolver<'_> {
    fn list(&mut self, items: &[PlanItem]) {
        for item in items {
            match item {
                PlanItem::Block(block) => self.block(block),
                PlanItem::Repeat(times, items) => (0..*times).for_each(|_| self.list(items)),
            }
        }
    }

    fn block(&mut self, block: &PlanBlock) {
        let task_blocks = match &block.content {
            Content::TaskBlocks(task_blocks) => {
                task_blocks.iter().map(|t| self.task_block(t, block.block_type)).collect()
            }
            Content::Pool(pool) => self.pool(pool),
        };
        let (block_type, block_subtype) = (block.block_type, block.block_subtype);
        let whole = Block { block_type, block_subtype, task_blocks };
        let Some(evaluate) = &block.evaluate else {
            self.blocks.push(whole);
            return;
        };
        let eval = eval_block(self.plan, &evaluate.eval, evaluate.seeds, self.eval_seed);
        self.blocks.extend(interleave(whole, evaluate.every, eval.as_ref()));
    }

    /// Variants without a seed draw one each, in order.
    fn task_block(&mut self, task_block: &PlanTaskBlock, block_type: BlockType) -> TaskBlock {
        let variants = task_block.uses.iter().map(|used| self.used(used, block_type)).collect();
        TaskBlock { task: task_block.task.clone(), variants }
    }

    fn used(&mut self, used: &Use, block_type: BlockType) -> TaskVariant {
        let learned = block_type == BlockType::Learn;
        let seed = match used.seed {
            _ if used.continues => self.last_seed,
            Some(seed) => seed,
            None if learned => learning_seed(self.plan, used.variant, &mut self.rng),
            None => self.rng.random_raw(),
        };
        if learned {
            self.last_seed = seed;
        }
        let variant = variant(self.plan, used.variant, seed, used.length);
        TaskVariant { continues: used.continues, ..variant }
    }

    /// First all choices are drawn, each an index among those that may come next, then a
    /// seed for each stay.
    fn pool(&mut self, pool: &PlanPool) -> Vec<TaskBlock> {
        let stays = stays(pool, &mut self.rng);
        let stay = |(index, length)| {
            self.last_seed = learning_seed(self.plan, index, &mut self.rng);
            let variant = variant(self.plan, index, self.last_seed, length);
            let task = self.plan.tasks.variants[index].task.clone();
            TaskBlock { task, variants: vec![variant] }
        };
        stays.into_iter().map(stay).collect()
    }
}

/// The order of a pool: which variant stays for how long. One drawn again at once goes
/// on staying; what is left over at the end goes to the last.
fn stays(pool: &PlanPool, rng: &mut Generator) -> Vec<(usize, Length)> {
    let (each, total) = (pool.each.amount(), pool.total.amount());
    let mut order: Vec<(usize, u64)> = Vec::new();
    for _ in 0..pool.most_stays() {
        let last = order.last().map(|(member, _)| *member);
        let member = match last {
            Some(last) if !pool.repeats => {
                // An index among the others, counted past the last.
                let other = rng.choice(pool.members.len() - 1);
                other + usize::from(other >= last)
            }
            _ => rng.choice(pool.members.len()),
        };
        match order.last_mut().filter(|(last, _)| *last == member) {
            Some((_, length)) => *length += each,
            None => order.push((member, each)),
        }
    }
    if let Some((_, length)) = order.last_mut() {
        *length += total % each;
    }
    let stay =
        |(member, length): (usize, u64)| (pool.members[member], pool.each.with_amount(length));
    order.into_iter().map(stay).collect()
}
