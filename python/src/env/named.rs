//! Environments by name: `gymnasium:ID` and `gym:ID` of those packages' registries,
//! `module:Class` and `path/file.py:Class`.

use super::PyEnvs;
use crate::app::is_pythons;
use crate::failure::Failures;
use crate::params;
use pyo3::prelude::*;
use tella_envs::{EnvError, EnvResolver, EnvSpec, ParamError, ParamSpec, Params, VecEnv};

/// Knows every name that is one of Python's.
pub(crate) struct NamedEnvs;

impl EnvResolver for NamedEnvs {
    fn specs(&self) -> Vec<EnvSpec> {
        Vec::new()
    }

    fn spec(&self, name: &str) -> Option<EnvSpec> {
        is_pythons(name).then(|| EnvSpec {
            name: name.into(),
            summary: "An environment in Python.".into(),
            // What cannot be imported has no parameters; making it says why.
            params: Python::attach(|py| own_params(py, name)).unwrap_or_default(),
            continuing: false,
        })
    }

    fn is_foreign(&self) -> bool {
        true
    }

    /// A constructor takes what it takes: numbers are given in the kind that its default has,
    /// everything else as it is, and defaults are left to it.
    fn resolve_params(&self, name: &str, given: &Params) -> Result<Params, Vec<ParamError>> {
        let specs = Python::attach(|py| own_params(py, name)).unwrap_or_default();
        let resolved = given.iter().map(|(name, value)| {
            let spec = specs.iter().find(|spec| spec.name == *name);
            let fitting = spec.and_then(|spec| spec.kind.accept(value).ok());
            (name.clone(), fitting.unwrap_or_else(|| value.clone()))
        });
        Ok(resolved.collect())
    }

    fn make(
        &self,
        name: &str,
        params: &Params,
        lanes: usize,
        _threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError> {
        Python::attach(|py| match make(py, name, params, lanes) {
            Ok(envs) => Ok(Box::new(envs) as Box<dyn VecEnv>),
            Err(error) => Err(EnvError(Failures::default().keep(py, error))),
        })
    }
}

fn own_params(py: Python<'_>, name: &str) -> PyResult<Vec<ParamSpec>> {
    let listed = py.import("tella._environments")?.call_method1("parameters", (name,))?;
    params::declare_all(&listed)
}

fn make(py: Python<'_>, name: &str, params: &Params, lanes: usize) -> PyResult<PyEnvs> {
    let environments = py.import("tella._environments")?;
    let keywords = params::to_kwargs(py, params)?;
    let factory = environments.call_method1("factory", (name, keywords))?;
    PyEnvs::new(&factory, lanes, true, Failures::default())
}
