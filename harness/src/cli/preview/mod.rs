//! `tella curriculum preview`: a curriculum at a glance, before it is lived.

mod strip;
mod svg;
mod text;

use super::curriculum::Selection;
use super::exit::Exit;
use super::{CliError, CliResult};
use crate::App;
use crate::engine::{Probe, probe};
use crate::run::{experiences, log_bytes};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use tella_curricula::{BlockType, Curriculum, Length, TaskVariant};

/// Environments that are tried out; further ones are taken to be like the mean of these.
const MOST_PROBED: usize = 50;

/// Width where standard output is no terminal, in characters.
const WIDTH: usize = 80;

/// Arguments of `tella curriculum preview`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    selection: Selection,
    /// Draw it as SVG, too
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A task variant on the way through a lifetime.
struct Stretch<'c> {
    block_num: usize,
    block_type: BlockType,
    task: &'c str,
    variant: &'c TaskVariant,
    /// Estimated steps.
    steps: f64,
    /// How much of it tuning may see, from 0 to 1.
    tuned: f64,
}

/// Everything that is shown.
struct Preview<'c> {
    curriculum: &'c Curriculum,
    hash: String,
    /// The experiment's curriculum seed, the lifetime's index and its own seed.
    seeds: (u64, u64, u64),
    stretches: Vec<Stretch<'c>>,
    seconds: f64,
    experiences: f64,
    log_bytes: f64,
}

pub(super) fn run(app: &App, args: &Args, out: &mut impl Write) -> CliResult {
    let curriculum = args.selection.curriculum(app)?;
    let preview = preview(app, &curriculum, &args.selection);
    if let Some(file) = &args.svg {
        fs_err::write(file, svg::draw(&preview)).map_err(CliError::usage)?;
    }
    let mut out = BufWriter::new(out);
    if args.json {
        writeln!(out, "{:#}", to_json(&preview))?;
    } else {
        let width = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| width.0 as usize);
        write!(out, "{}", text::draw(&preview, width.max(40)))?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}

fn preview<'c>(app: &App, curriculum: &'c Curriculum, selection: &Selection) -> Preview<'c> {
    let mut probes = Probes { app, known: HashMap::new() };
    let tuning = curriculum.tuning().unwrap_or_default();
    let mut preview = Preview {
        curriculum,
        hash: curriculum.content_hash(),
        seeds: selection.seeds(),
        stretches: Vec::new(),
        seconds: 0.0,
        experiences: 0.0,
        log_bytes: 0.0,
    };
    for (block_num, block) in curriculum.blocks.iter().enumerate() {
        for task in &block.task_blocks {
            for variant in &task.variants {
                let probe = probes.of(variant);
                let steps = match variant.length {
                    Length::Episodes(n) => n as f64 * probe.steps_per_episode,
                    Length::Steps(n) => n as f64,
                };
                let part = tuning.get(preview.stretches.len()).map_or(0.0, |n| *n as f64);
                preview.seconds += steps * probe.seconds_per_step;
                preview.experiences += experiences(variant, probe.steps_per_episode);
                preview.log_bytes += log_bytes(variant, probe.steps_per_episode);
                preview.stretches.push(Stretch {
                    block_num,
                    block_type: block.block_type,
                    task: &task.task,
                    variant,
                    steps,
                    tuned: part / variant.length.amount().max(1) as f64,
                });
            }
        }
    }
    preview
}

/// What was found of each environment.
struct Probes<'a> {
    app: &'a App,
    known: HashMap<String, Probe>,
}

impl Probes<'_> {
    fn of(&mut self, variant: &TaskVariant) -> Probe {
        let key = format!("{} {}", variant.env, json!(variant.params));
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        if self.known.len() < MOST_PROBED
            && let Ok(found) = probe(self.app, variant)
        {
            self.known.insert(key, found);
            return found;
        }
        let mean = |of: fn(&Probe) -> f64| {
            self.known.values().map(of).sum::<f64>() / self.known.len().max(1) as f64
        };
        Probe {
            steps_per_episode: mean(|p| p.steps_per_episode).max(1.0),
            seconds_per_step: mean(|p| p.seconds_per_step),
        }
    }
}

impl Preview<'_> {
    /// Episodes and steps asked for in blocks of a type.
    fn asked(&self, block_type: BlockType) -> (u64, u64) {
        let lengths = self.stretches.iter().filter(|s| s.block_type == block_type);
        lengths.fold((0u64, 0u64), |(episodes, steps), s| match s.variant.length {
            Length::Episodes(n) => (episodes.saturating_add(n), steps),
            Length::Steps(n) => (episodes, steps.saturating_add(n)),
        })
    }

    fn steps(&self) -> f64 {
        self.stretches.iter().map(|s| s.steps).sum()
    }

    /// Tasks in the order in which they first come.
    fn tasks(&self) -> Vec<&str> {
        let mut tasks: Vec<&str> = Vec::new();
        for stretch in &self.stretches {
            if !tasks.contains(&stretch.task) {
                tasks.push(stretch.task);
            }
        }
        tasks
    }
}

fn to_json(preview: &Preview<'_>) -> Value {
    let asked = |block_type| {
        let (episodes, steps) = preview.asked(block_type);
        json!({"episodes": episodes, "steps": steps})
    };
    let stretch = |s: &Stretch<'_>| {
        json!({
            "block_num": s.block_num,
            "block_type": s.block_type,
            "task": s.task,
            "variant": s.variant.variant,
            s.variant.length.unit(): s.variant.length.amount(),
            "seed": s.variant.seed,
            "continues": s.variant.continues,
            "held_out": s.variant.held_out,
            "tune": (s.tuned * s.variant.length.amount() as f64).round(),
            "estimated_steps": s.steps.round(),
        })
    };
    let (curriculum_seed, lifetime_idx, seed) = preview.seeds;
    json!({
        "name": preview.curriculum.name,
        "hash": preview.hash,
        "curriculum_seed": curriculum_seed,
        "lifetime_idx": lifetime_idx,
        "lifetime_curriculum_seed": seed,
        "tune": preview.curriculum.tune,
        "blocks": preview.curriculum.blocks.len(),
        "learning": asked(BlockType::Learn),
        "evaluation": asked(BlockType::Eval),
        "estimate": {
            "steps": preview.steps().round(),
            "environment_seconds": preview.seconds,
            "experiences": preview.experiences.round(),
            "log_bytes": preview.log_bytes.round(),
        },
        "variants": preview.stretches.iter().map(stretch).collect::<Vec<_>>(),
    })
}
