//! `tella mad`: trains architectures on the tasks and scores them.

use super::super::numbers::whole;
use super::data::GeneratorName;
use super::{CliError, CliResult};
use crate::App;
use clap::ValueEnum;
use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;

/// Arguments of `tella mad`.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Training {
    /// An architecture: its layers, repeated twice unless there are four or more; may be repeated
    #[arg(long, value_name = "LAYER,...")]
    pub(super) layers: Vec<String>,

    /// An architecture: a stack's declaration, a YAML file; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) arch: Vec<PathBuf>,

    /// Tasks; all six where none is named
    #[arg(long, value_name = "TASK,...", value_delimiter = ',')]
    pub(super) tasks: Vec<String>,

    /// Which settings of the tasks are tried: the baseline, or all that a MAD score is a mean of
    #[arg(long, value_enum, default_value = "baseline")]
    pub(super) settings: SettingsName,

    /// Changes a setting of every task; may be repeated
    #[arg(short, long = "setting", value_name = "KEY=VALUE")]
    pub(super) setting: Vec<String>,

    /// Whose rules examples are drawn by
    #[arg(long, value_enum, default_value = "corrected")]
    pub(super) generator: GeneratorName,

    /// Where to compute: cpu, cuda or cuda:N
    #[arg(long, default_value = "cpu")]
    pub(super) device: String,

    /// What layers compute in: single precision, or bfloat16; of --layers, where a file says its own
    #[arg(long, value_enum, default_value = "f32")]
    pub(super) precision: PrecisionName,

    /// Learning rates to choose from
    #[arg(long, value_name = "RATE,...", value_delimiter = ',', default_value = "0.0005,0.001", value_parser = positive)]
    pub(super) lr: Vec<f64>,

    /// Weight decays to choose from
    #[arg(long, value_name = "DECAY,...", value_delimiter = ',', default_value = "0", value_parser = not_negative)]
    pub(super) weight_decay: Vec<f64>,

    /// Passes over the examples at most
    #[arg(long, default_value_t = 200, value_parser = whole::<u64>(1..=1_000_000))]
    pub(super) epochs: u64,

    /// Examples of a step
    #[arg(long, value_name = "N", default_value_t = 128, value_parser = whole::<u64>(1..=65_536))]
    pub(super) batch_size: u64,

    /// Examples for learning, where not the setting's own
    #[arg(long, value_name = "N", value_parser = whole::<u64>(1..=10_000_000))]
    pub(super) train_examples: Option<u64>,

    /// Examples for scoring, and as many for choosing
    #[arg(long, value_name = "N", default_value_t = 1280, value_parser = whole::<u64>(1..=10_000_000))]
    pub(super) test_examples: u64,

    /// Seed of examples, weights and order
    #[arg(long, default_value_t = 12345, value_parser = whole::<u64>(..))]
    pub(super) seed: u64,

    /// Threads of libtorch on a processor; other numbers may give other results
    #[arg(long, value_name = "T", default_value_t = 1, value_parser = whole::<u64>(1..=1024))]
    pub(super) threads: u64,

    /// Print the results as JSON
    #[arg(long)]
    json: bool,

    /// The folder for results; the same command goes on with what was begun there
    #[arg(short, long, value_name = "DIR", required = true)]
    out: Option<PathBuf>,
}

/// Settings by name.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum SettingsName {
    /// The baseline of each task
    Baseline,
    /// All, one knob changed at a time
    Full,
}

/// Kinds of numbers by name.
#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
pub(super) enum PrecisionName {
    /// Single precision
    F32,
    /// bfloat16
    Bf16,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if x > 0.0 && x <= 1e6 => Ok(x),
        _ => Err("expected a number above 0".into()),
    }
}

fn not_negative(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(x) if (0.0..=1e6).contains(&x) => Ok(x),
        _ => Err("expected a number of at least 0".into()),
    }
}

#[cfg(not(libtorch))]
pub(super) fn run(_app: &Arc<App>, args: &Training, _out: &mut impl Write) -> CliResult {
    let _ = args;
    Err(CliError::usage(
        "`tella mad` computes with libtorch, which this program was built without; in its source folder \
         `cargo xtask torch cargo install --path harness --features torch` fetches libtorch and builds it with it",
    )
    .hint("`tella mad data` prints the tasks' examples without it"))
}

#[cfg(libtorch)]
pub(super) use with_torch::run;

#[cfg(libtorch)]
mod with_torch {
    use super::super::{bad_task, task, told};
    use super::{App, Arc, CliError, CliResult, PrecisionName, SettingsName, Training, Write};
    use crate::cli::{Exit, lifetimes, overrides};
    use crate::mad::{
        Architecture, BenchmarkError, Ended, Folder, FolderError, Plan, Results, check,
    };
    use crate::run::Signals;
    use std::path::Path;
    use tella_envs::mad::{Rules, TASKS};
    use tella_nn::NnError;
    use tella_nn::mad::MadError;
    use tella_nn::stack::Declaration;

