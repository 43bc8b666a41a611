//! Curricula: from YAML to an explicit, hashed schedule.
//!
//! This room holds the YAML schema with its diagnostics, the generators of
//! scenario types, and the explicit [`Curriculum`] that everything downstream
//! works on. `library/` holds the curricula that ship with the program.
//!
//! What must stay out: agents, logs, and making environments. Names and
//! parameters are checked against the catalog the caller hands in.

mod curriculum;

pub use curriculum::{
    Block, BlockSubtype, BlockType, Curriculum, Isolation, Length, RewardVisibility, Seeding,
    TaskBlock, TaskLabels, TaskVariant,
};
