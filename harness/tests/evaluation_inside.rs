//! Evaluations in the middle of a learning block leave what is learned as it is, and
//! what the log says of a variant's start.

mod support;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use support::{arg, curriculum, run_expecting};
use tella_events::{BlockEventKind, BlockType, LifetimeLog, RunFolder, Table};

const CURRICULUM: &str = "
schema: 1
name: inside
tune: {fraction: 0.25}
tasks:
  Pole:
    env: CartPole-v1
    variants: {Train: {params: {length: {from: 0.2, to: 1.0, over: 20}}}, Test: {held_out: true}}
blocks:
  - {learn: Pole, LENGTH, evaluate: {every: {EVERY}, tasks: Pole/Test, episodes: 2}}
  - {learn: Pole, LENGTH}
";

struct Lived {
    table: Table,
    /// Every variant's start: its block, label and detail.
    starts: Vec<(u64, String, Value)>,
}

fn live(length: &str, every: Option<&str>, envs: &str) -> Lived {
    let dir = support::quick_folder();
    let mut text = CURRICULUM.replace("LENGTH", length);
    text = match every {
        Some(every) => text.replace("EVERY", every),
        None => text.replace(", evaluate: {every: {EVERY}, tasks: Pole/Test, episodes: 2}", ""),
    };
    let file = curriculum(dir.path(), "c.yaml", &text);
    let out = dir.path().join("run");
    let args = ["run", arg(&file), "--agent", "random", "--agent-seed", "1", "--curriculum-seed"];
    run_expecting(
        0,
        &[&args[..], &["2", "--num-parallel-envs", envs, "--out", arg(&out)]].concat(),
    );
    let log = LifetimeLog::open(&RunFolder::open(&out).unwrap(), 0).unwrap();
    let events = log.block_events().unwrap();
    let starts = events.iter().map(|row| &row.event);
    let starts = starts.filter(|event| event.kind == BlockEventKind::VariantStart).map(|event| {
        let detail =
            event.detail.as_deref().map_or(Value::Null, |d| serde_json::from_str(d).unwrap());
        (event.block_num, event.variant.clone().unwrap(), detail)
    });
    Lived { starts: starts.collect(), table: log.table().unwrap() }
}

impl Lived {
    /// The learning rows that were finished: index, seed, parameters, return, length.
    fn learned(&self) -> Vec<(u64, Option<u64>, String, f64, u64)> {
        let t = &self.table;
        let rows = (0..t.len()).filter(|r| t.block_type[*r] == BlockType::Train && t.complete[*r]);
        rows.map(|r| {
            let params = t.task_params.get(r).to_owned();
            (t.episode_index[r], t.seed[r], params, t.reward[r], t.episode_step_count[r])
        })
        .collect()
    }
}

/// One environment: the agent is put back after each evaluation, so that even its random
/// actions are the same.
#[test]
fn learning_is_the_same_with_and_without() {
    let without = live("episodes: 30", None, "1");
    let with = live("episodes: 30", Some("episodes: 7"), "1");
    assert_eq!(with.learned(), without.learned());
    assert_eq!(with.learned().len(), 60);
    let evaluated = with.table.block_type.iter().filter(|t| **t == BlockType::Test).count();
    assert_eq!(evaluated, 4 * 2);
}

/// Several environments: each episode of the block has its index, seed and parameters
/// once, whichever environment runs it.
#[test]
fn several_environments_share_the_episodes_of_all_parts() {
    let by_index =
        |lived: &Lived, block: fn(u64) -> bool| -> BTreeMap<u64, (Option<u64>, String)> {
            let t = &lived.table;
            let rows = (0..t.len()).filter(|r| t.block_type[*r] == BlockType::Train);
            let rows: Vec<usize> = rows.filter(|r| block(t.block_num[*r])).collect();
            let found: BTreeMap<_, _> = rows
                .iter()
                .map(|r| (t.episode_index[*r], (t.seed[*r], t.task_params.get(*r).to_owned())))
                .collect();
            assert_eq!(found.len(), rows.len(), "an index came twice");
            found
        };
    let without = live("episodes: 30", None, "1");
    let with = live("episodes: 30", Some("episodes: 7"), "5");
    assert_eq!(by_index(&with, |block| block < 9), by_index(&without, |block| block == 0));
}

/// By steps an evaluation cuts the episodes under way; the next part begins after them.
#[test]
fn parts_by_steps_go_on_counting() {
    for envs in ["1", "3"] {
        let lived = live("steps: 500", Some("steps: 120"), envs);
        let t = &lived.table;
        let mut next = 0;
        for block in [0, 2, 4, 6, 8] {
            let rows: Vec<usize> = (0..t.len()).filter(|r| t.block_num[*r] == block).collect();
            let mut indices: Vec<u64> = rows.iter().map(|r| t.episode_index[*r]).collect();
            indices.sort_unstable();
            assert_eq!(indices[0], next, "block {block}");
            next = indices.last().unwrap() + 1;
            let steps: u64 = rows.iter().map(|r| t.episode_step_count[*r]).sum();
            assert_eq!(steps, if block == 8 { 20 } else { 120 });
        }
        let last = (0..t.len()).filter(|r| t.block_num[*r] == 9).map(|r| t.episode_index[r]).min();
        assert_eq!(last, Some(0), "another variant begins at 0");
    }
}

/// 60 episodes are learned; a quarter of them, 15, may be seen by tuning: 7, 7, and one
/// of the third part; the evaluations after the first two parts belong to it.
#[test]
fn a_variants_start_says_what_it_is() {
    let lived = live("episodes: 30", Some("episodes: 7"), "2");
    let params = json!({"length": {"from": 0.2, "to": 1.0, "over": 20}});
    let learned = |detail: Value| {
        let mut all = json!({"params": params});
        all.as_object_mut().unwrap().extend(detail.as_object().unwrap().clone());
        all
    };
    let details: Vec<&Value> = lived.starts.iter().map(|(_, _, detail)| detail).collect();
    let tuned = |n: u64| json!({"episodes": n});
    assert_eq!(details.len(), 10);
    assert_eq!(*details[0], learned(json!({"tune": tuned(7)})));
    assert_eq!(*details[1], json!({"held_out": true, "tune": tuned(2)}));
    assert_eq!(*details[2], learned(json!({"continues": true, "tune": tuned(7)})));
    assert_eq!(*details[3], json!({"held_out": true, "tune": tuned(2)}));
    assert_eq!(*details[4], learned(json!({"continues": true, "tune": tuned(1)})));
    assert_eq!(*details[5], json!({"held_out": true}));
    assert_eq!(*details[9], learned(json!({})));
}
