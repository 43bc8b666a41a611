//! One writer a lifetime: an advisory lock on its `experiences.arrow`.

use crate::error::{AtPath, EventError};
use fs_err::File;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

/// Takes the writer's lock on a file; it is held as long as the file is open, and falls
/// away with the process however that ends.
pub(crate) fn lock(file: &Path, lifetime_dir: &Path) -> Result<File, EventError> {
    let handle = File::open(file).at(file)?;
    // Somebody who only asks whether a lifetime is written holds the lock for an instant.
    for _ in 0..20 {
        match handle.file().try_lock() {
            Ok(()) => return Ok(handle),
            Err(std::fs::TryLockError::WouldBlock) => sleep(Duration::from_millis(10)),
            Err(std::fs::TryLockError::Error(e)) => return Err(EventError::io(file, e)),
        }
    }
    Err(EventError::Locked { path: lifetime_dir.to_owned() })
}

/// Waits for the lock on a folder itself.
pub(super) fn wait(dir: &Path) -> Result<File, EventError> {
    let handle = File::open(dir).at(dir)?;
    handle.file().lock().at(dir)?;
    Ok(handle)
}

/// Whether some process holds the writer's lock.
pub(super) fn is_held(file: &Path) -> bool {
    File::open(file).is_ok_and(|handle| {
        matches!(handle.file().try_lock_shared(), Err(std::fs::TryLockError::WouldBlock))
    })
}
