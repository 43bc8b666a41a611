//! `tella log show`: what a run folder holds, block by block.

use super::super::{CliError, CliResult, Exit};
use super::Folder;
use crate::run::State;
use serde_json::{Value, json};
use std::io::Write;
use tella_events::{EventError, LifetimeLog, RunFolder, Table};
use tella_metrics::told::{counted, label, thousands};

/// A stretch of rows with the same block and task.
struct Stretch {
    first: usize,
    rows: usize,
    complete: usize,
    steps: u64,
    /// Sum of the returns of complete experiences.
    reward: f64,
}

fn stretches(table: &Table) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    for row in 0..table.len() {
        let goes_on = found.last().is_some_and(|s| {
            table.block_num[s.first] == table.block_num[row]
                && table.block_type[s.first] == table.block_type[row]
                && table.block_subtype[s.first] == table.block_subtype[row]
                && table.task_name.get(s.first) == table.task_name.get(row)
        });
        if !goes_on {
            found.push(Stretch { first: row, rows: 0, complete: 0, steps: 0, reward: 0.0 });
        }
        if let Some(stretch) = found.last_mut() {
            stretch.rows += 1;
            stretch.steps += table.episode_step_count[row];
            if table.complete[row] {
                stretch.complete += 1;
                stretch.reward += table.reward[row];
            }
        }
    }
    found
}

impl Stretch {
    fn mean_reward(&self) -> Option<f64> {
        (self.complete > 0).then(|| self.reward / self.complete as f64)
    }

    fn to_json(&self, table: &Table) -> Value {
        json!({
            "block_num": table.block_num[self.first],
            "block_type": table.block_type[self.first].as_str(),
            "block_subtype": table.block_subtype[self.first].as_str(),
            "task_name": table.task_name.get(self.first),
            "experiences": self.rows,
            "complete": self.complete,
            "steps": self.steps,
            "mean_reward": self.mean_reward(),
        })
    }
}

pub(super) fn run(folder: &Folder, out: &mut impl Write) -> CliResult {
    let run = RunFolder::open(&folder.dir)?;
    let info = run.info();
    if !folder.json {
        let (curriculum, agent) = (label(&info.curriculum), label(&info.agent));
        writeln!(out, "{curriculum} with agent {agent}, made {}", info.created_at)?;
    }
    let (mut lifetimes, mut damage) = (Vec::new(), None);
    for idx in run.lifetimes()? {
        let log = match LifetimeLog::open(&run, idx) {
            Err(EventError::NoLifetime { .. }) => {
                if !folder.json {
                    writeln!(out, "\nlifetime {idx}: planned")?;
                }
                continue;
            }
            log => log?,
        };
        let (table, error) = log.salvage();
        let live = run.is_being_written(idx);
        let state = State::of(log.status().state, live).as_str();
        if folder.json {
            let blocks: Vec<Value> = stretches(&table).iter().map(|s| s.to_json(&table)).collect();
            lifetimes.push(json!({
                "lifetime_idx": idx,
                "state": state,
                "being_written": live,
                "experiences": table.len(),
                "content_hash": log.status().content_hash,
                "damage": error.as_ref().map(ToString::to_string),
                "blocks": blocks,
            }));
        } else {
            let live = if live { ", being written" } else { "" };
            let experiences = counted(table.len(), "experience");
            writeln!(out, "\nlifetime {idx}: {state}{live}, {experiences}")?;
            print(&table, out)?;
        }
        damage = damage.or(error);
    }
    if folder.json {
        writeln!(out, "{:#}", json!({ "run": info, "lifetimes": lifetimes }))?;
    }
    match damage {
        Some(error) => Err(CliError::from(error).hint("what is shown lies before the damage")),
        None => Ok(Exit::Ok),
    }
}

fn print(table: &Table, out: &mut impl Write) -> std::io::Result<()> {
    let names: Vec<String> = table.task_name.values().iter().map(|name| label(name)).collect();
    let width = names.iter().map(|name| name.chars().count()).max();
    let width = width.unwrap_or(0).max(4);
    writeln!(out, "  block  type   {:width$}  experiences      steps  mean return", "task")?;
    for stretch in stretches(table) {
        let reward = stretch.mean_reward().map_or("-".into(), |mean| format!("{mean:.4}"));
        writeln!(
            out,
            "  {:5}  {:5}  {:width$}  {:>11}  {:>9}  {reward:>11}",
            table.block_num[stretch.first],
            table.block_type[stretch.first].as_str(),
            names[table.task_name.codes()[stretch.first] as usize],
            thousands(stretch.rows),
            thousands(stretch.steps),
        )?;
    }
    Ok(())
}
