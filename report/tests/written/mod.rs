//! Run folders with given rows, and reports of them.

use std::path::Path;
use tella_events::{
    BlockSubtype, BlockType, Experience, LifetimeStatus, LifetimeWriter, OnExisting, RunFolder,
    RunInfo, Segment, WriterOptions,
};
use tella_metrics::l2metrics::{Normalization, Settings};
use tella_metrics::statistics::Bootstrap;
use tella_metrics::{catalogue, ste};
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
    let segment = Segment {
        block_num,
        block_type,
        block_subtype: BlockSubtype::Wake,
        task_name: format!("{task}_Default"),
        task: task.to_owned(),
        variant: "Default".to_owned(),
        task_params: "{}".to_owned(),
        worker_id: "worker-default".to_owned(),
    };
    Block { segment, rewards: rewards.to_vec() }
}

/// Writes a run of these lifetimes.
pub(crate) fn write(dir: &Path, agent: &str, lifetimes: &[Vec<Block>]) {
    let info = RunInfo {
        agent: agent.to_owned(),
        curriculum: "worked".to_owned(),
        identity_hash: agent.to_owned(),
        ..RunInfo::default()
    };
    let run = RunFolder::create(dir, &info, "worked", OnExisting::Join).unwrap();
    for (lifetime_idx, blocks) in (0..).zip(lifetimes) {
        let seed = Some(u64::from(lifetime_idx));
        let status =
            LifetimeStatus { lifetime_idx, curriculum_seed: seed, ..LifetimeStatus::default() };
        let mut writer = LifetimeWriter::create(&run, status, WriterOptions::default()).unwrap();
        let mut exp_num = 0;
        for block in blocks {
            writer.set_segment(&block.segment).unwrap();
            for reward in &block.rewards {
                let experience = Experience {
                    exp_num: Some(exp_num),
                    episode_index: exp_num,
                    env_index: 0,
                    seed: Some(7),
                    reward: *reward,
                    episode_step_count: 2,
                    terminated: true,
                    truncated: false,
                    complete: true,
                    started_at: None,
                    finished_at: exp_num as i64,
                };
                writer.push(&experience).unwrap();
                exp_num += 1;
            }
        }
        writer.seal(&[]).unwrap();
    }
}

/// The report of runs, one a side, with performance as it is in the log.
pub(crate) fn report(runs: &[&Path]) -> Report {
    report_against(runs, ste::Experts::none())
}

/// As [`report`], measured against single-task experts.
pub(crate) fn report_against(runs: &[&Path], store: ste::Experts) -> Report {
    let settings = Settings { normalization_method: Normalization::None, ..Settings::default() };
    let study = Study::read(Request {
        sides: runs.iter().map(|run| vec![run.to_path_buf()]).collect(),
        metrics: catalogue::metrics().collect(),
        compared: catalogue::find("gem").unwrap(),
        settings,
        store,
        bootstrap: Bootstrap { resamples: 200, ..Bootstrap::default() },
    });
    Report::new(&study.unwrap()).unwrap()
}
