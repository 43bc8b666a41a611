//! Text with colours behind it, for terminals.

use std::fmt::Write;
use tella_envs::Frame;

/// Characters of a cell.
const WIDTH: usize = 2;

/// Side of a cell in the picture that the colours are taken from, in pixels: too few for
/// the lines between cells to show.
pub(super) const TILE_SIZE: usize = 5;

/// `text`, each cell of two characters on the brightest colour of its cell in `picture`,
/// the letters black or white, whichever is easier to read there. Nothing where the two
/// differ in size, as for a text that is no grid.
pub(super) fn behind(text: &str, picture: &Frame) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let (columns, rows) = (picture.width() / TILE_SIZE, picture.height() / TILE_SIZE);
    let fits = |line: &&str| line.is_ascii() && line.len() == columns * WIDTH;
    if lines.len() != rows || !lines.iter().all(fits) {
        return None;
    }
    let mut colored = Vec::new();
    for (y, line) in lines.iter().enumerate() {
        let mut out = String::new();
        for x in 0..columns {
            let [r, g, b] = brightest(picture, x, y);
            let light = 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b) > 128_000;
            let letters = if light { 30 } else { 97 };
            let cell = &line[x * WIDTH..(x + 1) * WIDTH];
            write!(out, "\x1b[{letters};48;2;{r};{g};{b}m{cell}").expect("a string takes all");
        }
        colored.push(out + "\x1b[0m");
    }
    Some(colored.join("\n"))
}

fn brightest(picture: &Frame, x: usize, y: usize) -> [u8; 3] {
    let (pixels, _) = picture.pixels().as_chunks::<3>();
    let rows = (y * TILE_SIZE..(y + 1) * TILE_SIZE)
        .map(|row| &pixels[row * picture.width() + x * TILE_SIZE..][..TILE_SIZE]);
    let brightness = |color: &&[u8; 3]| color.iter().map(|&v| u32::from(v)).sum::<u32>();
    *rows.flatten().max_by_key(brightness).expect("a cell has pixels")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_stand_on_the_color_of_their_cell() {
        let mut picture = Frame::new(2 * TILE_SIZE, TILE_SIZE);
        let middle = (2 * TILE_SIZE * 2 + TILE_SIZE + 2) * 3;
        picture.pixels_mut()[middle..middle + 3].copy_from_slice(&[250, 240, 230]);
        let expected = "\x1b[97;48;2;0;0;0mWG\x1b[30;48;2;250;240;230mGG\x1b[0m";
        assert_eq!(behind("WGGG", &picture).as_deref(), Some(expected));
        assert_eq!(behind("WG", &picture), None);
        assert_eq!(behind("WGGG\nWGGG", &picture), None);
    }
}
