//! Marks lie where the data say: places in the window, read by the figure's own axes, against
//! rows read from the log.

use crate::chromium::Page;
use crate::written::{self, learns, write};
use crate::{AGENTS, LIFETIMES, SAMPLE, page_of};
use serde::Deserialize;
use std::path::Path;
use tella_events::{BlockType, LifetimeLog, RunFolder};
use tella_metrics::ste::{Experts, Mode, Store};

/// Numbers are read from places to about a pixel.
const NEAR: f64 = 0.06;

/// A figure's panel.
#[derive(Debug, Deserialize)]
struct Panel {
    heading: String,
    marks: Vec<Mark>,
}

/// A mark, its places as numbers of the axes.
#[derive(Debug, Deserialize)]
struct Mark {
    classes: String,
    x: f64,
    left: f64,
    right: f64,
    y: f64,
    /// The label to the left of it.
    row: String,
    colour: String,
    points: Vec<(f64, f64)>,
}

/// A cell of a table of colours.
#[derive(Debug, Deserialize)]
struct Cell {
    row: String,
    column: String,
    side: String,
    shown: String,
    said: String,
    colour: String,
}

/// An experience of the log.
#[derive(Debug)]
struct Row {
    block: u64,
    learns: bool,
    task: String,
    reward: f64,
}

fn page() -> Page {
    page_with_ruler(&SAMPLE.page)
}

fn page_with_ruler(file: &Path) -> Page {
    let mut page = Page::open(file, 1200);
    page.eval::<()>(&format!("{}; null", include_str!("marks.js")));
    page
}

impl Page {
    fn panels(&mut self, figure: &str, marks: &str) -> Vec<Panel> {
        self.eval(&format!("panels({figure:?}, {marks:?})"))
    }

    /// The panel of a heading.
    fn panel(&mut self, figure: &str, heading: &str, marks: &str) -> Vec<Mark> {
        let panels = self.panels(figure, marks);
        let found = panels.into_iter().find(|panel| panel.heading == heading);
        found.unwrap_or_else(|| panic!("{figure} has no panel {heading}")).marks
    }
}

/// A lifetime's log.
fn log(agent: &str, lifetime: u32) -> Vec<Row> {
    let run = RunFolder::open(SAMPLE.run(agent)).unwrap();
    let table = LifetimeLog::open(&run, lifetime).unwrap().table().unwrap();
    let row = |at: usize| Row {
        block: table.block_num[at],
        learns: table.block_type[at] == BlockType::Train,
        task: table.task_name.get(at).to_owned(),
        reward: table.reward[at],
    };
    (0..table.len()).map(row).collect()
}

fn logs(agent: &str) -> Vec<Vec<Row>> {
    (0..LIFETIMES).map(|lifetime| log(agent, lifetime)).collect()
}

fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.into_iter().collect();
    values.iter().sum::<f64>() / values.len() as f64
}

/// A task's mean in an evaluation block.
fn evaluation(log: &[Row], task: &str, block: u64) -> f64 {
    let own = log.iter().filter(|row| !row.learns && row.block == block && row.task == task);
    mean(own.map(|row| row.reward))
}

/// A task's rewards while it is learnt.
fn learning(log: &[Row], task: &str) -> Vec<f64> {
    let own = log.iter().filter(|row| row.learns && row.task == task);
    own.map(|row| row.reward).collect()
}

fn tasks(log: &[Row]) -> Vec<String> {
    let mut tasks: Vec<String> = log.iter().map(|row| row.task.clone()).collect();
    tasks.sort();
    tasks.dedup();
    tasks
}

#[track_caller]
fn assert_near(found: &[(f64, f64)], expected: &[(f64, f64)]) {
    assert_eq!(found.len(), expected.len(), "{found:?} are not {expected:?}");
    for (a, b) in found.iter().zip(expected) {
        let near = (a.0 - b.0).abs() < NEAR && (a.1 - b.1).abs() < NEAR;
        assert!(near, "{a:?} is not {b:?} in {found:?}, {expected:?}");
    }
}

/// By place.
fn sorted(mut points: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    points
}

