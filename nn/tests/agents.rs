//! What every agent here promises: a saved one goes on exactly where it was, evaluation leaves what it learned alone,
//! damaged states are refused, and it learns.
#![cfg(feature = "torch")]

#[path = "../../agents/tests/support/mod.rs"]
mod support;

use proptest::prelude::*;
use support::{Field, Life, block, mean};
use tella_agents::{Agent, AgentState};
use tella_envs::{
    Catalog, Dtype, Env, EnvError, Lane, LaneMut, Lanes, ParamValue, Params, Registry, Space, Step,
    VecEnv,
};
use tella_nn::agents::Neural;
use tella_rng::Generator;

/// Agents, with parameters that let a short life have some updates.
const AGENTS: [(&str, &[(&str, i64)]); 2] = [
    ("ppo", &[("rollout", 24), ("epochs", 2), ("batch_size", 8)]),
    (
        "dqn",
        &[
            ("memory", 40),
            ("learning_starts", 10),
            ("batch_size", 8),
            ("stretch", 4),
            ("burn_in", 2),
            ("target_every", 3),
        ],
    ),
];

/// A network without memory, and each way to have one.
const TRUNKS: [(&str, &str); 4] = [
    ("", "episode"),
    ("{layers: [hyena, swiglu], width: 16, max_length: 32}", "episode"),
    ("{layers: [s4d, mlp], width: 16}", "lifetime"),
    ("{layers: [attention], width: 16, heads: 2, max_length: 16}", "episode"),
];

/// Options of continual learning, in all kinds and together; those of replay are ppo's alone.
const CONTINUAL: [&[(&str, Given)]; 4] = [
    &[],
    &[
        ("ewc_strength", Float(10.0)),
        ("ewc_samples", Int(6)),
        ("plasticity", Word("last-layer")),
        ("burn_in", Int(2)),
        ("anneal_steps", Float(100.0)),
    ],
    &[
        ("ewc_strength", Float(10.0)),
        ("ewc_samples", Int(6)),
        ("ewc", Word("online")),
        ("plasticity", Word("shrink-perturb")),
        ("replay", Int(60)),
        ("burn_in", Int(2)),
    ],
    &[("plasticity", Word("injection")), ("replay", Int(60))],
];

