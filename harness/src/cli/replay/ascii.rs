//! An episode drawn with characters: in place on a terminal, state after state elsewhere.

use super::super::env::render::{characters, wants_color};
use super::caption;
use crate::engine::Shown;
use clap::ColorChoice;
use std::io::{self, IsTerminal, Write};
use std::time::Duration;
use tella_envs::RenderOptions;

/// What a terminal is told to draw over what it shows: go to the upper left corner, clear
/// from there on.
const HOME: &str = "\x1b[H\x1b[J";

/// Where states are drawn.
pub(super) struct Ascii {
    /// How long a state stands, on a terminal.
    pause: Option<Duration>,
    colored: bool,
}

impl Ascii {
    /// Standard output, `fps` states a second where it is a terminal.
    pub(super) fn new(fps: f64, color: ColorChoice) -> Self {
        let terminal = io::stdout().is_terminal();
        let pause = terminal.then(|| Duration::from_secs_f64(1.0 / fps));
        Ascii { pause, colored: wants_color(color) }
    }

    /// Draws a state; one that does not draw itself is told as its observation.
    pub(super) fn show(&mut self, shown: &Shown<'_>, out: &mut impl Write) -> io::Result<()> {
        let drawing = characters(shown.env, &RenderOptions::default(), self.colored);
        let drawing = drawing.unwrap_or_else(|| {
            let observation = shown.out.observations.lane(0);
            format!("observation {}", shown.env.observation_space().to_json(observation))
        });
        let caption = caption(shown).unwrap_or_else(|| "start".into());
        match self.pause {
            None => writeln!(out, "{caption}\n{drawing}\n"),
            Some(pause) => {
                writeln!(out, "{HOME}{drawing}\n{caption}")?;
                out.flush()?;
                std::thread::sleep(pause);
                Ok(())
            }
        }
    }
}
