//! Logs to and from other formats.
//!
//! | format | export | import |
//! |---|---|---|
//! | `l2logger` | one scenario folder a lifetime, log format 1.1 | yes, 1.0 too, several workers |
//! | `tsv`, `csv` | one flat table a lifetime, every column | `tsv` |
//! | `parquet` | one flat table a lifetime, every column | no |
//! | `tensorboard` | one event file a lifetime, scalars by task | no |
//!
//! L2Logger has no place for seeds, environment indices or how an episode ended, and
//! flat tables have none for block events; what a format cannot hold is left out.

mod columns;
mod delimited;
mod field;
mod flat;
mod import;
mod l2logger;
mod numbers;
mod oddities;
mod parquet;
mod rows;
mod scan;
mod scenario;
mod tensorboard;
mod text_file;

pub use field::field;
pub use import::ImportOptions;
pub use scenario::{Scenario, ScenarioLog};

use crate::error::{AtPath, EventError};
use crate::folder::RunFolder;
use crate::reader::LifetimeLog;
use std::path::{Path, PathBuf};

/// The other formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// L2Logger's folder layout, log format 1.1.
    L2Logger,
    /// Tab-separated values.
    Tsv,
    /// Comma-separated values.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// TensorBoard's event files.
    TensorBoard,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 5] =
        [Self::L2Logger, Self::Tsv, Self::Csv, Self::Parquet, Self::TensorBoard];

    /// The format's name, and the ending of its files.
    pub fn name(self) -> &'static str {
        match self {
            Self::L2Logger => "l2logger",
            Self::Tsv => "tsv",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::TensorBoard => "tensorboard",
        }
    }
}

/// Exports every lifetime of a run folder and returns what was made.
///
/// Flat tables go to `out/lifetime-NNNN.FORMAT`; where `out` itself ends in `.FORMAT` and
/// there is one lifetime, to `out`. L2Logger scenario folders go to `out/lifetime-NNNN/`;
/// the scenario folder of a single lifetime is `out` itself, so that L2Logger's tools can be
/// pointed at it. TensorBoard's event files lie in `out/lifetime-NNNN/` each, which it takes for a
/// run. Nothing is overwritten: `out` must not exist, or be an empty folder. A damaged log is
/// refused, also where what is damaged is no part of the format.
pub fn export(
    dir: impl AsRef<Path>,
    format: Format,
    out: impl AsRef<Path>,
) -> Result<Vec<PathBuf>, EventError> {
    let (dir, out) = (dir.as_ref(), out.as_ref());
    let run = RunFolder::open(dir)?;
    let lifetimes = run.lifetimes()?;
    let logs = lifetimes
        .iter()
        .map(|idx| LifetimeLog::open(&run, *idx))
        .collect::<Result<Vec<_>, EventError>>()?;
    if logs.is_empty() {
        return Err(EventError::NotARun { path: dir.into(), why: "it holds no lifetime".into() });
    }
    logs.iter().try_for_each(|log| log.untimed_block_events().map(drop))?;
    refuse_existing(out)?;
    let single = logs.len() == 1;
    let flat = !matches!(format, Format::L2Logger | Format::TensorBoard);
    let own_file = single && flat && out.extension().is_some_and(|e| e == format.name());
    if !own_file {
        fs_err::create_dir_all(out).at(out)?;
    } else if let Some(parent) = out.parent() {
        fs_err::create_dir_all(parent).at(parent)?;
    }
    let mut made = Vec::new();
    for log in logs {
        let name = format!("lifetime-{:04}", log.lifetime_idx());
        let target = match format {
            Format::L2Logger if single => out.to_owned(),
            Format::L2Logger | Format::TensorBoard => out.join(name),
            _ if own_file => out.to_owned(),
            _ => out.join(format!("{name}.{}", format.name())),
        };
        match format {
            Format::L2Logger => l2logger::export(&run, &log, &target)?,
            Format::Tsv => flat::export(&log, &target, '\t')?,
            Format::Csv => flat::export(&log, &target, ',')?,
            Format::Parquet => parquet::export(&log, &target)?,
            Format::TensorBoard => tensorboard::export(&log, &target)?,
        }
        made.push(target);
    }
    Ok(made)
}

/// Makes a run folder of a log in another format: an L2Logger scenario folder, a folder of
/// such folders (a lifetime each), a `.tsv` file, or a folder of `.tsv` files.
///
/// Rows keep every column: L2Logger's own become the standard ones, further columns extra
/// ones, floats where every value is a number or empty and texts elsewhere. What the log
/// does not say is filled in: `wake`, `complete`, `worker-default`, 0 steps, and a return
/// that is NaN where there is no column `reward`. `run.json` and each `status.json` keep the
/// log's own descriptions, and an export to L2Logger gives the same columns again.
pub fn import(
    input: impl AsRef<Path>,
    out: impl AsRef<Path>,
    options: &ImportOptions,
) -> Result<RunFolder, EventError> {
    import::import(input.as_ref(), out.as_ref(), options)
}

fn refuse_existing(out: &Path) -> Result<(), EventError> {
    let why = if !out.exists() {
        return Ok(());
    } else if !out.is_dir() {
        "is never overwritten"
    } else if fs_err::read_dir(out).at(out)?.next().is_some() {
        "is not empty"
    } else {
        return Ok(());
    };
    Err(EventError::Exists { path: out.to_owned(), why: why.into() })
}
