//! `tella log show --transitions`: the steps that a run folder keeps, a line each.

use super::super::{CliError, CliResult, Exit};
use super::Folder;
use crate::engine::end_words;
use serde_json::{Map, Value, json};
use std::io::{BufWriter, Write};
use tella_events::{
    ActionData, ActionValues, EventError, LifetimeLog, RunFolder, Transition, TransitionTable,
};

pub(super) fn run(folder: &Folder, out: &mut impl Write) -> CliResult {
    let run = RunFolder::open(&folder.dir)?;
    let out = &mut BufWriter::new(out);
    for idx in run.lifetimes()? {
        let log = match LifetimeLog::open(&run, idx) {
            Err(EventError::NoLifetime { .. }) => continue,
            log => log?,
        };
        let tables = log.transitions().map_err(not_kept)?;
        if !folder.json {
            writeln!(out, "lifetime {idx}: variant, episode, step, action, reward")?;
        }
        for table in tables {
            let table = table?;
            for row in 0..table.len() {
                match folder.json {
                    true => writeln!(out, "{}", to_json(idx, &table, row))?,
                    false => writeln!(out, "{}", line(&table, row))?,
                }
            }
        }
    }
    out.flush()?;
    Ok(Exit::Ok)
}

fn not_kept(error: EventError) -> CliError {
    let hint = matches!(error, EventError::NotKept { .. });
    let error = CliError::from(error);
    if hint { error.hint("`tella run ... --log transitions` keeps them") } else { error }
}

/// A leaf of an action.
fn value(action: &ActionData, row: usize) -> Value {
    let all = match action.row(row) {
        ActionValues::U8(v) => json!(v),
        ActionValues::I64(v) => json!(v),
        ActionValues::F32(v) => json!(v.iter().map(|v| f64::from(*v)).collect::<Vec<_>>()),
        ActionValues::F64(v) => json!(v),
        ActionValues::Text(v) => json!(v),
    };
    match (action.column.width, all) {
        (None, Value::Array(mut one)) => one.pop().unwrap_or_default(),
        (_, all) => all,
    }
}

fn to_json(lifetime: u32, table: &TransitionTable, row: usize) -> Value {
    let t = table.transition(row);
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("lifetime_idx", json!(lifetime));
    put("variant_num", json!(t.variant_num));
    put("episode_index", json!(t.episode_index));
    put("step", json!(t.step));
    for action in &table.actions {
        put(&action.column.name, value(action, row));
    }
    put("reward", json!(t.reward));
    put("terminated", json!(t.terminated));
    put("truncated", json!(t.truncated));
    Value::Object(object)
}

fn line(table: &TransitionTable, row: usize) -> String {
    let Transition { variant_num, episode_index, step, reward, terminated, truncated } =
        table.transition(row);
    let action: Vec<String> =
        table.actions.iter().map(|action| value(action, row).to_string()).collect();
    let (action, end) = (action.join(" "), end_words(terminated, truncated));
    format!("  {variant_num:4}  {episode_index:6}  {step:6}  {action}  {reward}{end}")
}
