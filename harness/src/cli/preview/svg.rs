//! A curriculum at a glance as a drawing.

use super::strip::{Kind, kind, places, tuned_end};
use super::words::{about, asked, duration, length, shortened};
use super::{Preview, Stretch, colour};
use crate::run::bytes;
use tella_curricula::BlockType;
use tella_envs::counted;

/// Width of the strip, and of what is to the left of it.
const STRIP: usize = 800;
const LEFT: usize = 170;

/// Columns of the longest label that has room there.
const LABEL: usize = 22;

/// Height of a task's row, and of the bar in it.
const ROW: usize = 30;
const BAR: usize = 20;

/// Units of the strip: nothing is narrower than one of them, where there is room.
const UNIT: usize = 2;

/// Rows drawn.
const MOST_TASKS: usize = 60;

pub(super) fn draw(preview: &Preview<'_>) -> String {
    let tasks = preview.tasks();
    let tasks = &tasks[..tasks.len().min(MOST_TASKS)];
    let places = places(preview, STRIP / UNIT);
    let top = 92;
    let bottom = top + tasks.len() * ROW;
    let (width, height) = (LEFT + STRIP + 30, bottom + 76);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" font-family=\"Helvetica, Arial, sans-serif\" font-size=\"13\" fill=\"#222\">\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"#fff\"/>\n\
         <defs><pattern id=\"held-out\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\">\
         <rect width=\"2\" height=\"6\" fill=\"#222\" fill-opacity=\"0.55\"/></pattern></defs>\n"
    );
    heading(&mut out, preview);
    if let Some(end) = tuned_end(preview, &places) {
        tuned(&mut out, end * UNIT as f64, top, bottom);
    }
    for (n, task) in tasks.iter().enumerate() {
        let y = top + n * ROW;
        let name = escape(&shortened(task, LABEL));
        let (label, line, right) = (LEFT - 10, y + ROW - 5, LEFT + STRIP);
        put(
            &mut out,
            &format!("<text x=\"{label}\" y=\"{}\" text-anchor=\"end\">{name}</text>", y + BAR - 5),
        );
        put(
            &mut out,
            &format!(
                "<line x1=\"{LEFT}\" y1=\"{line}\" x2=\"{right}\" y2=\"{line}\" stroke=\"#ddd\"/>"
            ),
        );
    }
    for (stretch, place) in preview.stretches.iter().zip(&places) {
        if let Some(n) = tasks.iter().position(|task| *task == stretch.task) {
            bar(&mut out, stretch, *place, top + n * ROW, colour::svg(n));
        }
    }
    axis(&mut out, preview, &places, bottom);
    legend(&mut out, preview, bottom + 48);
    out.push_str("</svg>\n");
    out
}

fn put(out: &mut String, element: &str) {
    out.push_str(element);
    out.push('\n');
}

fn heading(out: &mut String, preview: &Preview<'_>) {
    let (seed, idx, _) = preview.seeds;
    let name = escape(&preview.curriculum.name);
    put(
        out,
        &format!("<text x=\"20\" y=\"30\" font-size=\"20\" font-weight=\"bold\">{name}</text>"),
    );
    let lengths = format!(
        "{}: learning {}, evaluation {}. Curriculum seed {seed}, lifetime {idx}, hash {}",
        counted(preview.curriculum.blocks.len(), "block"),
        asked(preview, BlockType::Learn),
        asked(preview, BlockType::Eval),
        &preview.hash[..16]
    );
    put(out, &format!("<text x=\"20\" y=\"52\" fill=\"#444\">{lengths}</text>"));
    let estimate = preview.estimate();
    let estimate = format!(
        "About {}, {} in the environments alone, {} of log; widths by estimated steps, short ones widened",
        about(estimate.steps, "step"),
        duration(estimate.seconds),
        bytes(estimate.log_bytes)
    );
    put(out, &format!("<text x=\"20\" y=\"70\" fill=\"#444\">{estimate}</text>"));
}

