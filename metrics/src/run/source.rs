//! What there is to measure in a folder: a run folder, or an L2Logger scenario as it lies
//! there.

use super::damaged::{Damaged, Place};
use super::variants::fold_parameters;
use crate::told::counted;
use crate::{Experiences, Origin};
use std::path::{Path, PathBuf};
use tella_events::convert::Scenario;
use tella_events::{EventError, LifetimeLog, LifetimeState, RunFolder};

/// A run: lifetimes that lie in one folder.
#[derive(Clone, Debug)]
pub struct Run {
    /// The name of its folder.
    pub run_id: String,
    /// Its folder.
    pub dir: PathBuf,
    /// Its agent; empty where that is not said.
    pub agent: String,
    /// The name of its curriculum; empty where that is not said.
    pub curriculum: String,
    /// What tells curricula of one name apart: the hash of the text, where there is one.
    pub curriculum_text: String,
    /// Its lifetimes that have a log, by index.
    pub lifetimes: Vec<Lifetime>,
    /// Those whose logs cannot even be opened.
    pub damaged: Vec<Damaged>,
}

/// A lifetime of a run.
#[derive(Clone, Debug)]
pub struct Lifetime {
    /// Its index; 0 for a scenario.
    pub lifetime_idx: u32,
    /// How it stands; a scenario, which does not say, counts as complete.
    pub state: LifetimeState,
    /// Its own curriculum seed, where it is known.
    pub curriculum_seed: Option<u64>,
    /// What is said of it besides its experiences.
    pub about: About,
    log: Log,
}

/// What is said of a lifetime besides its experiences, in L2Logger's words.
#[derive(Clone, Debug, Default)]
pub struct About {
    /// The name of the run.
    pub run_id: String,
    /// L2Logger's `complexity`.
    pub complexity: Option<String>,
    /// L2Logger's `difficulty`.
    pub difficulty: Option<String>,
    /// L2Logger's `scenario_type`.
    pub scenario_type: Option<String>,
    /// The part of the learning that tuning may see, where one is marked.
    pub tune: Option<f64>,
}

#[derive(Clone, Debug)]
enum Log {
    Run(Box<LifetimeLog>),
    Scenario(Scenario),
}

impl Run {
    /// Opens a run folder, or else an L2Logger scenario: a folder that holds a log and no
    /// scenario or run below it.
    ///
    /// # Errors
    ///
    /// Where the folder is neither, or its descriptions cannot be read.
    pub fn open(dir: &Path) -> Result<Self, EventError> {
        if dir.join("run.json").exists() || !dir.is_dir() {
            return Self::of(&RunFolder::open(dir)?);
        }
        match Self::find(dir)?.as_slice() {
            [own] if own == dir => Self::scenario(Scenario::open(dir)?),
            [] => match Scenario::open(dir) {
                Ok(scenario) => Self::scenario(scenario),
                // A run that was stopped before it began says so itself.
                Err(_) if dir.join("curriculum.yaml").exists() => Self::of(&RunFolder::open(dir)?),
                Err(_) => Err(EventError::NotARun {
                    path: dir.to_owned(),
                    why: "it holds neither run.json nor a log of L2Logger (data-log.tsv)".into(),
                }),
            },
            below => Err(EventError::NotARun {
                path: dir.to_owned(),
                why: format!(
                    "below it: {}; -R measures what is there",
                    counted(below.len(), "run")
                ),
            }),
        }
    }

    /// The runs at or below a folder, in order of their paths: run folders and scenarios.
    ///
    /// # Errors
    ///
    /// Where a folder cannot be read.
    pub fn find(dir: &Path) -> Result<Vec<PathBuf>, EventError> {
        let mut found = Vec::new();
        collect(dir, &mut found)?;
        Ok(found)
    }

