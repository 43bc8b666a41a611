//! Reading and measuring by the definitions, slowly and obviously: what the program is compared
//! with where L2Metrics itself would be too slow. It knows neither the program's reader nor its
//! metrics. Performance is neither smoothed nor clamped here.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// A row of a log.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    block: u64,
    number: Option<u64>,
    learning: bool,
    asleep: bool,
    task: String,
    complete: bool,
    reward: f64,
}

/// What is measured.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    /// Learning and evaluation experiences.
    pub(crate) counts: (usize, usize),
    /// Of each regime block, task and average.
    pub(crate) regimes: Vec<(u64, String, f64)>,
    pub(crate) avg_train_perf: Option<f64>,
    pub(crate) avg_eval_perf: Option<f64>,
    pub(crate) perf_maintenance_mrtlp: Option<f64>,
    pub(crate) perf_recovery: Option<f64>,
}

/// How to measure.
#[derive(Clone, Copy, Debug)]
pub(crate) struct How {
    pub(crate) agnostic: bool,
    pub(crate) normalize: bool,
}

/// The fields of a text of tab-separated lines, quotes taken off; `None` where one stays open.
fn fields(text: &str) -> Option<Vec<Vec<String>>> {
    let mut lines = vec![];
    let mut line = vec![String::new()];
    let (mut open, mut closed) = (false, false);
    let chars: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let c = chars[at];
        let field = line.last_mut()?;
        if open && c == '"' && chars.get(at + 1) == Some(&'"') {
            field.push('"');
            at += 1;
        } else if open && c == '"' {
            (open, closed) = (false, true);
        } else if open {
            field.push(c);
        } else if c == '"' && field.is_empty() && !closed {
            open = true;
        } else if c == '\r' && chars.get(at + 1) == Some(&'\n') {
        } else if c == '\t' {
            line.push(String::new());
            closed = false;
        } else if c == '\n' {
            if line != [String::new()] || closed {
                lines.push(std::mem::take(&mut line));
            }
            (line, closed) = (vec![String::new()], false);
        } else {
            field.push(c);
        }
        at += 1;
    }
    if line != [String::new()] || closed {
        lines.push(line);
    }
    (!open).then_some(lines)
}

fn files_below(dir: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    let mut below: Vec<_> = fs_err::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
    below.sort();
    for path in below {
        if path.is_dir() {
            found.extend(files_below(&path));
        } else if path.ends_with("data-log.tsv") {
            found.push(path);
        }
    }
    found
}

fn whole(text: &str) -> Option<u64> {
    let digits = text
        .split_once('.')
        .map_or(text, |(digits, zeros)| if zeros.chars().all(|c| c == '0') { digits } else { "x" });
    // Rust takes a plus, L2Logger never writes one; both sides allow it.
    digits.parse().ok()
}

/// A time as L2Logger writes it; days beyond the 28th are not among the test's logs.
fn is_time(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    let number = |from: usize| text[from..from + 2].parse::<u32>().unwrap();
    shape == "00000000T000000.000000"
        && (1..=12).contains(&number(4))
        && (1..=28).contains(&number(6))
        && number(9) < 24
        && number(11) < 60
        && number(13) < 60
}

/// The rows of a scenario, or `None` where something in it is not allowed.
pub(crate) fn read(dir: &Path) -> Option<Vec<Row>> {
    let mut rows = vec![];
    let mut any_reward = false;
    for path in files_below(dir) {
        let text = String::from_utf8(fs_err::read(path).unwrap()).ok()?;
        let mut lines = fields(text.strip_prefix('\u{feff}').unwrap_or(&text))?.into_iter();
        let head = lines.next()?;
        let distinct: BTreeSet<&String> = head.iter().collect();
        if distinct.len() != head.len() || head.iter().any(String::is_empty) {
            return None;
        }
        let needed = ["block_num", "exp_num", "block_type", "task_name"];
        if needed.iter().any(|name| !head.iter().any(|h| h == name)) {
            return None;
        }
        any_reward |= head.iter().any(|name| name == "reward");
        for line in lines {
            if line.len() != head.len() {
                return None;
            }
            let row: BTreeMap<&str, &str> =
                head.iter().map(String::as_str).zip(line.iter().map(String::as_str)).collect();
            let get = |name: &str| row.get(name).copied().unwrap_or("");
            for (column, text) in &row {
                let allowed: &[&str] = match *column {
                    "block_type" => &["train", "test"],
                    "block_subtype" => &["", "wake", "sleep"],
                    "exp_status" => &["", "complete", "incomplete"],
                    _ => continue,
                };
                if !allowed.contains(text) {
                    return None;
                }
            }
            if get("task_name").is_empty() {
                return None;
            }
            if !get("episode_step_count").is_empty() {
                whole(get("episode_step_count"))?;
            }
            if !get("timestamp").is_empty() && !is_time(get("timestamp")) {
                return None;
            }
            let missing = ["", "nan", "NaN", "NA", "null", "N/A"];
            rows.push(Row {
                block: whole(get("block_num"))?,
                number: if get("exp_num").is_empty() { None } else { Some(whole(get("exp_num"))?) },
                learning: get("block_type") == "train",
                asleep: get("block_subtype") == "sleep",
                task: get("task_name").to_lowercase(),
                complete: get("exp_status") != "incomplete",
                reward: match get("reward") {
                    text if missing.contains(&text) => f64::NAN,
                    text => text.parse().ok()?,
                },
            });
        }
    }
    any_reward.then_some(rows)
}

