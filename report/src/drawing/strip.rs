//! Strips: what comes after what, a row a task. Tall bars are learning, low ones evaluation.
//!
//! The timeline of a report and the preview of a curriculum are the same strip of different
//! things: one of what was lived, by experiences, the other of what is planned, by estimated steps.

use super::canvas::{Anchor, Canvas};
use super::ink::Ink;

/// Height of the bars in a row.
const LEARNING: f64 = 14.0;
const EVALUATION: f64 = 5.0;

/// Nothing is narrower.
const LEAST: f64 = 0.6;

/// Characters of a task's name that have room.
const NAME: usize = 22;

/// What a bar is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Learning: tall.
    Learning,
    /// Evaluation: low and light.
    Evaluation,
    /// Evaluation of what is held out: low and hollow.
    HeldOut,
}

/// A bar of a row.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Where it begins across.
    pub from: f64,
    /// Where it ends.
    pub to: f64,
    /// What it is.
    pub look: Look,
    /// What is shown where one points at it; evaluations without a title are one element.
    pub title: String,
}

/// A strip: its left and right ends. Names of tasks stand to its left.
#[derive(Clone, Copy, Debug)]
pub struct Strip {
    /// Its left end.
    pub left: f64,
    /// Its right end.
    pub right: f64,
}

impl Strip {
    /// The strip across a figure of a width.
    pub fn across(width: f64) -> Self {
        Self { left: 168.0, right: width - 14.0 }
    }

    /// Height of a row.
    pub const ROW: f64 = 19.0;

    /// Draws a task's row.
    pub fn row(&self, canvas: &mut Canvas, name: &str, ink: Ink, top: f64, bars: &[Bar]) {
        let middle = top + Self::ROW / 2.0;
        canvas.line("gr", (self.left, middle), (self.right, middle));
        canvas.open(&ink.colour());
        canvas.mark("m", ink.marker(), (8.0, middle), 3.6, "");
        canvas.label("t s", (18.0, middle + 4.0), Anchor::Start, name, NAME);
        let silent = |bar: &&Bar| bar.look == Look::Evaluation && bar.title.is_empty();
        let boxes: Vec<_> = bars
            .iter()
            .filter(silent)
            .map(|bar| {
                let ((x, y), (width, height)) = place(bar, middle);
                (x, y, width, height)
            })
            .collect();
        canvas.boxes(class(Look::Evaluation), &boxes);
        for bar in bars.iter().filter(|bar| !silent(bar)) {
            let (corner, size) = place(bar, middle);
            canvas.rect(class(bar.look), corner, size, &bar.title);
        }
        canvas.close();
    }

    /// Draws what looks are, side by side, and returns where that ends.
    pub fn legend(&self, canvas: &mut Canvas, top: f64, looks: &[(Look, &str)]) -> f64 {
        let (mut x, middle) = (self.left, top + Self::ROW / 2.0);
        for (look, name) in looks {
            let bar = Bar { from: x, to: x + 22.0, look: *look, title: String::new() };
            let (corner, size) = place(&bar, middle);
            canvas.open("k6");
            canvas.rect(class(*look), corner, size, "");
            canvas.close();
            canvas.text("t s", (x + 30.0, middle + 4.0), Anchor::Start, name);
            x += 56.0 + 6.2 * name.chars().count() as f64;
        }
        x
    }
}

fn class(look: Look) -> &'static str {
    match look {
        Look::Learning => "m",
        Look::Evaluation => "m p",
        Look::HeldOut => "l thin",
    }
}

/// The corner and the size of a bar on a row.
fn place(bar: &Bar, middle: f64) -> ((f64, f64), (f64, f64)) {
    let height = match bar.look {
        Look::Learning => LEARNING,
        Look::Evaluation | Look::HeldOut => EVALUATION,
    };
    ((bar.from, middle - height / 2.0), ((bar.to - bar.from).max(LEAST), height))
}
