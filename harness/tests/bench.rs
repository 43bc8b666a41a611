//! `tella bench`: its numbers fit together, and how it refuses. How large they are is
//! no test's business.

mod support;

use serde_json::Value;
use support::{arg, curriculum, json_expecting, quick_folder, run_expecting};

#[test]
fn a_batch_is_measured_in_whole_turns() {
    for (env, threads) in [("CartPole-v1", "2"), ("SimpleCrossingS9N1", "1")] {
        let told = json_expecting(
            0,
            &[
                "bench",
                "env",
                env,
                "--num-envs",
                "3",
                "--threads",
                threads,
                "--seconds",
                "0.01",
                "--json",
            ],
        );
        assert_eq!((&told["env"], &told["num_envs"]), (&env.into(), &3.into()));
        let steps = told["steps"].as_u64().unwrap();
        // 61 batches of actions, three environments each.
        assert!(steps > 0 && steps.is_multiple_of(61 * 3), "{told}");
        let (seconds, rate) = (&told["seconds"], &told["steps_per_second"]);
        let expected = steps as f64 / seconds.as_f64().unwrap();
        assert!((rate.as_f64().unwrap() / expected - 1.0).abs() < 1e-9, "{told}");
    }
}

/// What a run tells of `blocks` on CartPole, lived for so many seconds.
fn run_of(blocks: &str, seconds: &str) -> Value {
    let dir = quick_folder();
    let text =
        format!("schema: 1\nname: short\ntasks: {{CartPole: CartPole-v0}}\nblocks: {blocks}\n");
    let file = curriculum(dir.path(), "short.yaml", &text);
    let told = json_expecting(
        0,
        &["bench", "run", arg(&file), "--agent", "random", "--seconds", seconds, "--json"],
    );
    assert_eq!((&told["curriculum"], &told["agent"]), (&"short".into(), &"random".into()));
    let number = |key: &str| told[key].as_f64().unwrap();
    assert!(number("log_overhead") > 0.0 && number("log_cpu") > 0.0, "{told}");
    let expected = number("steps") / number("seconds");
    assert!((number("steps_per_second") / expected - 1.0).abs() < 1e-9, "{told}");
    told
}

/// The last pass is stopped where time is up, and counts as far as it came.
#[test]
fn a_run_is_measured_pass_after_pass() {
    let told = run_of("[{learn: CartPole, steps: 700}, {eval: CartPole, steps: 300}]", "0.3");
    let (passes, steps) = (told["passes"].as_u64().unwrap(), told["steps"].as_u64().unwrap());
    assert!((passes * 1000..=(passes + 1) * 1000).contains(&steps), "{told}");
}

/// No machine takes 10^15 steps in a tenth of a second, nor a random agent an episode of
/// CartPole in fewer than 5 steps: it starts near the middle and needs those to fall.
#[test]
fn a_run_without_end_is_measured_too() {
    let told = run_of("[{learn: CartPole, steps: 1000000000000000}]", "0.1");
    let (steps, episodes) =
        (told["steps"].as_u64().unwrap(), told["experiences"].as_u64().unwrap());
    assert!(told["passes"] == 0 && steps > 0 && episodes * 5 <= steps, "{told}");
}

#[test]
fn a_table_names_each_value() {
    let (table, _) = run_expecting(0, &["bench", "env", "CartPole-v1", "--seconds", "0.01"]);
    for name in ["env ", "num envs", "threads", "steps per second"] {
        assert!(table.lines().any(|line| line.starts_with(name)), "{table}");
    }
}

#[test]
fn what_cannot_be_measured_is_refused() {
    for (args, expected) in [
        (&["bench", "env", "CartPole-v9"][..], "did you mean `CartPole-v"),
        (&["bench", "env", "CartPole-v1", "-p", "tau=x"], "tau"),
        (&["bench", "env", "CartPole-v1", "--seconds", "0"], "above 0"),
        (&["bench", "run", "quickstart", "--agent", "randon"], "did you mean `random`"),
    ] {
        let (_, stderr) = run_expecting(2, args);
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
    }
}
