//! A report: figures, tables and texts, and the files they are written into.

use crate::ReportError;
use crate::figure::Figure;
use crate::findings::Findings;
use crate::formats::{Format, Formats};
use crate::study::{About, Study};
use crate::table::Table;
use crate::tables::Tables;
use crate::{notes, page, plots, summary};
use rayon::prelude::*;
use std::path::{Path, PathBuf};
use tella_events::EventError;
use tella_metrics::Definition;

/// The name of the page's file.
pub const PAGE: &str = "report.html";

/// The folders of figures and tables.
const FOLDERS: [&str; 2] = ["plots", "tables"];

/// A report. It is a function of the folders it is made from: the same folders, the same
/// bytes.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its heading.
    pub title: String,
    /// The report in a few sentences.
    pub summary: Vec<String>,
    /// What a reader must know: faults, warnings, what is missing.
    pub notes: Vec<String>,
    /// The commands that repeat what was run.
    pub commands: Vec<String>,
    /// The figures, in the order of the page.
    pub figures: Vec<Figure>,
    /// The tables.
    pub tables: Tables,
    /// The metrics that are told.
    pub metrics: Vec<&'static Definition>,
}

impl Report {
    /// The report of a study.
    ///
    /// # Errors
    ///
    /// Where the data range that was given does not fit.
    pub fn new(study: &Study) -> Result<Self, ReportError> {
        let findings = Findings::new(study)?;
        let (figures, tables) =
            rayon::join(|| plots::figures(&findings), || Tables::new(&findings));
        let runs = study.sides.iter().flat_map(|side| &side.runs);
        Ok(Self {
            title: title(study),
            summary: summary::summary(&findings),
            notes: notes::notes(&findings),
            commands: runs.filter_map(About::command).collect(),
            figures,
            tables,
            metrics: study.request.metrics.clone(),
        })
    }

    /// Writes the report into a folder that does not exist or is empty, and returns the files,
    /// in order of their paths. With `replace`, what an earlier report left there goes first.
    ///
    /// # Errors
    ///
    /// Where anything else lies in the folder, or it cannot be written.
    pub fn write(
        &self,
        dir: &Path,
        formats: &Formats,
        replace: bool,
    ) -> Result<Vec<PathBuf>, ReportError> {
        make_room(dir, replace)?;
        let mut files: Vec<(PathBuf, Format, Content<'_>)> = Vec::new();
        for format in formats.iter() {
            match format {
                Format::Html => files.push((dir.join(PAGE), format, Content::Page)),
                Format::Svg | Format::Png => files.extend(self.figures.iter().map(|figure| {
                    let file = format!("{}.{}", figure.name, format.ending());
                    (dir.join(FOLDERS[0]).join(file), format, Content::Figure(figure))
                })),
                _ => files.extend(self.tables.in_format(format).map(|table| {
                    let file = format!("{}.{}", table.name, format.ending());
                    (dir.join(FOLDERS[1]).join(file), format, Content::Table(table))
                })),
            }
        }
        for (path, ..) in &files {
            let parent = path.parent().unwrap_or(dir);
            fs_err::create_dir_all(parent).map_err(|e| EventError::io(parent, e))?;
        }
        files.par_iter().try_for_each(|(path, format, part)| {
            let bytes = self.encode(*format, *part)?;
            fs_err::write(path, bytes).map_err(|e| ReportError::from(EventError::io(path, e)))
        })?;
        let mut paths: Vec<PathBuf> = files.into_iter().map(|(path, ..)| path).collect();
        paths.sort();
        Ok(paths)
    }

    fn encode(&self, format: Format, part: Content<'_>) -> Result<Vec<u8>, ReportError> {
        let failed = |name: &str, why| ReportError::Encode { name: name.to_owned(), why };
        Ok(match (part, format) {
            (Content::Page, _) => page::page(self).into_bytes(),
            (Content::Figure(figure), Format::Png) => {
                figure.png().map_err(|why| failed(&figure.name, why))?
            }
            (Content::Figure(figure), _) => figure.svg().into_bytes(),
            (Content::Table(table), Format::Latex) => table.latex().into_bytes(),
            (Content::Table(table), Format::Markdown) => table.markdown().into_bytes(),
            (Content::Table(table), Format::Parquet) => {
                table.parquet().map_err(|why| failed(&table.name, why))?
            }
            (Content::Table(table), _) => table.tsv().into_bytes(),
        })
    }
}

/// What is written into a file.
#[derive(Clone, Copy)]
enum Content<'a> {
    Page,
    Figure(&'a Figure),
    Table(&'a Table),
}

/// Makes the folder, or takes an empty one, or clears away an earlier report.
fn make_room(dir: &Path, replace: bool) -> Result<(), ReportError> {
    let io = |e| EventError::io(dir, e);
    fs_err::create_dir_all(dir).map_err(io)?;
    let entries = fs_err::read_dir(dir).map_err(io)?;
    let names: Vec<_> = entries
        .map(|entry| entry.map(|e| e.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()
        .map_err(io)?;
    let in_the_way = |what| Err(ReportError::InTheWay { path: dir.to_owned(), what });
    let ours = |name: &String| name == PAGE || FOLDERS.contains(&name.as_str());
    match (names.is_empty(), replace) {
        (true, _) => Ok(()),
        (false, false) => in_the_way("exists and is not empty"),
        (false, true) if !names.iter().all(ours) => in_the_way("holds more than a report"),
        (false, true) => {
            for name in names {
                let path = dir.join(name);
                let removed = match path.is_dir() {
                    true => fs_err::remove_dir_all(&path),
                    false => fs_err::remove_file(&path),
                };
                removed.map_err(|e| EventError::io(&path, e))?;
            }
            Ok(())
        }
    }
}

/// The agents on their curriculum.
fn title(study: &Study) -> String {
    let labels: Vec<&str> = study.sides.iter().map(|side| side.label.as_str()).collect();
    let mut curricula: Vec<&str> = Vec::new();
    for member in study.sides.iter().flat_map(|side| &side.cohort.members) {
        if !member.curriculum.is_empty() && !curricula.contains(&member.curriculum.as_str()) {
            curricula.push(&member.curriculum);
        }
    }
    match curricula.is_empty() {
        true => labels.join(" and "),
        false => format!("{} on {}", labels.join(" and "), curricula.join(", ")),
    }
}
