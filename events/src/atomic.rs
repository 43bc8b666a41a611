//! Files that are there whole or not at all: a temporary file beside the target,
//! synced, renamed over it, and the folder synced.

use crate::error::{AtPath, EventError};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The ending of files in the making. A reader passes them by; a writer that holds the
/// lifetime's lock removes them.
pub(crate) const TEMPORARY: &str = "tmp";

/// The temporary neighbour of `path`, its own for each process.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.{TEMPORARY}", std::process::id()));
    path.with_file_name(name)
}

/// Makes `path` hold `bytes`, durably, replacing what is there.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), EventError> {
    let temp = temporary(path);
    let written = (|| {
        let mut file = fs_err::File::create(&temp)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs_err::rename(&temp, path)
    })();
    if let Err(e) = written {
        // Best effort: the target is untouched, and a leftover does no harm.
        let _ = fs_err::remove_file(&temp);
        return Err(EventError::io(path, e));
    }
    sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// Makes renames and new files in a folder durable.
pub(crate) fn sync_folder(dir: &Path) -> Result<(), EventError> {
    // Only Unix can open a folder and sync it; elsewhere the rename itself is what there is.
    if cfg!(unix) {
        fs_err::File::open(dir).and_then(|dir| dir.sync_all()).at(dir)?;
    }
    Ok(())
}
