//! The engine: one agent's lifetime, from the first block to the last.
//!
//! `lifetime` walks the blocks and fires the agent's hooks, `variant` is the loop
//! in which environments and agent take turns, `episodes` counts what they do by
//! TELLA's rules; `transitions` takes steps to the log that keeps them, and `replay`
//! simulates from there. `control` is what the outside sees of a lifetime under way and
//! how it asks for something; `fault` is what can go wrong.
//!
//! The engine knows neither processes nor the command line: see `run` for those.

mod actions;
pub mod checkpoint;
mod control;
mod episodes;
mod fault;
mod isolation;
mod lifetime;
mod make;
mod probe;
mod replay;
mod seeding;
mod transitions;
mod variant;

pub use control::{Control, Phase, Request};
pub use episodes::EpisodesState;
pub use fault::{Fault, FaultKind, Party, Place, Stop};
pub use isolation::IsolationReport;
pub use lifetime::{Lifetime, Outcome};
pub use make::{AgentChoice, make_agent, spaces};
pub use probe::{Probe, probe};
pub use replay::{Course, RecordedEpisode, RecordedStep, Repeated, ReplayError, Shown, end_words};
pub use transitions::action_columns;
pub use variant::VariantState;