    pub(in super::super) fn run(
        app: &Arc<App>,
        args: &Training,
        out: &mut impl Write,
    ) -> CliResult {
        let (plan, declarations) = plan(args)?;
        // Before anything else of libtorch: it looks for graphics processors once.
        tella_nn::device(&plan.device).map_err(CliError::usage)?;
        check(&plan, &declarations)?;
        let dir = args.out.as_deref().unwrap_or(Path::new("mad"));
        let folder = Folder::open(dir, &plan)?;
        let signals = Signals::of_app(app).map_err(|e| CliError::new(Exit::Bug, e))?;
        let ended = crate::mad::run(&plan, &declarations, &folder, &signals)?;
        let results = Results::read(&plan, &folder)?;
        let told = told::results(&results);
        folder.write("results.arrow", &results.trials_arrow())?;
        folder.write("epochs.arrow", &results.epochs_arrow())?;
        folder.write("results.json", format!("{told:#}\n").as_bytes())?;
        let command = told::command(args, dir);
        folder.write(tella_report::PAGE, results.sheet(&command).html().as_bytes())?;
        if args.json {
            writeln!(out, "{told:#}")?;
        } else {
            told::table(&results, out)?;
        }
        match (ended, lifetimes::stopped(&signals)) {
            (Ended::Stopped, Some(exit)) => {
                eprintln!("stopped: the same command goes on with it");
                Ok(exit)
            }
            _ if results.failed().next().is_some() => Ok(Exit::Fault),
            _ => Ok(Exit::Ok),
        }
    }

    fn plan(args: &Training) -> Result<(Plan, Vec<Declaration>), CliError> {
        let mut architectures = Vec::new();
        let mut declarations = Vec::new();
        let mut add = |name: String, yaml: String, file: &str| -> Result<(), CliError> {
            let declaration = Declaration::from_yaml(&yaml, file);
            declarations.push(declaration.map_err(|error| CliError::usage(as_given(error, file)))?);
            architectures.push(Architecture { name, yaml });
            Ok(())
        };
        let by_default =
            (args.layers.is_empty() && args.arch.is_empty()).then(|| "attention,swiglu".to_owned());
        for layers in args.layers.iter().chain(&by_default) {
            let once = declared(args, layers, 1);
            let are_few = Declaration::from_yaml(&once, LAYERS).is_ok_and(|d| d.layers.len() < 4);
            let yaml = if are_few { declared(args, layers, 2) } else { once };
            add(layers.clone(), yaml, LAYERS)?;
        }
        for file in &args.arch {
            let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            add(stem, overrides::read(file)?, &file.to_string_lossy())?;
        }
        for (i, one) in architectures.iter().enumerate() {
            if architectures[..i].iter().any(|other| other.name == one.name) {
                let message = format!("two architectures are called `{}`", one.name);
                return Err(CliError::usage(message).hint("a file's name is its architecture's"));
            }
        }
        let tasks: Vec<String> = match args.tasks.as_slice() {
            [] => TASKS.map(str::to_owned).to_vec(),
            named => named.to_vec(),
        };
        for (i, task) in tasks.iter().enumerate() {
            if !TASKS.contains(&task.as_str()) {
                return Err(bad_task(task));
            }
            if tasks[..i].contains(task) {
                return Err(CliError::usage(format!("task `{task}` is named twice")));
            }
        }
        let rules = args.generator.rules();
        for name in &tasks {
            task(name, &args.setting, rules)?;
        }
        let plan = Plan {
            format: Plan::FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            architectures,
            tasks,
            full: args.settings == SettingsName::Full,
            settings: args.setting.clone(),
            generator: Rules::NAMES[usize::from(rules == Rules::MadLab)].to_owned(),
            train_examples: args.train_examples.map(|n| n as usize),
            test_examples: args.test_examples as usize,
            lr: args.lr.clone(),
            weight_decay: args.weight_decay.clone(),
            epochs: args.epochs,
            batch_size: args.batch_size as i64,
            seed: args.seed,
            device: args.device.clone(),
            threads: args.threads as u32,
        };
        Ok((plan, declarations))
    }

    /// What stands before a list of layers in the declaration that is made of it.
    const BEFORE_LAYERS: &str = "{layers: [";

    /// What names the option in messages.
    const LAYERS: &str = "--layers";

    /// Places in the option count from its own beginning.
    fn as_given(mut error: NnError, file: &str) -> NnError {
        if let NnError::Declaration(problems) = &mut error
            && file == LAYERS
        {
            for problem in problems {
                problem.column = problem.column.saturating_sub(BEFORE_LAYERS.len()).max(1);
            }
        }
        error
    }

    /// The declaration of a list of layers of mad-lab's width, `depth` times one after another.
    fn declared(args: &Training, layers: &str, depth: u32) -> String {
        let (precision, convolution) = match args.precision {
            PrecisionName::F32 => ("f32", "fft"),
            PrecisionName::Bf16 => ("bf16", "toeplitz"),
        };
        format!(
            "{BEFORE_LAYERS}{layers}], width: 128, depth: {depth}, max_length: 16777216, precision: {precision}, convolution: {convolution}}}"
        )
    }

    impl From<FolderError> for CliError {
        fn from(error: FolderError) -> Self {
            match error {
                FolderError::Event(error) => error.into(),
                FolderError::Damaged { .. } => CliError::new(Exit::Corrupt, error)
                    .hint("where it is a checkpoint or a trial, it can be deleted: that trial begins again"),
                error => CliError::usage(error).hint("choose another --out"),
            }
        }
    }

    impl From<BenchmarkError> for CliError {
        fn from(error: BenchmarkError) -> Self {
            match error {
                BenchmarkError::Folder(error) => error.into(),
                BenchmarkError::Trial { error: MadError::Torch(_), .. } => {
                    CliError::new(Exit::Bug, error)
                }
                BenchmarkError::Trial { error: MadError::Memory, .. } => {
                    CliError::new(Exit::Resumable, error)
                }
                BenchmarkError::Nn(NnError::Graph(_)) | BenchmarkError::Panic(_) => {
                    CliError::new(Exit::Bug, error)
                }
                error => CliError::usage(error),
            }
        }
    }
}
