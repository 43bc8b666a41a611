//! `tella curriculum preview`, curricula of several files, and the warning of a log that
//! would not fit the disk.

mod support;

use serde_json::json;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use support::{arg, curriculum, json_expecting, run_expecting, tella};

const CURRICULUM: &str = "
schema: 1
name: at-a-glance
tune: {fraction: 0.25}
tasks:
  Pole:
    env: CartPole-v1
    eval: {episodes: 5}
    variants: {Train: {}, Test: {params: {length: 1}, held_out: true}}
  \"A<B & C\": CartPole-v0
blocks:
  - {learn: Pole, episodes: 100, evaluate: {every: {episodes: 40}, tasks: Pole}}
  - {learn: \"A<B & C\", episodes: 100}
";

#[test]
fn a_preview_says_what_show_says() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let more = ["--curriculum-seed", "7", "--lifetime-idx", "2", "--json"];
    let preview = json_expecting(0, &[&["curriculum", "preview", arg(&file)][..], &more].concat());
    let shown = json_expecting(0, &[&["curriculum", "show", arg(&file)][..], &more].concat());
    assert_eq!(preview["hash"], shown["hash"]);
    assert_eq!(preview["tune"], json!({"fraction": 0.25}));
    assert_eq!(shown["tune"], json!({"fraction": 0.25}));
    assert_eq!(preview["learning"], json!({"episodes": 200, "steps": 0}));
    assert_eq!(preview["evaluation"], json!({"episodes": 20, "steps": 0}));
    assert_eq!(preview["estimate"]["experiences"], json!(220.0));
    let seeds = |blocks: &serde_json::Value| -> Vec<serde_json::Value> {
        let blocks = blocks.as_array().unwrap().iter();
        let variants = blocks.flat_map(|b| b["task_blocks"].as_array().unwrap());
        let variants = variants.flat_map(|t| t["variants"].as_array().unwrap());
        variants.map(|v| v["seed"].clone()).collect()
    };
    let variants = preview["variants"].as_array().unwrap();
    let found: Vec<_> = variants.iter().map(|v| v["seed"].clone()).collect();
    assert_eq!(found, seeds(&shown["blocks"]));
    // A quarter of 200 episodes: 40 of the first part, 10 of the second.
    let tuned: Vec<f64> = variants.iter().map(|v| v["tune"].as_f64().unwrap()).collect();
    assert_eq!(tuned, [40.0, 5.0, 5.0, 10.0, 0.0, 0.0, 0.0, 0.0]);
    let held_out: Vec<bool> = variants.iter().map(|v| v["held_out"] == true).collect();
    assert_eq!(held_out, [false, false, true, false, false, true, false, false]);
}

#[test]
fn a_strip_fits_its_width_and_shows_every_block() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let (text, _) = run_expecting(0, &["curriculum", "preview", arg(&file)]);
    let strips: Vec<&str> = text.lines().filter(|line| line.contains('|')).collect();
    assert_eq!(strips.len(), 3, "two tasks and what tuning may see\n{text}");
    for strip in &strips {
        assert!(strip.chars().count() <= 80, "{strip}");
    }
    let count = |mark: char| strips.iter().flat_map(|s| s.chars()).filter(|c| *c == mark).count();
    // Two tasks' rows, of which every place of the strip belongs to one, and two
    // evaluations of each kind, which are seen though they are short.
    let cells = strips[0].chars().count() - strips[0].chars().position(|c| c == '|').unwrap() - 2;
    assert_eq!(count('█') + count('▒') + count('░'), cells, "{text}");
    assert!(count('▒') >= 2 && count('░') >= 2 && count('=') > cells / 8, "{text}");
    assert!(text.contains("held out") && text.contains("tune: the first 10"), "{text}");
}

#[test]
fn a_drawing_names_the_tasks() {
    let dir = support::quick_folder();
    let file = curriculum(dir.path(), "c.yaml", CURRICULUM);
    let svg = dir.path().join("c.svg");
    run_expecting(0, &["curriculum", "preview", arg(&file), "--svg", arg(&svg)]);
    let svg = fs_err::read_to_string(svg).unwrap();
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert!(svg.contains(">Pole</text>") && svg.contains(">A&lt;B &amp; C</text>"), "{svg}");
    // Eight stretches and the drawing itself; two of them hollow.
    assert_eq!(svg.matches("<title>").count(), 8 + 1);
    assert_eq!(svg.matches("<rect class=\"l thin\"").count(), 2 + 1, "and one in the legend");
}

