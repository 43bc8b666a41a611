//! The heat map: a row a task, a column an evaluation block, performance as colour.

use super::keys::{self, Key, Shown, key};
use super::{WIDTH, colour_bar, labels};
use crate::drawing::{Anchor, Canvas, sequence};
use crate::figure::{Figure, Part};
use crate::findings::Findings;
use std::collections::BTreeMap;
use tella_metrics::told::{counted, number};

/// Room for the tasks' names at least, and to the right.
const LEFT: f64 = 168.0;
const RIGHT: f64 = 14.0;

/// Width of a column at most.
const CELL: f64 = 44.0;

/// Columns at most; more are taken together, some at a time.
const COLUMNS: usize = 260;

/// What is drawn of a side.
struct Map {
    /// Of each column, its first and its last block.
    columns: Vec<(u64, u64)>,
    /// Of each task, its mean in each column.
    rows: Vec<(usize, Vec<Option<f64>>)>,
    /// Task and column before which most lifetimes learnt it.
    learnt: Vec<(usize, usize)>,
}

pub(super) fn draw(findings: &Findings<'_>) -> Vec<Figure> {
    let study = findings.study;
    let maps: Vec<(usize, Map)> = (0..study.sides.len())
        .map(|side| (side, map(findings, side)))
        .filter(|(_, map)| !map.rows.is_empty())
        .collect();
    if maps.is_empty() {
        return Vec::new();
    }
    let shades = Shades::of(&maps);
    let left = left(findings, &maps);
    let mut canvas = Canvas::new(WIDTH, 0.0);
    let mut top = 4.0;
    for (side, map) in &maps {
        if study.compares() {
            canvas.label("t h", (left, top + 12.0), Anchor::Start, &study.sides[*side].label, 90);
            top += 24.0;
        }
        top = draw_map(&mut canvas, findings, map, &shades, (left, top)) + 18.0;
    }
    let (low, high) = shades.ends(findings);
    colour_bar::draw(&mut canvas, (left, top + 4.0), [&low, "", &high], sequence);
    let learnt = maps.iter().any(|(_, map)| !map.learnt.is_empty());
    let keys = learnt.then(|| key(Shown::Bar, "most lifetimes learnt the task just before"));
    let keys: Vec<Key> = keys.into_iter().collect();
    let end = keys::across(&mut canvas, &keys, (left + 290.0, top + 10.0), WIDTH);
    canvas.set_height(end.max(top + 44.0));
    vec![Figure {
        name: "heat-map".to_owned(),
        part: Part::Performance,
        title: "Tasks by evaluation block".to_owned(),
        alt: alt(findings, &maps),
        caption: caption(&maps),
        canvas,
    }]
}

/// Room for the tasks' names: as much as the longest takes, where columns leave it.
fn left(findings: &Findings<'_>, maps: &[(usize, Map)]) -> f64 {
    let names = maps.iter().flat_map(|(_, map)| &map.rows);
    let names = names.map(|(task, _)| findings.study.tasks[*task].name.as_str());
    let most = maps.iter().map(|(_, map)| map.columns.len()).max().unwrap_or(0);
    let free = WIDTH - RIGHT - CELL * most as f64;
    (28.0 + labels::width(names)).min(free).max(LEFT)
}

fn map(findings: &Findings<'_>, side: usize) -> Map {
    let lines = &findings.evaluations;
    let mut means: BTreeMap<u64, BTreeMap<usize, f64>> = BTreeMap::new();
    for (task, sides) in lines.iter().enumerate() {
        for (block, estimate) in &sides[side] {
            if let Some(estimate) = estimate {
                means.entry(*block as u64).or_default().insert(task, estimate.point);
            }
        }
    }
    let blocks: Vec<u64> = means.keys().copied().collect();
    let together = blocks.len().div_ceil(COLUMNS).max(1);
    let columns: Vec<&[u64]> = blocks.chunks(together).collect();
    let mean_in = |task: usize, blocks: &[u64]| {
        let own: Vec<f64> = blocks.iter().filter_map(|b| means[b].get(&task).copied()).collect();
        (!own.is_empty()).then(|| own.iter().sum::<f64>() / own.len() as f64)
    };
    let rows = (0..lines.len())
        .map(|task| (task, columns.iter().map(|blocks| mean_in(task, blocks)).collect::<Vec<_>>()));
    let rows = rows.filter(|(_, row)| row.iter().any(Option::is_some)).collect();
    let columns: Vec<(u64, u64)> =
        columns.iter().map(|blocks| (blocks[0], blocks[blocks.len() - 1])).collect();
    let learnt = learnt(findings, side, &columns);
    Map { columns, rows, learnt }
}

/// Tasks that most lifetimes learnt in one block, each with the column of the evaluation that
/// follows.
fn learnt(findings: &Findings<'_>, side: usize, columns: &[(u64, u64)]) -> Vec<(usize, usize)> {
    let study = findings.study;
    let courses: Vec<_> = study.sides[side].courses.iter().flatten().collect();
    let mut times: BTreeMap<(u64, usize), usize> = BTreeMap::new();
    for course in &courses {
        let order = course.order();
        let mut seen: Vec<(u64, usize)> = order
            .iter()
            .filter_map(|(block, name, _)| {
                Some((*block, study.tasks.iter().position(|task| task.name == *name)?))
            })
            .collect();
        seen.dedup();
        seen.into_iter().for_each(|key| *times.entry(key).or_default() += 1);
    }
    let most = times.into_iter().filter(|(_, n)| 2 * n > courses.len());
    let column = |block: u64| columns.iter().position(|(_, last)| *last > block);
    most.filter_map(|((block, task), _)| Some((task, column(block)?))).collect()
}

