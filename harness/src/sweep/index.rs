//! `sweep.json`: which folder is which run of the grid, and how they stand.

use super::{Standing, Sweep};
use serde_json::{Value, json};
use tella_events::{EventError, replace_file};

/// Name of the file in the sweep's folder.
const INDEX: &str = "sweep.json";

/// Version of the file's format.
const FORMAT_VERSION: u64 = 1;

impl Sweep {
    /// All runs with what they were set to and how their lifetimes stand, as one object.
    pub fn to_json(&self, standings: &[Vec<Standing>]) -> Value {
        let runs = self.runs.iter().zip(standings).map(|(run, lifetimes)| {
            let cell = &run.cell;
            json!({
                "run": cell.name, "agent": run.spec.agent, "agent_name": cell.agent_label,
                "agent_config": run.spec.agent_config, "curriculum": cell.curriculum,
                "curriculum_name": cell.curriculum_label, "set": cell.set, "seed": cell.seed,
                "lifetimes": lifetimes,
            })
        });
        json!({
            "format_version": FORMAT_VERSION, "program_version": env!("CARGO_PKG_VERSION"),
            "description": self.description, "runs": runs.collect::<Vec<_>>(),
        })
    }

    /// Writes the index into the sweep's folder, which is made where it is not there.
    pub fn write_index(&self, standings: &[Vec<Standing>]) -> Result<(), EventError> {
        let path = self.dir.join(INDEX);
        let io = |e| EventError::Io { path: self.dir.clone(), source: e };
        fs_err::create_dir_all(&self.dir).map_err(io)?;
        replace_file(path, format!("{:#}\n", self.to_json(standings)).as_bytes())
    }
}
