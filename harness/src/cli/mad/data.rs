//! `tella mad data`: examples of a task.

use super::super::numbers::whole;
use super::{CliError, CliResult, task};
use crate::cli::Exit;
use clap::ValueEnum;
use std::io::{BufWriter, Write};
use tella_envs::mad::{Example, Examples, IGNORED, Rules, Split};

/// Arguments of `tella mad data`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    /// The task: in-context-recall, noisy-in-context-recall, fuzzy-in-context-recall, memorization,
    /// compression or selective-copying
    task: String,

    /// A setting of the task, such as vocab_size or seq_len; may be repeated
    #[arg(short, long = "setting", value_name = "KEY=VALUE")]
    settings: Vec<String>,

    /// Seed of the stream of examples
    #[arg(long, default_value_t = 12345, value_parser = whole::<u64>(..))]
    seed: u64,

    /// Number of examples, the first of the stream
    #[arg(short, long, default_value_t = 1, value_parser = whole::<u64>(..))]
    n: u64,

    /// What the examples are for: learning, or scoring; each begins a stream
    #[arg(long, value_enum, default_value = "train")]
    split: SplitName,

    /// Whose rules they are drawn by: the task as it is described, or mad-lab's generator, equal to it
    /// for the same seed
    #[arg(long, value_enum, default_value = "corrected")]
    generator: GeneratorName,

    /// Print one JSON object a line
    #[arg(long)]
    json: bool,
}

/// Splits by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum SplitName {
    /// For learning
    Train,
    /// For scoring
    Test,
}

/// Rules by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum GeneratorName {
    /// The task as it is described
    Corrected,
    /// mad-lab's, its mistakes included
    MadLab,
}

impl GeneratorName {
    /// The rules of that name.
    pub(super) fn rules(self) -> Rules {
        match self {
            GeneratorName::Corrected => Rules::Corrected,
            GeneratorName::MadLab => Rules::MadLab,
        }
    }
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> CliResult {
    let (task, _) = task(&args.task, &args.settings, args.generator.rules())?;
    let split = match args.split {
        SplitName::Train => Split::Train,
        SplitName::Test => Split::Test,
    };
    let mut examples = Examples::new(&task, args.seed).map_err(CliError::usage)?;
    let mut out = BufWriter::new(out);
    for _ in 0..args.n {
        let example = examples.next(split).map_err(CliError::usage)?;
        match args.json {
            true => writeln!(out, "{}", serde_json::to_string(&example).expect("numbers"))?,
            false => tell(&example, &mut out)?,
        }
    }
    out.flush()?;
    Ok(Exit::Ok)
}

/// Two lines with a column a position; what is not scored is a point.
fn tell(example: &Example, out: &mut impl Write) -> std::io::Result<()> {
    let words = |tokens: &[i64]| -> Vec<String> {
        let word = |token: &i64| if *token == IGNORED { ".".to_owned() } else { token.to_string() };
        tokens.iter().map(word).collect()
    };
    let (inputs, targets) = (words(&example.inputs), words(&example.targets));
    let width = inputs.iter().chain(&targets).map(String::len).max().unwrap_or(0);
    for (name, words) in [("inputs ", inputs), ("targets", targets)] {
        write!(out, "{name}")?;
        words.iter().try_for_each(|word| write!(out, " {word:>width$}"))?;
        writeln!(out)?;
    }
    Ok(())
}
