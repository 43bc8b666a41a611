//! Lives the trials of a plan that are left.

use super::{Folder, FolderError, Plan, TaskSetting, Unit};
use crate::mad::folder::Trial as Finished;
use crate::run::{Signals, catch_panic};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::time::{Duration, Instant};
use tella_envs::mad::{Examples, Rules, Task, settings};
use tella_envs::{ParamError, Params, parse_params, resolve_params};
use tella_nn::NnError;
use tella_nn::mad::{Data, Epoch, MadError, Trainer, Trial, model_length};
use tella_nn::stack::Declaration;

/// Least time between two checkpoints of a trial.
const KEEP_EVERY: Duration = Duration::from_secs(1);

/// How often a line is written where standard error is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// How a benchmark ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All trials are over.
    Complete,
    /// A signal came; what is done is kept.
    Stopped,
}

/// Why a benchmark cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum BenchmarkError {
    /// Its folder.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// A device or a declaration.
    #[error(transparent)]
    Nn(#[from] NnError),
    /// Settings that do not go together.
    #[error("{task}, {setting}: {}", .errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Settings {
        /// The task.
        task: String,
        /// The setting.
        setting: String,
        /// What is wrong.
        errors: Vec<ParamError>,
    },
    /// A trial that cannot be lived, and those after it could not either.
    #[error("{trial}: {error}")]
    Trial {
        /// Which.
        trial: String,
        /// Why.
        error: MadError,
    },
    /// A mistake in the program.
    #[error("{0}")]
    Panic(String),
}

/// A setting's task and how long its sequences are, as models count time.
fn task_of(plan: &Plan, of: &TaskSetting) -> Result<(Task, i64), BenchmarkError> {
    let refused = |errors| BenchmarkError::Settings {
        task: of.task.clone(),
        setting: of.setting.label.clone(),
        errors,
    };
    let specs = settings(&of.task).unwrap_or_default();
    let mut given: Params = parse_params(&specs, &plan.settings).map_err(refused)?;
    given.extend(of.setting.changes.clone());
    let params = resolve_params(&specs, &given).map_err(refused)?;
    let rules = if plan.generator == "mad-lab" { Rules::MadLab } else { Rules::Corrected };
    let task = Task::new(&of.task, &params, rules).map_err(refused)?;
    let length = tella_envs::int_param(&params, "seq_len").unwrap_or_default();
    Ok((task, length))
}

/// Checks that every trial can be made, before the first is lived.
///
/// # Errors
///
/// The first that cannot.
pub fn check(plan: &Plan, declarations: &[Declaration]) -> Result<(), BenchmarkError> {
    for of in plan.task_settings() {
        let (task, length) = task_of(plan, &of)?;
        for (declaration, architecture) in declarations.iter().zip(&plan.architectures) {
            let trial = format!("{}, {}, {}", architecture.name, of.task, of.setting.label);
            let failed = |error| BenchmarkError::Trial { trial: trial.clone(), error };
            model_length(declaration, &task, length).map_err(failed)?;
            Examples::new(&task, plan.seed).map_err(|error| failed(error.into()))?;
        }
    }
    Ok(())
}

/// Lives every trial of `plan` that is not over, in order.
///
/// # Errors
///
/// A trial that cannot be lived. A loss that is not finite ends its trial alone.
pub fn run(
    plan: &Plan,
    declarations: &[Declaration],
    folder: &Folder,
    signals: &Signals,
) -> Result<Ended, BenchmarkError> {
    // libtorch panics where it has too little memory, say, and of that an error is made.
    let lived = catch_panic(|| live_all(plan, declarations, folder, signals));
    lived.unwrap_or_else(|message| Err(BenchmarkError::Panic(message)))
}