    /// The lifetimes of a run folder, finished, running or interrupted. One that is only
    /// being made is left out; one that is damaged is told as [`Damaged`].
    ///
    /// # Errors
    ///
    /// Where the folder or the state of a lifetime cannot be read.
    pub fn of(run: &RunFolder) -> Result<Self, EventError> {
        let run_id = name_of(run.dir());
        let said =
            |key: &str| run.info().extra.get(key).and_then(|v| v.as_str()).map(str::to_owned);
        let (mut lifetimes, mut damaged) = (Vec::new(), Vec::new());
        for lifetime_idx in run.lifetimes()? {
            let log = match LifetimeLog::open(run, lifetime_idx) {
                // Its folder is made, its log not yet begun.
                Err(EventError::NoLifetime { .. }) => continue,
                Err(error) if error.is_corruption() => {
                    let place = Place { run: run.dir().display().to_string(), lifetime_idx };
                    damaged.push(Damaged { place, why: error.to_string() });
                    continue;
                }
                log => log?,
            };
            lifetimes.push(Lifetime {
                lifetime_idx,
                state: log.status().state,
                curriculum_seed: log.status().curriculum_seed,
                about: About {
                    run_id: run_id.clone(),
                    complexity: said("complexity"),
                    difficulty: said("difficulty"),
                    scenario_type: Some(run.info().scenario_type.clone()),
                    tune: run.info().extra.get("tune").and_then(|t| t.get("fraction")?.as_f64()),
                },
                log: Log::Run(Box::new(log)),
            });
        }
        let info = run.info();
        Ok(Self {
            run_id,
            dir: run.dir().to_owned(),
            agent: info.agent.clone(),
            curriculum: info.curriculum.clone(),
            curriculum_text: info.curriculum_text.clone(),
            lifetimes,
            damaged,
        })
    }

    fn scenario(scenario: Scenario) -> Result<Self, EventError> {
        let dir = scenario.dir().to_owned();
        let run_id = name_of(&dir);
        let said = |key: &str| {
            scenario.scenario_info().get(key).and_then(|v| v.as_str()).map(str::to_owned)
        };
        let about = About {
            run_id: run_id.clone(),
            complexity: said("complexity"),
            difficulty: said("difficulty"),
            scenario_type: said("scenario_type"),
            tune: None,
        };
        // What TELLA adds to a scenario's description.
        let (agent, curriculum) = (said("agent_name"), said("curriculum_name"));
        let curriculum_seed =
            scenario.scenario_info().get("curriculum_seed").and_then(|seed| seed.as_u64());
        let lifetime = Lifetime {
            lifetime_idx: 0,
            state: LifetimeState::Complete,
            curriculum_seed,
            about,
            log: Log::Scenario(scenario),
        };
        Ok(Self {
            run_id,
            dir,
            agent: agent.unwrap_or_default(),
            curriculum: curriculum.unwrap_or_default(),
            curriculum_text: String::new(),
            lifetimes: vec![lifetime],
            damaged: Vec::new(),
        })
    }
}

impl Lifetime {
    /// Reads its experiences, as far as its log reaches.
    ///
    /// # Errors
    ///
    /// Where the log is damaged, or not in its format.
    pub fn experiences(&self) -> Result<Experiences, EventError> {
        match &self.log {
            Log::Run(log) => {
                let mut experiences = Experiences::from(log.columns()?);
                fold_parameters(&mut experiences, &log.untimed_block_events()?);
                experiences.origin = Origin::File(log.dir().join("experiences.arrow"));
                let place = log.dir().display();
                let warnings = log.status().warnings.iter();
                experiences.notes.extend(warnings.map(|warning| format!("{place}: {warning}")));
                Ok(experiences)
            }
            Log::Scenario(scenario) => {
                let log = scenario.read()?;
                let mut experiences = Experiences::from(log.columns);
                experiences.origin = Origin::Lines { files: log.files, lines: log.lines };
                experiences.notes = log.notes;
                Ok(experiences)
            }
        }
    }
}

/// The name of a folder, also of `.` and `..`.
fn name_of(dir: &Path) -> String {
    let absolute = std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let name = absolute.file_name().map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| dir.display().to_string())
}

fn collect(dir: &Path, found: &mut Vec<PathBuf>) -> Result<(), EventError> {
    if dir.join("run.json").exists() || dir.join("logger_info.json").exists() {
        found.push(dir.to_owned());
        return Ok(());
    }
    let io = |e| EventError::io(dir, e);
    let mut below = Vec::new();
    for entry in fs_err::read_dir(dir).map_err(io)? {
        let entry = entry.map_err(io)?;
        // Links are not followed: they may lead back here.
        if entry.file_type().map_err(io)?.is_dir() {
            below.push(entry.path());
        }
    }
    below.sort();
    below.iter().try_for_each(|dir| collect(dir, found))
}
