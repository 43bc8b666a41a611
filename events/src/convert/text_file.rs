//! A text file written in large pieces.

use crate::error::{AtPath, EventError};
use fs_err::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

const PIECE: usize = 1 << 16;

/// Gathers text and writes it once there is enough.
pub(super) struct TextFile {
    path: PathBuf,
    file: File,
    text: String,
}

impl TextFile {
    pub(super) fn create(path: &Path) -> Result<Self, EventError> {
        let file = OpenOptions::new().write(true).create_new(true).open(path).at(path)?;
        Ok(Self { path: path.to_owned(), file, text: String::with_capacity(2 * PIECE) })
    }

    /// Opens a file to write on behind what it holds.
    pub(super) fn append(path: &Path) -> Result<Self, EventError> {
        let file = OpenOptions::new().append(true).create(true).open(path).at(path)?;
        Ok(Self { path: path.to_owned(), file, text: String::with_capacity(2 * PIECE) })
    }

    /// Where text is appended.
    pub(super) fn text(&mut self) -> &mut String {
        &mut self.text
    }

    /// Writes what is gathered, if that is much.
    pub(super) fn write_full(&mut self) -> Result<(), EventError> {
        if self.text.len() >= PIECE { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), EventError> {
        self.file.write_all(self.text.as_bytes()).at(&self.path)?;
        self.text.clear();
        Ok(())
    }

    pub(super) fn finish(mut self) -> Result<(), EventError> {
        self.write()
    }
}
