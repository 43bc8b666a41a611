//! The table at the end of a test run.

use super::log::Suite;
use std::fmt::Write;
use std::time::Duration;

/// How long it took to prepare everything.
pub(super) struct Prepared {
    /// Installing Python packages.
    pub(super) installed: Duration,
    /// Building the tests, beside that.
    pub(super) built: Duration,
    /// Building and installing the Python package.
    pub(super) wheel: Duration,
}

/// Times of preparation and of each suite that has tests; the last line is
/// `N passed, N failed`.
pub(super) fn table(
    prepared: &Prepared,
    suites: &[Suite],
    success: bool,
    total: Duration,
) -> String {
    let sum = |count: fn(&Suite) -> usize| suites.iter().map(count).sum::<usize>();
    let (passed, ignored) = (sum(|suite| suite.passed), sum(|suite| suite.ignored));
    // What cargo calls failed must not end as "0 failed".
    let failed = sum(|suite| suite.failed).max(usize::from(!success));

    let shown: Vec<&Suite> =
        suites.iter().filter(|s| s.passed + s.failed + s.ignored > 0).collect();
    let width = shown.iter().map(|suite| suite.name.len()).max().unwrap_or(0).max(24);
    let mut text = String::new();
    let mut row = |name: &str, counts: [String; 3], time: Duration| {
        let [passed, failed, ignored] = counts;
        let seconds = time.as_secs_f64();
        let _ =
            writeln!(text, "{name:<width$} {passed:>8} {failed:>8} {ignored:>8} {seconds:>9.1} s");
    };
    let none = || [String::new(), String::new(), String::new()];
    row("Python packages", none(), prepared.installed);
    row("build, beside that", none(), prepared.built);
    row("Python wheel", none(), prepared.wheel);
    for suite in shown {
        let counts = [suite.passed, suite.failed, suite.ignored].map(|count| count.to_string());
        row(&suite.name, counts, suite.time);
    }
    row("total", [passed, failed, ignored].map(|count| count.to_string()), total);
    format!(
        "\n{:<width$} {:>8} {:>8} {:>8} {:>11}\n{text}\n{passed} passed, {failed} failed\n",
        "suite", "passed", "failed", "ignored", "time"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suite(name: &str, [passed, failed, ignored]: [usize; 3], seconds: u64) -> Suite {
        let time = Duration::from_secs(seconds);
        Suite { name: name.to_owned(), passed, failed, ignored, time }
    }

    #[test]
    fn rows_and_last_line() {
        let second = Duration::from_secs;
        let suites = [suite("rng tests/numpy", [8, 1, 2], 4), suite("rng unit", [0, 0, 0], 1)];
        let prepared = Prepared { installed: second(60), built: second(90), wheel: second(30) };
        let text = table(&prepared, &suites, false, second(95));
        let expected = "
suite                      passed   failed  ignored        time
Python packages                                          60.0 s
build, beside that                                       90.0 s
Python wheel                                             30.0 s
rng tests/numpy                 8        1        2       4.0 s
total                           8        1        2      95.0 s

8 passed, 1 failed
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_failure_outside_of_all_tests_counts() {
        let zero = Duration::ZERO;
        let prepared = Prepared { installed: zero, built: zero, wheel: zero };
        let text = table(&prepared, &[suite("a", [3, 0, 0], 0)], false, zero);
        assert!(text.ends_with("\n3 passed, 1 failed\n"), "{text}");
    }
}
