//! L2Metrics' own four plots under their names, of one lifetime, from rows preprocessed as
//! that program does: raw, evaluation, learning, ste.

mod evaluation;
mod learning;
mod raw;
mod ste;

use crate::drawing::{Anchor, Canvas, Frame, Ink, Scale};
use crate::figure::{Figure, Part};
use crate::findings::Findings;
use crate::plots::WIDTH;
use crate::plots::keys::{self, Key};
use crate::study::{Sample, Side};
use tella_metrics::l2metrics::Unit;

/// Room to the left, and for the legend to the right.
const LEFT: f64 = 56.0;
const LEGEND: f64 = 176.0;

/// Height of the inside of a plot, and where it begins.
const HEIGHT: f64 = 330.0;
const TOP: f64 = 12.0;

/// Height of the line that names the side, where there are several.
const HEAD: f64 = 22.0;

/// Rows of a legend at most: keys stand below them.
const MOST: usize = 16;

pub(super) fn draw(findings: &Findings<'_>) -> Vec<Figure> {
    let sides = findings.study.sides.iter().enumerate();
    let sampled = sides.filter_map(|(n, side)| Some((n, side, side.sample.as_ref()?)));
    sampled
        .flat_map(|(n, side, sample)| {
            let plot = Plot::new(findings, n, side, sample);
            [raw::draw(&plot), evaluation::draw(&plot), learning::draw(&plot), ste::draw(&plot)]
        })
        .flatten()
        .collect()
}

/// What the four plots are made of.
struct Plot<'a> {
    findings: &'a Findings<'a>,
    /// The side's place.
    number: usize,
    side: &'a Side,
    sample: &'a Sample,
    /// How each task of the rows is drawn.
    inks: Vec<Ink>,
}

impl<'a> Plot<'a> {
    fn new(findings: &'a Findings<'a>, number: usize, side: &'a Side, sample: &'a Sample) -> Self {
        let ink =
            |name: &String| findings.study.task(name).map(|task| task.ink).unwrap_or_default();
        let inks = sample.data.tasks.iter().map(ink).collect();
        Self { findings, number, side, sample, inks }
    }

    /// The task's name as the log has it; L2Metrics writes it in lower case.
    fn name(&self, task: usize) -> &str {
        let name = &self.sample.data.tasks[task];
        self.findings.study.task(name).map_or(name, |task| &task.name)
    }

    /// A figure under L2Metrics' name for it.
    fn figure(&self, name: &str, title: &str, alt: String, about: &str, canvas: Canvas) -> Figure {
        let place = &self.side.cohort.members[self.sample.member].place;
        let side = match self.findings.study.compares() {
            true => format!("{}, ", self.side.label),
            false => String::new(),
        };
        let end = if self.number > 0 { format!("-{}", self.number + 1) } else { String::new() };
        Figure {
            name: format!("{name}{end}"),
            part: Part::L2metrics,
            title: format!("{title} ({side}lifetime {})", place.lifetime_idx),
            alt,
            caption: format!("L2Metrics' plot “{name}” of one lifetime. {about}"),
            canvas,
        }
    }

    /// What the axis of time counts.
    fn unit(&self) -> &'static str {
        match self.findings.study.request.settings.unit {
            Unit::ExpNum => "experiences",
            Unit::Steps => "steps",
        }
    }

    /// What stands above a drawing where sides are set beside each other: whose it is.
    fn head(&self) -> Option<String> {
        let place = &self.side.cohort.members[self.sample.member].place;
        let text = || format!("{}, lifetime {}", self.side.label, place.lifetime_idx);
        self.findings.study.compares().then(text)
    }

    /// A drawing with one large frame, its axes, a legend of some tasks, and keys below that.
    fn frame(
        &self,
        x: (f64, f64),
        y: (f64, f64),
        up: &str,
        tasks: &[usize],
        keys: &[Key],
    ) -> (Canvas, Frame) {
        let head = self.head();
        let from = TOP + if head.is_some() { HEAD } else { 0.0 };
        let mut canvas = Canvas::new(WIDTH, from + HEIGHT + 46.0);
        if let Some(head) = head {
            canvas.label("t h", (LEFT, TOP + 4.0), Anchor::Start, &head, 110);
        }
        let mut frame = Frame::new((LEFT, from), (WIDTH - LEFT - LEGEND, HEIGHT), x, y);
        frame.y = Scale::round(y, frame.y.range, 6);
        let (left, right, top, bottom) = frame.sides();
        frame.y_axis(&mut canvas, 6, true);
        frame.x_axis(&mut canvas, 8, true);
        canvas.text("q s", ((left + right) / 2.0, bottom + 34.0), Anchor::Middle, self.unit());
        canvas.upright("q s", (12.0, (top + bottom) / 2.0), up);
        for (n, task) in tasks.iter().take(MOST).enumerate() {
            let y = from + 8.0 + 16.0 * n as f64;
            self.key(&mut canvas, *task, (right + 20.0, y));
        }
        if tasks.len() > MOST {
            let place = (right + 30.0, from + 12.0 + 16.0 * MOST as f64);
            let text = format!("and {} more", tasks.len() - MOST);
            canvas.text("q s", place, Anchor::Start, &text);
        }
        let rows = tasks.len().min(MOST) + usize::from(tasks.len() > MOST);
        keys::down(&mut canvas, keys, (right + 14.0, from + 20.0 + 16.0 * rows as f64));
        (canvas, frame)
    }

    /// A mark and the name of a task.
    fn key(&self, canvas: &mut Canvas, task: usize, (x, y): (f64, f64)) {
        canvas.open(&self.inks[task].colour());
        canvas.mark("m", self.inks[task].marker(), (x, y), 3.6, "");
        canvas.close();
        canvas.label("t s", (x + 10.0, y + 4.0), Anchor::Start, self.name(task), 22);
    }

    /// The tasks that have rows of a kind, in order.
    fn tasks(&self, learns: bool) -> Vec<usize> {
        let data = &self.sample.data;
        let of_kind = |task: &usize| {
            let mut rows = self.sample.rows.iter().zip(&data.task);
            rows.any(|(row, own)| row.learns == learns && *own as usize == *task)
        };
        (0..data.tasks.len()).filter(of_kind).collect()
    }

    /// Whether a row is an evaluation that counts: asleep, where any is.
    fn evaluates(&self) -> impl Fn(usize) -> bool + '_ {
        let rows = &self.sample.rows;
        let slept = rows.iter().any(|row| !row.learns && row.asleep);
        move |at| !rows[at].learns && rows[at].asleep == slept
    }
}
