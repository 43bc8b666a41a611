//! `tella curriculum preview`: a curriculum at a glance, before it is lived.

mod colour;
mod strip;
mod svg;
mod text;
mod words;

use super::curriculum::Selection;
use super::exit::Exit;
use super::{CliError, CliResult};
use crate::App;
use crate::run::{Estimate, Estimator};
use serde_json::{Value, json};
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use tella_curricula::{BlockType, Curriculum, Length, TaskVariant};

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
    estimate: Estimate,
    /// How many of its episodes or steps tuning may see.
    tuned: u64,
}

/// Everything that is shown.
struct Preview<'c> {
    curriculum: &'c Curriculum,
    hash: String,
    /// The experiment's curriculum seed, the lifetime's index and its own seed.
    seeds: (u64, u64, u64),
    stretches: Vec<Stretch<'c>>,
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
        write!(out, "{}", text::draw(&preview, width.max(40), colour::wanted()))?;
    }
    out.flush()?;
    Ok(Exit::Ok)
}

fn preview<'c>(app: &App, curriculum: &'c Curriculum, selection: &Selection) -> Preview<'c> {
    let mut estimator = Estimator::new(app);
    let tuning = curriculum.tuning().unwrap_or_default();
    let mut stretches = Vec::new();
    for (block_num, block) in curriculum.blocks.iter().enumerate() {
        for task in &block.task_blocks {
            for variant in &task.variants {
                stretches.push(Stretch {
                    block_num,
                    block_type: block.block_type,
                    task: &task.task,
                    variant,
                    estimate: estimator.of(variant),
                    tuned: tuning.get(stretches.len()).copied().unwrap_or_default(),
                });
            }
        }
    }
    let (hash, seeds) = (curriculum.content_hash(), selection.seeds());
    Preview { curriculum, hash, seeds, stretches }
}

impl Stretch<'_> {
    /// How much of it tuning may see, from 0 to 1.
    fn tuned_part(&self) -> f64 {
        self.tuned as f64 / self.variant.length.amount().max(1) as f64
    }
}

impl Preview<'_> {
    /// Episodes and steps asked for in blocks of a type.
    fn asked(&self, block_type: BlockType) -> (u64, u64) {
        let lengths = self.stretches.iter().filter(|s| s.block_type == block_type);
        lengths.fold((0u64, 0u64), |(episodes, steps), s| match s.variant.length {
            // All lengths together are no more than 63 bits hold.
            Length::Episodes(n) => (episodes + n, steps),
            Length::Steps(n) => (episodes, steps + n),
        })
    }

    /// What all of it takes.
    fn estimate(&self) -> Estimate {
        let sum = |of: fn(&Estimate) -> f64| self.stretches.iter().map(|s| of(&s.estimate)).sum();
        Estimate {
            steps: sum(|e| e.steps),
            seconds: sum(|e| e.seconds),
            experiences: sum(|e| e.experiences),
            log_bytes: sum(|e| e.log_bytes),
        }
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
            "tune": s.tuned,
            "estimated_steps": s.estimate.steps.round(),
        })
    };
    let (curriculum_seed, lifetime_idx, seed) = preview.seeds;
    let estimate = preview.estimate();
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
            "steps": estimate.steps.round(),
            "environment_seconds": estimate.seconds,
            "experiences": estimate.experiences.round(),
            "log_bytes": estimate.log_bytes.round(),
        },
        "variants": preview.stretches.iter().map(stretch).collect::<Vec<_>>(),
    })
}
