//! The page of a benchmark.

use super::{Results, TaskScore, tables};
use tella_metrics::told::number;
use tella_report::{Content, Curve, Panel, Section, Sheet, curves};

impl Results {
    /// The page: scores, curves, agreement with others, all trials. `command` is what makes it again.
    pub fn sheet(&self, command: &str) -> Sheet {
        let scores = self.scores();
        let section = |id: &str, title: &str, content| Section {
            id: id.to_owned(),
            title: title.to_owned(),
            content,
        };
        let mut curved = Vec::new();
        for (name, title, up, value) in MEASURES {
            let panels = self.panels(*value);
            if !panels.is_empty() {
                let caption = "Of each task's first setting the chosen trial, after every epoch.";
                let figure = curves(name, title, ("epochs", up), &self.names(), &panels, caption);
                curved.push(Content::Figure(figure));
            }
        }
        let failed = self.failed().map(|(unit, why)| {
            let of = &self.settings[unit.setting];
            let name = &self.plan.architectures[unit.architecture].name;
            format!("{name}, {}, {}, lr {}: {why}", of.task, of.setting.label, unit.lr)
        });
        let missing = self.plan.units().len() - self.trials.len();
        let unfinished = (missing > 0).then(|| format!("{missing} trials are not over"));
        let made = vec![Content::Text(self.words()), Content::Commands(vec![command.to_owned()])];
        let mut agreement = vec![Content::Table(tables::agreements(self))];
        if self.agreements().is_empty() {
            let text = "No scores of others are known of architectures with these mixers.";
            agreement = vec![Content::Text(text.to_owned())];
        }
        Sheet {
            title: format!("MAD: {}", self.names().join(", ")),
            summary: self.sentences(&scores),
            notes: failed.chain(unfinished).collect(),
            sections: vec![
                section("scores", "Scores", vec![Content::Table(tables::scores(&scores))]),
                section("curves", "Curves", curved),
                section("agreement", "Agreement with scores of others", agreement),
                section("trials", "Trials", vec![Content::Table(tables::trials(self))]),
                section("made", "How it was made", made),
            ],
        }
    }

    fn names(&self) -> Vec<&str> {
        self.plan.architectures.iter().map(|a| a.name.as_str()).collect()
    }

    fn sentences(&self, scores: &[TaskScore]) -> Vec<String> {
        let of = |name: &&str| {
            let own: Vec<&TaskScore> = scores.iter().filter(|s| s.architecture == **name).collect();
            let mean = |value: fn(&TaskScore) -> f64| {
                own.iter().map(|s| value(s)).sum::<f64>() / own.len().max(1) as f64
            };
            (!own.is_empty()).then(|| {
                format!(
                    "{name}: macro accuracy {} in the mean of {} tasks, {} of what the exact solver reaches.",
                    number(mean(|s| s.macro_accuracy)),
                    own.len(),
                    number(mean(|s| s.normalized))
                )
            })
        };
        self.names().iter().filter_map(of).collect()
    }

    /// A panel a task: of its first setting the chosen trial of each architecture.
    fn panels(&self, value: fn(&tella_nn::mad::Epoch) -> f64) -> Vec<Panel> {
        let mut panels = Vec::new();
        for task in &self.plan.tasks {
            let Some(first) = self.settings.iter().position(|s| s.task == *task) else { continue };
            let chosen = self
                .trials
                .iter()
                .filter(|(unit, _)| unit.setting == first && self.chosen.contains(&unit.number));
            let curves: Vec<Curve> = chosen
                .filter_map(|(unit, trial)| {
                    let epochs = &trial.outcome.as_ref().ok()?.epochs;
                    let points = (1..).zip(epochs).map(|(n, epoch)| (f64::from(n), value(epoch)));
                    Some(Curve { side: unit.architecture, points: points.collect() })
                })
                .collect();
            if !curves.is_empty() {
                panels.push(Panel { name: task.clone(), curves });
            }
        }
        panels
    }

    fn words(&self) -> String {
        let plan = &self.plan;
        let settings = if plan.full { "All settings" } else { "The baseline setting" };
        format!(
            "{settings} of {} tasks, examples by the rules of the {} generator, seed {}; AdamW at a constant learning rate, \
             batches of {}, {} epochs at most, ended early above .999 macro accuracy on validation examples; on {}, tella {}.",
            plan.tasks.len(),
            plan.generator,
            plan.seed,
            plan.batch_size,
            plan.epochs,
            plan.device,
            plan.version
        )
    }
}

/// Stem, title, axis and value of the curves.
type Measure = (&'static str, &'static str, &'static str, fn(&tella_nn::mad::Epoch) -> f64);

const MEASURES: &[Measure] = &[
    ("accuracy", "Validation accuracy", "macro accuracy", |epoch| epoch.validation.macro_accuracy),
    ("loss", "Training loss", "cross entropy", |epoch| epoch.train_loss),
];
