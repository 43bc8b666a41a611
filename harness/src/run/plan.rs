//! What a run is a function of, and its form in the run folder.

use super::{End, Isolate, LifetimeReport, Progress, panics};
use crate::App;
use crate::engine::checkpoint::Checkpoint;
use crate::engine::{self, Fault, FaultKind, Party, Place};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tella_curricula::{Curriculum, Diagnostics, Document, TellaConfig, Tune, lifetime_seeds};
use tella_envs::Params;
use tella_events::{
    ActionColumn, EventError, LifetimeLog, LifetimeState, LifetimeStatus, LifetimeWriter,
    OnExisting, RunFolder, RunInfo, WriterOptions,
};

/// Name of a lifetime's explicit curriculum in its folder.
pub(super) const EXPLICIT: &str = "curriculum.yaml";

/// What a run is a function of, besides its curriculum and the program's version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlanSpec {
    /// The agent's name.
    pub agent: String,
    /// Its parameters, complete and checked.
    pub agent_config: Params,
    /// The experiment's seed for agents.
    pub agent_seed: u64,
    /// The experiment's seed for curricula.
    pub curriculum_seed: u64,
    /// Environments stepped together.
    pub num_envs: usize,
    /// An episode that takes more steps than this is taken for endless.
    pub max_episode_steps: u64,
    /// Overrides of the curriculum's keys, `key=value`.
    pub overrides: Vec<String>,
    /// TELLA's curriculum configuration, as text.
    pub curriculum_config: Option<String>,
    /// Whether the log keeps transitions: no part of what makes two runs the same run.
    #[serde(skip)]
    pub transitions: bool,
}

/// What goes into `run.json` besides the columns every run has.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Extra {
    max_episode_steps: u64,
    overrides: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    curriculum_config: Option<String>,
    /// The part that tuning may see.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tune: Option<Tune>,
    /// The log keeps transitions.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    transitions: bool,
    /// The lifetimes the folder was made for: the first, and how many.
    lifetimes: (u64, u64),
}

