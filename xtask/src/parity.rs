//! `cargo xtask parity`: native environments beside the Python originals, step by
//! step, and a table of what was compared.
//!
//! The comparing is done by test suites of the room `envs`, which `cargo xtask test`
//! runs as well. Here they run alone, and each adds a row to a table of its own
//! family once it is through.

use anyhow::{Context, Result};
use fs_err as fs;
use tella_reference::Stack;
use tella_reference::parity::{Row, TABLE};

/// The suites that compare.
const SUITES: &[&str] = &["minigrid_parity"];

/// Runs the suites, the long sweeps where `full`, and prints the table. Whether all of
/// them passed.
pub fn run(full: bool) -> Result<bool> {
    for stack in Stack::TESTED {
        stack.install()?;
    }
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("table");
    let mut cargo = crate::cargo();
    // All members are selected, though one has the suites: with fewer, cargo would
    // choose other features of shared dependencies and build those again.
    cargo.args(["test", "--workspace", "--locked", "--no-fail-fast"]);
    cargo.args(SUITES.iter().flat_map(|suite| ["--test", suite]));
    cargo.env(TABLE, &file);
    if full {
        cargo.env("TELLA_FULL", "1");
    }
    let passed = cargo.status().context("cargo test")?.success();
    let text = if file.exists() { fs::read_to_string(&file)? } else { String::new() };
    let rows = text.lines().map(|line| Row::parse(line).context("a row of the table"));
    print!("{}", table(rows.collect::<Result<_>>()?));
    Ok(passed)
}

/// The rows as a table in Markdown, sorted, with their sum.
fn table(mut rows: Vec<Row>) -> String {
    rows.sort_by(|a, b| (&a.original, &a.family).cmp(&(&b.original, &b.family)));
    let sum = |count: fn(&Row) -> u64| rows.iter().map(count).sum::<u64>();
    let total = Row {
        original: "all".into(),
        family: String::new(),
        ids: sum(|row| row.ids),
        variations: sum(|row| row.variations),
        seeds: 0,
        steps: sum(|row| row.steps),
        differences: sum(|row| row.differences),
    };
    let mut text = String::from(
        "\n| original | family | ids | with other parameters | seeds | steps | differences |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for row in rows.iter().chain([&total]) {
        let seeds = if row.seeds == 0 { String::new() } else { row.seeds.to_string() };
        let Row { original, family, ids, variations, steps, differences, .. } = row;
        text += &format!(
            "| {original} | {family} | {ids} | {variations} | {seeds} | {steps} | {differences} |\n"
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_sorted_and_summed() {
        let lines = ["b 1\tX\t2\t1\t10\t300\t0", "a 2\tY\t1\t0\t200\t40\t3"];
        let rows = lines.map(|line| Row::parse(line).unwrap()).into();
        let expected = "
| original | family | ids | with other parameters | seeds | steps | differences |
|---|---|---|---|---|---|---|
| a 2 | Y | 1 | 0 | 200 | 40 | 3 |
| b 1 | X | 2 | 1 | 10 | 300 | 0 |
| all |  | 3 | 1 |  | 340 | 3 |
";
        assert_eq!(table(rows), expected);
        assert_eq!(Row::parse("b 1\tX\t2"), None);
    }
}
