//! What a run does with kinds of environments: worlds that go on for ever, and
//! continuous actions.

mod support;

use std::path::Path;
use support::{arg, curriculum, hashes, json_expecting, run_expecting};
use tella_events::{Experience, LifetimeLog, RunFolder};

/// Lives through `text` with a random agent; the rows of the log and its content hash.
fn live(dir: &Path, text: &str, more: &[&str]) -> (Vec<Experience>, String) {
    let dir = tempfile::tempdir_in(dir).unwrap();
    let file = curriculum(dir.path(), "c.yaml", text);
    let out = dir.path().join("run");
    let args = ["run", arg(&file), "--agent", "random", "--agent-seed", "1", "--json"];
    let more = [&["--curriculum-seed", "2", "--out", arg(&out)], more].concat();
    let hash = hashes(&json_expecting(0, &[&args[..], &more].concat())).remove(0);
    let table = LifetimeLog::open(&RunFolder::open(&out).unwrap(), 0).unwrap().table().unwrap();
    ((0..table.len()).map(|row| table.experience(row)).collect(), hash)
}

/// A world whose rewards are 1 and -1, and so add up exactly.
fn foraging(window: u64, length: &str) -> String {
    format!(
        "
schema: 1
name: foraging
tasks: {{Forager: {{env: Forager-v0, params: {{window: {window}, period: 700}}}}}}
blocks: [{{learn: Forager, {length}}}]
"
    )
}

#[test]
fn a_world_goes_on_across_its_windows() {
    let dir = support::quick_folder();
    let (whole, _) = live(dir.path(), &foraging(2500, "steps: 2500"), &[]);
    let (windows, _) = live(dir.path(), &foraging(1000, "steps: 2500"), &[]);
    assert_eq!(whole.len(), 1);
    assert!(whole[0].complete && whole[0].truncated && !whole[0].terminated);

    let of = |row: &Experience| (row.episode_step_count, row.complete, row.truncated);
    let expected = [(1000, true, true), (1000, true, true), (500, false, true)];
    assert_eq!(windows.iter().map(of).collect::<Vec<_>>(), expected);
    assert!(windows.iter().all(|row| !row.terminated));
    // Made once, from the seed that an only window has.
    let seeds: Vec<Option<u64>> = windows.iter().map(|row| row.seed).collect();
    assert_eq!(seeds, [whole[0].seed, None, None]);
    assert!(whole[0].seed.is_some());
    // The same steps in the same world.
    let sum: f64 = windows.iter().map(|row| row.reward).sum();
    assert_eq!(sum, whole[0].reward);
    assert!(windows.iter().all(|row| row.reward != 0.0), "{windows:?}");
}

#[test]
fn each_lane_has_a_world_of_its_own() {
    let dir = support::quick_folder();
    let text = foraging(100, "episodes: 12");
    let (rows, _) = live(dir.path(), &text, &["--num-parallel-envs", "3"]);
    let lanes: Vec<u32> = rows.iter().map(|row| row.env_index).collect();
    assert_eq!(lanes, [0, 1, 2].repeat(4));
    let seeds: Vec<u64> = rows[..3].iter().filter_map(|row| row.seed).collect();
    assert!(seeds.len() == 3 && seeds[0] != seeds[1] && seeds[1] != seeds[2], "{seeds:?}");
    assert!(rows[3..].iter().all(|row| row.seed.is_none()));

    let stream = ["--num-parallel-envs", "3", "--set", "seeding=gym-vector"];
    let (streams, _) = live(dir.path(), &text, &stream);
    assert!(streams.iter().all(|row| row.seed.is_none()));
    assert_ne!(streams[0].reward, rows[0].reward);
}

#[test]
fn a_world_does_not_depend_on_threads_or_processes() {
    let dir = support::quick_folder();
    let lives = |more: &[&str]| {
        let envs = ["--num-parallel-envs", "5"];
        live(dir.path(), &foraging(300, "steps: 20001"), &[&envs, more].concat()).1
    };
    let expected = lives(&[]);
    for more in [&["--threads", "2"][..], &["--isolation", "process", "--checkpoint-every", "0"]] {
        assert_eq!(lives(more), expected, "{more:?}");
    }
}

/// Rewards average 0 whoever forages blindly; who learns earns more, the slower the drift.
#[test]
fn the_librarys_world_is_foraged() {
    let dir = support::quick_folder();
    let means = |agent: &str| -> Vec<f64> {
        let out = dir.path().join(agent);
        let args = ["run", "forager", "--agent", agent, "--agent-seed", "1"];
        run_expecting(0, &[&args[..], &["--curriculum-seed", "2", "--out", arg(&out)]].concat());
        let log = LifetimeLog::open(&RunFolder::open(&out).unwrap(), 0).unwrap();
        let rewards = log.table().unwrap().reward;
        rewards.chunks(300).map(|block| block.iter().sum::<f64>() / 300.0).collect()
    };
    let (random, learned) = (means("random"), means("q-learning"));
    assert_eq!((random.len(), learned.len()), (6, 6));
    for (block, (random, learned)) in random.iter().zip(&learned).enumerate() {
        assert!(random.abs() < 1.0, "block {block}: {random}");
        assert!(*learned > random + 1.5, "block {block}: {learned}, at random {random}");
    }
    assert!(learned[0] > 2.0 * learned[1] && learned[4] > 2.0 * learned[5], "{learned:?}");
}

/// A continuous action that lies outside its space is the agent's fault.
#[test]
fn continuous_actions_are_checked() {
    let dir = support::quick_folder();
    let text = "
schema: 1
name: control
tasks: {Pendulum: Pendulum-v1}
blocks: [{learn: Pendulum, episodes: 2}]
";
    let file = curriculum(dir.path(), "c.yaml", text);
    for (n, (action, words)) in [
        ("nan", "[0]: NaN is not a number"),
        ("2.1", "[0]: 2.1 is outside -2 to 2"),
        ("-inf", "[0]: -inf is outside -2 to 2"),
    ]
    .into_iter()
    .enumerate()
    {
        let out = dir.path().join(format!("run-{n}"));
        let script = format!("agent.actions=2,-2,{action}");
        let args = ["run", arg(&file), "--agent", "scripted", "--set", &script];
        let (_, stderr) = run_expecting(3, &[&args[..], &["--out", arg(&out)]].concat());
        assert!(stderr.contains(words) && stderr.contains("step 2"), "{stderr}");
    }
}
