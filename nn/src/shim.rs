//! Calls of our own C++, which stands where `tch` has no binding: what libtorch says where it refuses.

use std::ffi::{CStr, c_char, c_void};
use tch::Tensor;

/// Bytes for what an exception says.
const WORDS: usize = 4096;

/// Calls with a place for what an exception says, and its size; `call` tells whether it went well.
///
/// # Errors
///
/// The first line of what was said.
pub(crate) fn said(call: impl FnOnce(*mut c_char, usize) -> bool) -> Result<(), String> {
    let mut why = [0 as c_char; WORDS];
    if call(why.as_mut_ptr(), WORDS) {
        return Ok(());
    }
    // SAFETY: the C++ ends what it writes with a zero.
    let text = unsafe { CStr::from_ptr(why.as_ptr()) }.to_string_lossy();
    Err(text.lines().next().unwrap_or_default().to_owned())
}

/// The tensor that `call` makes, which gives none where libtorch refuses.
///
/// # Panics
///
/// There, with what it says, as libtorch's own operations do.
pub(crate) fn made(call: impl FnOnce(*mut c_char, usize) -> *mut c_void) -> Tensor {
    let mut made = std::ptr::null_mut();
    let done = said(|why, room| {
        made = call(why, room);
        !made.is_null()
    });
    done.unwrap_or_else(|why| panic!("{why}"));
    // SAFETY: it is a tensor of our own C++, made for the caller.
    unsafe { Tensor::from_ptr(made.cast()) }
}
