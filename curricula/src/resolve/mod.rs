//! From a plan and a seed to the explicit curriculum.

mod config;
mod generate;
mod seeds;

pub use config::TellaConfig;
pub use seeds::lifetime_seeds;

use crate::plan::{Body, Plan, PlanBlock, Use};
use crate::{Block, Curriculum, TaskBlock, TaskVariant};
use tella_rng::Generator;

/// The curriculum of one lifetime. The plan is sound and `body` is its body, with
/// the lengths of a configuration file where there is one.
pub(crate) fn curriculum(plan: &Plan, body: &Body, seed: u64) -> Curriculum {
    let mut rng = Generator::new(seed);
    let blocks = match body {
        Body::Blocks(blocks) => blocks.iter().map(|b| explicit(plan, b, &mut rng)).collect(),
        Body::Generator(generator) => generate::blocks(plan, generator, &mut rng),
        Body::Missing => Vec::new(),
    };
    Curriculum {
        name: plan.name.clone(),
        scenario_type: plan.scenario_type.clone(),
        seeding: plan.policy.seeding,
        task_labels: plan.policy.task_labels,
        isolation: plan.policy.isolation,
        eval_rewards: plan.policy.eval_rewards,
        number_incomplete: plan.policy.number_incomplete,
        blocks,
    }
}

/// A listed block; variants without a seed draw one each, in order.
fn explicit(plan: &Plan, block: &PlanBlock, rng: &mut Generator) -> Block {
    let task_blocks = block.task_blocks.iter().map(|t| TaskBlock {
        task: t.task.clone(),
        variants: t
            .uses
            .iter()
            .map(|used| variant(plan, used, used.seed.unwrap_or_else(|| rng.random_raw())))
            .collect(),
    });
    Block {
        block_type: block.block_type,
        block_subtype: block.block_subtype,
        task_blocks: task_blocks.collect(),
    }
}

fn variant(plan: &Plan, used: &Use, seed: u64) -> TaskVariant {
    let variant = &plan.tasks.variants[used.variant];
    TaskVariant {
        variant: variant.variant.clone(),
        env: variant.env.as_ref().map(|e| e.value.clone()).unwrap_or_default(),
        params: variant.params(),
        adapters: variant.adapters.value.clone(),
        seed,
        length: used.length,
    }
}
