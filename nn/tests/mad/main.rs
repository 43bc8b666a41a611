//! Token models on the tasks of mechanistic architecture design.
#![cfg(feature = "torch")]

mod learning;
mod models;
mod trials;

use serde_json::Value;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tch::Device;
use tella_envs::mad::{Rules, Task, settings};
use tella_envs::{Params, resolve_params};
use tella_nn::mad::{Data, Trial};
use tella_nn::stack::Declaration;

/// Training seeds libtorch's generator, which a process has one of: who rests on what it draws is alone.
static GENERATOR: RwLock<()> = RwLock::new(());

/// Held while a test trains. One thread, so that tests beside each other do not wait for cores.
pub(crate) fn training() -> RwLockReadGuard<'static, ()> {
    tch::set_num_threads(1);
    GENERATOR.read().unwrap_or_else(PoisonError::into_inner)
}

/// Held while a test trains whose result rests on draws of libtorch's.
pub(crate) fn training_alone() -> RwLockWriteGuard<'static, ()> {
    tch::set_num_threads(1);
    GENERATOR.write().unwrap_or_else(PoisonError::into_inner)
}

/// The task `name` with some settings, by corrected rules.
pub(crate) fn task(name: &str, given: Value) -> Task {
    let given: Params = serde_json::from_value(given).expect("settings by name");
    let params = resolve_params(&settings(name).expect("a task"), &given).expect("in range");
    Task::new(name, &params, Rules::Corrected).expect("settings that go together")
}

/// Its examples, by the benchmark's seed.
pub(crate) fn data(name: &str, given: Value, train: usize, test: usize) -> Data {
    Data::draw(&task(name, given), train, test, 12345, Device::Cpu).unwrap()
}

pub(crate) fn declared(yaml: &str) -> Declaration {
    Declaration::from_yaml(yaml, "stack.yaml").unwrap()
}

/// A trial of `yaml`.
pub(crate) fn trial(yaml: &str, length: i64, lr: f64, batch_size: i64, epochs: u64) -> Trial {
    Trial {
        declaration: declared(yaml),
        length,
        lr,
        weight_decay: 0.0,
        epochs,
        batch_size,
        seed: 12345,
        enough: 0.995,
    }
}
