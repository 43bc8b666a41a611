//! One colour a task in a terminal: that of drawings and reports, as near as it comes.

use anstyle::{Ansi256Color, Color, Style};
use std::io::{IsTerminal, stdout};

/// The nearest to [`tella_report::drawing::COLOURS`] of a terminal's 256, in their order.
const COLOURS: [u8; tella_report::drawing::COLOURS.len()] = [25, 166, 36, 175, 178, 74, 242];

/// The colour of task number `n` in a terminal.
pub(super) fn terminal(n: usize) -> Style {
    let colour = Ansi256Color(COLOURS[n % COLOURS.len()]);
    Style::new().fg_color(Some(Color::Ansi256(colour)))
}

/// Whether standard output shows colours and nobody asked for none (<https://no-color.org>).
pub(super) fn wanted() -> bool {
    let none = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    stdout().is_terminal() && !none && !dumb
}
