//! `tella mad data`: what it prints, and what it refuses.

mod support;

use serde_json::Value;
use support::run_expecting;

fn data(args: &[&str]) -> (String, String) {
    run_expecting(0, &[&["mad", "data"], args].concat())
}

fn examples(args: &[&str]) -> Vec<Value> {
    let text = data(&[args, &["--json"]].concat()).0;
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The first of the goldens that the environments' tests hold, printed by mad-lab's own generator.
#[test]
fn mad_labs_examples() {
    let goldens = include_str!("../../envs/tests/mad/goldens.jsonl");
    for line in goldens.lines() {
        let golden: Value = serde_json::from_str(line).unwrap();
        if golden["first"].is_null() {
            continue;
        }
        let (task, split) = (golden["task"].as_str().unwrap(), golden["split"].as_str().unwrap());
        let seed = golden["seed"].to_string();
        let settings = golden["settings"].as_object().unwrap();
        let settings: Vec<String> =
            settings.iter().flat_map(|(k, v)| ["--setting".into(), format!("{k}={v}")]).collect();
        let settings: Vec<&str> = settings.iter().map(String::as_str).collect();
        let asked = [task, "--seed", &seed, "--split", split, "--generator", "mad-lab"];
        assert_eq!(examples(&[&asked[..], &settings].concat()), [golden["first"].clone()]);
    }
}

#[test]
fn examples_by_number_split_and_setting() {
    let args = ["selective-copying", "--setting", "seq_len=24", "-s", "num_tokens_to_copy=2"];
    let three = examples(&[&args[..], &["--n", "3", "--seed", "5"]].concat());
    let two = examples(&[&args[..], &["-n", "2", "--seed", "5"]].concat());
    assert_eq!(three[..2], two);
    for example in &three {
        let tokens =
            |key: &str| -> Vec<i64> { serde_json::from_value(example[key].clone()).unwrap() };
        let (inputs, targets) = (tokens("inputs"), tokens("targets"));
        assert_eq!([inputs.len(), targets.len()], [24; 2]);
        let data: Vec<i64> = inputs.into_iter().filter(|token| *token < 14).collect();
        assert_eq!(targets[22..], data);
        assert!(targets[..22].iter().all(|target| *target == -100));
    }
    let train = examples(&["in-context-recall", "--split", "train"]);
    assert!(train[0]["targets"].as_array().unwrap().iter().all(|t| *t != -100));
    assert_eq!(examples(&["compression", "--n", "0"]), [Value::Null; 0]);
}

#[test]
fn without_json_a_column_is_a_position() {
    let (text, _) = data(&["memorization", "-s", "vocab_size=5", "-s", "seq_len=4"]);
    let lines: Vec<Vec<&str>> = text.lines().map(|l| l.split_whitespace().collect()).collect();
    let [inputs, targets] = &lines[..] else { panic!("{text}") };
    assert_eq!((inputs[0], targets[0], inputs.len()), ("inputs", "targets", 5));
    assert_eq!([inputs[2], inputs[4], targets[1], targets[3]], ["4", "4", ".", "."]);
}

#[test]
fn what_is_refused() {
    let all = "in-context-recall, noisy-in-context-recall, fuzzy-in-context-recall, memorization, compression, selective-copying";
    let near = format!(
        "error: no task is called `fuzy-in-context-recall`\nhint: did you mean `fuzzy-in-context-recall`? tasks: {all}"
    );
    for (args, expected) in [
        (&["fuzy-in-context-recall"][..], &near[..]),
        (&["sorting"], "error: no task is called `sorting`\nhint: tasks: in-context-recall"),
        (
            &["compression", "--setting", "seq_length=8"],
            "error: compression: unknown setting `seq_length`\nhint: did you mean `seq_len`? allowed: vocab_size, seq_len",
        ),
        (
            &["compression", "--setting", "seq_len=1"],
            "error: compression: setting `seq_len`: expected an integer from 2 to 1048576, found 1",
        ),
        (
            &["in-context-recall", "--setting", "seq_len=9", "--setting", "frac_noise=0.5"],
            "error: in-context-recall: setting `seq_len`: expected an even number, found 9: a key and its value are two\n\
             in-context-recall: setting `noise_vocab_size`: expected at least 1",
        ),
        (
            &["compression", "--generator", "mad-lab", "--seed", "4294967296"],
            "error: mad-lab's generator takes seeds from 0 to 4294967295, not 4294967296",
        ),
        (&["compression", "--split", "tset"], "error: invalid value 'tset' for '--split <SPLIT>'"),
        (&["compression", "--n", "-1"], "error: invalid value '-1' for '--n <N>'"),
    ] {
        let (out, error) = run_expecting(2, &[&["mad", "data"], args].concat());
        assert_eq!(out, "");
        assert!(error.starts_with(expected), "{args:?}: {error}");
    }
}
