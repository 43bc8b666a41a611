//! Every layer against its definition written as loops, and the properties that all layers have.
#![cfg(feature = "torch")]

#[path = "../common/mod.rs"]
mod common;
mod declarations;
mod definitions;
mod forms;
mod loops;
mod weights;
