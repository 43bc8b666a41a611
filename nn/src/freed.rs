//! Memory that tensors gave back stays the program's.
//!
//! An update makes and drops the same large tensors again and again. glibc maps each from the system
//! and gives it back, which fills its pages with zeros every time: a fifth of an update of a small
//! network, most of one whose tensors are beyond 32 MiB.

/// Bytes of free memory that are kept; greater tensors are mapped as before. What older versions allow at most, and
/// what newer ones take.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const KEPT: [libc::c_int; 2] = [32 << 20, 1 << 30];

/// Lets the allocator keep it from here on.
pub(crate) fn keep() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    for bytes in KEPT {
        for what in [libc::M_MMAP_THRESHOLD, libc::M_TRIM_THRESHOLD] {
            // SAFETY: it sets a number of the allocator's, which it refuses where it does not take it.
            unsafe { libc::mallopt(what, bytes) };
        }
    }
}