#[test]
fn curves_and_evaluations() {
    let mut page = page();
    for (agent, dash) in AGENTS.iter().zip(["l d0", "l d1"]) {
        let lives = logs(agent);
        for task in tasks(&lives[0]) {
            let curves: Vec<Vec<f64>> = lives.iter().map(|life| learning(life, &task)).collect();
            // Eight rows are smoothed over a window of one.
            let expected: Vec<_> = (0..curves[0].len())
                .map(|n| (n as f64 + 0.5, mean(curves.iter().map(|curve| curve[n]))))
                .collect();
            let lines = page.panel("learning-curves", &task, "path.l");
            let line = lines.iter().find(|line| line.classes == dash).unwrap();
            assert_near(&line.points, &expected);

            let expected: Vec<_> = [0, 2, 4, 6]
                .map(|block| {
                    (block as f64, mean(lives.iter().map(|life| evaluation(life, &task, block))))
                })
                .to_vec();
            let lines = page.panel("evaluations", &task, "path.l");
            let line = lines.iter().find(|line| line.classes == dash).unwrap();
            assert_near(&line.points, &expected);
            let marks = page.panel("evaluations", &task, "circle.m");
            let is_there = |place: &(f64, f64)| {
                marks.iter().any(|m| (m.x - place.0).abs() < NEAR && (m.y - place.1).abs() < NEAR)
            };
            assert!(expected.iter().all(is_there), "{expected:?} {marks:?}");
            // All lifetimes learn x in blocks 1 and 5, y in 3.
            let learnt = page.panel("evaluations", &task, "rect.m");
            let blocks: Vec<f64> = learnt.iter().map(|mark| mark.x.round()).collect();
            let expected: &[f64] = if task.starts_with('x') { &[1.0, 5.0] } else { &[3.0] };
            assert_eq!(blocks, expected);
        }
    }
}

#[test]
fn bars_of_the_timeline() {
    let mut page = page();
    let panels = page.panels("timeline", "rect.m");
    assert_eq!(panels.len(), AGENTS.len());
    for (panel, agent) in panels.iter().zip(AGENTS) {
        assert_eq!(panel.heading, format!("{agent}, lifetime 0"));
        let log = log(agent, 0);
        for task in tasks(&log) {
            let own: Vec<usize> =
                (0..log.len()).filter(|at| log[*at].learns && log[*at].task == task).collect();
            let expected: Vec<(f64, f64)> = own
                .chunk_by(|a, b| log[*a].block == log[*b].block)
                .map(|block| (block[0] as f64, (block[block.len() - 1] + 1) as f64))
                .collect();
            let bars = panel.marks.iter().filter(|mark| mark.row == task);
            assert_near(&bars.map(|mark| (mark.left, mark.right)).collect::<Vec<_>>(), &expected);
        }
    }
}

#[test]
fn cells_of_the_heat_map_and_of_transfer() {
    let mut page = page();
    let map: Vec<Cell> = page.eval("cells('heat-map')");
    let transfer: Vec<Cell> = page.eval("cells('transfer')");
    let mut shades = Vec::new();
    for agent in AGENTS {
        let lives = logs(agent);
        let tasks = tasks(&lives[0]);
        let means = |of: &dyn Fn(&[Row]) -> f64| mean(lives.iter().map(|life| of(life)));
        for evaluated in &tasks {
            for block in [0, 2, 4, 6] {
                let value = means(&|life| evaluation(life, evaluated, block));
                let own = |c: &&Cell| {
                    c.side == agent && c.row == *evaluated && c.column == block.to_string()
                };
                let cell = map.iter().find(own).unwrap_or_else(|| panic!("{block} in {map:?}"));
                assert_near(&[(0.0, number(&cell.said, ": "))], &[(0.0, value)]);
                shades.push((value, lightness(&cell.colour)));
            }
            for learnt in &tasks {
                let blocks: &[u64] = if learnt.starts_with('x') { &[1, 5] } else { &[3] };
                let gain = |life: &[Row], block: u64| {
                    evaluation(life, evaluated, block + 1) - evaluation(life, evaluated, block - 1)
                };
                let value = means(&|life| mean(blocks.iter().map(|block| gain(life, *block))));
                let own = |c: &&Cell| c.side == agent && c.row == *learnt && c.column == *evaluated;
                let cell = transfer.iter().find(own).unwrap_or_else(|| {
                    panic!("{learnt} on {evaluated} of {agent} in {transfer:?}")
                });
                assert_near(&[(0.0, number(&cell.shown, ""))], &[(0.0, value)]);
            }
        }
    }
    assert_eq!((map.len(), transfer.len()), (16, 8));
    shades.sort_by(|a, b| a.0.total_cmp(&b.0));
    assert!(shades.is_sorted_by(|a, b| a.1 >= b.1), "darker is more: {shades:?}");
    assert!(shades[0].1 - shades[shades.len() - 1].1 > 100.0);
}

