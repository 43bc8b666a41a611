//! Pictures: what an environment draws for the eye.

use std::collections::BTreeMap;
use std::io;

/// A picture in RGB.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// How an environment is asked to draw itself, with the names and defaults of
/// MiniGrid's constructor. An environment without cells draws at a size of its
/// own, `tile_size` of 32 being its natural one, and has no point of view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenderOptions {
    /// Side of a cell in pixels.
    pub tile_size: usize,
    /// Draw what the agent sees, turned so that it looks up, in place of everything.
    pub agent_pov: bool,
    /// Lighten the cells that the agent sees.
    pub highlight: bool,
}

impl Default for RenderOptions {
    fn default() -> Self {
        RenderOptions { tile_size: 32, agent_pov: false, highlight: true }
    }
}

impl Frame {
    /// A black picture.
    pub fn new(width: usize, height: usize) -> Frame {
        Frame { width, height, pixels: vec![0; width * height * 3] }
    }

    /// Columns.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Red, green and blue of every pixel, row by row from the top: an array of
    /// shape `(height, width, 3)`.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The same, for writing.
    pub fn pixels_mut(&mut self) -> &mut [u8] {
        &mut self.pixels
    }

    /// Writes the picture as a PNG file: with a palette where 256 colours are
    /// enough, which makes drawn pictures several times smaller.
    pub fn write_png(&self, out: impl io::Write) -> io::Result<()> {
        let size = |n| u32::try_from(n).map_err(io::Error::other);
        let mut encoder = png::Encoder::new(out, size(self.width)?, size(self.height)?);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        let indexed = self.indexed();
        let data = match &indexed {
            Some((palette, indices)) => {
                encoder.set_color(png::ColorType::Indexed);
                encoder.set_palette(palette);
                indices
            }
            None => {
                encoder.set_color(png::ColorType::Rgb);
                &self.pixels
            }
        };
        let mut writer = encoder.write_header()?;
        writer.write_image_data(data)?;
        Ok(writer.finish()?)
    }

    /// The colours, and every pixel's number among them, where a byte can hold it.
    fn indexed(&self) -> Option<(Vec<u8>, Vec<u8>)> {
        let mut numbers = BTreeMap::new();
        let mut palette = Vec::new();
        let mut indices = Vec::with_capacity(self.pixels.len() / 3);
        for color in self.pixels.chunks_exact(3) {
            let next = numbers.len();
            let number = *numbers.entry(color).or_insert_with(|| {
                palette.extend_from_slice(color);
                next
            });
            indices.push(u8::try_from(number).ok()?);
        }
        Some((palette, indices))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(frame: &Frame) -> (png::ColorType, Frame) {
        let mut file = Vec::new();
        frame.write_png(&mut file).unwrap();
        let mut decoder = png::Decoder::new(io::Cursor::new(file));
        let stored = decoder.read_header_info().unwrap().color_type;
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut back = Frame::new(frame.width, frame.height);
        reader.next_frame(&mut back.pixels).unwrap();
        (stored, back)
    }

    #[test]
    fn a_png_holds_the_picture_whatever_its_colours() {
        let mut frame = Frame::new(257, 2);
        for (i, pixel) in frame.pixels.chunks_exact_mut(3).enumerate() {
            pixel.copy_from_slice(&[(i % 256) as u8, 7, 0]);
        }
        assert_eq!(read_back(&frame), (png::ColorType::Indexed, frame.clone()));
        frame.pixels[2] = 1;
        assert_eq!(read_back(&frame), (png::ColorType::Rgb, frame));
    }
}
