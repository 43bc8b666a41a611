//! Results as tables: Arrow for programs, cells for the page.

use super::{Results, TaskScore};
use crate::mad::folder::Trial;
use crate::mad::plan::Unit;
use arrow_array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, UInt64Array};
use arrow_ipc::writer::StreamWriter;
use std::sync::Arc;
use tella_nn::mad::{Epoch, Outcome};
use tella_report::{Cell, Column, Kind, Table};

/// A row's trial.
type Row<'a> = (&'a Unit, &'a Trial);

impl Results {
    /// A row a trial, as an Arrow IPC stream.
    pub fn trials_arrow(&self) -> Vec<u8> {
        let rows: Vec<Row<'_>> = self.trials.iter().map(|(unit, trial)| (unit, trial)).collect();
        let outcome = |value: fn(&Outcome) -> f64| -> ArrayRef {
            let of = |(_, t): &Row<'_>| t.outcome.as_ref().ok().map(value);
            Arc::new(Float64Array::from_iter(rows.iter().map(of)))
        };
        let count = |value: fn(&Outcome) -> u64| -> ArrayRef {
            let of = |(_, t): &Row<'_>| t.outcome.as_ref().ok().map(value);
            Arc::new(UInt64Array::from_iter(rows.iter().map(of)))
        };
        let chosen = rows.iter().map(|(unit, _)| Some(self.chosen.contains(&unit.number)));
        let errors = rows.iter().map(|(_, trial)| trial.outcome.as_ref().err());
        let ceiling = |value: fn(&Trial) -> f64| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(rows.iter().map(|(_, trial)| value(trial))))
        };
        let mut columns = self.about(&rows);
        columns.extend([
            ("parameters", count(|o| o.parameters)),
            ("epochs", count(|o| o.epochs.len() as u64)),
            ("best_epoch", count(|o| o.best_epoch)),
            ("validation_perplexity", outcome(|o| best(o).validation.perplexity)),
            ("validation_macro_accuracy", outcome(|o| best(o).validation.macro_accuracy)),
            ("test_perplexity", outcome(|o| o.test.perplexity)),
            ("test_macro_accuracy", outcome(|o| o.test.macro_accuracy)),
            ("test_micro_accuracy", outcome(|o| o.test.micro_accuracy)),
            ("ceiling_macro_accuracy", ceiling(|t| t.ceiling.macro_accuracy)),
            ("ceiling_micro_accuracy", ceiling(|t| t.ceiling.micro_accuracy)),
            ("chosen", Arc::new(BooleanArray::from_iter(chosen))),
            ("error", Arc::new(StringArray::from_iter(errors))),
        ]);
        stream(columns)
    }

    /// A row an epoch of a trial, as an Arrow IPC stream.
    pub fn epochs_arrow(&self) -> Vec<u8> {
        let of = |(unit, trial)| {
            let (unit, trial): (&Unit, &Trial) = (unit, trial);
            let epochs = trial.outcome.iter().flat_map(|outcome| &outcome.epochs);
            (1_u64..).zip(epochs).map(move |(number, epoch)| ((unit, trial), number, epoch))
        };
        let rows: Vec<(Row<'_>, u64, &Epoch)> =
            self.trials.iter().map(|(unit, trial)| (unit, trial)).flat_map(of).collect();
        let trials: Vec<Row<'_>> = rows.iter().map(|(row, ..)| *row).collect();
        let number = |value: fn(&Epoch) -> f64| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(rows.iter().map(|(.., epoch)| value(epoch))))
        };
        let mut columns = self.about(&trials);
        let epoch = UInt64Array::from_iter_values(rows.iter().map(|(_, number, _)| *number));
        columns.extend([
            ("epoch", Arc::new(epoch) as ArrayRef),
            ("train_loss", number(|e| e.train_loss)),
            ("validation_perplexity", number(|e| e.validation.perplexity)),
            ("validation_macro_accuracy", number(|e| e.validation.macro_accuracy)),
            ("validation_micro_accuracy", number(|e| e.validation.micro_accuracy)),
        ]);
        stream(columns)
    }

    /// The columns that say which trial it is.
    fn about(&self, rows: &[Row<'_>]) -> Vec<(&'static str, ArrayRef)> {
        let text = |of: &dyn Fn(&Unit) -> String| -> ArrayRef {
            Arc::new(StringArray::from_iter_values(rows.iter().map(|(unit, _)| of(unit))))
        };
        let number = |of: fn(&Unit) -> f64| -> ArrayRef {
            Arc::new(Float64Array::from_iter_values(rows.iter().map(|(unit, _)| of(unit))))
        };
        vec![
            ("architecture", text(&|u| self.plan.architectures[u.architecture].name.clone())),
            ("task", text(&|u| self.settings[u.setting].task.clone())),
            ("setting", text(&|u| self.settings[u.setting].setting.label.clone())),
            ("lr", number(|u| u.lr)),
            ("weight_decay", number(|u| u.weight_decay)),
        ]
    }
}

fn best(outcome: &Outcome) -> &Epoch {
    &outcome.epochs[outcome.best_epoch as usize - 1]
}

