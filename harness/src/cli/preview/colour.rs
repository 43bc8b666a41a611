//! One colour a task, the same in a terminal and in a drawing.

use anstyle::{Ansi256Color, Color, Style};
use std::io::{IsTerminal, stdout};

/// Colours that people with any kind of colour vision tell apart (Okabe and Ito's), with
/// the nearest of a terminal's 256.
const COLOURS: [(&str, u8); 7] = [
    ("#0072B2", 25),
    ("#E69F00", 178),
    ("#009E73", 36),
    ("#CC79A7", 175),
    ("#56B4E9", 74),
    ("#D55E00", 166),
    ("#666666", 242),
];

/// The colour of task number `n` in SVG.
pub(super) fn svg(n: usize) -> &'static str {
    COLOURS[n % COLOURS.len()].0
}

/// The colour of task number `n` in a terminal.
pub(super) fn terminal(n: usize) -> Style {
    let colour = Ansi256Color(COLOURS[n % COLOURS.len()].1);
    Style::new().fg_color(Some(Color::Ansi256(colour)))
}

/// Whether standard output shows colours and nobody asked for none (<https://no-color.org>).
pub(super) fn wanted() -> bool {
    let none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    stdout().is_terminal() && !none && !dumb
}
