//! `tella replay`: one experience simulated again from its log, shown, and compared with what
//! the log says of it.

mod ascii;
mod gif;
mod verdict;

use super::env::render::MAX_TILE_SIZE;
use super::numbers::whole;
use super::{CliError, CliResult, Exit};
use crate::App;
use crate::engine::{Shown, end_words};
use crate::run::Recording;
use ascii::Ascii;
use clap::ColorChoice;
use gif::Gif;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use tella_events::{RunFolder, replace_file};
use verdict::Verdict;

/// Arguments of `tella replay`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The run folder, made with `tella run ... --log transitions`
    dir: PathBuf,

    /// The experience, by its `exp_num`
    #[arg(long, value_name = "N", value_parser = whole::<u64>(..))]
    experience: u64,

    /// The lifetime; the folder's first where not given
    #[arg(long, value_name = "K", value_parser = whole::<u32>(..=4_000_000_000))]
    lifetime: Option<u32>,

    /// Draw each state with characters: on a terminal in place, elsewhere one after the other
    #[arg(long, conflicts_with_all = ["gif", "json"])]
    ascii: bool,

    /// Draw the episode to this animated GIF file, which is replaced where it exists
    #[arg(long, value_name = "OUT")]
    gif: Option<PathBuf>,

    /// States a second, on a terminal and in the file
    #[arg(long, value_name = "N", default_value_t = 8.0, value_parser = rate)]
    fps: f64,

    /// Side of a grid's cell in the file, in pixels; other drawings grow and shrink with it
    #[arg(long, value_name = "N", default_value_t = 32,
          value_parser = whole::<u32>(1..=MAX_TILE_SIZE))]
    tile_size: u32,

    /// When to put its colour behind each cell on standard output
    #[arg(long, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,

    /// Print the comparison as JSON
    #[arg(long)]
    json: bool,
}

/// A number of states a second.
fn rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(fps) if (0.1..=100.0).contains(&fps) => Ok(fps),
        _ => Err("expected a number from 0.1 to 100".into()),
    }
}

pub(super) fn run(app: &App, args: &Args, out: &mut impl Write) -> CliResult {
    let run = RunFolder::open(&args.dir)?;
    let first = || run.lifetimes().map(|all| all.first().copied().unwrap_or(0));
    let lifetime = args.lifetime.map_or_else(first, Ok)?;
    let recording = Recording::read(&run, lifetime, args.experience)?;
    let out = &mut BufWriter::new(out);
    let repeated = if args.ascii {
        let mut screen = Ascii::new(args.fps, args.color);
        recording.course.replay(app, |shown| screen.show(&shown, out))?
    } else if let Some(file) = &args.gif {
        let mut film = Gif::new(args.fps, args.tile_size as usize);
        let repeated = recording.course.replay(app, |shown| film.show(&shown))?;
        let env = &recording.course.variant.env;
        replace_file(file, &film.finish().map_err(|why| cannot_draw(env, &why))?)?;
        repeated
    } else if args.json {
        recording.course.replay(app, |_| Ok(()))?
    } else {
        recording.course.replay(app, |shown| line(&shown, out))?
    };
    let run = args.dir.display().to_string();
    let verdict = Verdict { run, lifetime, recording: &recording, repeated };
    match args.json {
        true => writeln!(out, "{:#}", verdict.to_json())?,
        false => writeln!(out, "{verdict}")?,
    }
    out.flush()?;
    Ok(if verdict.same() { Exit::Ok } else { Exit::Found })
}

fn cannot_draw(env: &str, why: &str) -> CliError {
    CliError::usage(format!("{env} {why}")).hint("`--ascii` shows its states with characters")
}

/// One line on a step.
fn line(shown: &Shown<'_>, out: &mut impl Write) -> std::io::Result<()> {
    match caption(shown) {
        Some(caption) => writeln!(out, "{caption}"),
        None => Ok(()),
    }
}

/// A step in words; nothing of the start.
fn caption(shown: &Shown<'_>) -> Option<String> {
    let Shown { env, step, action, out } = shown;
    let action = env.action_space().to_json(action.lane(0));
    let end = end_words(out.terminated[0], out.truncated[0]);
    (*step > 0).then(|| format!("step {step}  action {action}  reward {}{end}", out.rewards[0]))
}