#[test]
fn long_lengths_keep_their_digits() {
    let dir = support::quick_folder();
    let text = "{schema: 1, name: long, tune: {fraction: 0.5}, blocks: [\
                {learn: {task: A, env: CartPole-v1}, steps: 9223372036854775806}, \
                {learn: {task: A, env: CartPole-v1}, steps: 1}]}";
    let file = curriculum(dir.path(), "c.yaml", text);
    let preview = json_expecting(0, &["curriculum", "preview", arg(&file), "--json"]);
    assert_eq!(preview["learning"]["steps"], json!(i64::MAX));
    assert_eq!(preview["variants"][0]["tune"], json!(1u64 << 62));
    let (text, _) = run_expecting(0, &["curriculum", "preview", arg(&file)]);
    assert!(text.contains("2 blocks, learning 9,223,372,036,854,775,807 steps,"), "{text}");
    assert!(text.contains("tune: the first 4,611,686,018,427,387,904"), "{text}");
    assert!(
        text.contains("9,223,372,036,854,775,806 steps") && text.contains(" 1 step "),
        "{text}"
    );
}

/// One estimate: where a window is an experience, a log has as many as there are windows.
#[test]
fn windows_count_as_experiences() {
    let dir = support::quick_folder();
    let text = "{schema: 1, name: windows, blocks: [{learn: {task: A, env: Forager-v0, \
                params: {window: 5000}}, steps: 4000000000000000000}]}";
    let file = curriculum(dir.path(), "c.yaml", text);
    let preview = json_expecting(0, &["curriculum", "preview", arg(&file), "--json"]);
    assert_eq!(preview["estimate"]["experiences"], json!(8e14));
    let bytes = preview["estimate"]["log_bytes"].as_f64().unwrap();
    let first = first_line_of_a_run(&file, &dir.path().join("run"));
    let said = format!("warning: the log may take about {:.1} PiB, ", bytes / (1u64 << 50) as f64);
    assert!(first.starts_with(&said), "{first}{said}");
}

/// The run folder needs no file but its own.
#[test]
fn a_run_keeps_what_its_curriculum_includes() {
    let dir = support::quick_folder();
    let text =
        "{schema: 1, name: parts, tasks: {include: tasks.yaml}, blocks: [{learn: A, episodes: 5}]}";
    let file = curriculum(dir.path(), "c.yaml", text);
    let part = curriculum(dir.path(), "tasks.yaml", "A: CartPole-v1\n");
    let out = dir.path().join("run");
    let run = ["run", arg(&file), "--agent", "random", "--agent-seed", "1", "--curriculum-seed"];
    run_expecting(0, &[&run[..], &["2", "--out", arg(&out)]].concat());
    fs_err::remove_file(part).unwrap();
    fs_err::remove_file(file).unwrap();
    let kept = fs_err::read_to_string(out.join("curriculum.yaml")).unwrap();
    assert!(kept.contains("CartPole-v1") && !kept.contains("include"), "{kept}");
    let verdict = json_expecting(0, &["verify", arg(&out), "--json"]);
    assert_eq!(verdict["lifetimes"][0]["same"], true, "{verdict}");
}

#[test]
fn a_log_that_would_not_fit_the_disk_is_warned_of() {
    let dir = support::quick_folder();
    let text = "{schema: 1, name: huge, blocks: [{learn: {task: A, env: CartPole-v1}, episodes: 4000000000000000000}]}";
    let file = curriculum(dir.path(), "c.yaml", text);
    let first = first_line_of_a_run(&file, &dir.path().join("run"));
    assert!(first.starts_with("warning: the log may take about 69.4 EiB, and "), "{first}");
}

/// The first line that a run says on standard error, which is then killed.
fn first_line_of_a_run(file: &Path, out: &Path) -> String {
    let mut child = tella()
        .args(["run", arg(file), "--agent", "random", "--out", arg(out)])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(child.stderr.take().unwrap()).read_line(&mut first).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    first
}
