//! `Forager-v0`: a world without episodes, after the field's never-ending worlds of
//! foraging (Jelly Bean World, Forager).
//!
//! The [`World`] is a torus on which objects of several kinds lie. Whoever walks onto one
//! collects it; after a random delay one of its kind appears elsewhere. What a kind is
//! worth drifts ([`Drift`]), and nothing ever ends or starts again: a run sees the world
//! through windows of so many steps, at whose ends nothing happens to it.

mod drift;
mod env;
mod picture;
mod settings;
mod torus;
mod world;

pub use drift::{Drift, Shape};
pub use env::Forager;
pub use settings::Settings;
pub use torus::Torus;
pub use world::World;

use crate::params::resolve;
use crate::wrappers::{LastStep, TimeLimit};
use crate::{EnvError, EnvResolver, EnvSpec, Lanes, ParamError, Params, VecEnv};

const NAME: &str = "Forager-v0";

/// Resolves the one name of this family.
#[derive(Clone, Copy, Debug, Default)]
pub struct Foraging;

impl EnvResolver for Foraging {
    fn specs(&self) -> Vec<EnvSpec> {
        vec![EnvSpec {
            name: NAME.into(),
            summary: "Collect objects whose worth drifts, on a torus, without end".into(),
            params: Settings::params(),
            continuing: true,
        }]
    }

    fn resolve_params(&self, _: &str, given: &Params) -> Result<Params, Vec<ParamError>> {
        let params = resolve(&Settings::params(), given)?;
        let settings = Settings::read(&params).expect("complete parameters");
        let errors = settings.contradictions();
        if errors.is_empty() { Ok(params) } else { Err(errors) }
    }

    fn episode_limit(&self, _: &str, params: &Params) -> Option<u64> {
        Settings::read(params).ok().map(|settings| settings.window)
    }

    fn make(
        &self,
        name: &str,
        params: &Params,
        lanes: usize,
        threads: usize,
    ) -> Result<Box<dyn VecEnv>, EnvError> {
        let settings = Settings::read(params)?;
        if let Some(error) = settings.contradictions().into_iter().next() {
            return Err(EnvError(format!("{name}: {error}")));
        }
        // A window is all that a time limit is: the world behind it goes on.
        let make =
            || TimeLimit::new(Forager::new(settings.clone()), settings.window, LastStep::OneEnd);
        Ok(Box::new(Lanes::new(lanes, threads, make)))
    }
}