fn live_all(
    plan: &Plan,
    declarations: &[Declaration],
    folder: &Folder,
    signals: &Signals,
) -> Result<Ended, BenchmarkError> {
    let device = tella_nn::device(&plan.device)?;
    if !device.is_cuda() {
        tella_nn::mad::use_threads(plan.threads);
    }
    let (units, all) = (plan.units(), plan.task_settings());
    let mut display = Display::new(units.len());
    let mut drawn: Option<(usize, Data, i64)> = None;
    for unit in &units {
        let of = &all[unit.setting];
        let architecture = &plan.architectures[unit.architecture].name;
        let name = format!(
            "{architecture}, {}, {}, lr {}, weight decay {}",
            of.task, of.setting.label, unit.lr, unit.weight_decay
        );
        if folder.trial(unit.number)?.is_some() {
            display.over(unit.number);
            continue;
        }
        let failed = |error| BenchmarkError::Trial { trial: name.clone(), error };
        if drawn.as_ref().is_none_or(|(setting, ..)| *setting != unit.setting) {
            let (task, length) = task_of(plan, of)?;
            let train = plan.train_examples.unwrap_or(of.setting.train_examples);
            let data = Data::draw(&task, train, plan.test_examples, plan.seed, device);
            drawn = Some((unit.setting, data.map_err(failed)?, length));
        }
        let (_, data, length) = drawn.as_ref().expect("it was drawn");
        let trial = trial(plan, declarations, unit, *length);
        let outcome = match live(trial, data, folder, unit.number, signals, &mut display, &name) {
            Ok(None) => return Ok(Ended::Stopped),
            Ok(Some(outcome)) => Ok(outcome),
            Err(BenchmarkError::Trial { error: error @ MadError::NotFinite { .. }, .. }) => {
                display.say(&format!("{name}: {error}"));
                Err(error.to_string())
            }
            Err(error) => return Err(error),
        };
        folder.finish(unit.number, &Finished { outcome, ceiling: data.ceiling })?;
        display.over(unit.number);
    }
    Ok(Ended::Complete)
}

fn trial(plan: &Plan, declarations: &[Declaration], unit: &Unit, length: i64) -> Trial {
    Trial {
        declaration: declarations[unit.architecture].clone(),
        length,
        lr: unit.lr,
        weight_decay: unit.weight_decay,
        epochs: plan.epochs,
        batch_size: plan.batch_size,
        seed: plan.seed,
        // mad-lab's, which it compares test accuracy with.
        enough: 0.999,
    }
}

/// Lives one trial to its end; nothing where a signal came.
fn live(
    trial: Trial,
    data: &Data,
    folder: &Folder,
    number: usize,
    signals: &Signals,
    display: &mut Display,
    name: &str,
) -> Result<Option<tella_nn::mad::Outcome>, BenchmarkError> {
    let failed = |error| BenchmarkError::Trial { trial: name.to_owned(), error };
    let epochs = trial.epochs;
    let mut trainer = Trainer::new(trial, data).map_err(failed)?;
    if let Some(saved) = folder.checkpoint(number)? {
        trainer.restore(&saved).map_err(|error| {
            let file = folder.checkpoint_file(number);
            FolderError::Damaged { file, why: error.to_string() }
        })?;
    }
    let mut kept: Option<Instant> = None;
    while !trainer.is_finished() {
        let whole = trainer.epoch(|| !signals.any()).map_err(failed)?;
        let stops = signals.any();
        if whole && (stops || kept.is_none_or(|last| last.elapsed() >= KEEP_EVERY)) {
            folder.keep(number, &trainer.checkpoint())?;
            kept = Some(Instant::now());
        }
        if stops {
            return Ok(None);
        }
        display.show(number, epochs, trainer.epochs(), name);
    }
    trainer.outcome().map(Some).map_err(failed)
}

/// How far it is: a bar on a terminal, a line now and then elsewhere.
struct Display {
    trials: usize,
    bar: Option<ProgressBar>,
    last: Option<Instant>,
}

impl Display {
    fn new(trials: usize) -> Self {
        let quiet = std::env::var_os("TELLA_NO_PROGRESS").is_some_and(|v| !v.is_empty());
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let style = "{bar:30} {pos}/{len} trials, {elapsed}  {wide_msg}";
            let style = ProgressStyle::with_template(style).expect("a template of ours");
            ProgressBar::new(trials as u64).with_style(style)
        });
        let last = (!quiet && bar.is_none()).then(Instant::now);
        Self { trials, bar, last }
    }

    fn over(&self, number: usize) {
        if let Some(bar) = &self.bar {
            bar.set_position(number as u64 + 1);
        }
    }

    fn show(&mut self, number: usize, of: u64, epochs: &[Epoch], name: &str) {
        let Some(Epoch { train_loss, validation }) = epochs.last() else { return };
        let said = format!(
            "{name}: epoch {}/{of}, loss {train_loss:.3}, validation accuracy {:.3}",
            epochs.len(),
            validation.macro_accuracy
        );
        if let Some(bar) = &self.bar {
            bar.set_message(said);
        } else if let Some(last) = self.last.as_mut().filter(|last| last.elapsed() >= LINE_EVERY) {
            *last = Instant::now();
            eprintln!("[{}/{}] {said}", number + 1, self.trials);
        }
    }

    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{text}")),
            None => eprintln!("{text}"),
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
