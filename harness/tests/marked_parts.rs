//! What reports can tell from a log: which experiences tuning may see, and that parameters
//! which vary by episode are one variant's.

mod support;

use support::{arg, curriculum, run_expecting};
use tella_events::{BlockType, LifetimeLog, RunFolder, Table};
use tella_metrics::run::tuned_rows;

const CURRICULUM: &str = "
schema: 1
name: marked
tune: {fraction: 0.25}
tasks:
  Pole:
    env: CartPole-v1
    eval: {episodes: 2}
    variants: {Train: {params: {length: {uniform: {low: 0.2, high: 1.0}}}}, Test: {held_out: true}}
blocks:
  - eval: Pole
  - {learn: Pole, LENGTH, evaluate: {every: {EVERY}}}
  - eval: Pole
  - {learn: Pole, LENGTH}
";

/// Lives the curriculum; its log, which rows tuning may see, and what `tella metrics` says.
fn live(length: &str, every: &str) -> (Table, Vec<bool>, String) {
    let dir = support::quick_folder();
    let text = CURRICULUM.replace("LENGTH", length).replace("EVERY", every);
    let file = curriculum(dir.path(), "c.yaml", &text);
    let out = dir.path().join("run");
    let run = ["run", arg(&file), "--agent", "random", "--agent-seed", "1", "--curriculum-seed"];
    run_expecting(0, &[&run[..], &["2", "--num-parallel-envs", "3", "--out", arg(&out)]].concat());
    let log = LifetimeLog::open(&RunFolder::open(&out).unwrap(), 0).unwrap();
    let (table, events) = (log.table().unwrap(), log.block_events().unwrap());
    let tuned = tuned_rows(&table, &events);
    let (stdout, _) = run_expecting(0, &["metrics", arg(&out)]);
    (table, tuned, stdout)
}

/// 40 episodes are learned, so that 10 belong to the part: 8 of the first stretch and 2 of
/// the second; and the evaluations before the first and the second.
#[test]
fn tuning_may_see_the_first_episodes() {
    let (table, tuned, said) = live("episodes: 20", "episodes: 8");
    let mut found: Vec<(u64, u64)> = (0..table.len())
        .filter(|row| tuned[*row] && table.block_type[*row] == BlockType::Train)
        .map(|row| (table.block_num[row], table.episode_index[row]))
        .collect();
    found.sort_unstable();
    let expected: Vec<(u64, u64)> = (0..8).map(|i| (1, i)).chain((8..10).map(|i| (3, i))).collect();
    assert_eq!(found, expected);
    let evaluated = |row: &usize| tuned[*row] && table.block_type[*row] == BlockType::Test;
    let blocks: Vec<u64> =
        (0..table.len()).filter(evaluated).map(|row| table.block_num[row]).collect();
    assert_eq!(blocks, [0, 0, 0, 0, 2, 2, 2, 2]);
    assert!(said.contains("the first 25 % of the learning is marked for tuning"), "{said}");
    assert!(!said.contains("task_params change"), "{said}");
}

#[test]
fn tuning_may_see_the_first_steps() {
    let (table, tuned, _) = live("steps: 400", "steps: 150");
    let train = |row: &usize| table.block_type[*row] == BlockType::Train;
    let seen: Vec<usize> = (0..table.len()).filter(train).filter(|row| tuned[*row]).collect();
    // 200 of 800 steps: all 150 of the first stretch, and as many whole episodes as fit
    // into 50 of the second.
    let steps = |block: u64| -> u64 {
        let rows = seen.iter().filter(|row| table.block_num[**row] == block);
        rows.map(|row| table.episode_step_count[*row]).sum()
    };
    assert_eq!(steps(1), 150);
    assert!(steps(3) <= 50);
    assert_eq!(steps(1) + steps(3), seen.iter().map(|r| table.episode_step_count[*r]).sum::<u64>());
    let next = (0..table.len()).find(|row| table.block_num[*row] == 3 && !tuned[*row]).unwrap();
    assert!(steps(3) + table.episode_step_count[next] > 50, "the next would not have fitted");
}