/// How performance becomes a shade: as a share of the task's range, or of the range of all
/// where performance is left as it is.
struct Shades {
    all: (f64, f64),
}

impl Shades {
    fn of(maps: &[(usize, Map)]) -> Self {
        let values = maps.iter().flat_map(|(_, map)| &map.rows).flat_map(|(_, row)| row);
        Self { all: super::panels::range_of(values.flatten().copied()) }
    }

    fn share(&self, findings: &Findings<'_>, task: &str, value: f64) -> f64 {
        let ranges = findings.measures.first().and_then(|measures| measures.scale.ranges());
        let (low, high) = match ranges.map(|ranges| ranges.get(task)) {
            Some(Some(range)) => (range.min, range.max),
            Some(None) => return 0.0,
            None => self.all,
        };
        if high > low { (value - low) / (high - low) } else { 0.0 }
    }

    fn ends(&self, findings: &Findings<'_>) -> (String, String) {
        match findings.measures.first().is_some_and(|measures| measures.scale.is_raw()) {
            true => (number(self.all.0), number(self.all.1)),
            false => ("lowest".to_owned(), "highest".to_owned()),
        }
    }
}

/// Draws a map and returns where it ends.
fn draw_map(
    canvas: &mut Canvas,
    findings: &Findings<'_>,
    map: &Map,
    shades: &Shades,
    (left, top): (f64, f64),
) -> f64 {
    let study = findings.study;
    let width = ((WIDTH - left - RIGHT) / map.columns.len() as f64).min(CELL);
    let height = if map.rows.len() > 40 { 12.0 } else { 19.0 };
    let gap = if width > 6.0 { 1.0 } else { 0.0 };
    for (n, (task, row)) in map.rows.iter().enumerate() {
        let task = &study.tasks[*task];
        let y = top + n as f64 * height;
        let middle = y + height / 2.0;
        canvas.open(&task.ink.colour());
        canvas.mark("m", task.ink.marker(), (8.0, middle), 3.6, "");
        canvas.close();
        canvas.label(
            "t s",
            (18.0, middle + 4.0),
            Anchor::Start,
            &task.name,
            labels::fit(left - 28.0),
        );
        for (at, value) in row.iter().enumerate() {
            let Some(value) = value else { continue };
            let corner = (left + at as f64 * width, y);
            let class = sequence(shades.share(findings, &task.name, *value));
            let title = format!("block {}: {}", blocks(map.columns[at]), number(*value));
            canvas.rect(&class, corner, (width - gap, height - 1.0), &title);
        }
    }
    for (task, column) in &map.learnt {
        let Some(n) = map.rows.iter().position(|(row, _)| row == task) else { continue };
        let x = left + *column as f64 * width - gap / 2.0;
        let y = top + n as f64 * height;
        canvas.rect("o", (x - 3.0, y), (6.0, height - 1.0), "");
        canvas.rect("t", (x - 1.5, y), (3.0, height - 1.0), "learnt before this block");
    }
    let bottom = top + map.rows.len() as f64 * height;
    let mut free = 0.0;
    for (at, column) in map.columns.iter().enumerate() {
        let x = left + (at as f64 + 0.5) * width;
        if x >= free {
            let label = column.0.to_string();
            canvas.text("q s", (x, bottom + 14.0), Anchor::Middle, &label);
            free = x + 14.0 + 7.0 * label.len() as f64;
        }
    }
    canvas.text("q s", (left - 10.0, bottom + 14.0), Anchor::End, "block");
    bottom + 20.0
}

fn blocks((first, last): (u64, u64)) -> String {
    if first == last { first.to_string() } else { format!("{first} to {last}") }
}

fn alt(findings: &Findings<'_>, maps: &[(usize, Map)]) -> String {
    let mut text = String::new();
    for (side, map) in maps {
        let name = |task: usize| findings.study.tasks[task].name.as_str();
        let last = |row: &Vec<Option<f64>>| row.iter().rev().flatten().next().copied();
        let ends = map.rows.iter().filter_map(|(task, row)| Some((name(*task), last(row)?)));
        let ends: Vec<String> = ends.map(|(task, v)| format!("{task} {}", number(v))).collect();
        if findings.study.compares() {
            text.push_str(&format!("{}: ", findings.study.sides[*side].label));
        }
        text.push_str(&format!(
            "{} in {}; in the last: {}. ",
            counted(map.rows.len(), "task"),
            counted(map.columns.len(), "evaluation block"),
            ends.join(", ")
        ));
    }
    text.trim_end().to_owned()
}

fn caption(maps: &[(usize, Map)]) -> String {
    let mut text = "Mean performance over lifetimes in each evaluation block, as a share of the \
                    task's range over all lifetimes."
        .to_owned();
    if maps.iter().any(|(_, map)| !map.learnt.is_empty()) {
        text.push_str(" A bar: most lifetimes learnt the task just before.");
    }
    if maps.iter().any(|(_, map)| map.learnt.is_empty()) {
        text.push_str(
            " Where there are no bars lifetimes learnt the tasks in different orders, which the \
             mean hides.",
        );
    }
    if maps.iter().any(|(_, map)| map.columns.iter().any(|(first, last)| first != last)) {
        text.push_str(" A column is the mean of several evaluation blocks that follow each other.");
    }
    text
}
