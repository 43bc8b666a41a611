//! A figure: what the page and the files consume of a plot.

use crate::drawing::{Canvas, png};

/// A drawing with what is said of it. Every plot makes one, from one piece of code that the
/// page, the SVG and the PNG share.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The stem of its files' names, unique in a report.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// What the data say, in sentences, for those who cannot see it.
    pub alt: String,
    /// How to read it and how it was made: what was averaged, left out, thinned.
    pub caption: String,
    /// The drawing.
    pub canvas: Canvas,
}

impl Figure {
    /// An `<svg>` element for a page that has the drawings' stylesheet.
    pub fn inline_svg(&self) -> String {
        self.canvas.inline(&self.name, &self.title, &self.alt)
    }

    /// An SVG file.
    pub fn svg(&self) -> String {
        self.canvas.file(&self.title, &self.alt)
    }

    /// A PNG file.
    ///
    /// # Errors
    ///
    /// Where the drawing is too large for a picture.
    pub fn png(&self) -> Result<Vec<u8>, String> {
        png(&self.svg())
    }
}