/// Why a run cannot begin or go on.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The run folder.
    #[error(transparent)]
    Folder(#[from] EventError),
    /// The curriculum.
    #[error(transparent)]
    Curriculum(#[from] Diagnostics),
    /// The folder came from another log format, or was made by another program.
    #[error("{} holds a log but no plan to live ({why}); an imported run can be read, exported and measured, not resumed or verified", dir.display())]
    NoPlan {
        /// The run folder.
        dir: PathBuf,
        /// What `run.json` lacks.
        why: String,
    },
    /// The folder was written by another version of the program.
    #[error("{} was made by tella {found}, this is tella {}; only the same version goes on with a run", dir.display(), env!("CARGO_PKG_VERSION"))]
    Version {
        /// The run folder.
        dir: PathBuf,
        /// The version that made it.
        found: String,
    },
    /// The folder was written by another build, whose agent had other parameters.
    #[error("{} was made by another build of tella, whose `{agent}` had no parameter `{parameter}`; only the same build goes on with a run", dir.display())]
    Build {
        /// The run folder.
        dir: PathBuf,
        /// The agent.
        agent: String,
        /// A parameter that it has here.
        parameter: String,
    },
    /// The folder's lifetimes keep transitions and those to be added would not, or the reverse.
    #[error("{} was made {with} `--log transitions`; lifetimes that are added are logged in the same way", dir.display())]
    OtherLog {
        /// The run folder.
        dir: PathBuf,
        /// `with` or `without`.
        with: &'static str,
    },
    /// The system.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// A lifetime's own seeds, of agent and curriculum, as far as they are known.
type OwnSeeds = (Option<u64>, Option<u64>);

/// A run: its folder and everything needed to live its lifetimes.
pub struct Plan {
    /// Environments and agents by name.
    pub(super) app: Arc<App>,
    /// What it is a function of.
    pub spec: PlanSpec,
    /// Threads that step a lifetime's environments.
    pub(super) threads: usize,
    /// Whether the first environment is drawn.
    pub(super) render: bool,
    /// The lifetimes are begun here: one that is there already is another's.
    pub(super) fresh: bool,
    /// The seeds of its one lifetime, of agent and curriculum, where no experiment's seeds
    /// lead to them.
    own_seeds: Option<OwnSeeds>,
    document: Document,
    folder: RunFolder,
}

impl Plan {
    /// Makes the run folder `dir`, or joins it where it is this very run's; none of `lifetimes`
    /// may be there.
    pub fn create(
        app: Arc<App>,
        spec: PlanSpec,
        document: Document,
        dir: &Path,
        lifetimes: Range<u64>,
        force: bool,
    ) -> Result<Self, PlanError> {
        let existing = if force { OnExisting::Replace } else { OnExisting::Join };
        Self::made(app, spec, document, dir, lifetimes.clone(), None, existing)?
            .begun_here(lifetimes)
    }

    /// As [`Plan::create`], to go on with those of `lifetimes` that are there.
    pub fn join(
        app: Arc<App>,
        spec: PlanSpec,
        document: Document,
        dir: &Path,
        lifetimes: Range<u64>,
    ) -> Result<Self, PlanError> {
        Self::made(app, spec, document, dir, lifetimes, None, OnExisting::Join)
    }

    /// Makes the run folder `dir` for one lifetime with these seeds of its own.
    pub(super) fn create_live(
        app: Arc<App>,
        spec: PlanSpec,
        document: Document,
        dir: &Path,
        own_seeds: OwnSeeds,
        force: bool,
    ) -> Result<Self, PlanError> {
        let existing = if force { OnExisting::Replace } else { OnExisting::Join };
        Self::made(app, spec, document, dir, 0..1, Some(own_seeds), existing)?.begun_here(0..1)
    }

    fn made(
        app: Arc<App>,
        spec: PlanSpec,
        document: Document,
        dir: &Path,
        lifetimes: Range<u64>,
        own_seeds: Option<OwnSeeds>,
        existing: OnExisting,
    ) -> Result<Self, PlanError> {
        let first = explicit(&document, &spec, lifetimes.start)?;
        let more = Extra {
            max_episode_steps: spec.max_episode_steps,
            overrides: spec.overrides.clone(),
            curriculum_config: spec.curriculum_config.clone(),
            tune: first.tune,
            transitions: spec.transitions,
            lifetimes: (lifetimes.start, lifetimes.end - lifetimes.start),
        };
        let info = RunInfo {
            program_version: env!("CARGO_PKG_VERSION").into(),
            identity_hash: identity_hash(&spec, document.text()),
            curriculum: first.name.clone(),
            curriculum_hash: first.content_hash(),
            scenario_type: first.scenario_type.clone(),
            agent: spec.agent.clone(),
            agent_config: json!(spec.agent_config),
            agent_seed: own_seeds.is_none().then_some(spec.agent_seed),
            curriculum_seed: own_seeds.is_none().then_some(spec.curriculum_seed),
            num_parallel_envs: spec.num_envs as u32,
            machine: machine(),
            created_at: jiff::Timestamp::now().to_string(),
            extra: to_map(&more),
            ..RunInfo::default()
        };
        let folder = RunFolder::create(dir, &info, document.text(), existing)?;
        if extra(dir, folder.info())?.transitions != spec.transitions {
            let with = if spec.transitions { "without" } else { "with" };
            return Err(PlanError::OtherLog { dir: dir.to_owned(), with });
        }
        Ok(Plan { app, spec, document, folder, own_seeds, threads: 1, render: false, fresh: false })
    }

    /// The same plan, whose lifetimes are begun here; an error where one is there already.
    fn begun_here(self, lifetimes: Range<u64>) -> Result<Self, PlanError> {
        for lifetime in lifetimes {
            let path = self.lifetime_dir(lifetime);
            if path.exists() {
                return Err(EventError::Exists {
                    path,
                    why: "is never overwritten; resume the run, or choose other lifetimes".into(),
                }
                .into());
            }
        }
        Ok(self.with_fresh(true))
    }

    /// Opens the run folder `dir`.
    pub fn open(app: Arc<App>, dir: &Path) -> Result<Self, PlanError> {
        let folder = RunFolder::open(dir)?;
        let info = folder.info();
        let extra = extra(dir, info)?;
        if info.program_version != env!("CARGO_PKG_VERSION") {
            let found = info.program_version.clone();
            return Err(PlanError::Version { dir: dir.to_owned(), found });
        }
        let no_seed = || no_plan(dir, "run.json names no seeds");
        let agent_config: Params = serde_json::from_value(info.agent_config.clone())
            .map_err(|e| no_plan(dir, &format!("agent_config: {e}")))?;
        let params = app.agents.spec(&info.agent).map_or(Vec::new(), |spec| spec.params);
        if let Some(new) = params.iter().find(|param| !agent_config.contains_key(&param.name)) {
            let (agent, parameter) = (info.agent.clone(), new.name.clone());
            return Err(PlanError::Build { dir: dir.to_owned(), agent, parameter });
        }
        let spec = PlanSpec {
            agent: info.agent.clone(),
            agent_config,
            agent_seed: info.agent_seed.ok_or_else(no_seed)?,
            curriculum_seed: info.curriculum_seed.ok_or_else(no_seed)?,
            num_envs: info.num_parallel_envs as usize,
            max_episode_steps: extra.max_episode_steps,
            overrides: extra.overrides,
            curriculum_config: extra.curriculum_config,
            transitions: extra.transitions,
        };
        let file = dir.join("curriculum.yaml").display().to_string();
        let document = Document::with_overrides(&folder.curriculum()?, &file, &spec.overrides)?;
        let own_seeds = None;
        Ok(Plan { app, spec, document, folder, own_seeds, threads: 1, render: false, fresh: false })
    }

    /// The same run in another folder, `dir`, which must not exist.
    pub(super) fn repeated_in(&self, dir: &Path) -> Result<Self, PlanError> {
        let (app, spec) = (Arc::clone(&self.app), self.spec.clone());
        let again = Self::create(app, spec, self.document.clone(), dir, 0..0, false)?;
        Ok(again.with_threads(self.threads))
    }

    /// The same plan with environments stepped by `threads` threads.
    pub fn with_threads(self, threads: usize) -> Self {
        Plan { threads, ..self }
    }

    /// The same plan, whose lifetimes are begun here where `fresh` says so.
    pub(super) fn with_fresh(self, fresh: bool) -> Self {
        Plan { fresh, ..self }
    }

    /// The same plan, with the first environment drawn where `render` says so.
    pub fn with_render(self, render: bool) -> Self {
        Plan { render, ..self }
    }

    /// The run folder.
    pub fn dir(&self) -> &Path {
        self.folder.dir()
    }

    /// The run folder, to read.
    pub fn folder(&self) -> &RunFolder {
        &self.folder
    }

    /// The curriculum as it was given.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The folder of a lifetime.
    pub fn lifetime_dir(&self, lifetime: u64) -> PathBuf {
        self.folder.lifetime_dir(lifetime as u32)
    }

    /// The lifetimes that are planned or begun, in order.
    pub fn lifetimes(&self) -> Result<Vec<u64>, PlanError> {
        let begun = self.folder.lifetimes()?.into_iter().map(u64::from);
        let mut all: Vec<u64> = planned(&self.folder)?.chain(begun).collect();
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    /// Those of `lifetimes` that are not complete.
    pub fn unfinished_of(
        &self,
        lifetimes: impl IntoIterator<Item = u64>,
    ) -> Result<Vec<u64>, PlanError> {
        let mut unfinished: Vec<u64> = lifetimes.into_iter().collect();
        let mut error = None;
        unfinished.retain(|&lifetime| match self.folder.seal(lifetime as u32) {
            Ok(seal) => seal.is_none(),
            Err(e) => {
                error.get_or_insert(e);
                true
            }
        });
        error.map_or(Ok(unfinished), |e| Err(e.into()))
    }

    /// The explicit curriculum of a lifetime.
    pub(super) fn curriculum(&self, lifetime: u64) -> Result<Curriculum, PlanError> {
        Ok(explicit(&self.document, &self.spec, lifetime)?)
    }

    /// What keeps its lifetimes apart where nobody says.
    pub fn isolation(&self) -> Result<Isolate, PlanError> {
        let first = planned(&self.folder)?.start;
        Ok(Isolate::fitting(&self.app, &self.spec.agent, &self.curriculum(first)?))
    }

    /// The agent's seed in a lifetime.
    pub(super) fn agent_seed(&self, lifetime: u64) -> u64 {
        lifetime_seeds(self.spec.agent_seed, lifetime)
    }

    /// Opens the log of a lifetime: a new one, or at the checkpoint of one begun.
    pub(super) fn open_log(
        &self,
        lifetime: u64,
        curriculum: &Curriculum,
    ) -> Result<(LifetimeWriter, Option<Checkpoint>), EventError> {
        let options = WriterOptions {
            transitions: self.spec.transitions.then(|| self.action_columns(curriculum)),
            ..WriterOptions::default()
        };
        let checkpoint = match self.fresh {
            true => None,
            false => match LifetimeLog::open(&self.folder, lifetime as u32) {
                Ok(_) => {
                    self.folder.kept(lifetime as u32, EXPLICIT)?;
                    Checkpoint::read(&self.folder, lifetime as u32)?
                }
                Err(EventError::NoLifetime { .. }) => None,
                Err(e) => return Err(e),
            },
        };
        let mut log = match &checkpoint {
            Some(checkpoint) => {
                LifetimeWriter::resume(&self.folder, lifetime as u32, &checkpoint.log, options)?
            }
            None => self.begin_log(lifetime, options)?,
        };
        // Written at every start, so that what is sealed in the end is what was lived.
        log.keep(EXPLICIT, curriculum.to_yaml().as_bytes())?;
        Ok((log, checkpoint))
    }

    /// The columns that transitions keep actions in. Environments that cannot be made are told
    /// of by the lifetime, at its place.
    fn action_columns(&self, curriculum: &Curriculum) -> Vec<ActionColumn> {
        let made = panics::catch(|| engine::action_columns(&self.app, curriculum));
        made.ok().and_then(Result::ok).unwrap_or_default()
    }

    fn begin_log(
        &self,
        lifetime: u64,
        options: WriterOptions,
    ) -> Result<LifetimeWriter, EventError> {
        let (agent_seed, curriculum_seed) = self.own_seeds.unwrap_or_else(|| {
            let curriculum_seed = lifetime_seeds(self.spec.curriculum_seed, lifetime);
            (Some(self.agent_seed(lifetime)), Some(curriculum_seed))
        });
        let status = LifetimeStatus {
            lifetime_idx: lifetime as u32,
            curriculum_seed,
            agent_seed,
            ..LifetimeStatus::default()
        };
        match self.fresh {
            true => LifetimeWriter::create(&self.folder, status, options),
            false => LifetimeWriter::restart(&self.folder, status, options),
        }
    }

    /// The report of a lifetime that was complete before.
    pub(super) fn report_of_complete(&self, lifetime: u64) -> Option<LifetimeReport> {
        let seal = self.folder.seal(lifetime as u32).ok()??;
        Some(LifetimeReport {
            experiences: seal.hash.experience_rows,
            content_hash: Some(seal.hash.content),
            ..LifetimeReport::unseen(lifetime, End::Complete)
        })
    }

    /// The report of a lifetime that nobody here has lived, by its folder; `None` where it is not
    /// begun.
    pub fn report_at_rest(&self, lifetime: u64) -> Option<LifetimeReport> {
        if let Some(report) = self.report_of_complete(lifetime) {
            return Some(report);
        }
        if !self.lifetime_dir(lifetime).exists() {
            return None;
        }
        let status = self.folder.status(lifetime as u32).ok();
        let fault = status.as_ref().and_then(|status| status.fault.clone());
        let end = match status.as_ref().map(|status| status.state) {
            Some(LifetimeState::Fault) => End::Fault,
            Some(LifetimeState::DiskFull) => End::DiskFull,
            Some(LifetimeState::LogError) => End::LogError,
            _ => End::Interrupted,
        };
        let message = status.as_ref().and_then(|status| status.message.clone());
        Some(LifetimeReport {
            experiences: status.and_then(|status| status.rows).unwrap_or_default(),
            fault: fault.and_then(|fault| serde_json::from_value(fault).ok()),
            message,
            ..LifetimeReport::unseen(lifetime, end)
        })
    }

    /// The report of a lifetime whose worker is gone, noted in the folder too.
    pub(super) fn died(&self, lifetime: u64, last: &Progress, message: String) -> LifetimeReport {
        // The worker may have died after its work was done.
        if let Some(report) = self.report_of_complete(lifetime) {
            return report;
        }
        let place = Place { lifetime, ..last.place.clone() };
        // What ran is seen now and then, not at the last moment: where in doubt, the agent. Our
        // own environments do not take a process with them, and were seen a moment too early.
        let from_outside = |c: Curriculum| c.variants().any(|v| self.app.envs.is_foreign(&v.env));
        let doubted = self.curriculum(lifetime).is_ok_and(from_outside);
        let party = last.party.filter(|p| doubted && *p == Party::Environment);
        let party = party.unwrap_or(Party::Agent);
        let fault = Fault { party, kind: FaultKind::Died, message, place };
        if let Ok(mut status) = self.folder.status(lifetime as u32) {
            status.state = LifetimeState::Fault;
            status.fault = Some(json!(fault));
            if let Err(e) = self.folder.set_status(&status) {
                tracing::warn!("{e}");
            }
        }
        LifetimeReport { fault: Some(fault), ..LifetimeReport::unseen(lifetime, End::Fault) }
    }
}

fn explicit(
    document: &Document,
    spec: &PlanSpec,
    lifetime: u64,
) -> Result<Curriculum, Diagnostics> {
    let config = spec.curriculum_config.as_deref();
    let config =
        config.map(|text| TellaConfig::from_text(text, "--curriculum-config")).transpose()?;
    document.resolve(lifetime_seeds(spec.curriculum_seed, lifetime), config.as_ref())
}

/// BLAKE3 over everything that two runs must share to be the same run.
fn identity_hash(spec: &PlanSpec, curriculum: &str) -> String {
    let identity = json!({
        "program_version": env!("CARGO_PKG_VERSION"),
        "curriculum": curriculum,
        "spec": spec,
    });
    blake3::hash(identity.to_string().as_bytes()).to_hex().to_string()
}

fn machine() -> Map<String, Value> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let machine = json!({
        "os": std::env::consts::OS,
        "arch": std::env::consts::ARCH,
        "cpus": threads,
        "build": if cfg!(debug_assertions) { "debug" } else { "release" },
    });
    to_map(&machine)
}

fn to_map(value: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(value) {
        Ok(Value::Object(map)) => map,
        other => unreachable!("only structs are kept: {other:?}"),
    }
}

/// The lifetimes that a run folder was made for, begun or not.
pub fn planned(folder: &RunFolder) -> Result<Range<u64>, PlanError> {
    let (first, count) = extra(folder.dir(), folder.info())?.lifetimes;
    Ok(first..first.saturating_add(count))
}

fn extra(dir: &Path, info: &RunInfo) -> Result<Extra, PlanError> {
    serde_json::from_value(Value::Object(info.extra.clone()))
        .map_err(|e| no_plan(dir, &format!("run.json: {e}")))
}

fn no_plan(dir: &Path, why: &str) -> PlanError {
    PlanError::NoPlan { dir: dir.to_owned(), why: why.to_owned() }
}
