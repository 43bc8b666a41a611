//! Settings that do not go together are refused by name, with what would.

use serde_json::{Value, json};
use tella_envs::mad::{Rules, TASKS, Task, benchmark, nearest_task, settings};
use tella_envs::{Catalog, Params, Registry, resolve_params};

fn errors(name: &str, given: Value, rules: Rules) -> Vec<String> {
    let given: Params = serde_json::from_value(given).unwrap();
    let specs = settings(name).unwrap();
    let found = resolve_params(&specs, &given)
        .and_then(|params| Task::new(name, &params, rules).map(|_| ()));
    found.err().unwrap_or_default().iter().map(ToString::to_string).collect()
}

#[test]
fn what_does_not_go_together() {
    let corrected = |name, given| errors(name, given, Rules::Corrected);
    for (name, given, expected) in [
        (
            "in-context-recall",
            json!({"seq_len": 7}),
            "parameter `seq_len`: expected an even number, found 7: a key and its value are two",
        ),
        (
            "in-context-recall",
            json!({"seq_len": 2}),
            "parameter `seq_len`: expected an integer from 4 to 1048576, found 2",
        ),
        (
            "in-context-recall",
            json!({"frac_noise": 0.5}),
            "parameter `noise_vocab_size`: expected at least 1 where `frac_noise` is above 0, found 0",
        ),
        (
            "noisy-in-context-recall",
            json!({"vocab_size": 17}),
            "parameter `vocab_size`: expected at least 18, found 17: without noise and special tokens there are to be 2 keys and values",
        ),
        (
            "fuzzy-in-context-recall",
            json!({"vocab_size": 6}),
            "parameter `vocab_size`: expected at least 7, found 6: without noise and special tokens there are to be 6 keys and values, so that motifs have different tokens",
        ),
        (
            "fuzzy-in-context-recall",
            json!({"seq_len": 12}),
            "parameter `seq_len`: expected at least 13, found 12: the longest key and value come twice",
        ),
        (
            "selective-copying",
            json!({"num_tokens_to_copy": 128}),
            "parameter `seq_len`: expected at least 258, found 256: 128 tokens, the one that asks, 128 answers and a blank",
        ),
        (
            "compression",
            json!({"noise_vocab_size": 15}),
            "parameter `vocab_size`: expected at least 17, found 16: without noise and special tokens there are to be 1 tokens to draw",
        ),
        ("memorization", json!({"vocb_size": 3}), "unknown parameter `vocb_size`"),
    ] {
        assert_eq!(corrected(name, given.clone()), [expected], "{name} {given}");
    }
    let large = json!({"vocab_size": 1024});
    assert_eq!(corrected("fuzzy-in-context-recall", large.clone()), Vec::<String>::new());
    assert_eq!(
        errors("fuzzy-in-context-recall", large, Rules::MadLab),
        [
            "parameter `vocab_size`: expected fewer tokens or shorter motifs, found 1024: mad-lab's generator lists all motifs"
        ]
    );
}

/// 66 settings in all, and every one is sound.
#[test]
fn the_settings_of_the_benchmark() {
    let counts = TASKS.map(|name| benchmark(name).len());
    assert_eq!(counts, [11, 14, 11, 6, 11, 13]);
    for name in TASKS {
        for setting in benchmark(name) {
            let params = resolve_params(&settings(name).unwrap(), &setting.changes).unwrap();
            for rules in [Rules::Corrected, Rules::MadLab] {
                assert!(Task::new(name, &params, rules).is_ok(), "{name} {}", setting.label);
            }
        }
    }
    let labels: Vec<String> = benchmark("memorization").into_iter().map(|s| s.label).collect();
    assert_eq!(labels[..2], ["baseline", "vocab_size=512"]);
    let fewer = benchmark("compression").into_iter().find(|s| s.label == "num_train_examples=800");
    assert_eq!(fewer.unwrap().train_examples, 800);
}

/// The least that is allowed works.
#[test]
fn the_smallest_tasks() {
    for (name, given) in [
        ("in-context-recall", json!({"seq_len": 4, "vocab_size": 3, "multi_query": false})),
        ("noisy-in-context-recall", json!({"seq_len": 4, "vocab_size": 18})),
        ("fuzzy-in-context-recall", json!({"seq_len": 13, "vocab_size": 7})),
        (
            "fuzzy-in-context-recall",
            json!({"seq_len": 5, "vocab_size": 4, "k_motif_size": 1, "v_motif_size": 1, "multi_query": false}),
        ),
        ("memorization", json!({"seq_len": 2, "vocab_size": 3})),
        ("compression", json!({"seq_len": 2, "vocab_size": 3})),
        ("selective-copying", json!({"seq_len": 4, "vocab_size": 3, "num_tokens_to_copy": 1})),
    ] {
        for rules in [Rules::Corrected, Rules::MadLab] {
            let task = crate::task(name, given.clone(), rules);
            let mut examples = tella_envs::mad::Examples::new(&task, 0).unwrap();
            for split in [tella_envs::mad::Split::Train, tella_envs::mad::Split::Test] {
                for _ in 0..50 {
                    // Of one pair that may be noise, mad-lab's rules often leave none.
                    let example = examples.next(split);
                    assert!(example.is_ok() || rules == Rules::MadLab && name.starts_with("noisy"));
                }
            }
        }
    }
}

#[test]
fn names_that_lie_near() {
    assert_eq!(nearest_task("in-context-recal"), Some("in-context-recall"));
    assert_eq!(nearest_task("selective-copy"), Some("selective-copying"));
    assert_eq!(nearest_task("sorting"), None);
}

#[test]
fn spaces_are_as_large_as_the_vocabulary_or_larger() {
    let registry = Registry::builtin();
    let spaces = |tokens: i64| {
        let given: Params = serde_json::from_value(json!({"tokens": tokens})).unwrap();
        let params = registry.resolve_params("MAD-Compression-v0", &given)?;
        Ok(registry.spaces("MAD-Compression-v0", &params).unwrap())
    };
    let words = |(observation, action): (tella_envs::Space, tella_envs::Space)| {
        [observation.to_string(), action.to_string()]
    };
    assert_eq!(words(spaces(0).unwrap()), ["Discrete(16)", "Discrete(16)"]);
    assert_eq!(words(spaces(256).unwrap()), ["Discrete(256)", "Discrete(256)"]);
    let error: Vec<tella_envs::ParamError> = spaces(15).unwrap_err();
    assert_eq!(
        error[0].to_string(),
        "parameter `tokens`: expected at least `vocab_size`, which is 16, or 0, found 15"
    );
}
