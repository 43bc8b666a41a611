//! A figure: what the page and the files consume of a plot.

use crate::drawing::{Canvas, png};

/// The part of a report that a figure belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What came after what.
    Course,
    /// Learning and evaluations.
    Performance,
    /// What tasks do to each other, and what experts do.
    Transfer,
    /// Metrics and comparisons.
    Metrics,
    /// L2Metrics' own plots.
    L2metrics,
}

impl Part {
    /// All parts, in the order of the page.
    pub const ALL: [Self; 5] =
        [Self::Course, Self::Performance, Self::Transfer, Self::Metrics, Self::L2metrics];

    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Self::Course => "Order of learning",
            Self::Performance => "Performance",
            Self::Transfer => "Transfer",
            Self::Metrics => "Metrics",
            Self::L2metrics => "L2Metrics' plots",
        }
    }

    /// The id of its heading on the page.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Course => "course",
            Self::Performance => "performance",
            Self::Transfer => "between-tasks",
            Self::Metrics => "metrics-part",
            Self::L2metrics => "l2metrics",
        }
    }
}

/// A drawing with what is said of it. Every plot makes one, from one piece of code that the
/// page, the SVG and the PNG share.
#[derive(Clone, Debug)]
pub struct Figure {
    /// The stem of its files' names, unique in a report.
    pub name: String,
    /// Where on the page it stands.
    pub part: Part,
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
