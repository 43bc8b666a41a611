//! The tasks of mechanistic architecture design.

mod environments;
mod examples;
mod goldens;
mod settings;

use serde_json::Value;
use tella_envs::mad::{Rules, Task, settings};
use tella_envs::{Params, resolve_params};

/// The task `name` with some settings.
pub(crate) fn task(name: &str, given: Value, rules: Rules) -> Task {
    let given: Params = serde_json::from_value(given).expect("settings by name");
    let params = resolve_params(&settings(name).expect("a task"), &given).expect("in range");
    Task::new(name, &params, rules).expect("settings that go together")
}