#[test]
fn dots_of_metrics_and_of_comparisons() {
    let mut page = page();
    // Mean over tasks of the last evaluation.
    let acc = |life: &Vec<Row>| mean(tasks(life).iter().map(|task| evaluation(life, task, 6)));
    let values = AGENTS.map(|agent| logs(agent).iter().map(acc).collect::<Vec<f64>>());
    let dots = page.panel("distributions", "gem.acc", "circle.m");
    for (agent, values) in AGENTS.iter().zip(&values) {
        let own = dots.iter().filter(|dot| dot.row == *agent);
        let found: Vec<_> = own.map(|dot| (dot.x, 0.0)).collect();
        assert_near(&found, &values.iter().map(|value| (*value, 0.0)).collect::<Vec<_>>());
    }
    // Lifetimes of one curriculum seed are pairs.
    let won = values[0].iter().zip(&values[1]).map(|(a, b)| f64::from(u8::from(a > b)));
    let rows: Vec<(String, f64)> = page.eval(
        "const svg = document.querySelector('#figure-comparison svg'); const all = texts(svg);
         const ticks = ['0', '1.0'].map((n) => all.find((t) => t.words === n && t.element.classList.contains('c')).x);
         [...svg.querySelectorAll('.m')].map(box).map((m) =>
           [nearest(all.filter((t) => t.left < ticks[0] - 50), (t) => Math.abs(t.y - m.y)).words,
            (m.x - ticks[0]) / (ticks[1] - ticks[0])])",
    );
    let found = rows.iter().find(|(metric, _)| metric == "gem.acc");
    let found = found.unwrap_or_else(|| panic!("{rows:?}")).1;
    assert_near(&[(found, 0.0)], &[(mean(won), 0.0)]);
}

/// Of the first lifetime, nothing of it normalised: rows as they are in the log.
#[test]
fn dots_and_lines_of_l2metrics() {
    let mut page = page();
    for (agent, end) in AGENTS.iter().zip(["", "-2"]) {
        let log = log(agent, 0);
        let learnt = || log.iter().enumerate().filter(|(_, row)| row.learns);
        let expected = learnt().map(|(at, row)| (at as f64, row.reward)).collect();
        assert_near(&dots(&mut page, &format!("raw{end}")), &sorted(expected));
        let expected = learnt().enumerate().map(|(n, (_, row))| (n as f64, row.reward)).collect();
        assert_near(&dots(&mut page, &format!("learning{end}")), &sorted(expected));
        for task in tasks(&log) {
            let group = task.split('_').next().unwrap();
            let lines = page.panel(&format!("evaluation{end}"), group, "path.l");
            let expected = [0, 2, 4, 6].map(|block| (block as f64, evaluation(&log, &task, block)));
            assert_near(&lines[0].points, &expected);
        }
    }
}

