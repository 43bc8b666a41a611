//! Logs to test with: a random-CartPole-like and a MiniGrid-like table from a seed.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its part")]

use std::path::Path;
use tella_events::*;

/// SplitMix64: enough randomness for test data, and no dependency.
pub struct Draws(pub u64);

impl Draws {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

pub fn info() -> RunInfo {
    RunInfo {
        program_version: "0.1.0".into(),
        identity_hash: "identity".into(),
        curriculum: "SimpleCartPole".into(),
        curriculum_hash: "c".repeat(64),
        scenario_type: "alternating".into(),
        agent: "random".into(),
        agent_config: serde_json::json!({}),
        agent_seed: Some(u64::MAX),
        curriculum_seed: Some(7),
        num_parallel_envs: 8,
        created_at: "2026-11-24T00:00:00Z".into(),
        ..RunInfo::default()
    }
}

pub fn status(lifetime_idx: u32) -> LifetimeStatus {
    LifetimeStatus {
        lifetime_idx,
        curriculum_seed: Some(11_749_869_230_777_074_271),
        agent_seed: Some(4_976_686_463_289_251_617),
        ..LifetimeStatus::default()
    }
}

pub fn create(dir: &Path) -> RunFolder {
    RunFolder::create(dir, &info(), "name: SimpleCartPole\n", OnExisting::Join).unwrap()
}

/// What a step of a made-up lifetime writes.
#[derive(Clone, Debug)]
pub enum Step {
    Segment(Segment),
    Row(Experience),
    Block(BlockEvent),
}

/// The kind of tasks a made-up lifetime has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum World {
    CartPole,
    MiniGrid,
}

/// A made-up lifetime: blocks of `block_len` episodes on eight environments, learning and
/// evaluation in turn, episode lengths and returns distributed like those of a random agent.
pub fn lifetime(world: World, rows: u64, block_len: u64, seed: u64) -> Vec<Step> {
    let mut draws = Draws(seed);
    let mut steps = Vec::new();
    let mut now = 1_790_000_000_000_000_000i64;
    // Each environment's running episode: index, when it began, its length.
    let mut running: Vec<(u64, i64, u64)> = Vec::new();
    let (mut started, mut finished, mut block) = (0, 0, 0);
    let length = |draws: &mut Draws| match world {
        World::CartPole => 9 + (-(1.0 - draws.unit()).ln() * 13.0) as u64,
        World::MiniGrid if draws.unit() < 0.2 => 20 + draws.below(300),
        World::MiniGrid => 324,
    };
    while finished < rows {
        let block_type = if block % 2 == 0 { BlockType::Test } else { BlockType::Train };
        let (task, variant) = match (world, block % 3) {
            (World::CartPole, _) => ("CartPole", "Default"),
            (World::MiniGrid, 0) => ("SimpleCrossing", "S9N1"),
            (World::MiniGrid, 1) => ("DistShift", "R2"),
            (World::MiniGrid, _) => ("CustomFetch", "S5T1N2"),
        };
        let event = |kind, at| {
            Step::Block(BlockEvent {
                kind,
                block_num: block,
                block_type,
                block_subtype: BlockSubtype::Wake,
                task: Some(task.into()),
                variant: (kind == BlockEventKind::VariantStart).then(|| variant.into()),
                detail: (kind == BlockEventKind::BlockEnd).then(|| format!("{{\"n\":{block}}}")),
                at,
                // The agent grows by a kilobyte a block.
                agent_memory: (kind == BlockEventKind::BlockEnd).then_some(1024 * (block + 1)),
            })
        };
        steps.push(event(BlockEventKind::BlockStart, now));
        steps.push(event(BlockEventKind::VariantStart, now));
        steps.push(Step::Segment(Segment {
            block_num: block,
            block_type,
            block_subtype: BlockSubtype::Wake,
            task_name: format!("{task}_{variant}"),
            task: task.into(),
            variant: variant.into(),
            task_params: "{}".into(),
            worker_id: "worker-default".into(),
        }));
        running.clear();
        for _ in 0..block_len.min(rows - finished) {
            while running.len() < 8 {
                running.push((started, now, length(&mut draws)));
                started += 1;
            }
            let shortest = running.iter().map(|r| r.2).min().unwrap();
            let env = running.iter().position(|r| r.2 == shortest).unwrap();
            for other in &mut running {
                other.2 -= shortest;
            }
            now += shortest as i64 * 700 + draws.below(3000) as i64;
            let (episode_index, started_at, _) = running[env];
            let steps_taken = ((now - started_at) / 700) as u64 + 1;
            running[env] = (started, now, length(&mut draws));
            started += 1;
            let success = world == World::CartPole || steps_taken < 324;
            let reward = match world {
                World::CartPole => steps_taken as f64,
                World::MiniGrid if success => 1.0 - 0.9 * (steps_taken as f64 / 324.0),
                World::MiniGrid => 0.0,
            };
            steps.push(Step::Row(Experience {
                exp_num: Some(finished),
                episode_index,
                env_index: env as u32,
                seed: Some(draws.next()),
                reward,
                episode_step_count: steps_taken,
                terminated: success,
                truncated: !success,
                complete: true,
                started_at: Some(started_at),
                finished_at: now,
            }));
            finished += 1;
        }
        steps.push(event(BlockEventKind::BlockEnd, now));
        block += 1;
    }
    steps
}

pub fn write(writer: &mut LifetimeWriter, steps: &[Step]) {
    for step in steps {
        match step {
            Step::Segment(segment) => writer.set_segment(segment).unwrap(),
            Step::Row(row) => writer.push(row).unwrap(),
            Step::Block(event) => writer.block_event(event).unwrap(),
        }
    }
}

pub fn frames_of(frame_rows: usize) -> WriterOptions {
    WriterOptions { frame_rows, ..WriterOptions::default() }
}

/// A sealed lifetime in a new run folder.
pub fn sealed(dir: &Path, steps: &[Step], frame_rows: usize) -> (RunFolder, ContentHash) {
    let run = create(dir);
    let mut writer = LifetimeWriter::create(&run, status(0), frames_of(frame_rows)).unwrap();
    write(&mut writer, steps);
    let hash = writer.seal(&[]).unwrap();
    (run, hash)
}
