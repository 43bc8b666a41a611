//! A trace read back by Python equals what gym 0.23.1 returns there.

use std::io::Write;
use std::process::{Command, Stdio};
use tella_envs::trace::{TraceActions, parse_actions, trace};
use tella_envs::{Catalog, Params, Registry};
use tella_reference::{Stack, scripts};

fn equal(name: &str, seed: u64, actions: &str) {
    let registry = Registry::builtin();
    let params = registry.resolve_params(name, &Params::new()).unwrap();
    let mut env = registry.make(name, &params, 1, 1).unwrap();
    let mut lines = Vec::new();
    let given = TraceActions::Given(parse_actions(actions).unwrap());
    trace(&mut *env, seed, &given, &mut lines).unwrap();

    let mut child = Command::new(Stack::L2M.python())
        .arg(scripts().join("envs_trace.py"))
        .args([name, &seed.to_string(), actions])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the interpreter starts");
    child.stdin.take().unwrap().write_all(&lines).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn python_reads_what_gym_returns() {
    let mixed: Vec<&str> = (0..300).map(|i| ["0", "1", "1", "0", "1"][i * i % 5]).collect();
    equal("CartPole-v1", u64::MAX, &mixed.join(","));
    let swing: Vec<&str> = (0..450).map(|i| if i / 20 % 2 == 0 { "2" } else { "0" }).collect();
    equal("MountainCar-v0", 7, &swing.join(","));
}
