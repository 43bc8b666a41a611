//! `tella mad`: the examples that it prints, a small benchmark from training to its page, and what is refused.

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

/// What it takes to train in a second: a small stack, few short examples.
fn small(dir: &std::path::Path) -> Vec<String> {
    let stack = "{layers: [attention: {heads: 2}, swiglu], width: 16}";
    let file = support::curriculum(dir, "small.yaml", stack);
    let short = "--tasks memorization,compression --setting seq_len=8 --setting vocab_size=12 --train-examples 96 \
                 --test-examples 64 --batch-size 32 --epochs 3 --lr 0.003,0.01";
    let arch = ["mad", "--arch", file.to_str().unwrap()].map(str::to_owned);
    arch.into_iter().chain(short.split_whitespace().map(str::to_owned)).collect()
}

fn with<'a>(args: &'a [String], more: &[&'a str]) -> Vec<&'a str> {
    args.iter().map(String::as_str).chain(more.iter().copied()).collect()
}

/// Whether this program was built with libtorch.
fn computes() -> bool {
    let computes = tella_nn::agents::COMPUTES;
    if !computes {
        let (_, error) = run_expecting(2, &["mad", "-o", "never"]);
        assert!(error.starts_with(
            "error: `tella mad` computes with libtorch, which this program was built without"
        ));
    }
    computes
}

#[test]
fn a_benchmark_from_training_to_its_page() {
    if !computes() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let small = small(dir.path());
    let layers = "hyena: {inner_factor: 1, order: 2, short_filter: 3},mlp";
    let more = ["--layers", layers, "-o", out.to_str().unwrap()];
    let (text, _) = run_expecting(0, &with(&small, &more));
    let rows: Vec<Vec<&str>> = text.lines().map(|l| l.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["macro", "micro", "ceiling", "normalised"]);
    assert_eq!(rows.len(), 5, "{text}");
    let again = support::json_expecting(0, &with(&small, &[&more[..], &["--json"]].concat()));
    assert_eq!(again["complete"], true);
    let scores = again["scores"].as_array().unwrap();
    assert_eq!(scores.len(), 4);
    for score in scores {
        assert_eq!(score["ceiling"], 1.0);
        assert_eq!(score["normalized"], score["macro_accuracy"]);
        assert_eq!(score["settings"], serde_json::json!([1, 1]));
    }
    let trials = again["trials"].as_array().unwrap();
    assert_eq!(trials.len(), 8, "two architectures, tasks and learning rates");
    assert_eq!(trials.iter().filter(|trial| trial["chosen"] == true).count(), 4);
    let stored: Value =
        serde_json::from_str(&fs_err::read_to_string(out.join("results.json")).unwrap()).unwrap();
    assert_eq!(stored, again);
    let arrow = |name: &str| {
        let file = fs_err::File::open(out.join(name)).unwrap();
        let mut reader = arrow_ipc::reader::StreamReader::try_new(file, None).unwrap();
        reader.next().unwrap().unwrap()
    };
    let (trials, epochs) = (arrow("results.arrow"), arrow("epochs.arrow"));
    assert_eq!(trials.num_rows(), 8);
    // Three each, or fewer where a model was good enough before.
    let lived: u64 =
        again["trials"].as_array().unwrap().iter().map(|t| t["epochs"].as_u64().unwrap()).sum();
    assert_eq!(epochs.num_rows() as u64, lived);
    for column in
        ["task", "setting", "lr", "test_macro_accuracy", "ceiling_micro_accuracy", "chosen"]
    {
        assert!(trials.column_by_name(column).is_some(), "{column}");
    }
    assert!(epochs.column_by_name("validation_perplexity").is_some());
    let page = fs_err::read_to_string(out.join("report.html")).unwrap();
    for part in ["<svg", "Validation accuracy", "memorization", "Trials", "0.003,0.01"] {
        assert!(page.contains(part), "{part}");
    }
    let page =
        page.replace("<span class=\"word\">", "").replace("</span>", "").replace("&#39;", "'");
    assert!(page.contains(&format!("--layers '{layers}'")), "a command for a shell");
    // Two layers, however many options they have.
    let architectures = again["plan"]["architectures"].as_array().unwrap();
    let yaml = architectures.iter().find(|a| a["name"] == layers).unwrap()["yaml"].as_str();
    assert!(yaml.unwrap().contains("depth: 2"), "{yaml:?}");
    // Two would write the same files.
    let _held = tella_events::lock(&out).unwrap();
    let (_, error) = run_expecting(75, &with(&small, &more));
    assert!(error.contains("is being written by another process"), "{error}");
}

/// Stopped between trials and in the middle of one, it comes to the same results: files of trials are
/// deleted, and one goes on from a checkpoint that a killed run left.
#[test]
fn gone_on_with_after_a_kill_it_comes_to_the_same() {
    if !computes() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let (whole, cut) = (dir.path().join("whole"), dir.path().join("cut"));
    let small = small(dir.path());
    let run = |out: &std::path::Path| {
        let out = out.to_str().unwrap();
        let mut told = support::json_expecting(0, &with(&small, &["--json", "-o", out]));
        told["plan"] = Value::Null;
        told
    };
    let expected = run(&whole);
    let mut child = support::tella()
        .args(with(&small, &["-o", cut.to_str().unwrap()]))
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // Wherever it is when this is there, or over if it was quicker.
    let checkpoint = cut.join("trials/0000.checkpoint");
    let first = cut.join("trials/0000.json");
    while !checkpoint.exists() && !first.exists() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(run(&cut), expected);
    fs_err::remove_file(cut.join("trials/0001.json")).unwrap();
    assert_eq!(run(&cut), expected);
}

#[test]
fn what_a_benchmark_refuses() {
    if !computes() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let out = out.to_str().unwrap();
    let file = |name: &str, text: &str| {
        support::curriculum(dir.path(), name, text).to_str().unwrap().to_owned()
    };
    let wrong = file("wrong.yaml", "layers: [hyenna]\nwidth: 16\n");
    let short = file("short.yaml", "layers: [hyena]\nmax_length: 64\n");
    let ahead = file("ahead.yaml", "layers: [long-conv: {bidirectional: true}]\n");
    for (args, expected) in [
        (&["--tasks", "recall"][..], "error: no task is called `recall`\nhint: "),
        (
            &["--tasks", "compresion"],
            "error: no task is called `compresion`\nhint: did you mean `compression`?",
        ),
        (&["--tasks", "compression,compression"], "error: task `compression` is named twice"),
        (&["--layers", "atention"], "error: --layers:1:1: there is no layer `atention`"),
        (&["--arch", &wrong], &format!("error: {wrong}:1:10: there is no layer `hyenna`")),
        (&["--arch", "missing.yaml"], "error: failed to open file"),
        (
            &["--arch", &short, "--tasks", "in-context-recall"],
            "error: short, in-context-recall, baseline: an example has 128 positions, the model's `max_length` is 64; \
             raise it, or leave it out",
        ),
        (
            &["--arch", &ahead, "--tasks", "compression,in-context-recall"],
            "error: ahead, in-context-recall, baseline: `long-conv` looks at later positions",
        ),
        (
            &["--tasks", "compression", "--generator", "mad-lab", "--seed", "4294967296"],
            "error: attention,swiglu, compression, baseline: mad-lab's generator takes seeds from 0 to",
        ),
        (
            &["--tasks", "compression", "--setting", "seq_len=1"],
            "error: compression: setting `seq_len`: expected an integer from 2",
        ),
        (
            &["--tasks", "compression", "--setting", "seq_length=8"],
            "error: compression: unknown setting `seq_length`\nhint: did you mean `seq_len`?",
        ),
        (
            &["--device", "gpu"],
            "error: there is no device `gpu`: devices are `cpu`, `cuda` and `cuda:N`",
        ),
        (&["--device", "cuda:4096"], "error: there is no device `cuda:4096`: "),
        (
            &["--lr", "0"],
            "error: invalid value '0' for '--lr <RATE,...>': expected a number above 0",
        ),
    ] {
        let all = [&["mad"], args, &["-o", out]].concat();
        let (told, error) = run_expecting(2, &all);
        assert_eq!(told, "");
        assert!(error.starts_with(expected), "{args:?}: {error}");
        assert!(!std::path::Path::new(out).exists(), "{args:?}");
    }
    let (_, error) = run_expecting(2, &["mad"]);
    assert!(error.contains("--out <DIR>"), "{error}");
}

#[test]
fn folders_that_are_others_and_losses_that_are_none() {
    if !computes() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let small = small(dir.path());
    let at = ["--tasks", "memorization", "-o", out.to_str().unwrap()];
    let small: Vec<String> = small[..3].iter().chain(&small[5..]).cloned().collect();
    // One of the two rates is far too high: its trial fails, the other is chosen.
    let mut wild = small.clone();
    *wild.last_mut().unwrap() = "0.003,1e5".to_owned();
    let (told, error) = run_expecting(3, &with(&wild, &[&at[..], &["--json"]].concat()));
    assert!(error.contains("the loss is not finite from step "), "{error}");
    let told: Value = serde_json::from_str(&told).unwrap();
    let errors: Vec<bool> =
        told["trials"].as_array().unwrap().iter().map(|t| t["error"].is_string()).collect();
    assert_eq!(errors, [false, true]);
    let (_, error) = run_expecting(2, &with(&small, &at));
    assert!(
        error.contains(
            "holds another benchmark: `lr` is [0.003,100000.0] there and [0.003,0.01] here"
        ),
        "{error}"
    );
    let there = ["--tasks", "memorization", "-o", dir.path().to_str().unwrap()];
    let (_, error) = run_expecting(2, &with(&small, &there));
    assert!(error.contains("exists and is no benchmark's folder"), "{error}");
    // A checkpoint of another architecture.
    fs_err::rename(out.join("trials/0000.json"), out.join("kept")).unwrap();
    fs_err::write(out.join("trials/0000.checkpoint"), b"something else").unwrap();
    let (_, error) = run_expecting(4, &with(&wild, &at));
    assert!(error.contains("0000.checkpoint: this checkpoint cannot be used: "), "{error}");
}
