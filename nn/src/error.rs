//! What can go wrong that is not a mistake in the program.

use crate::stack::Problem;

/// As `lane_memory` is given.
fn mebibytes(bytes: usize) -> f64 {
    (bytes as f64 / 1048.576).ceil() / 1000.0
}

/// Why a stack cannot be had or used.
#[derive(Debug, thiserror::Error)]
pub enum NnError {
    /// The declaration is wrong: everything that is, in the order of the text.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Declaration(Vec<Problem>),
    /// A layer looks into the future and cannot act.
    #[error("`{layer}` looks at later positions, so it cannot act step by step; {hint}")]
    NotCausal {
        /// The layer's name in a declaration.
        layer: &'static str,
        /// What would be right.
        hint: &'static str,
    },
    /// Acting would take more memory than is allowed.
    #[error(
        "a lane of acting holds {} MiB, more than the {} allowed; lower `max_length` or \
         `width`, or raise `lane_memory`",
        mebibytes(*.needed), mebibytes(*.limit)
    )]
    Memory {
        /// Bytes a lane needs.
        needed: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Injection of plasticity where there is nothing to inject into.
    #[error(
        "with a `stack` heads are linear, and plasticity cannot be injected into them; leave out `stack` or \
         choose another `plasticity`"
    )]
    Injection,
    /// There is no such device.
    #[error("there is no device `{name}`: {reason}")]
    Device {
        /// What was asked for.
        name: String,
        /// Why it cannot be had, and what can.
        reason: String,
    },
    /// A graph cannot be recorded or launched.
    #[error("work cannot be recorded: {0}")]
    Graph(String),
    /// A checkpoint cannot be taken up.
    #[error("this checkpoint cannot be used: {0}")]
    Checkpoint(String),
}
