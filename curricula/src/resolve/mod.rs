//! From a plan and a seed to the explicit curriculum.

mod config;
mod generate;
mod interleave;
mod lists;
mod seeds;

pub use config::TellaConfig;
pub use seeds::lifetime_seeds;

use crate::plan::{Body, Plan};
use crate::{Curriculum, Length, TaskVariant};
use tella_rng::Generator;

/// The curriculum of one lifetime. The plan is sound and `body` is its body, with
/// the lengths of a configuration file where there is one.
pub(crate) fn curriculum(plan: &Plan, body: &Body, seed: u64) -> Curriculum {
    let blocks = match body {
        Body::Blocks(items) => lists::blocks(plan, items, seed),
        Body::Generator(generator) => generate::blocks(plan, generator, &mut Generator::new(seed)),
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
        tune: plan.tune,
        blocks,
    }
}

/// Variant number `index` of the plan with a seed and a length.
fn variant(plan: &Plan, index: usize, seed: u64, length: Length) -> TaskVariant {
    let variant = &plan.tasks.variants[index];
    TaskVariant {
        variant: variant.variant.clone(),
        env: variant.env.as_ref().map(|e| e.value.clone()).unwrap_or_default(),
        params: variant.params(),
        adapters: variant.adapters.value.clone(),
        seed,
        length,
        continues: false,
        held_out: variant.held_out.is_some(),
    }
}

/// A seed to learn a variant with: the next word of `rng` that is not held out.
fn learning_seed(plan: &Plan, index: usize, rng: &mut Generator) -> u64 {
    loop {
        let seed = rng.random_raw();
        let held_out = &plan.tasks.variants[index].held_out_seeds;
        if held_out.iter().all(|held| held.value != seed) {
            return seed;
        }
    }
}
