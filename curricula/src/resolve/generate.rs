//! A generator's blocks, with TELLA's draws in TELLA's order: one raw for
//! evaluation, then for each pass a permutation where the order is random, and
//! one raw a learning block.

use super::interleave::interleave;
use super::{learning_seed, variant};
use crate::document::model::{EvalSeeds, Scenario};
use crate::plan::{Plan, PlanGenerator};
use crate::{Block, BlockSubtype, BlockType, Length, TaskBlock};
use tella_rng::Generator;

pub(super) fn blocks(plan: &Plan, generator: &PlanGenerator, rng: &mut Generator) -> Vec<Block> {
    let eval_seed = rng.random_raw();
    let eval = eval_block(plan, &generator.eval, generator.eval_seeds, eval_seed);
    let mut blocks: Vec<Block> = eval.clone().into_iter().collect();
    for pass in 0..generator.passes {
        for i in order(generator, rng) {
            let (index, length) = generator.learn[i];
            let length = match generator.scenario {
                Scenario::Dispersed => share(length, pass, generator.passes),
                _ => length,
            };
            let variant = variant(plan, index, learning_seed(plan, index, rng), length);
            let task = plan.tasks.variants[index].task.clone();
            let block = Block {
                block_type: BlockType::Learn,
                block_subtype: BlockSubtype::Wake,
                task_blocks: vec![TaskBlock { task, variants: vec![variant] }],
            };
            match generator.every {
                Some(every) => blocks.extend(interleave(block, every, eval.as_ref())),
                None => blocks.push(block),
            }
            blocks.extend(eval.clone());
        }
    }
    blocks
}

/// The order of one pass.
fn order(generator: &PlanGenerator, rng: &mut Generator) -> Vec<usize> {
    let n = generator.learn.len();
    match generator.scenario {
        Scenario::Condensed | Scenario::Dispersed | Scenario::Permuted => rng.permutation(n),
        Scenario::Interleaved | Scenario::Alternating | Scenario::Ste => (0..n).collect(),
    }
}

/// What of `length` falls to `pass`: the quotient, and one more in the first
/// passes until the remainder is used up.
fn share(length: Length, pass: u64, passes: u64) -> Length {
    let n = length.amount();
    length.with_amount(n / passes + u64::from(pass < n % passes))
}

/// The evaluation block, the same every time: neighbours of one task in one task
/// block, seeds from a generator of its own.
pub(super) fn eval_block(
    plan: &Plan,
    planned: &[(usize, Length)],
    eval_seeds: EvalSeeds,
    eval_seed: u64,
) -> Option<Block> {
    let mut seeds = Generator::new(eval_seed);
    let mut task_blocks: Vec<TaskBlock> = Vec::new();
    for (index, length) in planned {
        let seed = match eval_seeds {
            EvalSeeds::PerVariant => seeds.random_raw(),
            EvalSeeds::Shared => eval_seed,
        };
        let variant = variant(plan, *index, seed, *length);
        let task = &plan.tasks.variants[*index].task;
        match task_blocks.last_mut().filter(|t| t.task == *task) {
            Some(last) => last.variants.push(variant),
            None => task_blocks.push(TaskBlock { task: task.clone(), variants: vec![variant] }),
        }
    }
    let empty = task_blocks.is_empty();
    (!empty).then_some(Block {
        block_type: BlockType::Eval,
        block_subtype: BlockSubtype::Wake,
        task_blocks,
    })
}
