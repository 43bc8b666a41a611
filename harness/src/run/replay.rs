//! What a run folder keeps of one experience, read so that it can be simulated again.

use super::plan::EXPLICIT;
use crate::engine::{Course, RecordedEpisode, RecordedStep};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use tella_curricula::{Curriculum, Diagnostics, Document};
use tella_events::{
    BlockEventKind, BlockEventRow, EventError, Experience, LifetimeLog, RunFolder, Segment, Table,
    TableKind,
};

/// An experience, and the course that led to it.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The row of the log.
    pub experience: Experience,
    /// What it belongs to.
    pub segment: Segment,
    /// What is to be simulated.
    pub course: Course,
}

/// Why an experience cannot be simulated again.
#[derive(Debug, thiserror::Error)]
pub enum RecordingError {
    /// The run folder.
    #[error(transparent)]
    Event(#[from] EventError),
    /// The log keeps no transitions.
    #[error("{} keeps no transitions, so its actions are not known", dir.display())]
    NoTransitions {
        /// The lifetime's folder.
        dir: PathBuf,
    },
    /// No experience has that number.
    #[error("{} has no experience {number}: {there}", dir.display())]
    NoExperience {
        /// The lifetime's folder.
        dir: PathBuf,
        /// The number asked for.
        number: u64,
        /// Which numbers there are, in words.
        there: String,
    },
    /// The lifetime's explicit curriculum cannot be read.
    #[error(transparent)]
    Curriculum(#[from] Diagnostics),
    /// The folder's parts do not fit together.
    #[error("{}: {why}", dir.display())]
    Misfit {
        /// The lifetime's folder.
        dir: PathBuf,
        /// What does not fit.
        why: String,
    },
}

impl Recording {
    /// Reads experience `number` of a lifetime.
    pub fn read(run: &RunFolder, lifetime: u32, number: u64) -> Result<Self, RecordingError> {
        let log = LifetimeLog::open(run, lifetime)?;
        let dir = log.dir().to_owned();
        if !log.keeps_table(TableKind::Transitions) {
            return Err(RecordingError::NoTransitions { dir });
        }
        let table = log.table()?;
        let row = table.exp_num.iter().position(|n| *n == Some(number));
        let row = row.ok_or_else(|| RecordingError::NoExperience {
            dir: dir.clone(),
            number,
            there: numbers(&table),
        })?;
        let misfit = |why: &str| RecordingError::Misfit { dir: dir.clone(), why: why.into() };
        let events = log.block_events()?;
        let (variant_num, start) = variant_of(&events, row)
            .ok_or_else(|| misfit("blocks.arrow knows no variant of the experience"))?;
        let curriculum = explicit_curriculum(run, lifetime)?;
        let variant = curriculum.variants().nth(variant_num as usize).cloned();
        let variant = variant
            .filter(|variant| variant.variant == table.variant.get(row))
            .ok_or_else(|| misfit("the lifetime's curriculum.yaml has no such variant"))?;
        // What the same environment ran before goes first where it went on in its stream.
        let first = if table.seed[row].is_some() { row } else { start };
        let here = (first..=row).filter(|&other| table.env_index[other] == table.env_index[row]);
        let indices: Vec<u64> = here.map(|row| table.episode_index[row]).collect();
        let episodes = read_steps(&log, variant_num, &indices)?;
        let (kept, all) = (
            episodes.last().map_or(0, |episode| episode.steps.len() as u64),
            table.episode_step_count[row],
        );
        if kept != all {
            return Err(misfit(&format!("transitions.arrow has {kept} of the {all} steps")));
        }
        Ok(Self {
            experience: table.experience(row),
            segment: table.segment(row),
            course: Course {
                variant,
                seeding: curriculum.seeding,
                lane: table.env_index[row] as usize,
                episodes,
            },
        })
    }
}

/// The numbers that a lifetime's experiences have, in words.
fn numbers(table: &Table) -> String {
    let numbers = || table.exp_num.iter().flatten();
    match (numbers().min(), numbers().max()) {
        (Some(min), Some(max)) => format!("its experiences are {min} to {max}"),
        _ => "no experience of it has a number yet".into(),
    }
}

/// The number of the variant that a row lies in, and the variant's first row.
fn variant_of(events: &[BlockEventRow], row: usize) -> Option<(u64, usize)> {
    let starts = events.iter().filter(|e| e.event.kind == BlockEventKind::VariantStart);
    let before = starts.take_while(|e| e.at_row <= row as u64);
    let (number, start) = (0..).zip(before).last()?;
    Some((number, start.at_row as usize))
}

/// The explicit curriculum that a lifetime's folder keeps.
pub fn explicit_curriculum(run: &RunFolder, lifetime: u32) -> Result<Curriculum, RecordingError> {
    let path = run.lifetime_dir(lifetime).join(EXPLICIT);
    let bytes = run.kept(lifetime, EXPLICIT)?;
    let bytes = bytes.ok_or_else(|| EventError::Missing { path: path.clone() })?;
    let text = String::from_utf8(bytes)
        .map_err(|_| EventError::damaged(&path, 0, "the curriculum is not UTF-8"))?;
    // It names every seed: none is drawn.
    Ok(Document::from_explicit_text(&text, &path.display().to_string())?.resolve(0, None)?)
}

/// The steps of some episodes of a variant.
fn read_steps(
    log: &LifetimeLog,
    variant_num: u64,
    indices: &[u64],
) -> Result<Vec<RecordedEpisode>, EventError> {
    let mut steps: HashMap<u64, Vec<RecordedStep>> =
        indices.iter().map(|index| (*index, Vec::new())).collect();
    for table in log.transitions()? {
        let table = Arc::new(table?);
        for row in (0..table.len()).filter(|&row| table.variant_num[row] == variant_num) {
            if let Some(steps) = steps.get_mut(&table.episode_index[row]) {
                steps.push(RecordedStep { table: Arc::clone(&table), row });
            }
        }
    }
    let episode = |&index| {
        let steps = steps.remove(&index).unwrap_or_default();
        RecordedEpisode { index, steps }
    };
    Ok(indices.iter().map(episode).collect())
}
