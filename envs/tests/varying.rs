//! A batch whose parameters change by episode does in each episode what a batch made
//! for that episode alone does, whatever lane and thread runs it.

use tella_envs::{
    Batch, Catalog, Draw, Drift, EnvError, ParamSchedule, ParamSource, ParamSources, Params,
    Registry, StepBatch, Varying, VecEnv,
};
use tella_rng::Generator;

/// An environment with everything in it that varies.
struct Case {
    env: &'static str,
    sources: ParamSources,
}

fn cases() -> [Case; 2] {
    let drift = |from, to, over| ParamSource::Drift(Drift { from, to, over });
    let pole = ParamSources::from([
        ("length".into(), ParamSource::Draw(Draw::Uniform { low: 0.2, high: 1.5 })),
        ("gravity".into(), drift(9.8, 30.0, 6)),
        ("max_episode_steps".into(), ParamSource::Draw(Draw::Integers { low: 8, high: 30 })),
    ]);
    let room = ParamSources::from([("max_steps".into(), drift(3.0, 30.0, 8))]);
    [
        Case { env: "CartPole-v1", sources: pole },
        Case { env: "MiniGrid-SimpleCrossingS9N1-v0", sources: room },
    ]
}

fn schedule(case: &Case) -> ParamSchedule {
    ParamSchedule::new(&Registry::builtin().spec(case.env).unwrap().params, &case.sources, 3)
}

fn one(env: &str, params: &Params) -> Result<Box<dyn VecEnv>, EnvError> {
    let registry = Registry::builtin();
    let params = registry.resolve_params(env, params).map_err(|e| EnvError(e[0].to_string()))?;
    registry.make(env, &params, 1, 1)
}

fn varying(case: &Case, lanes: usize, threads: usize) -> Varying<'static> {
    let env = case.env;
    let make = move |params: &Params| one(env, params);
    Varying::new(schedule(case), lanes, threads, Box::new(make)).unwrap()
}

/// All that can be seen of lane `lane` after a step.
fn seen(out: &StepBatch, lane: usize) -> String {
    let observation = out.observations.space().to_json(out.observations.lane(lane));
    format!("{observation} {} {}", out.rewards[lane], out.terminated[lane] || out.truncated[lane])
}

fn act(batch: &mut Batch, lane: usize, env: &dyn VecEnv, episode: u64, step: u64) {
    let mut chooser = Generator::new(episode << 20 | step);
    env.action_space().sample(&mut chooser, &mut batch.lane_mut(lane));
}

/// Most steps of an episode that are looked at.
const STEPS: u64 = 40;

/// The slow, obvious way: a new environment for every episode.
fn alone(case: &Case, episode: u64) -> Vec<String> {
    let mut env = one(case.env, &schedule(case).at(episode)).unwrap();
    let mut out = StepBatch::new(env.observation_space(), 1);
    let mut actions = Batch::new(env.action_space(), 1);
    env.reset(0, Some(episode), &mut out.observations).unwrap();
    let mut all = vec![seen(&out, 0)];
    for step in 0..STEPS {
        act(&mut actions, 0, &*env, episode, step);
        env.step(&actions, &[true], &mut out).unwrap();
        all.push(seen(&out, 0));
        if out.terminated[0] || out.truncated[0] {
            break;
        }
    }
    all
}

/// Lives `episodes` episodes on a batch, the first lane that is free taking the next;
/// with `interrupt`, the batch is saved into a new one before every third step.
fn together(
    case: &Case,
    lanes: usize,
    threads: usize,
    episodes: u64,
    interrupt: bool,
) -> Vec<Vec<String>> {
    let mut env = varying(case, lanes, threads);
    let mut out = StepBatch::new(env.observation_space(), lanes);
    let mut actions = Batch::new(env.action_space(), lanes);
    let mut all = vec![Vec::new(); episodes as usize];
    let mut running: Vec<Option<(u64, u64)>> = vec![None; lanes];
    let mut next = 0;
    for turn in 0.. {
        for (lane, slot) in running.iter_mut().enumerate() {
            if slot.is_none() && next < episodes {
                env.begin_episode(lane, next).unwrap();
                env.reset(lane, Some(next), &mut out.observations).unwrap();
                (out.rewards[lane], out.terminated[lane], out.truncated[lane]) =
                    (0.0, false, false);
                all[next as usize].push(seen(&out, lane));
                *slot = Some((next, 0));
                next += 1;
            }
        }
        let active: Vec<bool> = running.iter().map(Option::is_some).collect();
        if !active.contains(&true) {
            break;
        }
        if interrupt && turn % 3 == 0 {
            let state = env.save().unwrap();
            env = varying(case, lanes, threads);
            env.restore(&state).unwrap();
        }
        for (lane, slot) in running.iter().enumerate() {
            if let Some((episode, step)) = slot {
                act(&mut actions, lane, &env, *episode, *step);
            }
        }
        env.step(&actions, &active, &mut out).unwrap();
        for (lane, slot) in running.iter_mut().enumerate() {
            if let Some((episode, step)) = slot {
                all[*episode as usize].push(seen(&out, lane));
                *step += 1;
                if *step == STEPS || out.terminated[lane] || out.truncated[lane] {
                    *slot = None;
                }
            }
        }
    }
    all
}

#[test]
fn an_episode_is_the_same_alone_and_in_any_batch() {
    for case in cases() {
        let expected: Vec<_> = (0..12).map(|episode| alone(&case, episode)).collect();
        let lengths: std::collections::HashSet<_> = expected.iter().map(Vec::len).collect();
        assert!(lengths.len() > 4, "{}: hardly anything varies", case.env);
        for (lanes, threads, interrupt) in
            [(1, 1, false), (3, 1, true), (5, 2, false), (20, 3, true)]
        {
            let found = together(&case, lanes, threads, 12, interrupt);
            assert_eq!(found, expected, "{} on {lanes} lanes, {threads} threads", case.env);
        }
    }
}

#[test]
fn an_episode_that_cannot_be_is_a_fault_of_its_lane() {
    let drift = |from, to| ParamSource::Drift(Drift { from, to, over: 2 });
    let case = |env, name: &str, source| Case { env, sources: [(name.into(), source)].into() };
    // Twice the threshold bounds the observations.
    let wider = case("CartPole-v1", "x_threshold", drift(2.4, 3.0));
    let mut env = varying(&wider, 2, 1);
    env.begin_episode(1, 0).unwrap();
    let fault = env.begin_episode(1, 1).unwrap_err();
    assert_eq!(fault.lane, 1);
    let message = fault.error.to_string();
    assert!(message.contains("the observation space of episode 1 (x_threshold=3)"), "{message}");
    let outside = case("CartPole-v1", "length", drift(0.5, -1.0));
    let fault = varying(&outside, 1, 1).begin_episode(0, 1).unwrap_err();
    assert!(fault.error.to_string().contains("`length`"), "{fault}");
}
