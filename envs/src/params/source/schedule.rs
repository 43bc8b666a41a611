//! A variant's parameters, episode by episode.

use super::{ParamSource, ParamSources};
use crate::{ParamKind, ParamSpec, ParamValue, Params};
use tella_rng::{Generator, SeedSequence};

/// The parameters of a task variant in each of its episodes: a function of the
/// variant's seed and the episode's index alone.
///
/// What is drawn in episode `i` is drawn, in the order of the parameters' names, from
/// NumPy's `default_rng(SeedSequence(seed, spawn_key=(i, 0)))`, the first child of the
/// sequence that gives the episode its seed.
#[derive(Clone, Debug)]
pub struct ParamSchedule {
    seed: u64,
    sources: Vec<(String, ParamSource, Option<ParamKind>)>,
}

impl ParamSchedule {
    /// The schedule of `sources` for an environment with the parameters `specs`.
    pub fn new(specs: &[ParamSpec], sources: &ParamSources, seed: u64) -> Self {
        let kind = |name: &str| specs.iter().find(|s| s.name == name).map(|s| s.kind.clone());
        let sources =
            sources.iter().map(|(name, source)| (name.clone(), source.clone(), kind(name)));
        ParamSchedule { seed, sources: sources.collect() }
    }

    /// The values in episode `episode`, of the parameters that have a source. They may
    /// still be outside a parameter's range where the sources were never checked.
    pub fn at(&self, episode: u64) -> Params {
        let mut rng = None;
        let mut value = |source: &ParamSource, kind: &Option<ParamKind>| match source {
            ParamSource::Fixed(value) => value.clone(),
            ParamSource::Drift(drift) => match kind {
                Some(kind) => drift.value(kind, episode),
                None => ParamValue::Float(drift.at(episode)),
            },
            ParamSource::Draw(draw) => {
                draw.draw(rng.get_or_insert_with(|| generator(self.seed, episode)))
            }
        };
        self.sources
            .iter()
            .map(|(name, source, kind)| (name.clone(), value(source, kind)))
            .collect()
    }
}

/// The generator of one episode's draws.
fn generator(seed: u64, episode: u64) -> Generator {
    let (low, high) = (episode as u32, (episode >> 32) as u32);
    let words = [low, high, 0];
    // NumPy writes a number of a spawn key in as few words as it needs.
    let key = if high == 0 { &[low, 0][..] } else { &words[..] };
    Generator::from_seed_sequence(&SeedSequence::with_spawn_key(seed, key))
}

#[cfg(test)]
mod tests {
    use super::super::{Draw, Drift};
    use super::*;

    /// From NumPy 2.4.6: `r = np.random.default_rng(np.random.SeedSequence(77,
    /// spawn_key=(episode, 0)))`, then `r.uniform(.5, 1.5)` and
    /// `r.integers(1, 9, endpoint=True)`.
    #[test]
    fn draws_come_from_the_episodes_own_stream_in_the_order_of_names() {
        let specs = [
            ParamSpec::float("length", 1.0, 0.0, 9.0, ""),
            ParamSpec::int("size", 5, 1, 9, ""),
            ParamSpec::int("steps", 5, 1, 99, ""),
        ];
        let sources = ParamSources::from([
            ("size".into(), ParamSource::Draw(Draw::Integers { low: 1, high: 9 })),
            ("length".into(), ParamSource::Draw(Draw::Uniform { low: 0.5, high: 1.5 })),
            ("steps".into(), ParamSource::Drift(Drift { from: 10.0, to: 20.0, over: 3 })),
            ("other".into(), ParamValue::Bool(true).into()),
        ]);
        let schedule = ParamSchedule::new(&specs, &sources, 77);
        for (episode, length, size, steps) in [
            (0, 1.2029573876089432, 2, 10),
            (1, 1.4924416947137755, 1, 15),
            (4096, 1.2863709174452462, 3, 20),
            ((1 << 32) + 5, 0.5438916444330962, 1, 20),
        ] {
            let expected = Params::from([
                ("length".into(), ParamValue::Float(length)),
                ("size".into(), ParamValue::Int(size)),
                ("steps".into(), ParamValue::Int(steps)),
                ("other".into(), ParamValue::Bool(true)),
            ]);
            assert_eq!(schedule.at(episode), expected, "episode {episode}");
        }
    }
}
