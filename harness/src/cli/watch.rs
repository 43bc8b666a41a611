//! `tella watch`: how the lifetimes of a run stand, from its log alone.

use super::lifetimes::seconds;
use super::numbers::whole;
use super::{CliResult, Exit};
use crate::run::State;
use crate::watch::{RunView, Watch, picture};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

/// What a terminal is told to draw over what it shows: go to the upper left corner, clear
/// from there on.
const HOME: &str = "\x1b[H\x1b[J";

/// Looks in a row at which nothing was being written before it is over: between two lifetimes
/// there is nobody for an instant.
const IDLE: u32 = 3;

/// Arguments of `tella watch`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The run folder
    dir: PathBuf,

    /// A lifetime to show, all where not given; may be repeated
    #[arg(long, value_name = "K", value_parser = whole::<u32>(..=4_000_000_000))]
    lifetime: Vec<u32>,

    /// Show how things stand now and end; so it is too where standard output is no terminal
    #[arg(long)]
    once: bool,

    /// Seconds between two looks
    #[arg(long, value_name = "SECONDS", default_value_t = 1.0, value_parser = seconds)]
    interval: f64,

    /// Print how things stand now as one JSON object
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args, out: &mut impl Write) -> CliResult {
    let mut watch = Watch::open(&args.dir, &args.lifetime)?;
    let mut view = watch.look()?;
    if args.json {
        writeln!(out, "{:#}", serde_json::json!(view))?;
        return Ok(exit(&view));
    }
    let refreshing = !args.once && std::io::stdout().is_terminal();
    let mut idle = 0;
    while refreshing && idle < IDLE && !is_over(&view) {
        draw(&view, out)?;
        std::thread::sleep(Duration::from_secs_f64(args.interval.max(0.05)));
        view = watch.look()?;
        let busy = view.lifetimes.iter().any(|lifetime| lifetime.state == State::Running);
        idle = if busy { 0 } else { idle + 1 };
    }
    if refreshing {
        write!(out, "{HOME}")?;
    }
    for line in picture(&view, now()) {
        writeln!(out, "{line}")?;
    }
    Ok(exit(&view))
}

/// Whether nothing more can be expected: every lifetime came to an end, good or bad.
fn is_over(view: &RunView) -> bool {
    let open = [State::Running, State::Planned, State::Killed];
    !view.lifetimes.iter().any(|lifetime| open.contains(&lifetime.state))
}

/// Draws over what a terminal shows, as much as it has room for.
fn draw(view: &RunView, out: &mut impl Write) -> std::io::Result<()> {
    let size = terminal_size::terminal_size();
    let (columns, rows) = size.map_or((80, 24), |(w, h)| (w.0 as usize, h.0 as usize));
    let lines = picture(view, now());
    // The cursor needs a line of its own.
    let room = rows.saturating_sub(2).max(1);
    let mut screen = String::from(HOME);
    for line in lines.iter().take(room) {
        screen.extend(line.chars().take(columns));
        screen.push('\n');
    }
    if lines.len() > room {
        screen += &format!("({} more lines; --lifetime picks)\n", lines.len() - room);
    }
    write!(out, "{screen}")?;
    out.flush()
}

/// Now, in microseconds since 1970 UTC.
fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

fn exit(view: &RunView) -> Exit {
    let corrupt = view.lifetimes.iter().any(|lifetime| lifetime.corrupt);
    if corrupt { Exit::Corrupt } else { Exit::Ok }
}
