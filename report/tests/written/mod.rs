//! Run folders with given rows, and reports of them.
#![allow(dead_code, reason = "each test binary uses its part")]

use std::path::Path;
use tella_events::{
    BlockType, Experience, LifetimeState, LifetimeStatus, LifetimeWriter, OnExisting, RunFolder,
    RunInfo, Segment, WriterOptions,
};
use tella_metrics::l2metrics::{Normalization, Settings};
use tella_metrics::statistics::Bootstrap;
use tella_metrics::{Definition, catalogue, ste};
use tella_report::{Report, Request, Study};

/// A block of one task and the rewards of its experiences.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    segment: Segment,
    rewards: Vec<f64>,
}

/// A block that learns.
pub(crate) fn learns(block_num: u64, task: &str, rewards: &[f64]) -> Block {
    block(block_num, BlockType::Train, task, rewards)
}

/// A block that evaluates.
pub(crate) fn evaluates(block_num: u64, task: &str, rewards: &[f64]) -> Block {
    block(block_num, BlockType::Test, task, rewards)
}

fn block(block_num: u64, block_type: BlockType, task: &str, rewards: &[f64]) -> Block {
    let segment = Segment::new(block_num, block_type, task, "Default");
    Block { segment, rewards: rewards.to_vec() }
}

/// Writes a run of these lifetimes.
pub(crate) fn write(dir: &Path, agent: &str, lifetimes: &[Vec<Block>]) {
    let lifetimes: Vec<_> =
        lifetimes.iter().map(|blocks| (LifetimeState::Complete, blocks.clone())).collect();
    write_in(dir, agent, &lifetimes);
}

/// As [`write`], of lifetimes that stand so.
pub(crate) fn write_in(dir: &Path, agent: &str, lifetimes: &[(LifetimeState, Vec<Block>)]) {
    let info = RunInfo {
        agent: agent.to_owned(),
        curriculum: "worked".to_owned(),
        identity_hash: agent.to_owned(),
        ..RunInfo::default()
    };
    let run = RunFolder::create(dir, &info, "worked", OnExisting::Join).unwrap();
    for (lifetime_idx, (state, blocks)) in (0..).zip(lifetimes) {
        let seed = Some(u64::from(lifetime_idx));
        let status =
            LifetimeStatus { lifetime_idx, curriculum_seed: seed, ..LifetimeStatus::default() };
        let mut writer = LifetimeWriter::create(&run, status, WriterOptions::default()).unwrap();
        let mut exp_num = 0;
        for block in blocks {
            writer.set_segment(&block.segment).unwrap();
            for reward in &block.rewards {
                writer.push(&Experience::ended(exp_num, *reward, 2)).unwrap();
                exp_num += 1;
            }
        }
        match state {
            LifetimeState::Complete => drop(writer.seal(&[]).unwrap()),
            state => writer.stop(*state, None).unwrap(),
        }
    }
}

/// The report of runs, one a side, with performance as it is in the log.
pub(crate) fn report(runs: &[&Path]) -> Report {
    report_against(runs, ste::Experts::none())
}

/// As [`report`], measured against single-task experts.
pub(crate) fn report_against(runs: &[&Path], store: ste::Experts) -> Report {
    make(runs, catalogue::metrics().collect(), store)
}

/// As [`report`], which tells these metrics alone.
pub(crate) fn report_of(runs: &[&Path], metrics: &[String]) -> Report {
    let metrics = metrics.iter().flat_map(|name| catalogue::find(name).unwrap());
    make(runs, metrics.collect(), ste::Experts::none())
}

fn make(runs: &[&Path], metrics: Vec<&'static Definition>, store: ste::Experts) -> Report {
    let settings = Settings { normalization_method: Normalization::None, ..Settings::default() };
    let study = Study::read(Request {
        sides: runs.iter().map(|run| vec![run.to_path_buf()]).collect(),
        metrics,
        compared: catalogue::find("gem").unwrap(),
        settings,
        store,
        bootstrap: Bootstrap { resamples: 200, ..Bootstrap::default() },
    });
    Report::new(&study.unwrap()).unwrap()
}
