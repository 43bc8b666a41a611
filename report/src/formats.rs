//! The formats of a report's files.

/// A format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// The page.
    Html,
    /// Figures as SVG.
    Svg,
    /// Figures as PNG.
    Png,
    /// Tables as tab-separated values.
    Tsv,
    /// Tables as LaTeX.
    Latex,
    /// Tables as Markdown.
    Markdown,
    /// Tables as Parquet.
    Parquet,
}

/// The formats that are written, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Formats(Vec<Format>);

impl Format {
    /// All formats.
    pub const ALL: [Self; 7] =
        [Self::Html, Self::Svg, Self::Png, Self::Tsv, Self::Latex, Self::Markdown, Self::Parquet];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Svg => "svg",
            Self::Png => "png",
            Self::Tsv => "tsv",
            Self::Latex => "latex",
            Self::Markdown => "markdown",
            Self::Parquet => "parquet",
        }
    }

    /// The ending of its files.
    pub(crate) fn ending(self) -> &'static str {
        match self {
            Self::Latex => "tex",
            Self::Markdown => "md",
            other => other.name(),
        }
    }
}

impl Formats {
    /// These formats; all where none is named.
    pub fn new(formats: &[Format]) -> Self {
        let mut chosen = if formats.is_empty() { Format::ALL.to_vec() } else { formats.to_vec() };
        chosen.sort_unstable();
        chosen.dedup();
        Self(chosen)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Format> {
        self.0.iter().copied()
    }
}
