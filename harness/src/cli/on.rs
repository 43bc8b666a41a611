//! `--on`: where lifetimes are lived, here or on a cluster.

use super::CliError;
use super::lifetimes::LifetimeArgs;
use super::numbers::whole;
use crate::{App, ClusterEnd, ClusterWork};
use std::path::PathBuf;

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
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = whole::<u64>(..=1000))]
    retries: u64,
}

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
    /// Whether lifetimes are lived on a cluster; an error where this program knows none.
    pub(super) fn is_elsewhere(&self, app: &App) -> Result<bool, CliError> {
        if self.on != On::Local && app.cluster.is_none() {
            let message =
                "--on ray needs tella's Python package, which this program is not part of";
            return Err(CliError::usage(message).hint("pip install 'tella-rs[ray]'"));
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
