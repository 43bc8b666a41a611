//! Files that are there whole or not at all: a temporary file beside the target,
//! synced, renamed over it, and the folder synced.

use crate::error::{AtPath, EventError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

/// The ending of files in the making. A reader passes them by; a writer that holds the
/// lifetime's lock removes them.
pub(crate) const TEMPORARY: &str = "tmp";

/// The temporary neighbour of `path`, another at each call in whatever process.
pub(crate) fn temporary(path: &Path) -> PathBuf {
    static CALLS: AtomicU64 = AtomicU64::new(0);
    let call = CALLS.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}-{call}.{TEMPORARY}", std::process::id()));
    path.with_file_name(name)
}

/// Makes `path` hold `bytes`, durably, replacing the file that is there, if any.
///
/// Whatever happens meanwhile, a crash or a loss of power included, `path` holds either all
/// it held before or all of `bytes`; after `Ok` it is `bytes` for good. The folder must
/// exist. The bytes are first written to a neighbour whose name ends in `.tmp`: a crash can
/// leave one, which in a lifetime's folder the next resume or restart removes and
/// [`check`](crate::check) notes.
///
/// # Errors
/// [`EventError::DiskFull`], [`EventError::ReadOnly`] or [`EventError::Io`]. The file holds
/// what it held before, unless it was only the syncing of the folder that failed.
pub fn replace_file(path: impl AsRef<Path>, bytes: &[u8]) -> Result<(), EventError> {
    let path = path.as_ref();
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
        return Err(EventError::io(path, about_target(path, &e)));
    }
    // The parent of a bare file name is the empty path.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    sync_folder(folder.unwrap_or(Path::new(".")))
}

/// The error of a step on the way to `path`, told of `path`: nobody knows the neighbour.
fn about_target(path: &Path, error: &io::Error) -> io::Error {
    let text = error.to_string();
    // What the system says stands behind the names of the files.
    let why = text.rsplit_once("`: ").map_or(text.as_str(), |(_, why)| why);
    io::Error::new(error.kind(), format!("failed to write `{}`: {why}", path.display()))
}

/// Makes renames and new files in a folder durable.
pub(crate) fn sync_folder(dir: &Path) -> Result<(), EventError> {
    // Only Unix can open a folder and sync it; elsewhere the rename itself is what there is.
    if cfg!(unix) {
        fs_err::File::open(dir).and_then(|dir| dir.sync_all()).at(dir)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(dir: &Path) -> Vec<std::ffi::OsString> {
        fs_err::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    }

    #[test]
    fn a_file_is_replaced_or_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("notes.txt");
        for text in ["a longer text", "short", ""] {
            replace_file(&file, text.as_bytes()).unwrap();
            assert_eq!(fs_err::read_to_string(&file).unwrap(), text);
        }
        assert_eq!(names(dir.path()), ["notes.txt"]);
        // A folder is not replaced, and nothing is left over.
        let folder = dir.path().join("folder");
        fs_err::create_dir(&folder).unwrap();
        let error = replace_file(&folder, b"x").unwrap_err();
        assert!(matches!(error, EventError::Io { .. }));
        let said = error.to_string();
        assert!(said.starts_with(&format!("failed to write `{}`: ", folder.display())), "{said}");
        assert!(!said.contains("folder."), "{said}");
        assert_eq!(names(dir.path()).len(), 2);
        assert!(replace_file(dir.path().join("none/file"), b"x").is_err());
    }

    #[test]
    fn threads_that_replace_one_file_leave_the_whole_text_of_one() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("state");
        std::thread::scope(|scope| {
            for n in 0..4u8 {
                let file = &file;
                scope.spawn(move || {
                    for _ in 0..10 {
                        replace_file(file, &vec![n; 10_000 + usize::from(n)]).unwrap();
                    }
                });
            }
        });
        let found = fs_err::read(&file).unwrap();
        let n = found[0];
        assert_eq!(found, vec![n; 10_000 + usize::from(n)]);
        assert_eq!(names(dir.path()), ["state"]);
    }
}