#[derive(Clone, Copy)]
enum Given {
    Int(i64),
    Float(f64),
    Word(&'static str),
}

use Given::{Float, Int, Word};

impl Given {
    fn value(self) -> ParamValue {
        match self {
            Int(n) => ParamValue::Int(n),
            Float(x) => ParamValue::Float(x),
            Word(word) => ParamValue::Text(word.into()),
        }
    }
}

fn made(
    which: usize,
    env: &dyn VecEnv,
    seed: u64,
    trunk: usize,
    continual: usize,
) -> Box<dyn Agent> {
    let (name, numbers) = AGENTS[which];
    let (stack, history) = TRUNKS[trunk];
    let text = |text: &str| ParamValue::Text(text.into());
    let mut given =
        Params::from([("stack".into(), text(stack)), ("history".into(), text(history))]);
    given.extend(numbers.iter().map(|(name, n)| ((*name).into(), ParamValue::Int(*n))));
    let allowed =
        |(option, _): &&(&str, Given)| name == "ppo" || !["replay", "burn_in"].contains(option);
    // Into a stack nothing can be injected.
    let continual = if trunk > 0 { continual % 3 } else { continual };
    let options = CONTINUAL[continual].iter().filter(allowed);
    given.extend(options.map(|(option, value)| ((*option).into(), value.value())));
    support::agent_of(Neural, name, env, seed, &given)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    /// Saved in the middle of a block and restored into a fresh agent of another seed, the rest of the block and the
    /// state at its end are those of the agent that was never interrupted.
    #[test]
    fn a_restored_agent_goes_on_exactly(
        which in 0..AGENTS.len(),
        trunk in 0..TRUNKS.len(),
        continual in 0..CONTINUAL.len(),
        lanes in 1usize..4,
        seed: u64,
        cut in 0usize..60,
        learning: bool,
    ) {
        let (mut env, mut other_env) = (Field::lanes(lanes), Field::lanes(lanes));
        let mut straight = made(which, &env, seed, trunk, continual);
        block(&mut env, &mut *straight, true, 3, seed);
        let mut other = made(which, &env, seed ^ 1, trunk, continual);
        other.restore(&straight.save().unwrap()).unwrap();

        let mut life = Life::start(&mut env, &mut *straight, learning, 5, seed);
        let mut other_life = Life::start(&mut other_env, &mut *other, learning, 5, seed);
        let mut steps = 0;
        while life.step(&mut *straight) {
            if steps == cut {
                let state = other.save().unwrap();
                other = made(which, &Field::lanes(lanes), seed ^ 2, trunk, continual);
                other.restore(&state).unwrap();
                prop_assert!(other.save().unwrap() == state);
            }
            steps += 1;
            prop_assert!(other_life.step(&mut *other));
            prop_assert_eq!(life.taken(), other_life.taken());
        }
        life.end(&mut *straight);
        other_life.end(&mut *other);
        prop_assert!(straight.save() == other.save());
    }

    #[test]
    fn evaluation_changes_nothing_learned(
        which in 0..AGENTS.len(),
        trunk in 0..TRUNKS.len(),
        continual in 0..CONTINUAL.len(),
        seed: u64,
    ) {
        let mut env = Field::lanes(2);
        let mut agent = made(which, &env, seed, trunk, continual);
        let new = agent.save().unwrap().learned;
        block(&mut env, &mut *agent, true, 4, seed);
        let learned = agent.save().unwrap().learned;
        prop_assert!(learned != new);
        block(&mut env, &mut *agent, false, 4, seed);
        prop_assert!(agent.save().unwrap().learned == learned);
    }

    /// A cut or changed state is an error or a state, never a panic; after an error the agent is as it was.
    #[test]
    fn damaged_states_do_not_panic(
        which in 0..AGENTS.len(),
        trunk in 0..TRUNKS.len(),
        continual in 0..CONTINUAL.len(),
        seed: u64,
        place: prop::sample::Index,
        flip in 1u8..,
        cut: bool,
        in_learned: bool,
    ) {
        let mut env = Field::lanes(2);
        let mut agent = made(which, &env, seed, trunk, continual);
        let mut life = Life::start(&mut env, &mut *agent, true, 3, seed);
        (0..7).for_each(|_| { life.step(&mut *agent); });
        let good = agent.save().unwrap();
        let mut bad = good.clone();
        let AgentState { learned, transient } = &mut bad;
        let bytes = if in_learned { learned } else { transient };
        let at = place.index(bytes.len());
        if cut { bytes.truncate(at) } else { bytes[at] ^= flip }
        match agent.restore(&bad) {
            Err(_) => prop_assert!(agent.save().unwrap() == good),
            Ok(()) => {
                prop_assert!(!cut, "a cut state was taken");
                // It may be any agent's, but one that lives.
                let _ = agent.choose_actions(life.seen(), &[true, true]);
            }
        }
    }
}

/// At the beginning of a block that is learned, once something was learned; of options alone that do something then.
#[test]
fn learning_turns_before_something_new() {
    for (which, (name, _)) in AGENTS.iter().enumerate() {
        for continual in 0..CONTINUAL.len() {
            let mut env = Field::lanes(2);
            let mut agent = made(which, &env, 3, 0, continual);
            let learned = |agent: &dyn Agent| agent.save().unwrap().learned;
            let new = learned(&*agent);
            agent.block_start(true).unwrap();
            assert!(learned(&*agent) == new, "{name} {continual}: nothing was learned");
            block(&mut env, &mut *agent, true, 8, 1);
            let at_end = learned(&*agent);
            agent.block_start(false).unwrap();
            agent.task_start(None).unwrap();
            assert!(learned(&*agent) == at_end, "{name} {continual}: in evaluation");
            agent.block_start(true).unwrap();
            let turned = learned(&*agent);
            assert_eq!(turned != at_end, continual > 0, "{name} {continual}");
            agent.task_start(None).unwrap();
            assert!(learned(&*agent) == turned, "{name} {continual}: nothing since");
        }
    }
}

/// Lanes that take no part leave nothing to replay.
#[test]
fn fewer_episodes_than_lanes() {
    let mut env = Field::lanes(6);
    for continual in 0..CONTINUAL.len() {
        let mut agent = made(0, &env, 3, 0, continual);
        (0..12).for_each(|seed| drop(block(&mut env, &mut *agent, true, 1, seed)));
    }
}

/// From most of the field's corners to the goal, which random steps reach at a mean of -0.6.
#[test]
fn ppo_learns_with_and_without_memory() {
    for (trunk, (stack, _)) in TRUNKS.iter().enumerate().take(2) {
        let mut env = Field::lanes(8);
        let given = Params::from([
            ("stack".into(), ParamValue::Text((*stack).into())),
            ("rollout".into(), ParamValue::Int(512)),
            ("learning_rate".into(), ParamValue::Float(3e-3)),
        ]);
        let mut agent = support::agent_of(Neural, "ppo", &env, 3, &given);
        block(&mut env, &mut *agent, true, 400, 1);
        let reached = mean(&block(&mut env, &mut *agent, false, 50, 2));
        assert!(reached > 0.8, "trunk {trunk}: {reached}");
    }
}

#[test]
fn dqn_learns_with_and_without_memory() {
    for (trunk, (stack, _)) in TRUNKS.iter().enumerate().take(2) {
        let mut env = Field::lanes(8);
        let given = Params::from([
            ("stack".into(), ParamValue::Text((*stack).into())),
            ("learning_starts".into(), ParamValue::Int(500)),
            ("train_every".into(), ParamValue::Int(8)),
            ("target_every".into(), ParamValue::Int(50)),
            ("epsilon_steps".into(), ParamValue::Float(4000.0)),
            ("learning_rate".into(), ParamValue::Float(1e-3)),
            ("stretch".into(), ParamValue::Int(16)),
        ]);
        let mut agent = support::agent_of(Neural, "dqn", &env, 3, &given);
        let mut seen = Vec::new();
        for from in 0..2 {
            block(&mut env, &mut *agent, true, 300, 1 + from);
            seen.push(mean(&block(&mut env, &mut *agent, false, 50, 9)));
        }
        assert!(seen[1] > 0.8, "trunk {trunk}: {seen:?}");
    }
}

/// A sign is shown, nothing for three steps, then the question which it was: 1 for the right answer. Who remembers nothing gets
/// half of it.
#[derive(Default)]
struct Recall {
    sign: f32,
    step: usize,
}

impl Recall {
    fn show(&self, observation: &mut LaneMut<'_>) {
        let sign = if self.step == 0 { self.sign } else { 0.0 };
        observation.f32(0).copy_from_slice(&[sign, f32::from(self.step == 4)]);
    }
}

impl Env for Recall {
    fn observation_space(&self) -> Space {
        Space::uniform_box(-1.0, 1.0, &[2], Dtype::Float32)
    }

