//! One writer a folder: an advisory lock on the folder of a lifetime, or of other work that is gone on with, which, unlike every
//! file in it, is never replaced while the work goes on.

use crate::error::{AtPath, EventError};
use fs_err::File;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// Takes the writer's lock on a folder; it is held as long as the handle is open, and falls away with the process however that
/// ends.
///
/// # Errors
///
/// [`EventError::Locked`] where another handle holds it; a folder that cannot be opened.
pub fn lock(dir: &Path) -> Result<File, EventError> {
    let handle = File::open(dir).at(dir)?;
    let held = || Err(EventError::Locked { path: dir.to_owned() });
    // Somebody who only asks whether a lifetime is written holds the lock for an instant.
    for _ in 0..20 {
        match handle.file().try_lock() {
            // A folder removed since it was opened guards nothing.
            Ok(()) if is_at(&handle, dir)? => return Ok(handle),
            Ok(()) => return held(),
            Err(std::fs::TryLockError::WouldBlock) => sleep(Duration::from_millis(10)),
            Err(std::fs::TryLockError::Error(e)) => return Err(EventError::io(dir, e)),
        }
    }
    held()
}

/// Whether the open folder is the one that `path` leads to.
#[cfg(unix)]
fn is_at(handle: &File, path: &Path) -> Result<bool, EventError> {
    use std::os::unix::fs::MetadataExt;
    let (open, there) = (handle.metadata().at(path)?, fs_err::metadata(path).at(path)?);
    Ok((open.dev(), open.ino()) == (there.dev(), there.ino()))
}

/// Where an open folder cannot be removed, it is the one that its path leads to.
#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> Result<bool, EventError> {
    Ok(true)
}

/// Waits for the lock on a folder itself.
pub(super) fn wait(dir: &Path) -> Result<File, EventError> {
    let handle = File::open(dir).at(dir)?;
    handle.file().lock().at(dir)?;
    Ok(handle)
}

/// Whether some process holds the writer's lock on a lifetime's folder.
pub(super) fn is_held(lifetime_dir: &Path) -> bool {
    File::open(lifetime_dir).is_ok_and(|handle| {
        matches!(handle.file().try_lock_shared(), Err(std::fs::TryLockError::WouldBlock))
    })
}
