//! Tables: what the page and the files consume. One table is written as HTML, TSV, LaTeX,
//! Markdown and Parquet.

mod html;
mod latex;
mod markdown;
mod parquet;
mod tsv;

use tella_metrics::told::number;

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// The stem of its files' names, unique in a report.
    pub name: String,
    /// Its heading.
    pub title: String,
    /// How to read it.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name in files for programs.
    pub key: String,
    /// Its heading for people.
    pub heading: String,
    /// What it says, shown on hover; may be empty.
    pub about: String,
    /// What its cells hold.
    pub kind: Kind,
}

/// What the cells of a column hold. Each also may hold nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// A number.
    Number,
    /// A whole number.
    Count,
    /// A number with its interval: in files for programs three columns, `KEY`, `KEY_low` and
    /// `KEY_high`.
    Estimate,
}

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text, which may hold anything.
    Text(String),
    /// Text with more of it on hover, and a place where more is to be read.
    Explained {
        /// The text.
        text: String,
        /// What is shown on hover.
        about: String,
        /// The address of a page; none where empty.
        link: String,
    },
    /// A number.
    Number(f64),
    /// A whole number.
    Count(u64),
    /// A number, and its interval where it has one.
    Estimate(f64, Option<(f64, f64)>),
    /// Nothing, and why.
    Nothing(String),
}

impl Column {
    /// A column.
    pub fn new(key: &str, heading: &str, kind: Kind, about: &str) -> Self {
        Self { key: key.to_owned(), heading: heading.to_owned(), about: about.to_owned(), kind }
    }
}

impl Cell {
    /// A number, or nothing and why.
    pub fn number(value: Result<f64, String>) -> Self {
        value.map_or_else(Self::Nothing, Self::Number)
    }

    /// What people read.
    pub fn shown(&self) -> String {
        match self {
            Self::Text(text) | Self::Explained { text, .. } => text.clone(),
            Self::Number(value) => number(*value),
            Self::Count(count) => number(*count as f64),
            Self::Estimate(value, None) => number(*value),
            Self::Estimate(value, Some((low, high))) => {
                format!("{} [{}, {}]", number(*value), number(*low), number(*high))
            }
            Self::Nothing(_) => "–".to_owned(),
        }
    }

    /// What a program reads: the shortest digits that give the number back, nothing where
    /// there is nothing; of an estimate the number, its lower and its upper end.
    fn fields(&self, kind: Kind) -> Vec<String> {
        let exact =
            |value: f64| if value.is_finite() { format!("{value:?}") } else { String::new() };
        match (kind, self) {
            (Kind::Estimate, Self::Estimate(value, interval)) => {
                let (low, high) = interval.unwrap_or((f64::NAN, f64::NAN));
                [*value, low, high].map(exact).to_vec()
            }
            (Kind::Estimate, _) => vec![String::new(); 3],
            (_, Self::Text(text) | Self::Explained { text, .. }) => vec![text.clone()],
            (_, Self::Number(value) | Self::Estimate(value, _)) => vec![exact(*value)],
            (_, Self::Count(count)) => vec![count.to_string()],
            (_, Self::Nothing(_)) => vec![String::new()],
        }
    }
}

impl Table {
    /// The names of the columns in files for programs.
    fn keys(&self) -> Vec<String> {
        let keys = |column: &Column| match column.kind {
            Kind::Estimate => {
                ["", "_low", "_high"].map(|end| format!("{}{end}", column.key)).to_vec()
            }
            _ => vec![column.key.clone()],
        };
        self.columns.iter().flat_map(keys).collect()
    }
}

#[cfg(test)]
pub(crate) mod sample {
    //! Tests only: a table with every kind of cell.

    use super::*;

    pub(crate) fn table() -> Table {
        let columns = vec![
            Column::new("task", "Task", Kind::Text, "what was <learnt>"),
            Column::new("mean", "Mean", Kind::Estimate, ""),
            Column::new("n", "Lifetimes", Kind::Count, ""),
            Column::new("x", "x", Kind::Number, ""),
        ];
        let hostile = "<b>\"&\t|_%\n\\".to_owned();
        let explained = Cell::Explained {
            text: "gem.acc".to_owned(),
            about: "the \"mean\"".to_owned(),
            link: "metrics/gem.md".to_owned(),
        };
        let rows = vec![
            vec![
                Cell::Text(hostile),
                Cell::Estimate(0.5, Some((0.25, 1.0 / 3.0))),
                Cell::Count(3),
                Cell::Number(-1234.5),
            ],
            vec![
                explained,
                Cell::Estimate(2.0, None),
                Cell::Count(1),
                Cell::Nothing("too few".to_owned()),
            ],
        ];
        Table {
            name: "sample".to_owned(),
            title: "A sample".to_owned(),
            caption: "Of everything.".to_owned(),
            columns,
            rows,
        }
    }
}
