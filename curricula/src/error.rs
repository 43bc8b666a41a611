//! Why a curriculum could not be had.

use crate::Diagnostics;
use std::path::PathBuf;

/// Why a curriculum could not be had.
#[derive(Debug, thiserror::Error)]
pub enum CurriculumError {
    /// No curriculum of the library has this name, and no file either.
    #[error("no curriculum is called `{name}`\nhint: {hint}")]
    Unknown {
        /// The name given.
        name: String,
        /// The nearest name, and how to list all.
        hint: String,
    },
    /// A file could not be read.
    #[error("{}: {message}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        message: String,
    },
    /// The file is wrong.
    #[error(transparent)]
    Invalid(#[from] Diagnostics),
}
