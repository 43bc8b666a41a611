//! The native module of the Python package: agents and environments in Python live in the
//! harness's engine.
//!
//! This room holds what lies between the engine and Python: agents ([`agent`]) and environments
//! ([`env`]) that are Python objects, batches as NumPy arrays ([`arrays`]) and single values as
//! Python ones ([`value`]), spaces ([`space`]), exceptions ([`failure`]), the command line
//! ([`command`]), lifetimes on a cluster ([`cluster`]), logs as Arrow tables
//! ([`arrow`]), metrics in Python ([`metric`]), one lifetime with live objects ([`live`]) and native environments for loops that
//! are Python's ([`gym`]). What needs no speed is written in Python, in `python/tella/`.
//!
//! Nothing here counts episodes of a curriculum: there is one engine, the harness's. The
//! interpreter is held only around calls of Python code.

mod agent;
mod app;
mod arrays;
mod arrow;
mod cluster;
mod command;
mod env;
mod export;
mod failure;
mod gym;
mod live;
mod metric;
mod params;
mod run_folder;
mod space;
mod value;
mod yaml;

use pyo3::prelude::*;

/// See `python/tella/_native.pyi`.
#[pymodule]
mod _native {
    #[pymodule_export]
    use super::arrow::{Table, logged_table};
    #[pymodule_export]
    use super::command::{answer, describe_fault, main};
    #[pymodule_export]
    use super::export::export;
    #[pymodule_export]
    use super::failure::LifetimeFault;
    #[pymodule_export]
    use super::gym::{Environments, environments};
    #[pymodule_export]
    use super::live::{lifetime_seed, run_live};
    #[pymodule_export]
    use super::metric::add_metric;
    #[pymodule_export]
    use super::run_folder::{describe_lifetime, describe_run};
    #[pymodule_export]
    use super::yaml::load_yaml;
    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
