//! `--agent-config` and `--set`: everything that is wrong with an agent's parameters is told
//! at once, each with its place, what is allowed and the nearest match.

mod support;

use support::{arg, curriculum, json_expecting, run_expecting};

/// What `tella run` says of an agent's file and overrides, and that it refused them.
fn refused(name: &str, sets: &[&str]) -> String {
    let mut args = vec!["run", "SimpleCartPole", "--agent", "sarsa-tiles", "--agent-config", name];
    args.extend(sets.iter().flat_map(|set| ["--set", *set]));
    let (stdout, stderr) = run_expecting(2, &args);
    assert_eq!(stdout, "");
    stderr
}

#[test]
fn every_problem_of_a_file_has_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let file = curriculum(
        dir.path(),
        "agent.yaml",
        "discount: 1.5\nlamda: 0.9\nlambda: [1]\nlambda: high\n5: 6\nepsilon: \"0\"\n",
    );
    let said = refused(arg(&file), &[]);
    let at = |line, column| format!("{}:{line}:{column}\n", file.display());
    for (place, message, hint) in [
        (at(1, 11), "parameter `discount`: expected a number from 0 to 1, found 1.5", ""),
        (at(2, 1), "agent `sarsa-tiles` has no parameter `lamda`", "did you mean `lambda`?"),
        (at(3, 9), "parameter `lambda`: expected a number from 0 to 1, found a list", ""),
        (at(4, 1), "duplicate key `lambda`", "first given here"),
        (at(5, 1), "expected the name of a parameter, found the integer 5", "put it in quotes"),
        (at(6, 10), "expected a number from 0 to 1, found the string `0`", "write it as 0"),
    ] {
        let problem = said.split("\nerror: ").find(|p| p.contains(message));
        let problem = problem.unwrap_or_else(|| panic!("{message} is not in\n{said}"));
        assert!(problem.contains(&place) && problem.contains(hint), "{place}{hint}: {problem}");
    }
}

#[test]
fn overrides_and_the_curriculum_are_told_with_it() {
    let dir = tempfile::tempdir().unwrap();
    let file = curriculum(dir.path(), "agent.yaml", "[]\n");
    let sets = ["agent.lamda=1", "agent.lambda=2", "agnt.lambda=0", "lambda=0", "agent=1"];
    let said = refused(arg(&file), &[sets.as_slice(), &["agent.epsilon", "nam=x"]].concat());
    for message in [
        "agent.yaml:1:1",
        "expected a mapping of parameters to values, found a list",
        "agent `sarsa-tiles` has no parameter `lamda`\n --> --set:1:7",
        "hint: did you mean `lambda`? allowed: ",
        "parameter `lambda`: expected a number from 0 to 1, found 2\n --> --set:1:14",
        "a curriculum has no key `agnt`\n --> --set:1:1",
        "hint: did you mean `agent.lambda`?",
        "hint: `lambda` is a parameter of agent `sarsa-tiles`: write `agent.lambda=VALUE`",
        "hint: write `agent.NAME=VALUE`",
        "expected KEY=VALUE, found no `=`",
        "unknown key `nam` in a curriculum",
        "hint: did you mean `name`?",
    ] {
        assert!(said.contains(message), "{message} is not in\n{said}");
    }
}

#[test]
fn files_that_are_none_and_files_without_values() {
    let dir = tempfile::tempdir().unwrap();
    assert!(refused(arg(dir.path()), &[]).contains("this is a folder, not a file"));
    assert!(refused("nowhere.yaml", &[]).contains("there is no such file"));
    let syntax = curriculum(dir.path(), "syntax.yaml", "lambda: [\n");
    let said = refused(arg(&syntax), &[]);
    assert!(said.contains("syntax.yaml:") && said.contains("not valid YAML"), "{said}");
    // An override counts for more than the file, and the file for more than the default.
    let good = curriculum(dir.path(), "good.yaml", "lambda: 0.5\ndiscount: 1\n");
    let out = dir.path().join("run");
    json_expecting(
        0,
        &[
            "run",
            "SimpleCartPole",
            "--agent=sarsa-tiles",
            "--agent-config",
            arg(&good),
            "--set=agent.lambda=0.25",
            "--out",
            arg(&out),
            "--json",
        ],
    );
    let run = fs_err::read_to_string(out.join("run.json")).unwrap();
    let run: serde_json::Value = serde_json::from_str(&run).unwrap();
    assert_eq!(
        (&run["agent_config"]["lambda"], &run["agent_config"]["discount"]),
        (&0.25.into(), &1.0.into())
    );
    // A file of comments alone sets nothing.
    let empty = curriculum(dir.path(), "empty.yaml", "# nothing\n");
    let said = refused(arg(&empty), &["agent.lamda=1"]);
    assert_eq!(said.matches("error: ").count(), 1, "{said}");
}

/// An agent that does not fit is told with the task, its place and the agents that do; a
/// parameter that the agent refuses with its place.
#[test]
fn an_agent_that_does_not_fit_says_where_and_which_do() {
    let dir = tempfile::tempdir().unwrap();
    let text = "schema: 1\nname: x\ntasks:\n  Swing: {env: Pendulum-v1}\n\
                blocks: [{learn: Swing, episodes: 1}]\n";
    let file = curriculum(dir.path(), "c.yaml", text);
    let (_, said) = run_expecting(2, &["run", arg(&file), "--agent", "q-learning"]);
    for part in [
        "error: agent q-learning: `q-learning` needs a Discrete action space",
        "it is that of task `Swing` (Pendulum-v1)",
        &format!("{}:4:16\n", file.display()),
        "4 |   Swing: {env: Pendulum-v1}\n  |                ^^^^^^^^^^^\n",
    ] {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
    assert!(said.ends_with("hint: agents that fit: random, scripted\n"), "{said}");

    let scripted = ["run", "SimpleCartPole", "--agent", "scripted"];
    let set = ["--set", "agent.repeat=false", "--set", "agent.actions=0,left"];
    let (_, said) = run_expecting(2, &[&scripted[..], &set].concat());
    assert!(said.contains("`left` (number 2 of `0,left`): `left` is not an integer"), "{said}");
    assert!(said.contains("--set:1:15\n") && said.contains("               ^^^^^^\n"), "{said}");
    let file = curriculum(dir.path(), "agent.yaml", "repeat: true\nactions: [0, [1, 1]]\n");
    let (_, said) = run_expecting(2, &[&scripted[..], &["--agent-config", arg(&file)]].concat());
    assert!(said.contains("agent.yaml:2:10\n"), "{said}");
    assert!(said.contains("an action has 1 element here, this one 2"), "{said}");
    let file = curriculum(dir.path(), "agent.yaml", "actions:\n  - 0\n  - 1\n");
    let seeds =
        ["--agent-seed", "1", "--curriculum-seed", "2", "--out", arg(&dir.path().join("run"))]
            .map(str::to_owned);
    let seeds: Vec<&str> = seeds.iter().map(String::as_str).collect();
    let config = ["--agent-config", arg(&file)];
    run_expecting(0, &[&scripted[..], &config, &seeds].concat());
}

#[test]
fn a_negative_seed_is_told_what_is_allowed() {
    let args = ["run", "SimpleCartPole", "--agent", "random", "--agent-seed", "-1"];
    let (_, said) = run_expecting(2, &args);
    let expected = "invalid value '-1' for '--agent-seed <SEED>': \
                    expected an integer from 0 to 18446744073709551615";
    assert!(said.contains(expected), "{said}");
}