/// The part that tuning may see: shaded, with a bracket above it.
fn tuned(out: &mut String, width: f64, top: usize, bottom: usize) {
    let width = width.max(2.0);
    let (y, height) = (top - 10, bottom - top + 10);
    put(
        out,
        &format!(
            "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"{height}\" fill=\"#000\" fill-opacity=\"0.06\"/>"
        ),
    );
    put(
        out,
        &format!("<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"4\" fill=\"#222\"/>"),
    );
}

fn bar(out: &mut String, stretch: &Stretch<'_>, (start, end): (f64, f64), y: usize, colour: &str) {
    let x = LEFT as f64 + start * UNIT as f64;
    // A hair's breadth between neighbours, so that blocks can be counted.
    let whole = (end - start) * UNIT as f64;
    let width = if whole > 3.0 { whole - 1.0 } else { whole };
    let kind = kind(stretch);
    let (height, y, opacity) = match kind {
        Kind::Learn => (BAR, y, "1"),
        Kind::Eval | Kind::HeldOut => (BAR - 8, y + 8, "0.45"),
    };
    let shape = format!("x=\"{x:.1}\" y=\"{y}\" width=\"{width:.1}\" height=\"{height}\"");
    let title = escape(&format!(
        "block {}: {}/{}, {}, seed {}",
        stretch.block_num,
        stretch.task,
        stretch.variant.variant,
        length(stretch.variant.length),
        stretch.variant.seed
    ));
    put(
        out,
        &format!(
            "<rect {shape} fill=\"{colour}\" fill-opacity=\"{opacity}\"><title>{title}</title></rect>"
        ),
    );
    if kind == Kind::HeldOut {
        put(out, &format!("<rect {shape} fill=\"url(#held-out)\" pointer-events=\"none\"/>"));
    }
}

/// Block numbers below the strip, where there is room for them.
fn axis(out: &mut String, preview: &Preview<'_>, places: &[(f64, f64)], y: usize) {
    put(
        out,
        &format!(
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" fill=\"#444\">block</text>",
            LEFT - 10,
            y + 16
        ),
    );
    let (mut free, mut last) = (0.0, None);
    for (stretch, (start, _)) in preview.stretches.iter().zip(places) {
        let x = LEFT as f64 + start * UNIT as f64;
        if last != Some(stretch.block_num) && x >= free {
            let n = stretch.block_num;
            put(
                out,
                &format!(
                    "<line x1=\"{x:.1}\" y1=\"{y}\" x2=\"{x:.1}\" y2=\"{}\" stroke=\"#444\"/>",
                    y + 4
                ),
            );
            put(
                out,
                &format!(
                    "<text x=\"{:.1}\" y=\"{}\" font-size=\"11\" fill=\"#444\">{n}</text>",
                    x + 2.0,
                    y + 16
                ),
            );
            free = x + 10.0 + 7.0 * n.to_string().len() as f64;
        }
        last = Some(stretch.block_num);
    }
}

fn legend(out: &mut String, preview: &Preview<'_>, y: usize) {
    let mut x = LEFT;
    let mut entry = |swatch: &str, text: &str| {
        put(out, &swatch.replace("X", &x.to_string()));
        put(out, &format!("<text x=\"{}\" y=\"{}\">{text}</text>", x + 30, y + 12));
        x += 50 + 7 * text.len();
    };
    let rect = |height: usize, fill: &str| {
        format!("<rect x=\"X\" y=\"{}\" width=\"22\" height=\"{height}\" {fill}/>", y + 15 - height)
    };
    let light = "fill=\"#666666\" fill-opacity=\"0.45\"";
    entry(&rect(15, "fill=\"#666666\""), "learning");
    entry(&rect(9, light), "evaluation");
    if preview.stretches.iter().any(|s| s.variant.held_out) {
        let hatched = format!("{}{}", rect(9, light), rect(9, "fill=\"url(#held-out)\""));
        entry(&hatched, "evaluation, held out");
    }
    if preview.curriculum.tune.is_some() {
        entry(&rect(4, "fill=\"#222\""), "tuning may see");
    }
}

/// Text as XML.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
