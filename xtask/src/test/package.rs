//! The Python package: its wheel is built and installed, and its tests run against what is
//! installed, not against the sources.

use super::log::Suite;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tella_reference::Stack;

/// Builds the wheel, as it is released where `full` says so, looks at its tag and installs it. How
/// long it took.
pub(super) fn install(full: bool) -> Result<Duration> {
    let start = Instant::now();
    let python = Stack::PACKAGE.install()?;
    let wheels = crate::root().join("target/wheels");
    // An older version's wheel would be taken for this one's.
    let _ = fs_err::remove_dir_all(&wheels);
    let mut build = Command::new(&python);
    build.args(["-m", "maturin", "build", "--quiet", "--locked", "--manifest-path"]);
    build.arg(crate::root().join("python/Cargo.toml")).arg("--out").arg(&wheels);
    build.args(full.then_some("--release"));
    succeed(&mut build)?;
    let wheel = fs_err::read_dir(&wheels)?.next().context("maturin left no wheel")??.path();
    check_tag(&wheel)?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet", "--no-deps", "--force-reinstall"]).arg(wheel);
    succeed(&mut install)?;
    Ok(start.elapsed())
}

/// Fails unless the wheel's name promises what its libraries need: `auditwheel` reads which versions
/// of the C library's symbols they ask for, whatever maturin, which chose the name, made of that.
fn check_tag(wheel: &Path) -> Result<()> {
    let shown = Command::new(script("auditwheel")?).arg("show").arg(wheel).output()?;
    let said = String::from_utf8_lossy(&shown.stdout).into_owned();
    let tag = needed(&said).with_context(|| format!("auditwheel names no tag:\n{said}"))?;
    let name = wheel.file_stem().unwrap_or_default().to_string_lossy();
    let tagged = name.rsplit('-').next().unwrap_or_default();
    if !tag.starts_with("manylinux_") || !tagged.split('.').any(|one| one == tag) {
        bail!("{} is tagged {tagged}, and needs {tag}", wheel.display());
    }
    println!("{} needs {tag}, as its name says", wheel.display());
    Ok(())
}

/// The tag that `auditwheel show` finds a wheel consistent with.
fn needed(said: &str) -> Option<&str> {
    let (_, found) = said.split_once("following platform tag:")?;
    found.split('"').nth(1)
}

/// Runs its tests.
pub(super) fn test(full: bool) -> Result<Suite> {
    let start = Instant::now();
    let tests = crate::root().join("python/tests");
    let mut pytest = Command::new(script("pytest")?);
    // Where no source lies, and nothing else that could be imported.
    let elsewhere = crate::root().join("target/python-tests");
    fs_err::create_dir_all(&elsewhere)?;
    pytest.current_dir(elsewhere).arg("--color=no").arg("-q").arg(tests);
    pytest.args(["-p", "no:cacheprovider", "--rootdir"]).arg(crate::root().join("python"));
    for stack in Stack::TESTED {
        let (variable, folder) = stack.place();
        pytest.env(variable, folder);
    }
    if full {
        pytest.env("TELLA_FULL", "1");
    }
    let mut running = pytest.stdout(Stdio::piped()).spawn().context("pytest")?;
    let lines = BufReader::new(running.stdout.take().context("stdout is piped")?).lines();
    let mut counted = [0; 3];
    for line in lines.map_while(Result::ok) {
        println!("{line}");
        counted = counts(&line).unwrap_or(counted);
    }
    let [passed, mut failed, ignored] = counted;
    // What fails before it counts must not end as "0 failed".
    if !running.wait()?.success() {
        failed = failed.max(1);
    }
    let name = "python tests".to_owned();
    Ok(Suite { name, passed, failed, ignored, time: start.elapsed() })
}

fn script(name: &str) -> Result<PathBuf> {
    let python = Stack::PACKAGE.install()?;
    Ok(python.parent().context("the interpreter lies in a folder")?.join(name))
}

fn succeed(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{command:?}"))?;
    if !status.success() {
        bail!("{command:?} failed");
    }
    Ok(())
}

/// `[passed, failed, skipped]` of pytest's last line, `2 failed, 13 passed, 1 skipped in 3.1s`.
fn counts(line: &str) -> Option<[usize; 3]> {
    let line = line.trim_matches(|c| c == '=' || c == ' ');
    let (counted, time) = line.rsplit_once(" in ")?;
    if !time.split(' ').next()?.ends_with('s') {
        return None;
    }
    let mut counts = [0; 3];
    for part in counted.split(", ") {
        let (number, word) = part.split_once(' ')?;
        let number: usize = number.parse().ok()?;
        match word {
            "passed" => counts[0] += number,
            "failed" | "error" | "errors" => counts[1] += number,
            "skipped" => counts[2] += number,
            _ => {}
        }
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::{counts, needed};

    #[test]
    fn the_tag_is_found_in_what_auditwheel_says() {
        let said = "x.whl is consistent with\nthe following platform tag: \"manylinux_2_35_x86_64\".\n\nThe wheel \"y\"";
        assert_eq!(needed(said), Some("manylinux_2_35_x86_64"));
        assert_eq!(needed("x.whl is no wheel"), None);
    }

    #[test]
    fn the_last_line_is_told_from_others() {
        assert_eq!(counts("13 passed in 3.10s"), Some([13, 0, 0]));
        let line = "== 2 failed, 13 passed, 1 skipped, 4 warnings in 75.31s (0:01:15) ==";
        assert_eq!(counts(line), Some([13, 2, 1]));
        assert_eq!(counts("1 passed, 2 errors in 0.01s"), Some([1, 2, 0]));
        assert_eq!(counts("FAILED test_x.py::test_y - assert 1 in 2"), None);
        assert_eq!(counts("no tests ran in 0.01s"), None);
    }
}