/// Over the learning of an expert lies that of the agents: means over lifetimes, and, as L2Metrics
/// draws it, the first lifetime's.
#[test]
fn learning_over_that_of_an_expert() {
    let dir = tempfile::tempdir().unwrap();
    let expert = dir.path().join("expert");
    let rewards: [f64; 10] = std::array::from_fn(|n| (n * n) as f64 / 10.0);
    write(&expert, "expert", &[vec![learns(0, "x", &rewards)]]);
    let store = Store::new(dir.path().join("store"));
    let run = tella_metrics::run::Run::open(&expert).unwrap();
    store.add(run.lifetimes[0].experiences().unwrap(), "expert", Mode::Write).unwrap();
    let runs = AGENTS.map(|agent| SAMPLE.run(agent));
    let sides = [runs[0].as_path(), runs[1].as_path()];
    let report = written::report_against(&sides, Experts::of(&store).unwrap());
    let mut page = page_with_ruler(&page_of(&report, &dir.path().join("report")));

    let at = |offset: f64, curve: &[f64]| -> Vec<(f64, f64)> {
        curve.iter().enumerate().map(|(n, value)| (n as f64 + offset, *value)).collect()
    };
    let colour = page.panel("learning-curves", "x_Default", "path.l").remove(0).colour;
    let lines = page.panel("experts", "x_Default", "path.l");
    let (own, of_expert): (Vec<Mark>, Vec<Mark>) =
        lines.into_iter().partition(|line| line.colour == colour);
    assert_eq!(of_expert.len(), 1);
    assert_near(&of_expert[0].points, &at(0.5, &rewards));
    for (agent, dash) in AGENTS.iter().zip(["l d0", "l d1"]) {
        let curves = logs(agent).iter().map(|life| learning(life, "x_Default")).collect::<Vec<_>>();
        let means: Vec<f64> =
            (0..curves[0].len()).map(|n| mean(curves.iter().map(|curve| curve[n]))).collect();
        let line = own.iter().find(|line| line.classes == dash).unwrap();
        assert_near(&line.points, &at(0.5, &means));
    }
    for (agent, figure) in AGENTS.iter().zip(["ste", "ste-2"]) {
        let dots = page.panel(figure, "x_Default", "path.dot");
        let (own, of_expert): (Vec<Mark>, Vec<Mark>) =
            dots.into_iter().partition(|dots| dots.colour == colour);
        assert_near(&sorted(of_expert[0].points.clone()), &at(0.0, &rewards));
        let learnt = learning(&log(agent, 0), "x_Default");
        assert_near(&sorted(own[0].points.clone()), &at(0.0, &learnt));
    }
}

/// All dots of a figure with one panel.
fn dots(page: &mut Page, figure: &str) -> Vec<(f64, f64)> {
    let panels = page.panels(figure, "path.dot");
    sorted(panels.into_iter().flat_map(|panel| panel.marks).flat_map(|mark| mark.points).collect())
}

/// A task has one colour in all figures, another than other tasks, in the light and in the dark.
#[test]
fn colours_of_tasks() {
    let mut page = page();
    let mut both = Vec::new();
    for medium in [crate::chromium::Medium::Light, crate::chromium::Medium::Dark] {
        page.show_on(medium);
        let colours = ["x_Default", "y_Default"].map(|task| {
            let mut found: Vec<String> = Vec::new();
            for figure in ["learning-curves", "evaluations"] {
                found.extend(page.panel(figure, task, "path.l").into_iter().map(|m| m.colour));
            }
            let bars = page.panels("timeline", "rect.m").into_iter().flat_map(|p| p.marks);
            found.extend(bars.filter(|bar| bar.row == task).map(|bar| bar.colour));
            assert!(found.len() > 4);
            found.sort();
            found.dedup();
            assert_eq!(found.len(), 1, "{task}");
            found.remove(0)
        });
        assert_ne!(colours[0], colours[1]);
        both.push(colours);
    }
    assert_ne!(both[0], both[1]);
}

/// The number that follows a text.
fn number(text: &str, after: &str) -> f64 {
    let (_, number) = text.split_once(after).unwrap();
    number.replace('−', "-").parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// The sum of the three parts of a colour, `rgb(r, g, b)`.
fn lightness(colour: &str) -> f64 {
    let parts = colour.trim_start_matches("rgb(").trim_end_matches(')').split(", ");
    parts.map(|part| part.parse::<f64>().unwrap()).sum()
}
