//! Tasks whose spaces differ are lived by one agent through declared adapters, and
//! refused without them.

mod support;

use support::{arg, curriculum, json_expecting, run_expecting};

const WITHOUT: &str = "
schema: 1
name: two-spaces
tasks:
  CartPole: CartPole-v1
  MountainCar: MountainCar-v0
blocks:
  - {learn: [CartPole, MountainCar], episodes: 3}
";

#[test]
fn differing_spaces_need_adapters() {
    let dir = tempfile::tempdir().unwrap();
    let file = curriculum(dir.path(), "without.yaml", WITHOUT);
    let out = dir.path().join("run");
    let args = |file| ["run", file, "--agent", "random", "--out", arg(&out), "--json"];
    let (_, stderr) = run_expecting(2, &args(arg(&file)));
    assert!(stderr.contains("without.yaml:6:") && stderr.contains("adapter"), "{stderr}");
    assert!(!out.exists(), "a refused curriculum leaves no folder");

    let with = WITHOUT
        .replace(
            "CartPole: CartPole-v1",
            "CartPole: {env: CartPole-v1, adapters: [{pad: {shape: [4]}}]}",
        )
        .replace(
            "MountainCar: MountainCar-v0",
            "MountainCar: {env: MountainCar-v0, adapters: [{pad: {shape: [4]}}, {action-subset: [0, 2]}]}",
        );
    let file = curriculum(dir.path(), "with.yaml", &with);
    let summary = json_expecting(0, &args(arg(&file)));
    assert_eq!(summary["lifetimes"][0]["experiences"], 6, "{summary}");
}
