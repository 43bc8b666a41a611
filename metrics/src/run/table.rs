//! The tables at the end of a run: the metrics of each lifetime, and each task's
//! evaluations before it was learnt, right after and at the end.

use super::layout::layout;
use super::{RunMetrics, mean};
use crate::l2metrics::{Metric, Normalization, Progress, TaskReport, Undefined, Value};
use crate::statistics::{Bootstrap, Scores, Statistic, caution};
use crate::told::{in_column, message};

impl RunMetrics {
    /// Both tables as text, with what the columns mean and why a value is `-`.
    pub fn table(&self) -> String {
        let mut text = self.task_table();
        text.push_str(&self.lifetime_table());
        message(&text)
    }

    /// The metrics to show: those that need an expert only where one has a value.
    fn shown(&self) -> Vec<Metric> {
        let has_value = |metric: Metric| {
            self.measured().any(|(_, report)| report.get(metric).is_some_and(|v| v.is_ok()))
        };
        let selected = Metric::selected(&self.settings).into_iter();
        selected.filter(|m| !m.needs_expert() || has_value(*m)).collect()
    }

    fn lifetime_table(&self) -> String {
        let shown = self.shown();
        let mut headings = vec!["lifetime".to_owned()];
        headings.extend(shown.iter().map(|m| m.heading().to_owned()));
        headings.extend(["learning".to_owned(), "evaluation".to_owned()]);
        let mut rows = Vec::new();
        for lifetime in &self.lifetimes {
            let report = lifetime.outcome.as_ref().ok();
            let mut row = vec![lifetime.lifetime_idx.to_string()];
            row.extend(shown.iter().map(|m| in_column(report.and_then(|r| r.get(*m)?.ok()), 2)));
            row.extend([
                in_column(report.map(|r| r.num_lx as f64), 0),
                in_column(report.map(|r| r.num_ex as f64), 0),
            ]);
            rows.push(row);
        }
        if self.measured().count() > 1 {
            let mut row = vec!["mean".to_owned()];
            for metric in &shown {
                let values = self.measured().filter_map(|(_, report)| report.get(*metric)?.ok());
                row.push(in_column(mean(values), 2));
            }
            let counts = |count: fn(&crate::l2metrics::Report) -> usize| {
                in_column(mean(self.measured().map(|(_, r)| count(r) as f64)), 0)
            };
            row.extend([counts(|r| r.num_lx), counts(|r| r.num_ex)]);
            rows.push(row);
            rows.push(self.interval_row(&shown));
        }
        let scaled = match self.settings.normalization_method {
            Normalization::Task => ", each task's range scaled to 1..101",
            Normalization::Run => ", the range of all tasks scaled to 1..101",
            Normalization::None => "",
        };
        let mut text = format!(
            "Lifelong-learning metrics (as L2Metrics 3.1.0, {}{scaled})\n\n{}\n",
            self.settings.perf_measure,
            layout(&headings, &rows)
        );
        let width = shown.iter().map(|m| m.heading().len()).max().unwrap_or(0);
        for metric in &shown {
            text.push_str(&format!("{:<width$}  {}\n", metric.heading(), metric.meaning()));
        }
        let mut reasons = self.reasons(&shown);
        if let (2.., Some(caution)) = (self.measured().count(), caution(self.measured().count())) {
            reasons.push(format!("{caution}\n"));
        }
        if !reasons.is_empty() {
            text.push('\n');
            text.push_str(&reasons.concat());
        }
        text
    }