fn stream(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let batch = RecordBatch::try_from_iter_with_nullable(
        columns.into_iter().map(|(name, column)| (name, column, true)),
    );
    let batch = batch.expect("columns of one length");
    let mut writer =
        StreamWriter::try_new(Vec::new(), &batch.schema()).expect("memory can be written to");
    writer.write(&batch).expect("memory can be written to");
    writer.into_inner().expect("memory can be written to")
}

/// Scores by architecture and task.
pub(super) fn scores(scores: &[TaskScore]) -> Table {
    let about = "share of right predictions on the test examples";
    let columns = vec![
        Column::new("architecture", "Architecture", Kind::Text, ""),
        Column::new("task", "Task", Kind::Text, ""),
        Column::new("settings", "Settings", Kind::Text, "how many of the task's the score is of"),
        Column::new("macro_accuracy", "Macro accuracy", Kind::Number, about),
        Column::new("micro_accuracy", "Micro accuracy", Kind::Number, about),
        Column::new("ceiling", "Ceiling", Kind::Number, "the exact solver's macro accuracy"),
        Column::new("normalized", "Normalised", Kind::Number, "macro accuracy over the ceiling"),
    ];
    let row = |s: &TaskScore| {
        vec![
            Cell::Text(s.architecture.clone()),
            Cell::Text(s.task.clone()),
            Cell::Text(format!("{} of {}", s.settings[0], s.settings[1])),
            Cell::Number(s.macro_accuracy),
            Cell::Number(s.micro_accuracy),
            Cell::Number(s.ceiling),
            Cell::Number(s.normalized),
        ]
    };
    Table {
        name: "scores".to_owned(),
        title: "Scores".to_owned(),
        caption: "Of each setting the trial and the epoch of the lowest perplexity on validation examples, \
            scored on test examples; means over settings. Macro accuracy is the mean over classes within each batch of \
            128 examples, then over batches. The ceiling is what the exact solver reaches on the same test examples."
            .to_owned(),
        columns,
        rows: scores.iter().map(row).collect(),
    }
}

/// How scores agree with those of others.
pub(super) fn agreements(results: &Results) -> Table {
    let columns = vec![
        Column::new("ours", "Scores here", Kind::Text, ""),
        Column::new("theirs", "Scores of", Kind::Text, ""),
        Column::new("over", "Over", Kind::Text, "what is ranked"),
        Column::new("pairs", "Pairs", Kind::Count, ""),
        Column::new("spearman", "Rank correlation", Kind::Number, "Spearman's"),
    ];
    let row = |a: super::results::Agreement| {
        let few = || "fewer than three pairs, or all alike".to_owned();
        vec![
            Cell::Text(a.ours),
            Cell::Text(a.theirs),
            Cell::Text(a.over.to_owned()),
            Cell::Count(a.pairs as u64),
            Cell::number(a.spearman.ok_or_else(few)),
        ]
    };
    Table {
        name: "agreement".to_owned(),
        title: "Agreement".to_owned(),
        caption: "Spearman's rank correlation with scores of architectures of the same mixers. Those of \
            mad-lab's README are means over all settings, read off its figure to about .01; those of the H200 were \
            measured with mad-lab's own layers on baseline settings."
            .to_owned(),
        columns,
        rows: results.agreements().into_iter().map(row).collect(),
    }
}

/// A row a trial.
pub(super) fn trials(results: &Results) -> Table {
    let columns = vec![
        Column::new("architecture", "Architecture", Kind::Text, ""),
        Column::new("task", "Task", Kind::Text, ""),
        Column::new("setting", "Setting", Kind::Text, ""),
        Column::new("lr", "Learning rate", Kind::Number, ""),
        Column::new("weight_decay", "Weight decay", Kind::Number, ""),
        Column::new("parameters", "Weights", Kind::Count, ""),
        Column::new("epochs", "Epochs", Kind::Count, ""),
        Column::new("best_epoch", "Best epoch", Kind::Count, "of the lowest validation perplexity"),
        Column::new("perplexity", "Validation perplexity", Kind::Number, "after the best epoch"),
        Column::new("macro_accuracy", "Test macro accuracy", Kind::Number, ""),
        Column::new("chosen", "Chosen", Kind::Text, "of its setting"),
    ];
    let row = |(unit, trial): &(Unit, Trial)| {
        let of = &results.settings[unit.setting];
        let mut cells = vec![
            Cell::Text(results.plan.architectures[unit.architecture].name.clone()),
            Cell::Text(of.task.clone()),
            Cell::Text(of.setting.label.clone()),
            Cell::Number(unit.lr),
            Cell::Number(unit.weight_decay),
        ];
        cells.extend(match &trial.outcome {
            Ok(outcome) => vec![
                Cell::Count(outcome.parameters),
                Cell::Count(outcome.epochs.len() as u64),
                Cell::Count(outcome.best_epoch),
                Cell::Number(best(outcome).validation.perplexity),
                Cell::Number(outcome.test.macro_accuracy),
            ],
            Err(why) => vec![Cell::Nothing(why.clone()); 5],
        });
        let chosen = results.chosen.contains(&unit.number);
        cells.push(Cell::Text(if chosen { "yes" } else { "" }.to_owned()));
        cells
    };
    Table {
        name: "trials".to_owned(),
        title: "Trials".to_owned(),
        caption: "Every trial that is over. A dash stands for one that failed.".to_owned(),
        columns,
        rows: results.trials.iter().map(row).collect(),
    }
}
