//! Tests only: lifetimes written in a line, for examples that can be worked by hand.
//!
//! `e x=1 y=2,4 | l x 3 4 5`: a block that evaluates `x` with a return of 1 and `y` with 2
//! and 4, then one that learns `x` with returns 3, 4, 5. `&l` and `&e` go on in the block
//! before. `@n` behind a return gives its steps (1 otherwise).

use super::{Experts, Lifetime, Scale, Scaled};
use crate::Experiences;
use crate::l2metrics::{Normalization, Settings};
use tella_events::{BlockSubtype, BlockType};

/// The log that a line describes.
pub(crate) fn log(line: &str) -> Experiences {
    let mut log = Experiences::default();
    let mut block_num = 0;
    for (number, block) in line.split('|').enumerate() {
        let mut words = block.split_whitespace();
        let kind = words.next().expect("a block begins with its kind");
        block_num += u64::from(number > 0 && !kind.starts_with('&'));
        let mut row = |block_type, task: &str, value: &str| {
            let (value, steps) = value.split_once('@').unwrap_or((value, "1"));
            let exp_num = log.len() as u64;
            log.block_num.push(block_num);
            log.exp_num.push(Some(exp_num));
            log.block_type.push(block_type);
            log.block_subtype.push(BlockSubtype::Wake);
            log.task_name.push(task);
            log.task_params.push("");
            log.complete.push(true);
            log.episode_step_count.get_or_insert_default().push(steps.parse().unwrap());
            log.measures.entry("reward".to_owned()).or_default().push(value.parse().unwrap());
        };
        match kind.trim_start_matches('&') {
            "e" => words.for_each(|word| {
                let (task, values) = word.split_once('=').expect("task=values");
                values.split(',').for_each(|value| row(BlockType::Test, task, value));
            }),
            "l" => {
                let task = words.next().expect("a task");
                words.for_each(|value| row(BlockType::Train, task, value));
            }
            other => panic!("a block is `e` or `l`, not `{other}`"),
        }
    }
    log
}

/// The lifetime that a line describes.
pub(crate) fn lifetime(line: &str) -> Lifetime {
    Lifetime::new(&log(line), &Settings::default()).unwrap()
}

/// A lifetime with performance as it is.
pub(crate) fn raw(lifetime: &Lifetime) -> Scaled<'_> {
    with_experts(lifetime, &[])
}

/// A lifetime with performance as it is, and experts beside it.
pub(crate) fn with_experts<'a>(lifetime: &'a Lifetime, runs: &[(&str, &[f64])]) -> Scaled<'a> {
    let mut experts = Experts::default();
    runs.iter().for_each(|(task, run)| experts.add(task, run.to_vec()));
    let settings = Settings { normalization_method: Normalization::None, ..Settings::default() };
    Scaled::new(lifetime, &Scale::over([], &experts, &settings).unwrap(), &experts)
}

/// A lifetime on the scale of its own ranges.
pub(crate) fn scaled(lifetime: &Lifetime) -> Scaled<'_> {
    let experts = Experts::default();
    let scale = Scale::over([lifetime], &experts, &Settings::default()).unwrap();
    Scaled::new(lifetime, &scale, &experts)
}
