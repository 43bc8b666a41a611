//! `tella env render`: the state that some actions lead to, as a PNG file or as
//! characters.

mod color;

use super::super::numbers::whole;
use super::super::{CliError, CliResult, Exit};
use super::{Play, make, play_failed};
use crate::App;
use clap::ColorChoice;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use tella_envs::trace::{Played, play};
use tella_envs::{Frame, RenderOptions, VecEnv};
use tella_events::replace_file;

/// Largest cell that is drawn.
pub(in super::super) const MAX_TILE_SIZE: u64 = 256;

/// Arguments of `tella env render`.
#[derive(Debug, clap::Args)]
pub(in super::super) struct Args {
    #[command(flatten)]
    play: Play,
    /// Draw to this PNG file, which is replaced where it exists
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Draw with characters on standard output, as is done where no FILE is given
    #[arg(long)]
    text: bool,
    /// When to put its colour behind each cell on standard output
    #[arg(long, value_name = "WHEN", default_value_t = ColorChoice::Auto)]
    color: ColorChoice,
    /// Side of a grid's cell in the file, in pixels; other drawings grow and shrink with it
    #[arg(long, value_name = "N", default_value_t = 32,
          value_parser = whole::<u32>(1..=MAX_TILE_SIZE))]
    tile_size: u32,
    /// Draw in the file what the agent of a grid sees, in place of all of the grid
    #[arg(long)]
    agent_pov: bool,
    /// Draw the file without lighting the cells that the agent of a grid sees
    #[arg(long)]
    no_highlight: bool,
}

/// What is drawn of a state, as far as it is asked for.
#[derive(Default)]
struct Drawn {
    frame: Option<Frame>,
    text: Option<String>,
}

pub(super) fn run(app: &App, args: Args, out: &mut impl Write) -> CliResult {
    if let Some(file) = &args.out {
        is_png(file)?;
    }
    let (mut env, actions) = make(app, &args.play)?;
    let options = RenderOptions {
        tile_size: args.tile_size as usize,
        agent_pov: args.agent_pov,
        highlight: !args.no_highlight,
    };
    let as_text = args.text || args.out.is_none();
    let colored = as_text && wants_color(args.color);
    let mut drawn = Drawn::default();
    play(&mut *env, args.play.seed, &actions, |env, played, step, _| {
        // The state that ends an episode is drawn, not the one it is reset to.
        if step == actions.count() && played != Played::Reset {
            drawn.frame = args.out.as_ref().and_then(|_| env.render_rgb(0, &options));
            drawn.text = as_text.then(|| characters(env, &options, colored)).flatten();
        }
        Ok(())
    })
    .map_err(play_failed)?;

    let name = &args.play.name;
    if let Some(file) = &args.out {
        let frame = drawn
            .frame
            .ok_or_else(|| CliError::usage(format!("{name} does not draw itself as a picture")))?;
        let mut bytes = Vec::new();
        frame.write_png(&mut bytes).map_err(|e| CliError::usage(format!("{name}: {e}")))?;
        replace_file(file, &bytes)?;
    }
    if as_text {
        let text = drawn.text.ok_or_else(|| {
            CliError::usage(format!("{name} does not draw itself with characters"))
                .hint("`--out FILE.png` draws a picture")
        })?;
        writeln!(out, "{text}")?;
    }
    Ok(Exit::Ok)
}

/// Fails for a name that says another format than the one pictures are written in.
fn is_png(file: &Path) -> Result<(), CliError> {
    match file.extension() {
        Some(ending) if !ending.eq_ignore_ascii_case("png") => {
            let png = file.with_extension("png");
            let said = format!("{}: pictures are written as PNG alone", file.display());
            Err(CliError::usage(said).hint(format!("name the file {}", png.display())))
        }
        _ => Ok(()),
    }
}

/// The state of lane 0 as characters.
pub(in super::super) fn characters(
    env: &dyn VecEnv,
    options: &RenderOptions,
    colored: bool,
) -> Option<String> {
    let text = env.render(0)?;
    let options = RenderOptions { tile_size: color::TILE_SIZE, agent_pov: false, ..*options };
    let picture = if colored { env.render_rgb(0, &options) } else { None };
    let with_color = picture.and_then(|picture| color::behind(&text, &picture));
    Some(with_color.unwrap_or(text))
}

/// Colours go to terminals, unless the user wants none of them (`NO_COLOR`, see
/// no-color.org).
pub(in super::super) fn wants_color(choice: ColorChoice) -> bool {
    match choice {
        ColorChoice::Always => true,
        ColorChoice::Never => false,
        ColorChoice::Auto => {
            let unwanted = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
            !unwanted && std::io::stdout().is_terminal()
        }
    }
}
