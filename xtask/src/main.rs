//! The command line of the developer commands.

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;
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
        /// The Python package alone: build its wheel, install it, run its tests
        #[arg(long)]
        python: bool,
    },
    /// Install libtorch, then run a command with the variables that name it, or print them for `eval`
    Torch {
        /// The command and its arguments, as in `cargo test -p tella-nn --features torch`
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        command: Vec<String>,
    },
    /// Compare the native environments with the Python originals and print a table
    Parity {
        /// Run the long sweeps
        #[arg(long)]
        full: bool,
    },
    /// Look for what compiler and clippy do not: module pages, licences, layering, stray paths
    Tidy,
    /// Measure speed and print JSON
    #[command(subcommand)]
    Bench(Bench),
    /// Write the files that are generated from code
    Gen {
        /// Write nothing, fail where a file differs
        #[arg(long)]
        check: bool,
    },
}

/// What is measured.
#[derive(Debug, Subcommand)]
enum Bench {
    /// Both sides of every comparison with a peer, what threads bring, what the log takes
    Peers(Turns),
    /// Steps per second against the number of environments
    Curve(Turns),
    /// Draw what `curve` printed
    Plot {
        /// The JSON of `curve`
        from: PathBuf,
        /// The SVG to write
        #[arg(short, long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Resident memory over a long run
    Memory {
        /// Steps of the run
        #[arg(long, default_value_t = 100_000_000)]
        steps: u64,
        /// Environments stepped together
        #[arg(long, default_value_t = 64)]
        num_envs: u32,
    },
    /// Bootstrap intervals beside rliable's
    Statistics {
        /// Turns, of which the median counts
        #[arg(long, default_value_t = 3)]
        turns: usize,
    },
    /// Lifelong learning metrics beside L2Metrics, and of logs too long for it
    Metrics {
        /// Turns, of which the median counts
        #[arg(long, default_value_t = 3)]
        turns: usize,
        /// Experiences of the logs that both sides measure
        #[arg(long, value_delimiter = ',', default_values_t = [20_000, 100_000, 1_000_000])]
        rows: Vec<u64>,
        /// Experiences of the logs that our side measures alone
        #[arg(long, value_delimiter = ',', default_values_t = [2_500_000, 5_000_000, 10_000_000])]
        long: Vec<u64>,
    },
    /// The report of a long run
    Report {
        /// Turns, of which the median counts
        #[arg(long, default_value_t = 5)]
        turns: usize,
    },
    /// Agents in Python beside TELLA's, and environments for Gymnasium beside its own
    Python {
        /// Turns, of which the median counts
        #[arg(long, default_value_t = 3)]
        turns: usize,
    },
    /// A step of acting with longer and longer memories
    Acting,
    /// Training steps of the long convolution layer beside PyTorch's
    LongConv {
        /// Turns, of which the median counts
        #[arg(long, default_value_t = 3)]
        turns: usize,
    },
    /// Updates of MAD's token models beside mad-lab's layers in PyTorch, on a graphics processor
    Training {
        /// Folder of a clone of mad-lab (github.com/athms/mad-lab)
        #[arg(long)]
        mad_lab: std::path::PathBuf,
        /// Tokens of an example, a row each
        #[arg(long, default_values_t = [128, 1024])]
        lengths: Vec<u64>,
    },
    /// Steps a second of ppo beside Stable-Baselines3's, learning included
    Ppo {
        /// Turns, of which the median counts
        #[arg(long, default_value_t = 3)]
        turns: usize,
    },
    /// Hyena's operator beside attention's on a graphics processor
    Operator,
    /// From the start of the program to its first step
    Start {
        /// Times to start it, of which the median counts
        #[arg(long, default_value_t = 21)]
        turns: usize,
    },
}

/// How long is measured.
#[derive(Debug, Args)]
struct Turns {
    /// Turns, of which the median counts
    #[arg(long, default_value_t = 3)]
    turns: usize,
    /// Seconds for each setting of each side in a turn
    #[arg(long, default_value_t = 1.0)]
    seconds: f64,
}

fn run_bench(bench: Bench) -> Result<()> {
    let told = match bench {
        Bench::Peers(Turns { turns, seconds }) => xtask::bench::peers(turns.max(1), seconds)?,
        Bench::Curve(Turns { turns, seconds }) => xtask::bench::curve(turns.max(1), seconds)?,
        Bench::Plot { from, out } => return xtask::bench::plot(&from, &out),
        Bench::Memory { steps, num_envs } => xtask::bench::memory(steps, num_envs)?,
        Bench::Statistics { turns } => xtask::bench::statistics(turns.max(1))?,
        Bench::Metrics { turns, rows, long } => xtask::bench::metrics(turns.max(1), &rows, &long)?,
        Bench::Report { turns } => xtask::bench::report(turns)?,
        Bench::Python { turns } => xtask::bench::python(turns.max(1))?,
        Bench::Acting => xtask::bench::acting()?,
        Bench::LongConv { turns } => xtask::bench::long_conv(turns)?,
        Bench::Training { mad_lab, lengths } => xtask::bench::training(&mad_lab, &lengths)?,
        Bench::Ppo { turns } => xtask::bench::ppo(turns)?,
        Bench::Operator => xtask::bench::operator()?,
        Bench::Start { turns } => xtask::bench::start(turns)?,
    };
    println!("{told:#}");
    Ok(())
}

fn main() -> Result<ExitCode> {
    let good = match Cli::parse().command {
        Command::Test { full, python: true } => xtask::test::run_package(full)?,
        Command::Test { full, python: false } => xtask::test::run(full)?,
        Command::Torch { command } => xtask::torch::run(&command)?,
        Command::Parity { full } => xtask::parity::run(full)?,
        Command::Tidy => {
            let findings = xtask::tidy::check(xtask::root())?;
            for finding in &findings {
                eprintln!("{finding}");
            }
            findings.is_empty()
        }
        Command::Bench(bench) => {
            run_bench(bench)?;
            true
        }
        Command::Gen { check } => xtask::generated::run(check)?,
    };
    Ok(if good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
