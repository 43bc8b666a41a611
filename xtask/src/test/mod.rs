//! `cargo xtask test`: one command from a bare machine to the result of every
//! suite.
//!
//! Everything is built once, by one selection of packages (a narrower one has
//! other features and builds shared dependencies anew), with libtorch, while a browser and the Python
//! packages are being installed beside it. Then one plain `cargo test` runs, its output
//! passed on line by line and read along the way. The Python package's tests come last,
//! against its installed wheel.

mod browser;
mod build;
mod compiler;
mod debian;
mod fuzz;
mod log;
mod package;
mod python;
mod table;

use anyhow::{Context, Result};
use log::Log;
use std::io::{BufRead, BufReader, Write};
use std::time::{Duration, Instant};
use table::Prepared;

pub(crate) use compiler::install as compiler;
pub(crate) use python::interpreter as python;

/// Runs the Python package's tests alone. Whether all passed.
pub fn run_package(full: bool) -> Result<bool> {
    let start = Instant::now();
    let installed = python::install()?;
    let wheel = package::install(full)?;
    let suite = package::test(full)?;
    let success = suite.failed == 0;
    let prepared = Prepared { installed, built: Duration::ZERO, wheel };
    print!("{}", table::table(&prepared, &[suite], success, start.elapsed()));
    Ok(success)
}

/// Runs all suites and prints a table of their times. Whether all passed; an error
/// where they could not be run.
pub fn run(full: bool) -> Result<bool> {
    let start = Instant::now();
    // What is linked has to be there before the build.
    let torch = crate::torch::variables()?;
    let (installed, built) = std::thread::scope(|scope| {
        let needed = scope.spawn(|| browser::install().and_then(|()| python::install()));
        let built = build::all(&torch);
        (needed.join(), built)
    });
    let suites = built?;
    let installed = installed.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
    let prepared = start.elapsed();
    let wheel = package::install(full)?;

    let (reader, writer) = std::io::pipe()?;
    let mut command = crate::cargo();
    // One pipe for both: cargo names suites on stderr, tests report on stdout, and
    // only the order of the lines says what belongs together.
    command
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .args(crate::torch::FEATURES)
        .envs(torch);
    command.stdout(writer.try_clone()?).stderr(writer);
    if full {
        command.env("TELLA_FULL", "1");
    }
    let mut cargo = command.spawn().context("cargo test")?;
    // The command holds the pipe's other end open.
    drop(command);

    let mut log = Log::new(suites);
    let mut lines = BufReader::new(reader);
    let mut line = Vec::new();
    let mut out = std::io::stdout();
    while lines.read_until(b'\n', &mut line)? > 0 {
        out.write_all(&line)?;
        out.flush()?;
        log.line(&String::from_utf8_lossy(&line), Instant::now());
        line.clear();
    }
    let mut success = cargo.wait()?.success();
    let mut suites = log.finish(Instant::now());
    let package = package::test(full)?;
    success &= package.failed == 0;
    suites.push(package);
    let prepared = Prepared { installed, built: prepared, wheel };
    print!("{}", table::table(&prepared, &suites, success, start.elapsed()));
    let fuzzed = !full || fuzz::run()?;
    Ok(success && fuzzed)
}
