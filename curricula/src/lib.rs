//! Curricula: from YAML to an explicit, hashed schedule.
//!
//! This room holds the YAML language with its messages, the generators of
//! scenario types, and the explicit [`Curriculum`] that everything downstream
//! works on. `library/` holds the curricula that ship with the program.
//!
//! What must stay out: agents, logs, and making environments. Names and
//! parameters are checked against the catalog the caller hands in.
//!
//! A text goes through four stages. `document` reads YAML into a tree with places
//! and the tree into records; `plan` says what the records mean and whether they
//! are sound; `check` looks at the environments; `resolve` draws the seeds. All but
//! the last go on after an error and report into `diagnostics`. `grid` reads grids of runs over
//! curricula in the same YAML, with the same diagnostics.
//!
//! ```
//! use tella_curricula::{Document, lifetime_seeds};
//!
//! let text = "
//! schema: 1
//! name: cartpole
//! tasks:
//!   CartPole: CartPole-v1
//! blocks:
//!   - {learn: CartPole, episodes: 100}
//!   - {eval: CartPole, episodes: 10}
//! ";
//! let document = Document::from_text(text, "cartpole.yaml")?;
//! let curriculum = document.resolve(lifetime_seeds(0, 0), None)?;
//! assert_eq!(curriculum.blocks.len(), 2);
//! # Ok::<(), tella_curricula::Diagnostics>(())
//! ```

mod check;
mod curriculum;
mod diagnostics;
mod document;
mod error;
mod explicit;
mod grid;
mod library;
mod load;
mod params;
mod plan;
mod resolve;
mod schema;
mod tuning;

pub use curriculum::{
    Block, BlockSubtype, BlockType, Curriculum, Isolation, Length, RewardVisibility, Seeding,
    TaskBlock, TaskLabels, TaskVariant, Tune,
};
pub use diagnostics::{Diagnostic, Diagnostics, Place, Related, Severity};
pub use document::Document;
pub use error::CurriculumError;
pub use grid::{Cell, CellPart, Grid, MAX_EPISODE_STEPS, grid_schema};
pub use library::{LibraryEntry, library};
pub use load::{agent_in, load, load_with, shortest_path};
pub use params::{GivenParams, ParamPlaces, ParamsOf};
pub use resolve::{TellaConfig, lifetime_seeds};
pub use schema::json_schema;
