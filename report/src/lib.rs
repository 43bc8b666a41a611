//! Reports: figures, tables and a page that a researcher would put in a paper's appendix.
//!
//! A [`Study`] is read from run folders and L2Logger scenarios, `findings` are what the
//! metrics say of it, and a [`Report`] is what is told: figures, tables and texts, functions
//! of the findings, written as files.
//!
//! | folder | holds |
//! |---|---|
//! | `study` | what is reported on, read once |
//! | `plots` | the figures, one file each |
//! | `tables` | the tables, one file each |
//! | `page` | the HTML page, which consumes figures, tables and texts |
//! | `drawing` | SVG, axes, colours, PNG |
//! | `table` | a table as HTML, TSV, LaTeX, Markdown, Parquet |
//!
//! What must stay out: environments, agents and curricula (a report sees folders only), new
//! metrics and statistics (those are `metrics`'), and clocks: the same folders give the same
//! bytes.

pub mod drawing;
mod error;
mod figure;
mod findings;
mod formats;
mod notes;
mod page;
mod plots;
mod report;
mod sheet;
pub mod shell;
pub mod study;
mod summary;
mod table;
mod tables;

pub use error::ReportError;
pub use figure::{Figure, Part};
pub use findings::Findings;
pub use formats::{Format, Formats};
pub use plots::curves::{Curve, Panel, curves};
pub use report::{PAGE, Report};
pub use sheet::{Content, Section, Sheet};
pub use study::{Request, Study};
pub use table::{Cell, Column, Kind, Table};
