//! Grids: what cells they have, what these are called, and what is wrong with a grid, with its place.

use tella_curricula::{Cell, CellPart, Document, Grid, grid_schema};

const GRID: &str = "
schema: 1
agents:
  - random
  - {agent: my/agent.py:Habit, name: habit, config: {explore: [0.1, 0.5]}, agent_config: habit.yaml}
curricula:
  - SimpleCartPole
  - {curriculum: ./short.yaml, config: {\"blocks[0].episodes\": 2}}
seeds: [7, 8]
lifetimes: 3
config: {task_labels: [visible, hidden]}
";

fn grid(text: &str) -> Grid {
    Grid::from_text(text, "sweeps/grid.yaml").unwrap_or_else(|found| panic!("{found}"))
}

/// Each message with its line and column, hint last.
fn wrong(text: &str) -> Vec<String> {
    let found = Grid::from_text(text, "grid.yaml").expect_err("the grid is wrong");
    let told = found.diagnostics.iter().map(|d| {
        let hint = d.hint.as_deref().unwrap_or("-");
        format!("{}:{} {} | {hint}", d.place.line, d.place.column, d.message)
    });
    told.collect()
}

fn names(grid: &Grid) -> Vec<&str> {
    grid.cells.iter().map(|cell| cell.name.as_str()).collect()
}

#[test]
fn cells_are_all_combinations_by_hand() {
    let grid = grid(GRID);
    // 1 + 2 agents, 2 curricula, 2 labels, 2 seeds.
    assert_eq!(grid.cells.len(), 3 * 2 * 2 * 2);
    assert_eq!((grid.lifetimes, grid.num_parallel_envs, grid.transitions), (3, 1, false));
    assert_eq!(
        names(&grid)[..4],
        [
            "random--SimpleCartPole--task_labels=visible--seed=7",
            "random--SimpleCartPole--task_labels=visible--seed=8",
            "random--SimpleCartPole--task_labels=hidden--seed=7",
            "random--SimpleCartPole--task_labels=hidden--seed=8",
        ]
    );
    let last = grid.cells.last().unwrap();
    assert_eq!(last.name, "habit--short--explore=0.5--episodes=2--task_labels=hidden--seed=8");
    assert_eq!(last.set, ["agent.explore=0.5", "blocks[0].episodes=2", "task_labels=hidden"]);
    // Files lie where the grid lies.
    assert_eq!(last.agent, "sweeps/my/agent.py:Habit");
    assert_eq!(last.agent_config.as_deref(), Some("sweeps/habit.yaml"));
    assert_eq!(last.curriculum, "sweeps/short.yaml");
    let unique: std::collections::HashSet<&str> = names(&grid).into_iter().collect();
    assert_eq!(unique.len(), grid.cells.len());
}

#[test]
fn a_larger_grid_leaves_the_names_of_a_smaller_one() {
    let small = grid(GRID);
    let more = GRID
        .replace("- random", "- random\n  - q-learning")
        .replace("[0.1, 0.5]", "[0.1, 0.3, 0.5]")
        .replace("[7, 8]", "[7, 8, 9]");
    let large = grid(&more);
    assert!(large.cells.len() > small.cells.len());
    for name in names(&small) {
        assert!(names(&large).contains(&name), "{name}");
    }
}

#[test]
fn parts_are_left_out_and_added() {
    let left_out = grid(&format!(
        "{GRID}exclude:
  - {{agent: habit, curriculum: short, config: {{agent.explore: 0.5}}}}
  - {{seed: 8, agent: random}}
"
    ));
    let expected = |cell: &&Cell| {
        let is = |set: &str| cell.set.iter().any(|s| s == set);
        let first = cell.curriculum_label == "short" && is("agent.explore=0.5");
        let second = cell.agent_label == "random" && cell.seed == 8;
        !first && !second
    };
    let all = grid(GRID);
    let expected: Vec<&str> =
        all.cells.iter().filter(expected).map(|cell| cell.name.as_str()).collect();
    assert_eq!(names(&left_out), expected);

    let added = grid(&format!(
        "{GRID}include:
  - {{agent: random, curriculum: SimpleCartPole, seed: [8, 100], config: {{task_labels: boundaries}}}}
  - {{agent: random, curriculum: SimpleCartPole, seed: 7}}
"
    ));
    assert_eq!(
        names(&added)[all.cells.len()..],
        [
            "random--SimpleCartPole--task_labels=boundaries--seed=8",
            "random--SimpleCartPole--task_labels=boundaries--seed=100",
        ],
        "what is there already is not added"
    );
}

#[test]
fn values_are_what_the_command_line_takes() {
    let grid = grid(
        "{schema: 1, agents: [{agent: a, config: {x: 'true'}}], curricula: [c],
          config: {name: ['true', plain, 'a b', \"it's\"], evaluation.rewards: hidden}}",
    );
    let sets: Vec<&str> = grid.cells.iter().map(|cell| cell.set[1].as_str()).collect();
    // A text that YAML would read as something else is quoted; an agent's never is.
    assert_eq!(sets, ["name=\"true\"", "name=plain", "name=a b", "name=it's"]);
    assert_eq!(grid.cells[0].set[0], "agent.x=true");
}

#[test]
fn everything_wrong_is_told_at_once_with_its_place() {
    let found = wrong(
        "schema: 2
agents:
  - {agent: random, nam: x}
  - random
  - {agent: random, name: a/b}
curricula: [7]
seeds: [1, 1]
lifetimes: 0
log: everything
config: {passes: []}
",
    );
    let expected = [
        "1:9 schema version 2 is not known | this program reads `schema: 1`",
        "3:21 unknown key `nam` in an agent of a grid | did you mean `name`? allowed: agent, name, config, agent_config",
        "4:5 two agents are called `random` | give one of them a `name`",
        "5:27 `a/b` is no name for runs | letters, digits, `.`, `_`, `-`, `=` and `+`, the first a letter or a digit",
        "6:13 `curricula`: expected a curriculum of a grid, found the integer 7 | -",
        "7:12 the seed 1 stands twice | -",
        "8:12 expected an integer from 1 to 10000, found 0 | -",
        "9:6 `everything` is not something that a log keeps | allowed: transitions",
    ];
    for message in expected {
        assert!(found.iter().any(|f| f == message), "{message}\n{found:#?}");
    }
    assert!(found.iter().any(|f| f.contains("`passes` has no values")), "{found:#?}");
}

#[test]
fn parts_of_a_grid_name_what_is_in_it() {
    let found = wrong(&format!(
        "{GRID}exclude:
  - {{agent: randm}}
  - {{curriculum: Short}}
  - {{config: {{agent.explor: 1}}}}
"
    ));
    assert_eq!(
        found,
        [
            "13:13 no agent of this grid is called `randm` | did you mean `random`? allowed: random, habit",
            "14:18 no curriculum of this grid is called `Short` | did you mean `short`? allowed: SimpleCartPole, short",
            "15:15 no run of this grid sets `agent.explor` | did you mean `agent.explore`? allowed: agent.explore, blocks[0].episodes, task_labels",
        ]
    );
    let twice = wrong(&GRID.replace("{task_labels:", "{agent.explore: 1, task_labels:"));
    assert_eq!(twice, ["5:54 `agent.explore` is set twice | keep one of them"]);
    let all = wrong(&format!("{GRID}exclude: [{{}}]\n"));
    assert_eq!(all, ["12:10 every run of the grid is left out | -"]);
    let nothing = grid(&format!("{GRID}exclude: [{{seed: 99}}]\n"));
    assert!(nothing.warnings.to_string().contains("no run of the grid fits this"));
}

#[test]
fn too_large_a_grid_is_refused_before_it_is_made() {
    let list = (0..200).map(|n| n.to_string()).collect::<Vec<_>>().join(", ");
    let text = format!(
        "{{schema: 1, agents: [a], curricula: [c], config: {{x: [{list}], y: [{list}], z: [{list}]}}}}"
    );
    assert_eq!(wrong(&text), ["1:21 this makes 8000000 runs, 10000 are allowed | -"]);
    let text = format!(
        "{{schema: 1, curricula: [c], agents: [{{agent: a, config: {{x: [{list}], y: [{list}], z: [{list}]}}}}]}}"
    );
    let found = wrong(&text);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].contains("this agent's values make 8000000 runs, 10000 are allowed"));
    for text in ["", "[]", "7", "schema: [", "{schema: 1}"] {
        assert!(Grid::from_text(text, "grid.yaml").is_err(), "{text}");
    }
}

/// Names have the last part of a key, so that two keys may give one.
#[test]
fn two_runs_of_one_name_are_told_and_one_run_twice_is_not() {
    let text = |added: &str| {
        format!(
            "{{schema: 1, agents: [a], curricula: [c], config: {{tasks.A.learn.episodes: 5}}, include: [{added}]}}"
        )
    };
    let same = "{agent: a, curriculum: c, config: {tasks.A.learn.episodes: 5}}";
    assert_eq!(grid(&text(same)).cells.len(), 1);
    let found = wrong(&text("{agent: a, curriculum: c, config: {tasks.B.learn.episodes: 5}}"));
    assert!(found[0].contains("two different runs are called"), "{found:#?}");
}

#[test]
fn messages_about_overrides_stand_at_the_grids_lines() {
    let grid = grid(GRID);
    let cell = grid.cells.last().unwrap();
    let document = Document::with_overrides("{schema: 1}", "c.yaml", &cell.set[1..]).unwrap();
    let found = grid.relocated(cell, document.check(&tella_envs::Registry::builtin()));
    let place = |message: &str| {
        let found = found.diagnostics.iter().find(|d| d.message == message);
        let place = &found.unwrap_or_else(|| panic!("{message}")).place;
        (place.file.clone(), place.line, place.column)
    };
    assert_eq!(place("there is no key `blocks`"), ("sweeps/grid.yaml".into(), 8, 41));
    assert_eq!(place("`name` is missing").0, "c.yaml");
    let here = grid.error_at(cell, CellPart::Curriculum, "no", None);
    assert_eq!((here.diagnostics[0].place.line, here.diagnostics[0].place.column), (8, 18));
}

#[test]
fn the_shipped_grid_is_sound_and_the_schema_knows_its_keys() {
    let grid = Grid::load("quickstart").unwrap();
    assert_eq!((grid.cells.len(), grid.lifetimes), (6, 2));
    assert!(grid.description.is_some());
    let schema = grid_schema();
    for key in ["schema", "agents", "curricula", "seeds", "lifetimes", "config", "exclude"] {
        assert!(schema["properties"][key].is_object(), "{key}");
    }
    assert_eq!(schema["additionalProperties"], false);
}
