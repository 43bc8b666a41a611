//! Recorded work of a graphics processor: launched as one, however many kernels it is.
//!
//! A training step of a small model is hundreds of kernels of a few microseconds, which a processor cannot
//! launch as fast as they end. [`Graph::record`] runs a function once and keeps what it launched;
//! [`Graph::replay`] launches that again, on the same memory: inputs are copied into the tensors it
//! read, results stand in those it wrote. What runs on the processor itself (control flow, reading a
//! number) is not part of it.

mod functions;

use crate::NnError;
use crate::shim::said;
use functions::Functions;
use std::ffi::c_char;
use tch::{Cuda, Device};

/// Bytes for the C++ object, whose size its headers alone tell: it was 128 when this was written.
const ROOM: usize = 1024;

/// A stream, as the shim has it.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Stream {
    device: i16,
    id: i64,
}

/// What to come back to after a recording: the device's stream, and the device that the thread was at.
#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Before {
    stream: Stream,
    device: i8,
}

#[repr(C, align(64))]
struct Object([u8; ROOM]);

unsafe extern "C" {
    fn tella_graph_begin(
        f: &Functions,
        graph: *mut Object,
        device: i8,
        before: &mut Before,
        why: *mut c_char,
        size: usize,
    ) -> bool;
    fn tella_graph_end(
        f: &Functions,
        graph: *mut Object,
        before: &Before,
        why: *mut c_char,
        size: usize,
    ) -> bool;
    fn tella_graph_replay(f: &Functions, graph: *mut Object, why: *mut c_char, size: usize)
    -> bool;
    fn tella_graph_destroy(f: &Functions, graph: *mut Object);
}

/// Work that was recorded.
#[derive(Debug)]
pub struct Graph {
    functions: &'static Functions,
    /// Boxed, as libtorch keeps its address.
    object: Box<Object>,
}

impl std::fmt::Debug for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Object")
    }
}

// SAFETY: a graph belongs to no thread; it is used through `&mut self` alone.
unsafe impl Send for Graph {}

impl Graph {
    /// Runs `work`, which launches on `device` and waits for nothing, and keeps what it launched. Nothing of
    /// that is computed yet. Memory that `work` allocates stays the graph's own; what it gives back are
    /// tensors whose values each replay renews.
    ///
    /// Before this `work` has run a few times as it is: libraries set themselves up when they are first
    /// called, which cannot be recorded.
    ///
    /// # Errors
    ///
    /// [`NnError::Graph`] where `device` is no graphics processor, or what was recorded cannot be launched.
    ///
    /// # Panics
    ///
    /// Where `work` does: what cannot be recorded (waiting for the device, say) panics inside libtorch.
    pub fn record<T>(device: Device, work: impl FnOnce() -> T) -> Result<(Self, T), NnError> {
        let Device::Cuda(index) = device else {
            return Err(NnError::Graph(format!("{device:?} has no graphs")));
        };
        let functions = functions::loaded()?;
        let mut graph = Box::new(Object([0; ROOM]));
        let mut before = Before::default();
        Cuda::synchronize(index as i64);
        said(|why, room| {
            // SAFETY: `graph` has room for the object, and stays where it is.
            unsafe {
                tella_graph_begin(functions, &mut *graph, index as i8, &mut before, why, room)
            }
        })
        .map_err(NnError::Graph)?;
        let mut recording = Recording { functions, object: Some(graph), before };
        let made = work();
        Ok((recording.end()?, made))
    }

    /// Launches the work again.
    ///
    /// # Errors
    ///
    /// [`NnError::Graph`] where the device refuses it.
    pub fn replay(&mut self) -> Result<(), NnError> {
        said(|why, room| {
            // SAFETY: the object was made and recorded.
            unsafe { tella_graph_replay(self.functions, &mut *self.object, why, room) }
        })
        .map_err(NnError::Graph)
    }
}

impl Drop for Graph {
    fn drop(&mut self) {
        // SAFETY: the object was made, and is used no more.
        unsafe { tella_graph_destroy(self.functions, &mut *self.object) };
    }
}

/// A recording under way: ended also where the work panics.
struct Recording {
    functions: &'static Functions,
    object: Option<Box<Object>>,
    before: Before,
}

impl Recording {
    fn end(&mut self) -> Result<Graph, NnError> {
        let object = self.object.take().expect("a recording ends once");
        // From here on it is destroyed whatever happens.
        let mut graph = Graph { functions: self.functions, object };
        said(|why, room| {
            // SAFETY: the recording was begun.
            unsafe { tella_graph_end(self.functions, &mut *graph.object, &self.before, why, room) }
        })
        .map_err(NnError::Graph)?;
        Ok(graph)
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        if self.object.is_some() {
            let _ = self.end();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Graph;
    use tch::Device;

    #[test]
    fn a_processor_has_no_graphs() {
        let error = Graph::record(Device::Cpu, || ()).unwrap_err();
        assert_eq!(error.to_string(), "work cannot be recorded: Cpu has no graphs");
    }
}