    fn action_space(&self) -> Space {
        Space::discrete(2)
    }

    fn reset(&mut self, seed: Option<u64>, seen: &mut LaneMut<'_>) -> Result<(), EnvError> {
        let up = Generator::new(seed.unwrap_or(0)).random() < 0.5;
        *self = Recall { sign: if up { 1.0 } else { -1.0 }, step: 0 };
        self.show(seen);
        Ok(())
    }

    fn step(&mut self, action: Lane<'_>, seen: &mut LaneMut<'_>) -> Result<Step, EnvError> {
        let right = (action.i64(0)[0] == 1) == (self.sign > 0.0);
        let terminated = self.step == 4;
        self.step += 1;
        self.show(seen);
        Ok(Step { reward: f64::from(terminated && right), terminated, truncated: false })
    }
}

#[test]
fn what_was_seen_is_remembered() {
    for (trunk, (stack, history)) in TRUNKS.iter().enumerate().take(3) {
        let mut env = Lanes::new(16, 1, Recall::default);
        let text = |text: &str| ParamValue::Text(text.into());
        let given = Params::from([
            ("stack".into(), text(stack)),
            ("history".into(), text(history)),
            ("rollout".into(), ParamValue::Int(512)),
            ("batch_size".into(), ParamValue::Int(128)),
            ("learning_rate".into(), ParamValue::Float(3e-3)),
            // As large a rate to the end would lose what was learned now and then.
            ("anneal_steps".into(), ParamValue::Float(7500.0)),
        ]);
        let mut agent = support::agent_of(Neural, "ppo", &env, 3, &given);
        block(&mut env, &mut *agent, true, 1500, 1);
        let reached = mean(&block(&mut env, &mut *agent, false, 200, 2));
        match trunk {
            0 => assert!(reached < 0.65, "without memory: {reached}"),
            _ => assert!(reached > 0.95, "{stack}: {reached}"),
        }
    }
}

/// 475 counts as solved.
#[test]
fn ppo_balances_the_pole() {
    let envs = Registry::builtin();
    let params = envs.resolve_params("CartPole-v1", &Params::new()).unwrap();
    let mut env = envs.make("CartPole-v1", &params, 8, 1).unwrap();
    let given = Params::from([("learning_rate".into(), ParamValue::Float(1e-3))]);
    let mut agent = support::agent_of(Neural, "ppo", &*env, 1, &given);
    block(&mut *env, &mut *agent, true, 400, 1);
    let reached = mean(&block(&mut *env, &mut *agent, false, 20, 2));
    assert!(reached >= 475.0, "{reached}");
}

#[test]
fn what_is_wrong_is_said() {
    let env = Field::lanes(1);
    let refused = |agent: &str, given: &[(&str, Given)]| {
        let mut registry = tella_agents::AgentRegistry::empty();
        registry.add(Neural);
        let spec = registry.spec(agent).unwrap();
        let given = given.iter().map(|(name, value)| ((*name).to_owned(), value.value())).collect();
        let init = tella_agents::AgentInit {
            rng_seed: 1,
            observation_space: env.observation_space(),
            action_space: env.action_space(),
            num_envs: 1,
            config: &tella_agents::resolve_config(&spec, &given).unwrap(),
        };
        registry.make(agent, &init).err().expect("a refusal").to_string()
    };
    let stack = |text| ("stack", Word(text));
    let trunk = stack("{layers: [s4d], width: 16}");
    for (given, said) in [
        (&[("device", Word("gpu"))][..], "devices are `cpu`, `cuda` and `cuda:N`"),
        (
            &[stack("{layers: [hyna, s5d]}")],
            "agent.stack:1:11: there is no layer `hyna` (did you mean `hyena`?); agent.stack:1:17: there is",
        ),
        (&[stack("{layers: [{long-conv: {bidirectional: true}}]}")], "cannot act"),
        (&[stack("hyena")], "a stack is a mapping"),
        (
            &[stack("{layers: [linear-attention], width: 512, lane_memory: 0.5}")],
            "a lane of acting holds 1.002 MiB, more than the 0.5 allowed",
        ),
        (&[trunk, ("plasticity", Word("injection"))], "plasticity cannot be injected"),
        (&[("history", Word("lifetime"))], "is what a `stack` remembers, and none is declared"),
        // More than there are addresses for.
        (
            &[stack("{layers: [long-conv: {channels: 64}], width: 65536, max_length: 16777216}")],
            "memory ran out where 562949953421312 bytes were asked for; lower",
        ),
    ] {
        for (agent, _) in AGENTS {
            let found = refused(agent, given);
            assert!(found.contains(said), "{agent}, {said}: {found}");
        }
    }
    let lifetime = ("history", Word("lifetime"));
    for (agent, given, said) in [
        (
            "dqn",
            &[("memory", Int(999))][..],
            "`memory` keeps 999 steps and learning begins with 1000",
        ),
        (
            "dqn",
            &[trunk, lifetime, ("stretch", Int(8))],
            "the first 8 steps (`burn_in`) of a `stretch`",
        ),
        (
            "ppo",
            &[trunk, lifetime, ("rollout", Int(8)), ("replay", Int(9))],
            "lives in a `rollout`",
        ),
        ("ppo", &[trunk, lifetime, ("rollout", Int(8)), ("ewc_strength", Int(1))], "which has 8:"),
    ] {
        let found = refused(agent, given);
        assert!(found.contains(said), "{agent}, {said}: {found}");
    }
}
