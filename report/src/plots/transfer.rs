//! The transfer matrix: what learning each task does to the evaluation of each other.

use super::keys::{self, Key, Shown, key};
use super::{WIDTH, colour_bar, labels};
use crate::drawing::{Anchor, Canvas, diverging, on_diverging};
use crate::figure::{Figure, Part};
use crate::findings::{Findings, Matrix};
use tella_metrics::told::{counted, number};

/// Room for the names of tasks to the left at least, and to the right for the last one above.
const LEFT: f64 = 190.0;
const RIGHT: f64 = 60.0;

/// Room for a name above at most: what is longer would take more than the cells do.
const ABOVE: f64 = 200.0;

/// Width of a cell at most.
const CELL: f64 = 54.0;

/// The height of a slanted text as a share of its width.
const SLANT: f64 = std::f64::consts::FRAC_1_SQRT_2;

pub(super) fn draw(findings: &Findings<'_>) -> Vec<Figure> {
    let study = findings.study;
    let sides = findings.transfers.iter().enumerate();
    let matrices: Vec<(usize, &Matrix)> = sides.filter(|(_, matrix)| !matrix.is_empty()).collect();
    if matrices.is_empty() {
        return Vec::new();
    }
    let pairs = || matrices.iter().flat_map(|(_, matrix)| matrix.iter());
    let most = pairs().map(|(_, (value, _))| value.abs()).fold(0.0, f64::max).max(1e-9);
    let tasks: Vec<usize> = (0..study.tasks.len())
        .filter(|task| pairs().any(|((from, to), _)| from == task || to == task))
        .collect();
    let names = || tasks.iter().map(|task| study.tasks[*task].name.as_str());
    let free = WIDTH - RIGHT - CELL * tasks.len() as f64;
    let left = (28.0 + labels::width(names())).min(free).max(LEFT);
    let size = ((WIDTH - left - RIGHT) / tasks.len() as f64).clamp(9.0, CELL);
    // Names above read slantwise to the right: the last one has what is left of the width.
    let last = WIDTH - left - (tasks.len() as f64 - 0.5) * size;
    let above = labels::width(names()).min(last / SLANT).min(ABOVE);
    let head = 18.0 + SLANT * above;
    let height = size.min(30.0);
    let mut canvas = Canvas::new(WIDTH, 0.0);
    let mut top = 4.0;
    for (side, matrix) in &matrices {
        if study.compares() {
            canvas.label("t h", (0.0, top + 12.0), Anchor::Start, &study.sides[*side].label, 90);
            top += 18.0;
        }
        let inside = top + head;
        canvas.text("q s", (left - 10.0, inside - 8.0), Anchor::End, "learnt ↓  evaluated →");
        for (n, task) in tasks.iter().enumerate() {
            let (task, place) = (&study.tasks[*task], n as f64);
            let x = left + (place + 0.5) * size;
            canvas.slanted("t s", (x, inside - 6.0), &task.name, labels::fit(above));
            let y = inside + place * height + height / 2.0 + 4.0;
            canvas.open(&task.ink.colour());
            canvas.mark("m", task.ink.marker(), (8.0, y - 4.0), 3.6, "");
            canvas.close();
            canvas.label("t s", (18.0, y), Anchor::Start, &task.name, labels::fit(left - 28.0));
        }
        for (row, from) in tasks.iter().enumerate() {
            for (column, to) in tasks.iter().enumerate() {
                let corner = (left + column as f64 * size, inside + row as f64 * height);
                let inner = (size - 1.0, height - 1.0);
                let Some((value, lifetimes)) = matrix.get(&(*from, *to)) else {
                    canvas.line(
                        "gr",
                        (corner.0, corner.1 + inner.1),
                        (corner.0 + inner.0, corner.1),
                    );
                    continue;
                };
                let title = format!("{} ({lifetimes} lifetimes)", number(*value));
                canvas.rect(&diverging(value / most), corner, inner, &title);
                if size >= 34.0 {
                    let ink = format!("s {}", on_diverging(value / most));
                    let place = (corner.0 + size / 2.0, corner.1 + height / 2.0 + 4.0);
                    canvas.text(&ink, place, Anchor::Middle, &signed(*value));
                }
            }
        }
        top = inside + tasks.len() as f64 * height + 22.0;
    }
    let ends = [signed(-most), "0".to_owned(), signed(most)];
    let labels = [ends[0].as_str(), ends[1].as_str(), ends[2].as_str()];
    colour_bar::draw(&mut canvas, (left, top), labels, |share| diverging(2.0 * share - 1.0));
    let gaps = matrices.iter().any(|(_, matrix)| matrix.len() < tasks.len() * tasks.len());
    let never = gaps.then(|| key(Shown::Stroke, "never evaluated before and after"));
    let never: Vec<Key> = never.into_iter().collect();
    let end = keys::across(&mut canvas, &never, (left + 290.0, top + 6.0), WIDTH);
    canvas.set_height(end.max(top + 40.0));
    vec![Figure {
        name: "transfer".to_owned(),
        part: Part::Transfer,
        title: "Transfer matrix".to_owned(),
        alt: alt(findings, &matrices),
        caption: "Evaluation of a task (column) after minus before another (row) was learnt, mean \
                  over lifetimes, as a share of the task's range: blue, learning the row's task \
                  helped the column's; orange, it hurt. On the diagonal what a task gains by its \
                  own learning. A stroke: never evaluated before and after."
            .to_owned(),
        canvas,
    }]
}

/// A number of two decimals with its sign.
fn signed(value: f64) -> String {
    let text = format!("{value:+.2}").replace('-', "−");
    if text.contains(|c: char| ('1'..='9').contains(&c)) { text } else { "0".to_owned() }
}

fn alt(findings: &Findings<'_>, matrices: &[(usize, &Matrix)]) -> String {
    let name = |task: usize| findings.study.tasks[task].name.as_str();
    let mut text = String::new();
    for (side, matrix) in matrices {
        let others = || matrix.iter().filter(|((from, to), _)| from != to);
        let told = |((from, to), (value, _)): (&(usize, usize), &(f64, usize))| {
            format!("{} on {} ({})", name(*from), name(*to), signed(*value))
        };
        let by_value = |a: &(&(usize, usize), &(f64, usize)),
                        b: &(&(usize, usize), &(f64, usize))| {
            a.1.0.total_cmp(&b.1.0)
        };
        if findings.study.compares() {
            text.push_str(&format!("{}: ", findings.study.sides[*side].label));
        }
        text.push_str(&format!("Transfer between tasks: {}.", counted(others().count(), "pair")));
        if let (Some(most), Some(least)) = (others().max_by(by_value), others().min_by(by_value)) {
            text.push_str(&format!(
                " The highest is that of {}, the lowest that of {}. ",
                told(most),
                told(least)
            ));
        }
    }
    text.trim_end().to_owned()
}
