//! The timeline: what a lifetime learnt and evaluated when, a row a task.

use super::WIDTH;
use crate::drawing::{Anchor, Bar, Canvas, Look, Scale, Strip, ticks};
use crate::figure::{Figure, Part};
use crate::findings::Findings;
use crate::study::{Course, Side, Span};
use tella_metrics::told::{counted, number};

pub(super) fn draw(findings: &Findings<'_>) -> Vec<Figure> {
    let study = findings.study;
    let mut canvas = Canvas::new(WIDTH, 0.0);
    let (mut top, mut alts, mut captions) = (4.0, Vec::new(), Vec::new());
    for side in &study.sides {
        let Some((at, course)) = first_course(side) else { continue };
        let place = &side.cohort.members[at].place;
        let label = match study.compares() {
            true => format!("{}, lifetime {}", side.label, place.lifetime_idx),
            false => format!("Lifetime {}", place.lifetime_idx),
        };
        canvas.label("t h", (Strip::across(WIDTH).left, top + 12.0), Anchor::Start, &label, 90);
        top = strip(&mut canvas, findings, course, top + 22.0) + 16.0;
        alts.push(alt(&label, course));
        captions.push(others(side, at));
    }
    if alts.is_empty() {
        return Vec::new();
    }
    canvas.set_height(top);
    captions.dedup();
    vec![Figure {
        name: "timeline".to_owned(),
        part: Part::Course,
        title: "Timeline".to_owned(),
        alt: alts.join(" "),
        caption: format!(
            "Tall bars are learning, low bars evaluation, to scale by experiences.{}",
            captions.concat()
        ),
        canvas,
    }]
}

/// The first lifetime that has experiences, complete ones first.
fn first_course(side: &Side) -> Option<(usize, &Course)> {
    let courses = || side.courses.iter().enumerate().filter_map(|(at, c)| Some((at, c.as_ref()?)));
    let lived = || courses().filter(|(_, course)| !course.spans.is_empty());
    let complete =
        |at: usize| side.cohort.members[at].state == tella_events::LifetimeState::Complete;
    lived().find(|(at, _)| complete(*at)).or_else(|| lived().next())
}

/// Draws a course and returns where it ends.
fn strip(canvas: &mut Canvas, findings: &Findings<'_>, course: &Course, top: f64) -> f64 {
    let strip = Strip::across(WIDTH);
    let x = Scale::new((0.0, course.experiences as f64), (strip.left, strip.right));
    let mut y = top;
    for task in &findings.study.tasks {
        let own = course.spans.iter().filter(|span| span.task == task.name);
        let bars: Vec<Bar> = own.map(|span| bar(span, &x)).collect();
        if !bars.is_empty() {
            strip.row(canvas, &task.name, task.ink, y, &bars);
            y += Strip::ROW;
        }
    }
    let y = y + 4.0;
    canvas.line("ax", (strip.left, y), (strip.right, y));
    for (value, label) in ticks(x.domain, 8) {
        canvas.line("ax", (x.at(value), y), (x.at(value), y + 4.0));
        canvas.text("q s", (x.at(value), y + 17.0), Anchor::Middle, &label);
    }
    canvas.text("q s", (strip.left - 10.0, y + 17.0), Anchor::End, "experiences");
    y + 24.0
}

fn bar(span: &Span, x: &Scale) -> Bar {
    let (look, title) = match span.is_learning() {
        true => {
            let experiences = counted(span.end - span.start, "experience");
            (Look::Learning, format!("block {}: {experiences}", span.block_num))
        }
        false => (Look::Evaluation, String::new()),
    };
    Bar { from: x.at(span.start as f64), to: x.at(span.end as f64), look, title }
}

fn alt(label: &str, course: &Course) -> String {
    let order = course.order();
    let shown: Vec<String> = order
        .iter()
        .take(20)
        .map(|(_, task, n)| format!("{task} ({})", number(*n as f64)))
        .collect();
    let more = match order.len().saturating_sub(20) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let evaluations = course.blocks().filter(|b| b.iter().any(|s| !s.is_learning())).count();
    format!(
        "{label}: {} in {}, {evaluations} of them evaluating. Learning in order: {}{more}.",
        counted(course.experiences, "experience"),
        counted(course.blocks().count(), "block"),
        shown.join(", ")
    )
}

/// What is said of the lifetimes that are not drawn.
fn others(side: &Side, drawn: usize) -> &'static str {
    let order = |at: usize| {
        side.courses[at].as_ref().map(|course| {
            course.order().into_iter().map(|(block, task, _)| (block, task)).collect::<Vec<_>>()
        })
    };
    let own = order(drawn).unwrap_or_default();
    let mut others = (0..side.courses.len()).filter(|at| *at != drawn).filter_map(order).peekable();
    // One that was not lived to its end learnt the first of them.
    match (others.peek().is_none(), others.all(|order| own.starts_with(&order))) {
        (true, _) => "",
        (_, true) => " Other lifetimes learnt the tasks in the same order.",
        (_, false) => " Other lifetimes learnt the tasks in other orders.",
    }
}
