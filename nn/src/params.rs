//! Weights: named, drawn from the project's own generator, and grouped for the optimizer.

use crate::panics::out_of_memory;
use tch::nn;
use tch::{Device, Kind, Tensor};
use tella_rng::{Generator, SeedSequence};

/// How a parameter is learned. The numbers are the optimizer's groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The learning rate and weight decay that are given.
    Weights = 0,
    /// Filters that are functions or taps (Hyena's, long convolutions'): a rate of their own, no decay.
    Filters = 1,
    /// The dynamics of state-space models (S4D's step size and poles, Mamba's): likewise.
    Dynamics = 2,
}

/// Learning rates and weight decay by [`Group`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rates {
    /// Learning rate of [`Group::Weights`].
    pub lr: f64,
    /// Weight decay of [`Group::Weights`]; the others have none.
    pub weight_decay: f64,
    /// Learning rate of [`Group::Filters`].
    pub filters: f64,
    /// Learning rate of [`Group::Dynamics`].
    pub dynamics: f64,
}

impl Rates {
    /// Filters as all else, dynamics at most 1e-3 (S4D's).
    pub fn new(lr: f64, weight_decay: f64) -> Self {
        Self { lr, weight_decay, filters: lr, dynamics: lr.min(1e-3) }
    }

    /// All learning rates `by` times as large.
    pub fn scaled(self, by: f64) -> Self {
        let Self { lr, weight_decay, filters, dynamics } = self;
        Self { lr: lr * by, weight_decay, filters: filters * by, dynamics: dynamics * by }
    }

    /// Learning rate and weight decay of a group.
    pub fn of(&self, group: Group) -> (f64, f64) {
        match group {
            Group::Weights => (self.lr, self.weight_decay),
            Group::Filters => (self.filters, 0.0),
            Group::Dynamics => (self.dynamics, 0.0),
        }
    }
}

/// Where a layer registers its parameters, and what draws their first values.
///
/// A parameter's values are a function of the seed and its full name alone: adding a layer changes no
/// other's, and they do not depend on libtorch's generator.
#[derive(Clone, Debug)]
pub struct Params<'a> {
    path: nn::Path<'a>,
    seed: u64,
}

impl<'a> Params<'a> {
    /// Parameters of `store`, of its kind and on its device; both are chosen before, since what a layer
    /// keeps beside its parameters does not move with the store.
    pub fn new(store: &'a nn::VarStore, seed: u64) -> Self {
        Self { path: store.root(), seed }
    }

    /// The parameters below `name`.
    pub fn sub(&self, name: impl ToString) -> Params<'a> {
        Params { path: self.path.sub(name), seed: self.seed }
    }

    /// The same place, for parameters of `group`.
    pub fn group(&self, group: Group) -> Params<'a> {
        Params { path: self.path.set_group(group as usize), seed: self.seed }
    }

    /// Kind and device of the parameters.
    pub fn options(&self) -> (Kind, Device) {
        (self.path.kind(), self.path.device())
    }

    /// Drawn uniformly between `low` and `high`.
    pub fn uniform(&self, name: &str, shape: &[i64], low: f64, high: f64) -> Tensor {
        let mut rng = self.generator(name);
        self.drawn(name, shape, || rng.uniform(low, high))
    }

    /// Drawn from a normal distribution around 0.
    pub fn normal(&self, name: &str, shape: &[i64], deviation: f64) -> Tensor {
        let mut rng = self.generator(name);
        self.drawn(name, shape, || rng.normal(0.0, deviation))
    }

    /// The same value everywhere.
    pub fn constant(&self, name: &str, shape: &[i64], value: f64) -> Tensor {
        self.drawn(name, shape, || value)
    }

    /// The values of `tensor`.
    pub fn given(&self, name: &str, tensor: &Tensor) -> Tensor {
        self.path.add(name, self.placed(tensor), true)
    }

    /// Values that belong to the layer and are not learned.
    pub fn buffer(&self, tensor: &Tensor) -> Tensor {
        self.placed(tensor)
    }

    /// Draws that belong to `name`.
    pub fn generator(&self, name: &str) -> Generator {
        let hash = fnv(self.path.path(name).as_bytes());
        let words = |n: u64| [n as u32, (n >> 32) as u32];
        Generator::from_seed_sequence(&SeedSequence::from_words(&words(self.seed), &words(hash)))
    }

    fn drawn(&self, name: &str, shape: &[i64], mut draw: impl FnMut() -> f64) -> Tensor {
        let count = shape.iter().product::<i64>();
        let mut values = Vec::new();
        if values.try_reserve_exact(count as usize).is_err() {
            out_of_memory(count * size_of::<f64>() as i64);
        }
        values.extend((0..count).map(|_| draw()));
        self.given(name, &Tensor::from_slice(&values).reshape(shape))
    }

    fn placed(&self, tensor: &Tensor) -> Tensor {
        let (kind, device) = self.options();
        tensor.to_kind(kind).to_device(device).copy()
    }
}

/// The 64-bit FNV-1a hash: what tells names apart does not change between versions of a compiler.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Also that of a group which has a ceiling.
    #[test]
    fn all_rates_fall_together() {
        let rates = Rates::new(0.01, 0.1);
        let scaled = rates.scaled(0.5);
        for group in [Group::Weights, Group::Filters, Group::Dynamics] {
            let ((whole, decay), half) = (rates.of(group), scaled.of(group));
            assert_eq!(half, (whole / 2.0, decay), "{group:?}");
        }
        assert_eq!(rates.dynamics, 1e-3);
    }
}
