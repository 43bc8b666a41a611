//! `--on`: where lifetimes are lived, here or on a cluster.

use super::CliError;
use super::lifetimes::LifetimeArgs;
use super::numbers::whole;
use crate::{App, ClusterEnd, ClusterWork};
use std::borrow::Cow;
use std::path::PathBuf;
use tella_envs::{ParamValue, Params};

/// Where lifetimes are lived, and what they take there.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct OnArgs {
    /// Where lifetimes are lived: `local`, or on a Ray cluster, `ray` or `ray://HOST:PORT`
    #[arg(long, value_name = "WHERE", default_value = "local", value_parser = place)]
    on: On,

    /// Processors that a lifetime takes on a cluster
    #[arg(long, value_name = "N", default_value_t = 1.0, value_parser = amount)]
    pub(super) num_cpus: f64,

    /// GPUs that a lifetime takes on a cluster; may be a fraction
    #[arg(long, value_name = "N", default_value_t = 0.0, value_parser = amount)]
    pub(super) num_gpus: f64,

    /// How often a lifetime is gone on with whose process on the cluster died
    #[arg(long, value_name = "N", default_value_t = RETRIES, value_parser = whole::<u64>(..=1000))]
    pub(super) retries: u64,
}

/// How often a lifetime is gone on with, unless somebody says otherwise.
pub(super) const RETRIES: u64 = 3;

/// A place to live lifetimes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum On {
    Local,
    /// A Ray cluster; where no address is given, the one at hand.
    Ray(Option<String>),
}

fn place(text: &str) -> Result<On, String> {
    match text {
        "local" => Ok(On::Local),
        "ray" => Ok(On::Ray(None)),
        address if address.strip_prefix("ray://").is_some_and(|host| !host.is_empty()) => {
            Ok(On::Ray(Some(address.to_owned())))
        }
        _ => Err("expected `local`, `ray` or `ray://HOST:PORT`".into()),
    }
}

fn amount(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(n) if (0.0..=4096.0).contains(&n) => Ok(n),
        _ => Err("expected a number from 0 to 4096".into()),
    }
}

impl OnArgs {
    /// Whether lifetimes are lived on a cluster; an error where this program knows none, or the cluster
    /// does not ask.
    pub(super) fn is_elsewhere(&self, app: &App, args: &LifetimeArgs) -> Result<bool, CliError> {
        if self.on != On::Local && app.cluster.is_none() {
            let message =
                "--on ray needs tella's Python package, which this program is not part of";
            return Err(CliError::usage(message).hint("pip install 'tella-rs[ray]'"));
        }
        if self.on != On::Local && args.jobs.is_some() {
            let message = "--jobs is for lifetimes here; on Ray there are as many at a time as there is room for";
            return Err(
                CliError::usage(message).hint("--num-cpus says how much room a lifetime takes")
            );
        }
        Ok(self.on != On::Local)
    }

    /// Lives lifetimes of runs, whose folders are there, on the cluster.
    pub(super) fn live(
        &self,
        app: &App,
        lifetimes: Vec<(PathBuf, u64)>,
        args: &LifetimeArgs,
    ) -> Result<ClusterEnd, CliError> {
        let (Some(cluster), On::Ray(address)) = (&app.cluster, &self.on) else {
            return Ok(ClusterEnd::default());
        };
        let absolute = |(dir, lifetime)| (std::path::absolute(&dir).unwrap_or(dir), lifetime);
        let work = ClusterWork {
            address: address.clone(),
            lifetimes: lifetimes.into_iter().map(absolute).collect(),
            options: args.words(),
            num_cpus: self.num_cpus,
            num_gpus: self.num_gpus,
            retries: self.retries,
        };
        cluster(work).map_err(CliError::usage)
    }
}

/// The parameters with which an agent is tried before it is lived with: those asked for, but for the graphics
/// processor that the machine is to have on which it is lived with, where that is another one.
pub(super) fn config_to_try(config: &Params, elsewhere: bool) -> Cow<'_, Params> {
    const DEVICE: &str = "device";
    let is_gpu = |name: &str| {
        name.strip_prefix("cuda").is_some_and(|index| {
            index.is_empty() || index.strip_prefix(':').is_some_and(|n| n.parse::<u32>().is_ok())
        })
    };
    match config.get(DEVICE) {
        Some(ParamValue::Text(name)) if elsewhere && is_gpu(name) => {
            let mut tried = config.clone();
            tried.insert(DEVICE.into(), ParamValue::Text("cpu".into()));
            Cow::Owned(tried)
        }
        _ => Cow::Borrowed(config),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_told_apart() {
        assert_eq!(place("local"), Ok(On::Local));
        assert_eq!(place("ray"), Ok(On::Ray(None)));
        let head = "ray://head:10001";
        assert_eq!(place(head), Ok(On::Ray(Some(head.into()))));
        for text in ["", "ray:", "ray://", "slurm", "head:10001"] {
            assert!(place(text).is_err(), "{text}");
        }
    }
}