/// Measures rows, or `None` where they cannot be.
pub(crate) fn measure(mut rows: Vec<Row>, how: How) -> Option<Measured> {
    if rows.iter().any(|row| row.complete && row.number.is_none()) {
        return None;
    }
    rows.retain(|row| row.number.is_some());
    rows.sort_by_key(|row| (row.number, row.block));
    if rows.windows(2).any(|pair| pair[0].block > pair[1].block) {
        return None;
    }
    rows.retain(|row| row.complete && !row.reward.is_nan());
    if rows.is_empty() || rows.iter().any(|row| row.reward.is_infinite()) {
        return None;
    }
    if how.agnostic {
        rows.iter_mut().for_each(|row| row.task = row.task.split('_').next().unwrap().to_owned());
    }
    if how.normalize {
        let of = |task: &str| -> Vec<f64> {
            rows.iter().filter(|row| row.task == task).map(|row| row.reward).collect()
        };
        let ranges: BTreeMap<String, (f64, f64)> = rows
            .iter()
            .map(|row| {
                let values = of(&row.task);
                let low = values.iter().copied().fold(f64::INFINITY, f64::min);
                let high = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                (row.task.clone(), (low, high))
            })
            .collect();
        if ranges.values().any(|(low, high)| !(high - low).is_finite()) {
            return None;
        }
        for row in &mut rows {
            let (low, high) = ranges[&row.task];
            // Term by term as L2Metrics has it: the last bit decides whether a level is reached.
            let share = if high > low { (row.reward - low) / (high - low) } else { 0.0 };
            row.reward = share * 100.0 + 1.0;
        }
    }
    Some(from_regimes(&regimes(&rows)))
}

fn regimes(rows: &[Row]) -> Vec<Vec<Row>> {
    let mut regimes: Vec<Vec<Row>> = vec![];
    for row in rows {
        let key = |row: &Row| (row.block, row.learning, row.asleep, row.task.clone());
        match regimes.last_mut() {
            Some(regime) if key(&regime[0]) == key(row) => regime.push(row.clone()),
            _ => regimes.push(vec![row.clone()]),
        }
    }
    regimes
}

/// One value for each experience: those of a number together are their mean.
fn curve(regime: &[Row]) -> Vec<f64> {
    let mut values: Vec<(u64, Vec<f64>)> = vec![];
    for row in regime {
        match values.last_mut() {
            Some((number, same)) if Some(*number) == row.number => same.push(row.reward),
            _ => values.push((row.number.unwrap(), vec![row.reward])),
        }
    }
    values.iter().map(|(_, same)| mean(same)).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn mean_of_some(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| mean(values))
}

/// The end of a regime: the last tenth of a learning one.
fn end(regime: &[Row]) -> f64 {
    let curve = curve(regime);
    let from = if regime[0].learning { (curve.len() as f64 * 0.9) as usize } else { 0 };
    mean(&curve[from..])
}

fn from_regimes(regimes: &[Vec<Row>]) -> Measured {
    let slept = regimes.iter().any(|r| r[0].asleep);
    let counts_in = |r: &[Row]| r[0].learning || !slept || r[0].asleep;
    let tasks: BTreeSet<&str> = regimes.iter().map(|r| r[0].task.as_str()).collect();
    let all = |r: &[Row]| mean(&r.iter().map(|row| row.reward).collect::<Vec<_>>());
    let averages = |learning: bool| -> Vec<f64> {
        let of_task = |task: &&str| {
            let own = regimes.iter().filter(|r| r[0].task == *task && r[0].learning == learning);
            mean_of_some(&own.filter(|r| counts_in(r)).map(|r| all(r)).collect::<Vec<_>>())
        };
        tasks.iter().filter_map(of_task).collect()
    };
    let mut maintained = vec![];
    let mut recovered = vec![];
    for task in &tasks {
        let own: Vec<&Vec<Row>> =
            regimes.iter().filter(|r| r[0].task == *task && counts_in(r)).collect();
        let mut values = vec![];
        for (at, regime) in own.iter().enumerate().filter(|(_, r)| !r[0].learning) {
            let learnt = own[..at].iter().rposition(|r| r[0].learning);
            // The first evaluation after a learning is where maintenance begins.
            if let Some(learnt) = learnt.filter(|learnt| *learnt + 1 < at) {
                values.push(end(regime) - end(own[learnt]));
            } else if learnt.is_none() {
                continue;
            }
        }
        maintained.extend(mean_of_some(&values));
        let learnt: Vec<&Vec<Row>> = regimes
            .iter()
            .filter(|r| r[0].task == *task && r[0].learning && !r[0].asleep)
            .collect();
        let times: Vec<f64> = learnt
            .windows(2)
            .map(|pair| {
                let level = end(pair[0]);
                let reached = curve(pair[1]).iter().position(|value| *value >= level);
                reached.unwrap_or(pair[1].len() + 1) as f64
            })
            .collect();
        let mut slopes: Vec<f64> = (0..times.len())
            .flat_map(|i| (i + 1..times.len()).map(move |j| (i, j)))
            .map(|(i, j)| (times[j] - times[i]) / (j - i) as f64)
            .collect();
        slopes.sort_by(f64::total_cmp);
        if !slopes.is_empty() {
            let half = slopes.len() / 2;
            let median = if slopes.len() % 2 == 1 {
                slopes[half]
            } else {
                (slopes[half - 1] + slopes[half]) / 2.0
            };
            recovered.push(-median);
        }
    }
    let count = |learning| regimes.iter().filter(|r| r[0].learning == learning).map(Vec::len).sum();
    Measured {
        counts: (count(true), count(false)),
        regimes: regimes.iter().map(|r| (r[0].block, r[0].task.clone(), all(r))).collect(),
        avg_train_perf: mean_of_some(&averages(true)),
        avg_eval_perf: mean_of_some(&averages(false)),
        perf_maintenance_mrtlp: mean_of_some(&maintained),
        perf_recovery: mean_of_some(&recovered),
    }
}
