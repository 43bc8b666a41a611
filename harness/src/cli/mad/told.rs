//! What `tella mad` tells: results for programs, a table for people, and the command that makes them again.

use super::train::{PrecisionName, SettingsName, Training};
use crate::mad::{Results, TaskScore, Trial, Unit};
use serde_json::json;
use std::io::Write;
use std::path::Path;
use tella_envs::mad::Rules;
use tella_metrics::told::number;
use tella_report::shell::word;

/// The results for programs.
pub(super) fn results(results: &Results) -> serde_json::Value {
    let trial = |(unit, trial): &(Unit, _)| {
        let trial: &Trial = trial;
        let of = &results.settings[unit.setting];
        json!({
            "architecture": results.plan.architectures[unit.architecture].name,
            "task": of.task, "setting": of.setting.label, "lr": unit.lr,
            "weight_decay": unit.weight_decay,
            "chosen": results.chosen.contains(&unit.number),
            "ceiling": trial.ceiling,
            "parameters": trial.outcome.as_ref().ok().map(|o| o.parameters),
            "epochs": trial.outcome.as_ref().ok().map(|o| o.epochs.len()),
            "best_epoch": trial.outcome.as_ref().ok().map(|o| o.best_epoch),
            "test": trial.outcome.as_ref().ok().map(|o| o.test),
            "error": trial.outcome.as_ref().err(),
        })
    };
    json!({
        "plan": results.plan,
        "complete": results.is_complete(),
        "scores": results.scores(),
        "agreement": results.agreements(),
        "trials": results.trials.iter().map(trial).collect::<Vec<_>>(),
    })
}

/// A line for each score.
pub(super) fn table(results: &Results, out: &mut impl Write) -> std::io::Result<()> {
    let scores = results.scores();
    let width = |of: fn(&TaskScore) -> &str| scores.iter().map(|s| of(s).len()).max().unwrap_or(0);
    let (name, task) = (width(|s| &s.architecture), width(|s| &s.task));
    writeln!(
        out,
        "{:name$}  {:task$}  {:>8}  {:>8}  {:>8}  {:>10}",
        "", "", "macro", "micro", "ceiling", "normalised"
    )?;
    for s in &scores {
        writeln!(
            out,
            "{:name$}  {:task$}  {:>8}  {:>8}  {:>8}  {:>10}",
            s.architecture,
            s.task,
            number(s.macro_accuracy),
            number(s.micro_accuracy),
            number(s.ceiling),
            number(s.normalized)
        )?;
    }
    Ok(())
}

/// The command line, as it may be given again.
pub(super) fn command(args: &Training, dir: &Path) -> String {
    let mut words = vec!["tella mad".to_owned()];
    words.extend(args.layers.iter().map(|layers| format!("--layers {}", word(layers))));
    let path = |path: &Path| word(&path.to_string_lossy());
    words.extend(args.arch.iter().map(|file| format!("--arch {}", path(file))));
    if !args.tasks.is_empty() {
        words.push(format!("--tasks {}", args.tasks.join(",")));
    }
    if args.settings == SettingsName::Full {
        words.push("--settings full".to_owned());
    }
    words.extend(args.setting.iter().map(|setting| format!("--setting {}", word(setting))));
    let list = |values: &[f64]| values.iter().map(f64::to_string).collect::<Vec<_>>().join(",");
    words.push(format!("--lr {} --weight-decay {}", list(&args.lr), list(&args.weight_decay)));
    words.push(format!("--epochs {} --batch-size {}", args.epochs, args.batch_size));
    words.extend(args.train_examples.map(|n| format!("--train-examples {n}")));
    words.push(format!("--test-examples {} --seed {}", args.test_examples, args.seed));
    if args.generator.rules() == Rules::MadLab {
        words.push("--generator mad-lab".to_owned());
    }
    if args.precision == PrecisionName::Bf16 {
        words.push("--precision bf16".to_owned());
    }
    if args.threads != 1 {
        words.push(format!("--threads {}", args.threads));
    }
    words.push(format!("--device {} -o {}", args.device, path(dir)));
    words.join(" ")
}
