//! TELLA's curricula, compared with TELLA 2.1.0 itself: same curriculum seed, same
//! blocks, order, lengths and seeds for every lifetime.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tella_curricula::{TellaConfig, library, lifetime_seeds, load};
use tella_reference::sweep;

/// TELLA's answers to the cases, one process for all.
fn tella(cases: &[Value]) -> Vec<Value> {
    let mut child = Command::new(tella_reference::Stack::L2M.python())
        .arg(tella_reference::scripts().join("curricula_blocks.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the reference interpreter starts");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let input: String = cases.iter().map(|c| format!("{c}\n")).collect();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().expect("the script ends");
    writer.join().expect("the writer ends").expect("the script reads all cases");
    assert!(output.status.success(), "the script failed");
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    let answers: Vec<Value> =
        text.lines().map(|l| serde_json::from_str(l).expect("a line of JSON")).collect();
    assert_eq!(answers.len(), cases.len());
    answers
}

/// Our answer to a case, in the script's form; an error where we refuse.
fn ours(case: &Value) -> Result<Value, String> {
    let document = load(case["curriculum"].as_str().unwrap()).map_err(|e| e.to_string())?;
    let config = case["config"]
        .as_str()
        .map(|path| TellaConfig::load(Path::new(path)))
        .transpose()
        .map_err(|e| e.to_string())?;
    let seed = case["curriculum_seed"].as_u64().unwrap();
    let seed = lifetime_seeds(seed, case["lifetime_idx"].as_u64().unwrap());
    let curriculum = document.resolve(seed, config.as_ref()).map_err(|e| e.to_string())?;
    Ok(serde_json::to_value(&curriculum.blocks).unwrap())
}

/// Compares every case; a refusal by TELLA must be one by us and the other way round.
fn compare(cases: &[Value]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for (case, theirs) in cases.iter().zip(tella(cases)) {
        match (ours(case), theirs.get("error")) {
            (Ok(blocks), None) => {
                assert_eq!(blocks, theirs, "{case}");
                *counts.entry("equal").or_default() += 1;
            }
            (Err(error), Some(_)) => {
                assert!(error.contains("hint:") || error.contains("-->"), "{case}: {error}");
                *counts.entry("refused").or_default() += 1;
            }
            (Ok(_), Some(theirs)) => panic!("{case}: TELLA says {theirs}, we accept"),
            (Err(error), None) => panic!("{case}: TELLA accepts, we say {error}"),
        }
    }
    counts
}

fn names() -> Vec<String> {
    let answer = tella(&[json!("names")]);
    serde_json::from_value(answer[0].clone()).unwrap()
}

#[test]
fn the_library_has_every_registered_curriculum() {
    let ours: Vec<&str> = library().iter().map(|e| e.name).collect();
    for name in names() {
        assert!(ours.contains(&name.as_str()), "{name}");
    }
    let own = ours.iter().filter(|name| name.starts_with("MAD-")).count();
    assert_eq!(
        ours.len(),
        names().len() + 3 + own,
        "more: quickstart, forager, forgetting and MAD's"
    );
}

#[test]
fn every_curriculum_for_several_seeds_and_lifetimes() {
    let mut seeds = vec![0, 1, 12345, (1 << 63) + 7, u64::MAX];
    // Any seeds will do; these are spread over 64 bits.
    seeds.extend((0..sweep(0, 20)).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
    let mut cases = Vec::new();
    for name in names() {
        for seed in &seeds {
            for idx in 0..4 {
                cases.push(json!({
                    "curriculum": name, "curriculum_seed": seed, "lifetime_idx": idx, "config": null
                }));
            }
        }
    }
    let counts = compare(&cases);
    assert_eq!(counts["equal"], cases.len());
    println!("{} curricula of TELLA's equal", cases.len());
}

/// Configuration files: what TELLA documents, its quirks, and what it refuses.
const CONFIGS: &[&str] = &[
    "learn:\n  default length: 999\n  CustomFetchS10T2N4: 1234\n  SimpleCrossing: 42\n",
    "learn:\n  default unit: steps\n  DynObstacles:\n    length: 500\n    unit: steps\n  CustomUnlock: 686\n",
    "num learn blocks: 1\n",
    "num learn blocks: 7\nlearn: {default length: 10}\n",
    "{}\n",
    "learn: {}\n",
    // A variant's key beats its task's altogether.
    "learn:\n  DoorKey: {length: 7, unit: steps}\n  DoorKeyS5: {unit: episodes}\n  DoorKeyS6: {}\n",
    "learn:\n  DoorKeyS5: 3\n  DoorKey: {unit: steps}\n  default unit: episodes\n",
    // Booleans are integers in Python; YAML 1.1 has more of both.
    "num learn blocks: yes\nlearn: {default length: true}\n",
    "learn: {default length: 1_000, DistShift: 010, DistShiftR5: 0x10, DoorKey: 1:30}\n",
    // Fewer episodes than passes: some blocks are empty.
    "num learn blocks: 5\nlearn: {default length: 3}\n",
    // A repeated key's last value counts.
    "learn: {default length: 5, default length: 6}\n",
    "learn: &a\n  default length: 5\n",
    "base: 1\n",
    // Refused.
    "",
    "5\n",
    "[]\n",
    "learn:\n",
    "learn: 5\n",
    "num learn blocks: 0\n",
    "num learn blocks: no\n",
    "num learn blocks: 2.0\n",
    "num learn blocks: '2'\n",
    "num learn blocks: 1e3\n",
    "num learn blocks: 08\n",
    "num-learn-blocks: 2\n",
    "eval: {default length: 5}\n",
    "learn: {default length: 0}\n",
    "learn: {default unit: minutes}\n",
    "learn: {SimpleCrosing: 5}\n",
    "learn: {SimpleCrossingS9N4: 5}\n",
    "learn: {SimpleCrossing: -5}\n",
    "learn: {SimpleCrossing: false}\n",
    "learn: {SimpleCrossing: five}\n",
    "learn: {SimpleCrossing: [5]}\n",
    "learn: {SimpleCrossing: null}\n",
    "learn: {SimpleCrossing: {length: 0}}\n",
    "learn: {SimpleCrossing: {unit: step}}\n",
    "learn: {SimpleCrossing: {lenght: 5}}\n",
    "learn: {5: 5}\n",
    "learn: [\n",
    "a: 1\n---\nb: 2\n",
];

#[test]
fn configuration_files() {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<PathBuf> = CONFIGS
        .iter()
        .enumerate()
        .map(|(i, text)| {
            let path = folder.path().join(format!("{i}.yaml"));
            fs_err::write(&path, text).unwrap();
            path
        })
        .collect();
    let curricula = [
        "MiniGridCondensed",
        "MiniGridDispersed",
        "MiniGridDoorKeyS5",
        "MiniGridDoorKeyS6",
        "SimpleMiniGrid",
        "SimpleCartPole",
    ];
    let mut cases = Vec::new();
    for name in curricula {
        for file in &files {
            for idx in 0..sweep(1, 4) {
                cases.push(json!({
                    "curriculum": name, "curriculum_seed": 12345, "lifetime_idx": idx,
                    "config": file.to_str().unwrap(),
                }));
            }
        }
    }
    let counts = compare(&cases);
    println!("configuration files: {counts:?}");
    assert!(counts["equal"] > 0 && counts["refused"] > 0);
}

// NumPy 2.4.6, as given by `default_rng(seed).bit_generator.random_raw()`.
#[test]
fn lifetime_seeds_are_numpys() {
    assert_eq!(lifetime_seeds(0, 0), 11749869230777074271);
    assert_eq!(lifetime_seeds(0, 1), 4976686463289251617);
    assert_eq!(lifetime_seeds(12345, 0), 4193609425186963869);
    assert_eq!(lifetime_seeds(12345, 1), 5843160025838961886);
}
