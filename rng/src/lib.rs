//! NumPy's random draws, bit for bit.
//!
//! Every seed in the field comes from `numpy.random.default_rng`: a curriculum
//! draws the seeds of its blocks from one, an environment its start states. To
//! repeat those experiments this room repeats NumPy: [`SeedSequence`] turns a
//! seed into the words a generator starts from, [`Generator`] is `default_rng`'s
//! generator with the draws that environments, spaces and curricula need,
//! [`LegacyGenerator`] the global one of old. Equal to NumPy 1.23.5, and to NumPy 2
//! in everything offered here.
//!
//! What must stay out: anything that decides what is drawn. Seeding schemes
//! belong to curricula and environments, sampling a space to `envs`. No draw
//! reads a clock or the operating system's entropy.
//!
//! ```
//! use tella_rng::Generator;
//!
//! // numpy.random.default_rng(0)
//! let mut rng = Generator::new(0);
//! assert_eq!(rng.integers(0, 10), 8);
//! assert_eq!(rng.random(), 0.2697867137638703);
//! assert_eq!(rng.permutation(5), [2, 4, 3, 1, 0]);
//! ```
//!
//! # Panics
//!
//! As indexing does, a draw panics on an argument that no caller should hand
//! over: an empty range, a negative scale, more items than there are. Each says
//! so under its own heading. What a user typed has to be checked before.

mod generator;
mod legacy;
mod seed_sequence;

pub use generator::{Generator, State, StateError};
pub use legacy::LegacyGenerator;
pub use seed_sequence::SeedSequence;
