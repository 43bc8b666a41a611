//! Drawings: SVG whose colours are classes, so that one drawing serves the page, light or
//! dark, a file of its own, and the picture that is made of that file.
//!
//! | file | holds |
//! |---|---|
//! | `canvas` | the elements of a drawing |
//! | `ink` | what the classes look like; the colours of tasks |
//! | `scale` | numbers to places, and ticks |
//! | `frame` | a panel with axes |
//! | `strip` | what comes after what, a row a task |
//! | `label` | text from outside, made harmless and short |
//! | `raster` | PNG |

mod canvas;
mod frame;
mod ink;
mod label;
mod raster;
mod scale;
mod strip;

pub use canvas::{Anchor, Canvas, Track};
pub use frame::Frame;
pub(crate) use ink::shapes;
pub use ink::{COLOURS, DASHES, Ink, Marker, diverging, on_diverging, sequence, stylesheet};
pub use label::{escape, plain, shortened};
pub use raster::png;
pub use scale::{Scale, ticks};
pub use strip::{Bar, Look, Strip};
