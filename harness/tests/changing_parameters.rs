//! Parameters that vary by episode, from the YAML to the log: each row carries the
//! values of its episode, whichever environment ran it.

mod support;

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use support::{arg, curriculum, run_expecting};
use tella_events::{LifetimeLog, RunFolder, Table};
use tella_rng::{Generator, SeedSequence};

const CURRICULUM: &str = "
schema: 1
name: changing
tasks:
  Pole:
    env: CartPole-v1
    params:
      length: {from: 0.25, to: 1.25, over: 11}
      max_episode_steps: {from: 10, to: 20, over: 5}
      gravity: {uniform: {low: 5, high: 20}}
      masscart: {choice: {values: [1, 2.5], weights: [1, 3]}}
      kinematics_integrator: euler
blocks:
  - learn: {task: Pole, seed: 77, episodes: 40}
  - eval: {task: Pole, seed: 77, steps: 100}
";

fn table(text: &str, more: &[&str]) -> Table {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", text);
    let out = dir.path().join("run");
    let args = ["run", arg(&file), "--agent", "random", "--agent-seed", "1"];
    let seeds = ["--curriculum-seed", "2", "--out", arg(&out)];
    run_expecting(0, &[&args[..], &seeds, more].concat());
    LifetimeLog::open(&RunFolder::open(&out).unwrap(), 0).unwrap().table().unwrap()
}

/// The values of an episode by the definitions in the reference, written out.
fn expected(episode: u64) -> Value {
    let part = |over: u64| episode.min(over - 1) as f64 / (over - 1) as f64;
    let seeds = SeedSequence::with_spawn_key(77, &[episode as u32, 0]);
    let mut rng = Generator::from_seed_sequence(&seeds);
    let gravity = rng.uniform(5.0, 20.0);
    let masscart = if rng.random() < 0.25 { json!(1) } else { json!(2.5) };
    json!({
        "gravity": gravity,
        "kinematics_integrator": "euler",
        "length": 0.25 * (1.0 - part(11)) + 1.25 * part(11),
        "masscart": masscart,
        "max_episode_steps": (10.0 + 10.0 * part(5)).round() as i64,
    })
}

#[test]
fn every_row_has_the_parameters_of_its_episode() {
    for envs in ["1", "7"] {
        let table = table(CURRICULUM, &["--num-parallel-envs", envs]);
        let mut seen = BTreeMap::new();
        for row in 0..table.len() {
            let params: Value = serde_json::from_str(table.task_params.get(row)).unwrap();
            assert_eq!(params, expected(table.episode_index[row]), "row {row}");
            let most = params["max_episode_steps"].as_u64().unwrap();
            assert!(table.episode_step_count[row] <= most, "row {row} ignores its parameters");
            if table.block_num[row] == 0 {
                seen.insert(table.episode_index[row], table.seed[row]);
            }
        }
        assert_eq!(seen.keys().copied().collect::<Vec<_>>(), (0..40).collect::<Vec<_>>());
    }
}

/// With a parameter that shortens episodes to one step, the log must follow.
#[test]
fn the_environment_has_the_parameters_that_the_log_shows() {
    let text = CURRICULUM.replace("{from: 10, to: 20, over: 5}", "{integers: {low: 1, high: 3}}");
    let table = table(&text, &["--num-parallel-envs", "3"]);
    let mut lengths = [false; 4];
    for row in (0..table.len()).filter(|row| table.complete[*row]) {
        let params: Value = serde_json::from_str(table.task_params.get(row)).unwrap();
        assert_eq!(params["max_episode_steps"], json!(table.episode_step_count[row]), "row {row}");
        lengths[table.episode_step_count[row] as usize] = true;
    }
    assert_eq!(lengths, [false, true, true, true]);
}

#[test]
fn an_export_shows_them() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let (out, exported) = (dir.path().join("run"), dir.path().join("l2logger"));
    let run = ["run", arg(&file), "--agent", "random", "--agent-seed", "1"];
    run_expecting(0, &[&run[..], &["--curriculum-seed", "2", "--out", arg(&out)]].concat());
    run_expecting(
        0,
        &["log", "export", arg(&out), "--format", "l2logger", "--out", arg(&exported)],
    );
    let mut rows = 0;
    for file in files(&exported) {
        let text = fs_err::read_to_string(&file).unwrap();
        let mut lines = text.lines();
        let heading: Vec<&str> = lines.next().unwrap().split('\t').collect();
        let at = heading.iter().position(|name| *name == "task_params").unwrap();
        for line in lines {
            let field = line.split('\t').nth(at).unwrap();
            assert!(field.contains("gravity") && !field.contains("uniform"), "{line}");
            rows += 1;
        }
    }
    assert!(rows > 40, "{rows} rows");
}

/// All data logs under a folder.
fn files(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs_err::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| match path.is_dir() {
        true => files(&path),
        false => vec![path],
    });
    found.filter(|path| path.file_name().is_some_and(|n| n == "data-log.tsv")).collect()
}
