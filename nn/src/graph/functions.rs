//! libtorch's functions that the shim calls, found by name.

use crate::NnError;
use libloading::os::unix::Library;
use std::ffi::c_void;
use std::sync::OnceLock;

/// Their addresses, in the order of `Functions` in `shim.cpp`.
#[repr(C)]
#[derive(Debug)]
pub(super) struct Functions([*const c_void; 8]);

// SAFETY: addresses of code.
unsafe impl Send for Functions {}
// SAFETY: likewise.
unsafe impl Sync for Functions {}

/// Their names as the compiler writes them down, which have their parameters' types in them: a libtorch
/// whose functions take others does not have these.
const NAMES: [&str; 8] = [
    "_ZN2at4cuda9CUDAGraphC1Eb",
    "_ZN2at4cuda9CUDAGraphD1Ev",
    "_ZN2at4cuda9CUDAGraph13capture_beginESt4pairIyyE21cudaStreamCaptureMode",
    "_ZN2at4cuda9CUDAGraph11capture_endEv",
    "_ZN2at4cuda9CUDAGraph6replayEv",
    "_ZN3c104cuda17getStreamFromPoolEba",
    "_ZN3c104cuda20getCurrentCUDAStreamEa",
    "_ZN3c104cuda20setCurrentCUDAStreamENS0_10CUDAStreamE",
];

/// The functions of what [`device`](crate::device()) has loaded.
pub(super) fn loaded() -> Result<&'static Functions, NnError> {
    static FOUND: OnceLock<Result<Functions, String>> = OnceLock::new();
    FOUND.get_or_init(find).as_ref().map_err(|name| {
        NnError::Graph(format!("this libtorch has no `{name}`; it was written for version 2.11"))
    })
}

fn find() -> Result<Functions, String> {
    let program = Library::this();
    let mut found = [std::ptr::null(); NAMES.len()];
    for (place, name) in found.iter_mut().zip(NAMES) {
        // SAFETY: it is looked up, not called.
        let symbol = unsafe { program.get::<*const c_void>(name.as_bytes()) };
        *place = symbol.map_err(|_| name.to_owned())?.into_raw().cast_const();
    }
    Ok(Functions(found))
}
