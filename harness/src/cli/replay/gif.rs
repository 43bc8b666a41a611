//! An episode as an animated GIF.

use crate::engine::Shown;
use gif::{DisposalMethod, Encoder, Frame, Repeat};
use std::io;
use tella_envs::RenderOptions;

/// How much longer than others the last state stands.
const LAST: u16 = 4;

/// A film in the making. The first error is told at the end: what is compared meanwhile
/// does not depend on it.
pub(super) struct Gif {
    options: RenderOptions,
    /// How long a state stands, in hundredths of a second.
    delay: u16,
    encoder: Option<Encoder<Vec<u8>>>,
    /// The state drawn last, which may be the last.
    waiting: Option<Frame<'static>>,
    failed: Option<String>,
}

impl Gif {
    /// `fps` states a second, cells of `tile_size` pixels.
    pub(super) fn new(fps: f64, tile_size: usize) -> Self {
        Gif {
            options: RenderOptions { tile_size, ..RenderOptions::default() },
            delay: (100.0 / fps).round().max(1.0) as u16,
            encoder: None,
            waiting: None,
            failed: None,
        }
    }

    /// Draws a state.
    pub(super) fn show(&mut self, shown: &Shown<'_>) -> io::Result<()> {
        if self.failed.is_none() {
            self.failed = self.add(shown).err();
        }
        Ok(())
    }

    fn add(&mut self, shown: &Shown<'_>) -> Result<(), String> {
        let picture = shown.env.render_rgb(0, &self.options);
        let picture = picture.ok_or("does not draw itself as a picture")?;
        let size = |n: usize| {
            u16::try_from(n).map_err(|_| "draws a picture too large for a GIF".to_owned())
        };
        let (width, height) = (size(picture.width())?, size(picture.height())?);
        // Pictures of up to 256 colours keep each of them.
        let mut frame = Frame::from_rgb_speed(width, height, picture.pixels(), 10);
        frame.delay = self.delay;
        frame.dispose = DisposalMethod::Keep;
        if self.encoder.is_none() {
            let mut encoder =
                Encoder::new(Vec::new(), width, height, &[]).map_err(|e| e.to_string())?;
            encoder.set_repeat(Repeat::Infinite).map_err(|e| e.to_string())?;
            self.encoder = Some(encoder);
        }
        match self.waiting.replace(frame) {
            Some(before) => self.write(&before),
            None => Ok(()),
        }
    }

    fn write(&mut self, frame: &Frame<'_>) -> Result<(), String> {
        let written = self.encoder.as_mut().map_or(Ok(()), |encoder| encoder.write_frame(frame));
        written.map_err(|e| e.to_string())
    }

    /// The file's bytes, or why there are none.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, String> {
        if let Some(why) = self.failed.take() {
            return Err(why);
        }
        if let Some(mut last) = self.waiting.take() {
            last.delay = last.delay.saturating_mul(LAST);
            self.write(&last)?;
        }
        let encoder = self.encoder.ok_or("has nothing to draw")?;
        encoder.into_inner().map_err(|e| e.to_string())
    }
}
