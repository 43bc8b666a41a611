//! A side of a study: the lifetimes of its runs, each read once.

use super::{About, Course, LifetimeAbout, Request};
use crate::ReportError;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use tella_events::{BlockSubtype, BlockType, EventError};
use tella_metrics::cohort::{Cohort, Damaged, Member, Place};
use tella_metrics::l2metrics::{self, Data};
use tella_metrics::run::{Lifetime, Run};

/// A side: the lifetimes of one agent, as a rule.
#[derive(Clone, Debug)]
pub struct Side {
    /// What it is called: its agent, and its folder where agents have the same name.
    pub label: String,
    /// What is said of its runs.
    pub runs: Vec<About>,
    /// Its lifetimes.
    pub cohort: Cohort,
    /// The course of each lifetime, where its log tells one.
    pub courses: Vec<Option<Course>>,
    /// The first lifetime that L2Metrics' profile measures, row by row.
    pub sample: Option<Sample>,
}

/// The preprocessed rows of a lifetime.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Its place in the cohort.
    pub member: usize,
    /// What is said of each row.
    pub rows: Vec<Row>,
    /// Its rows.
    pub data: Data,
}

/// What is said of a preprocessed row.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Its block.
    pub block_num: u64,
    /// Its block learns.
    pub learns: bool,
    /// Its block sleeps.
    pub asleep: bool,
    /// Its place on the axis of time: the number of the experience, or the steps up to it.
    pub x: u64,
}

/// What reading a lifetime gave.
type Read = Result<(Member, Option<Course>), Damaged>;

impl Side {
    /// Reads the runs of a side.
    pub(super) fn read(dirs: &[PathBuf], request: &Request) -> Result<Self, ReportError> {
        let mut side = Self {
            label: String::new(),
            runs: Vec::new(),
            cohort: Cohort::default(),
            courses: Vec::new(),
            sample: None,
        };
        for dir in dirs {
            let run = Run::open(dir)?;
            side.runs.push(About::read(dir)?);
            side.cohort.damaged.extend(run.damaged.iter().cloned());
            let lifetimes = run.lifetimes.par_iter();
            let read: Result<Vec<Read>, EventError> =
                lifetimes.map(|lifetime| read(&run, lifetime, request)).collect();
            for lifetime in read? {
                match lifetime {
                    Ok((member, course)) => {
                        side.cohort.members.push(member);
                        side.courses.push(course);
                    }
                    Err(damaged) => side.cohort.damaged.push(damaged),
                }
            }
            if side.sample.is_none() {
                side.sample = side.sampled(&run, request)?;
            }
        }
        side.label = side.agents();
        Ok(side)
    }

    /// What is said of a lifetime besides its experiences.
    pub fn about(&self, place: &Place) -> Option<&LifetimeAbout> {
        self.runs.iter().find_map(|run| run.lifetime(place))
    }

    /// Its agents.
    fn agents(&self) -> String {
        let of_run = |run: &About| match run {
            About::Run { info, .. } => info.agent.clone(),
            About::Scenario { scenario_info, .. } => {
                let name = scenario_info.get("agent_name").and_then(|name| name.as_str());
                name.unwrap_or_default().to_owned()
            }
        };
        let agents: BTreeSet<String> =
            self.runs.iter().map(of_run).filter(|name| !name.is_empty()).collect();
        match agents.is_empty() {
            true => "agent unknown".to_owned(),
            false => agents.into_iter().collect::<Vec<_>>().join(", "),
        }
    }

    /// The rows of the first lifetime of a run that can be measured.
    fn sampled(&self, run: &Run, request: &Request) -> Result<Option<Sample>, EventError> {
        let of_run = |member: &Member| member.place.run == run.dir.display().to_string();
        let member = self.cohort.members.iter().position(|m| of_run(m) && m.lifetime.is_ok());
        let Some(member) = member else { return Ok(None) };
        let index = self.cohort.members[member].place.lifetime_idx;
        let Some(lifetime) = run.lifetimes.iter().find(|l| l.lifetime_idx == index) else {
            return Ok(None);
        };
        let log = lifetime.experiences()?;
        let measured = l2metrics::measure_with_data(&log, &request.store, &request.settings);
        let Ok((_, data)) = measured else { return Ok(None) };
        let row = |(at, row): (usize, &usize)| Row {
            block_num: log.block_num[*row],
            learns: log.block_type[*row] == BlockType::Train,
            asleep: log.block_subtype[*row] == BlockSubtype::Sleep,
            x: match &data.steps {
                Some(steps) => steps[at],
                None => log.exp_num.get(*row).unwrap_or_default(),
            },
        };
        let rows = data.rows.iter().enumerate().map(row).collect();
        Ok(Some(Sample { member, rows, data }))
    }

    /// Why it has nothing to measure, where it has not.
    pub(super) fn why_nothing(&self) -> Option<String> {
        let unmeasured = self.cohort.members.iter().find_map(|member| {
            let error = member.lifetime.as_ref().err()?;
            Some(format!("{}: {error}", member.place))
        });
        let empty = self.runs.first().map(|run| format!("{} holds no lifetime", run.dir()));
        unmeasured.or(empty)
    }
}

/// Reads a lifetime: its log once, for all that is told of it.
fn read(run: &Run, lifetime: &Lifetime, request: &Request) -> Result<Read, EventError> {
    let log = match run.experiences(lifetime)? {
        Ok(log) => log,
        Err(damaged) => return Ok(Err(damaged)),
    };
    let Request { metrics, store, settings, .. } = request;
    let member = Member::new(run, lifetime, &log, store, metrics, settings);
    Ok(Ok((member, Course::of(&log, settings))))
}

/// Names sides that have the same agent by their folders: by the folder's own name where that
/// tells them apart.
pub(super) fn name_apart(sides: &mut [Side]) {
    let labels: Vec<String> = sides.iter().map(|side| side.label.clone()).collect();
    let dirs: Vec<String> =
        sides.iter().map(|side| side.runs.first().map_or("", About::dir).to_owned()).collect();
    let name = |dir: &str| {
        let path = Path::new(dir).file_name();
        path.map_or_else(|| dir.to_owned(), |name| name.to_string_lossy().into_owned())
    };
    for (at, side) in sides.iter_mut().enumerate() {
        let others = || (0..labels.len()).filter(|n| *n != at && labels[*n] == labels[at]);
        if others().next().is_some() {
            let own = name(&dirs[at]);
            let told = others().all(|other| name(&dirs[other]) != own);
            side.label = format!("{} ({})", if told { &own } else { &dirs[at] }, labels[at]);
        }
    }
}