    /// The bootstrap interval of each metric's mean over lifetimes.
    fn interval_row(&self, shown: &[Metric]) -> Vec<String> {
        let bootstrap = Bootstrap::default();
        let interval = |metric: &Metric| {
            let values = self.measured().filter_map(|(_, report)| report.get(*metric)?.ok());
            let scores = Scores::of_lifetimes(values);
            if scores.is_empty() {
                return "-".to_owned();
            }
            let estimate = bootstrap.estimates(&scores, &[Statistic::Mean]).remove(0);
            let bounds = estimate.interval.map(|(low, high)| {
                format!("{} to {}", in_column(Some(low), 2), in_column(Some(high), 2))
            });
            bounds.unwrap_or("-".to_owned())
        };
        let mut row = vec!["95% interval".to_owned()];
        row.extend(shown.iter().map(interval));
        row.extend([String::new(), String::new()]);
        row
    }

    /// Why values are `-`: one line for each metric and reason, then lifetimes without
    /// metrics, then notes.
    fn reasons(&self, shown: &[Metric]) -> Vec<String> {
        let mut found: Vec<(String, Vec<u32>)> = Vec::new();
        let mut add = |what: String, lifetime: u32| match found.iter_mut().find(|f| f.0 == what) {
            Some((_, lifetimes)) => lifetimes.push(lifetime),
            None => found.push((what, vec![lifetime])),
        };
        for metric in shown {
            for (lifetime, report) in self.measured() {
                let value: Option<Value> = report.get(*metric);
                if let Some(reason) = value.and_then(|v: Result<f64, Undefined>| v.err()) {
                    add(format!("{} is -: {reason}", metric.heading()), lifetime);
                }
            }
        }
        for lifetime in &self.lifetimes {
            match &lifetime.outcome {
                Ok(report) => {
                    report
                        .notes
                        .iter()
                        .for_each(|n| add(format!("note: {n}"), lifetime.lifetime_idx));
                }
                Err(error) => add(format!("no metrics: {error}"), lifetime.lifetime_idx),
            }
        }
        let all = self.lifetimes.len();
        let line = |(what, lifetimes): (String, Vec<u32>)| match lifetimes.len() {
            n if n == all => format!("{what}\n"),
            1 => format!("{what} (lifetime {})\n", lifetimes[0]),
            _ => {
                let indices: Vec<String> = lifetimes.iter().map(u32::to_string).collect();
                format!("{what} (lifetimes {})\n", indices.join(", "))
            }
        };
        let damaged = self.damaged.iter().map(|damaged| damaged.left_out() + "\n");
        found.into_iter().map(line).chain(damaged).collect()
    }

    fn task_table(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for (_, report) in self.measured() {
            for task in &report.tasks {
                if !names.contains(&task.task_name.as_str()) {
                    names.push(&task.task_name);
                }
            }
        }
        if names.is_empty() {
            return String::new();
        }
        let headings =
            ["task", "before learning", "right after", "at the end", "learning", "evaluation"];
        let row = |name: &&str| {
            let tasks: Vec<&TaskReport> = self
                .measured()
                .filter_map(|(_, report)| report.tasks.iter().find(|t| t.task_name == *name))
                .collect();
            let progress = |of: fn(&Progress) -> Option<f64>| {
                in_column(mean(tasks.iter().filter_map(|task| of(&task.progress))), 3)
            };
            let count = |of: fn(&TaskReport) -> usize| {
                in_column(mean(tasks.iter().map(|task| of(task) as f64)), 0)
            };
            vec![
                (*name).to_owned(),
                progress(|p| p.before_learning),
                progress(|p| p.after_learning),
                progress(|p| p.at_end),
                count(|t| t.num_lx),
                count(|t| t.num_ex),
            ]
        };
        let rows: Vec<Vec<String>> = names.iter().map(row).collect();
        let over = match self.measured().count() {
            1 => String::new(),
            n => format!(", mean over {n} lifetimes"),
        };
        let mut text = format!(
            "Evaluations of each task (mean {}{over})\n\n{}",
            self.settings.perf_measure,
            layout(&headings.map(str::to_owned), &rows)
        );
        if rows.iter().any(|row| row.iter().any(|cell| cell == "-")) {
            text.push_str("-: not evaluated then, or not learnt\n");
        }
        text.push('\n');
        text
    }
}
