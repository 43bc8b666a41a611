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
