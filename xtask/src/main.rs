//! The command line of the developer commands.

use anyhow::Result;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Developer commands
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Install what the tests need, run all suites, print the time of each
    Test {
        /// Run the long sweeps as well
        #[arg(long)]
        full: bool,
    },
    /// Compare the native environments with the Python originals and print a table
    Parity {
        /// Run the long sweeps
        #[arg(long)]
        full: bool,
    },
    /// Look for what compiler and clippy do not: module pages, licences, layering, stray paths
    Tidy,
    /// Measure speed beside a peer and print JSON
    Bench {
        /// What is measured
        #[arg(value_parser = ["tella", "statistics"])]
        what: String,
        /// Turns, of which the median counts
        #[arg(long, default_value_t = 3)]
        turns: usize,
    },
    /// Write the files that are generated from code
    Gen {
        /// Write nothing, fail where a file differs
        #[arg(long)]
        check: bool,
    },
}

fn main() -> Result<ExitCode> {
    let good = match Cli::parse().command {
        Command::Test { full } => xtask::test::run(full)?,
        Command::Parity { full } => xtask::parity::run(full)?,
        Command::Tidy => {
            let findings = xtask::tidy::check(xtask::root())?;
            for finding in &findings {
                eprintln!("{finding}");
            }
            findings.is_empty()
        }
        Command::Bench { what, turns } => {
            let measured = match what.as_str() {
                "statistics" => xtask::bench::statistics(turns.max(1))?,
                _ => xtask::bench::tella(turns.max(1))?,
            };
            println!("{measured:#}");
            true
        }
        Command::Gen { check } => xtask::generated::run(check)?,
    };
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
