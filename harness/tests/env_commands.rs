//! `tella env`: what it prints, and how it refuses.

use serde_json::Value;
use std::process::{Command, Output};

fn tella(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tella")).args(args).output().expect("the program starts")
}

/// Exit code 2, nothing on standard output, and all of `expected` on standard error.
fn refused(args: &[&str], expected: &[&str]) {
    let output = tella(args);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{args:?}: {text}");
    assert!(output.stdout.is_empty(), "{args:?}");
    for words in expected {
        assert!(text.contains(words), "{args:?}: {text}");
    }
}

#[test]
fn the_list_names_environments_spaces_and_parameters() {
    let output = tella(&["env", "list", "--json"]);
    assert!(output.status.success());
    let list: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let cartpole = list.iter().find(|env| env["name"] == "CartPole-v1").unwrap();
    assert_eq!(cartpole["observation_space"], "Box((4,), float32)");
    assert_eq!(cartpole["action_space"], "Discrete(2)");
    let limit = &cartpole["params"][0];
    assert_eq!((&limit["name"], &limit["default"]), (&"max_episode_steps".into(), &500.into()));
    let text = |args: &[&str]| {
        let output = tella(&[&["env", "list"], args].concat());
        assert!(output.status.success(), "{args:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    // A line each: name and summary, aligned.
    let lines = text(&[]);
    assert_eq!(lines.lines().count(), list.len());
    let width = list.iter().map(|env| env["name"].as_str().unwrap().len()).max().unwrap();
    for (line, env) in lines.lines().zip(&list) {
        let (name, summary) = (env["name"].as_str().unwrap(), env["summary"].as_str().unwrap());
        assert_eq!(line, format!("{name:width$}  {summary}"));
    }
    let all = text(&["--params"]);
    let some = text(&["MountainCar-v0", "CartPole-v1"]);
    assert!(all.contains("    -p max_episode_steps=500  "), "{all}");
    assert!(
        some.starts_with("MountainCar-v0\n    ") && some.contains("\nCartPole-v1\n    "),
        "{some}"
    );
    assert!(some.contains("    observations Box((4,), float32), actions Discrete(2)\n"), "{some}");
    let json = tella(&["env", "list", "CartPole-v1", "--json"]);
    assert_eq!(
        serde_json::from_slice::<Value>(&json.stdout).unwrap(),
        Value::from(vec![cartpole.clone()])
    );
}

#[test]
fn a_trace_has_a_line_for_each_reset_and_step() {
    let args = ["env", "trace", "CartPole-v1", "--seed", "18446744073709551615"];
    let more = ["-p", "max_episode_steps=3", "--seeding", "gym-vector", "--actions", "0,1,0,1"];
    let output = tella(&[&args[..], &more[..]].concat());
    assert!(output.status.success());
    let lines: Vec<Value> = output
        .stdout
        .split(|b| *b == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect();
    let steps: Vec<u64> = lines.iter().map(|line| line["step"].as_u64().unwrap()).collect();
    assert_eq!(steps, [0, 1, 2, 3, 3, 4]);
    assert_eq!(lines[3]["truncated"], true);
    assert_eq!(lines[4]["reset"], true);
    assert_eq!(lines[1]["observation"].as_array().unwrap().len(), 4);
}

#[test]
fn wrong_names_and_values_are_refused_with_the_nearest() {
    let seed = ["--seed", "1", "--random", "3"];
    refused(
        &[&["env", "trace", "CartPole-v9"], &seed[..]].concat(),
        &["no environment is called `CartPole-v9`", "did you mean `CartPole-v0`?"],
    );
    refused(
        &[&["env", "trace", "CartPole-v1", "-p", "gravty=3", "-p", "tau=x"], &seed[..]].concat(),
        &["unknown parameter `gravty`", "did you mean `gravity`?", "parameter `tau`: expected"],
    );
    refused(
        &["env", "list", "CartPole-v9", "MountainCar-v0", "Acrobat-v1"],
        &[
            "no environment is called `CartPole-v9`; did you mean `CartPole-v0`?",
            "no environment is called `Acrobat-v1`; did you mean `Acrobot-v1`?",
        ],
    );
    let trace = |more: &[&'static str]| [&["env", "trace", "CartPole-v1"], more].concat();
    refused(&trace(&["--seed", "1", "--actions=0,7"]), &["action number 2: 7 is outside 0 to 1"]);
    let cannot = "actions: cannot read `nan` at character 3; allowed are JSON values";
    refused(&trace(&["--seed", "1", "--actions=0,nan"]), &[cannot]);
    let seeds = "'--seed <SEED>': expected an integer from 0 to 18446744073709551615";
    refused(&trace(&["--seed", "-1", "--random", "3"]), &[seeds]);
    refused(&trace(&["--seed", "1", "--random", "-3"]), &["expected an integer from 0 to 1844"]);
    refused(&trace(&["--seed", "1"]), &["--actions", "--random"]);
    refused(&trace(&["--seed", "1", "--random", "3", "--actions=0"]), &["--random"]);
}

/// A picture is named as what it is, and an error names the file that was asked for.
#[test]
fn pictures_are_png_files() {
    let render = ["env", "render", "DistShiftR2", "--seed", "7", "--random", "1", "-o"];
    let jpg = [&render[..], &["state.jpg"]].concat();
    refused(&jpg, &["state.jpg: pictures are written as PNG alone", "name the file state.png"]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("nowhere/state.PNG");
    let output = tella(&[&render[..], &[file.to_str().unwrap()]].concat());
    let text = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{text}");
    let said = format!("error: failed to write `{}`: ", file.display());
    assert!(text.starts_with(&said) && !text.contains("PNG."), "{text}");
}

/// What the program draws of `name` is what the environment draws of itself after the
/// same actions.
#[test]
fn the_state_after_the_last_action_is_drawn() {
    use tella_envs::{Batch, Catalog, Params, Registry, RenderOptions, StepBatch};
    let registry = Registry::builtin();
    let params = registry.resolve_params("DistShiftR2", &Params::new()).unwrap();
    let mut env = registry.make("DistShiftR2", &params, 1, 1).unwrap();
    let mut next = StepBatch::new(env.observation_space(), 1);
    env.reset(0, Some(7), &mut next.observations).unwrap();
    let mut action = Batch::new(env.action_space(), 1);
    for number in [2, 1, 2] {
        action.lane_mut(0).i64(0)[0] = number;
        env.step(&action, &[true], &mut next).unwrap();
    }

    let folder = tempfile::tempdir().unwrap();
    let drawn = |more: &[&str]| {
        let file = folder.path().join("state.png");
        let args = ["env", "render", "DistShiftR2", "--seed", "7", "-o", file.to_str().unwrap()];
        let output = tella(&[&args[..], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        (fs_err::read(file).unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    let expected = |options: RenderOptions| {
        let mut png = Vec::new();
        env.render_rgb(0, &options).unwrap().write_png(&mut png).unwrap();
        png
    };
    let (picture, text) = drawn(&["--actions", "2,1,2", "--text"]);
    assert_eq!(picture, expected(RenderOptions::default()));
    assert_eq!(text.trim_end_matches('\n'), env.render(0).unwrap());
    let pov = RenderOptions { tile_size: 9, agent_pov: true, highlight: true };
    let flags = ["--actions", "2,1,2", "--agent-pov", "--tile-size", "9"];
    assert_eq!(drawn(&flags), (expected(pov), String::new()));
    let dark = RenderOptions { highlight: false, ..RenderOptions::default() };
    assert_eq!(drawn(&["--actions", "2,1,2", "--no-highlight"]).0, expected(dark));

    let args = ["env", "render", "DistShiftR2", "--seed", "7", "--color"];
    let text = |when| String::from_utf8(tella(&[&args[..], &[when]].concat()).stdout).unwrap();
    assert_eq!(text("auto"), text("never"), "standard output is no terminal here");
    // The goal, which the agent sees: what is seen is lightened by 30 % white.
    assert!(text("always").contains("48;2;76;255;76mGG"), "{}", text("always"));

    // A left turn ends the episode by the limit: the agent still looks up.
    let args = ["env", "render", "DistShiftR2", "--seed", "7", "-p", "max_steps=1"];
    let output = tella(&[&args[..], &["--actions", "0"]].concat());
    assert!(String::from_utf8(output.stdout).unwrap().contains("^^"));
}

#[test]
fn what_cannot_be_drawn_is_refused() {
    let seed = ["--seed", "1"];
    refused(
        &[&["env", "render", "DistShiftR9"], &seed[..]].concat(),
        &["no environment is called `DistShiftR9`", "did you mean"],
    );
    refused(
        &[&["env", "render", "CartPole-v1"], &seed[..]].concat(),
        &["CartPole-v1 does not draw itself with characters", "--out FILE.png"],
    );
    let grid =
        |more: &[&'static str]| [&["env", "render", "DistShiftR2"], &seed[..], more].concat();
    refused(&grid(&["--tile-size", "0", "-o", "x.png"]), &["--tile-size", "from 1 to 256"]);
    refused(&grid(&["-o", "no-such-folder/x.png"]), &["no-such-folder/x.png"]);
    refused(&grid(&["--random", "3", "--actions=0"]), &["--random"]);
}
