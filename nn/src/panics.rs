//! What libtorch says where it panics: with words for its own developers.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Does `work`. Where it panics with words that `meant` has an error for, it is that error.
pub(crate) fn caught<T, E>(
    work: impl FnOnce() -> Result<T, E>,
    meant: impl FnOnce(&str) -> Option<E>,
) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = match panic.downcast_ref::<String>() {
            Some(text) => text.as_str(),
            None => panic.downcast_ref::<&str>().copied().unwrap_or_default(),
        };
        match meant(text) {
            Some(error) => Err(error),
            None => resume_unwind(panic),
        }
    })
}

/// Whether it says that memory ran out.
pub(crate) fn is_about_memory(text: &str) -> bool {
    const SIGNS: [&str; 3] =
        ["out of memory", "can't allocate memory", "CUBLAS_STATUS_ALLOC_FAILED"];
    SIGNS.iter().any(|sign| text.contains(sign))
}

/// Panics as libtorch does where memory runs out, but prints nothing.
pub(crate) fn out_of_memory(bytes: i64) -> ! {
    resume_unwind(Box::new(format!("out of memory: tried to allocate {bytes} bytes. ")))
}
