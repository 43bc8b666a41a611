//! `tella curriculum` from outside: what it prints and its exit codes.

use serde_json::Value;
use std::path::PathBuf;
use std::process::{Command, Output};

fn tella(args: &[&str]) -> Output {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    Command::new(env!("CARGO_BIN_EXE_tella"))
        .args(args)
        .current_dir(root.parent().expect("the crate lies in the workspace"))
        .output()
        .expect("the program starts")
}

fn code(args: &[&str]) -> Option<i32> {
    tella(args).status.code()
}

fn stdout(args: &[&str]) -> String {
    let output = tella(args);
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn the_library_is_sound_against_the_environments_there_are() {
    let list: Value = serde_json::from_str(&stdout(&["curriculum", "list", "--json"])).unwrap();
    let names: Vec<&str> =
        list.as_array().unwrap().iter().map(|e| e["name"].as_str().unwrap()).collect();
    assert_eq!(names.len(), 32);
    let mut args = vec!["curriculum", "check"];
    args.extend(&names);
    let expected: String = names.iter().map(|n| format!("{n}: ok\n")).collect();
    assert_eq!(stdout(&args), expected);
    for name in names {
        assert!(stdout(&["curriculum", "list"]).contains(name));
    }
}

// Values from NumPy and TELLA: curriculum seed 0, lifetime 0, MiniGridCondensed.
#[test]
fn show_as_json_has_tellas_seeds() {
    let text =
        stdout(&["curriculum", "show", "MiniGridCondensed", "--curriculum-seed", "0", "--json"]);
    let shown: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(shown["name"], "MiniGridCondensed");
    assert_eq!(shown["hash"].as_str().unwrap().len(), 64);
    let blocks = shown["blocks"].as_array().unwrap();
    assert_eq!(blocks.len(), 37);
    let eval = &blocks[0]["task_blocks"][0]["variants"][0];
    assert_eq!(blocks[0]["block_type"], "eval");
    assert_eq!(eval["seed"].as_u64(), Some(9053594427957499810));
    let learn = &blocks[1]["task_blocks"][0];
    assert_eq!(learn["task"], "DoorKey");
    assert_eq!(
        learn["variants"][0],
        serde_json::json!({
            "variant": "S7", "env": "DoorKeyS7", "params": {}, "seed": 15714671803827882824u64,
            "episodes": 1000
        })
    );
}

#[test]
fn show_prints_a_file_that_shows_as_itself() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("explicit.yaml");
    let args = ["--curriculum-seed", "12345", "--lifetime-idx", "3"];
    let show = |what: &str, more: &[&str]| stdout(&[&["curriculum", "show", what], more].concat());
    let explicit = show("SimpleStepMiniGrid", &args);
    fs_err::write(&file, &explicit).unwrap();
    let file = file.to_str().unwrap();
    assert_eq!(show(file, &[]), explicit, "whatever the seed");
    let hash = |text: String| serde_json::from_str::<Value>(&text).unwrap()["hash"].clone();
    let original = hash(show("SimpleStepMiniGrid", &[&args[..], &["--json"]].concat()));
    assert_eq!(hash(show(file, &["--json"])), original);
    assert_eq!(tella(&["curriculum", "check", file]).status.code(), Some(0));
}

#[test]
fn tellas_configuration_and_overrides() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.yaml");
    fs_err::write(&config, "learn: {default length: 5, DoorKey: {unit: steps}}\n").unwrap();
    let config = config.to_str().unwrap();
    let show = ["curriculum", "show", "MiniGridDoorKeyS5", "--curriculum-config", config];
    assert!(stdout(&show).contains("steps: 5}"));
    assert_eq!(code(&["curriculum", "show", "quickstart", "--curriculum-config", config]), Some(2));
    let set = ["curriculum", "show", "CartPole-1000", "--set", "generator.learn.episodes=7"];
    assert!(stdout(&set).contains("episodes: 7}"));
    let typo = tella(&["curriculum", "show", "CartPole-1000", "--set", "generator.pases=7"]);
    assert_eq!(typo.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&typo.stderr).contains("did you mean `passes`?"));
}

#[test]
fn exit_codes() {
    let bad = "curricula/tests/err/all_at_once.yaml";
    assert_eq!(code(&["curriculum", "check", "quickstart"]), Some(0));
    assert_eq!(code(&["curriculum", "check", "quickstart", bad]), Some(1));
    assert_eq!(code(&["curriculum", "check", bad, "no/such/file.yaml"]), Some(2));
    assert_eq!(code(&["curriculum", "check", "curricula"]), Some(2), "a folder");
    assert_eq!(code(&["curriculum", "check"]), Some(2), "no file");
    assert_eq!(code(&["curriculum", "show", bad]), Some(2));
    assert_eq!(code(&["curriculum", "show", "quickstrat"]), Some(2));
    assert_eq!(code(&["curriculum", "show", "quickstart", "--curriculum-seed", "-1"]), Some(2));
}

#[test]
fn bad_files_are_told_with_their_places() {
    let output = tella(&["curriculum", "check", "curricula/tests/err/all_at_once.yaml"]);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(stderr.contains(" --> curricula/tests/err/all_at_once.yaml:8:6\n"), "{stderr}");
    assert!(stderr.contains("hint: did you mean `learn`?"), "{stderr}");
    let stdout = String::from_utf8(output.stdout).unwrap();
    assert_eq!(stdout, "curricula/tests/err/all_at_once.yaml: 7 problems\n");
    let json = tella(&["curriculum", "check", "--json", "curricula/tests/err/all_at_once.yaml"]);
    let json: Value = serde_json::from_slice(&json.stdout).unwrap();
    assert_eq!(json[0]["ok"], false);
    assert_eq!(json[0]["diagnostics"][0]["line"], 4);
}

#[test]
fn the_schema_is_the_file() {
    let file = fs_err::read_to_string("../curricula/schema.json").unwrap();
    assert_eq!(stdout(&["curriculum", "schema"]), file);
}
