//! Names and parameters of the agents: what is known of them without libtorch.

use tella_agents::AgentSpec;
use tella_envs::{ParamKind, ParamSpec, ParamValue};

pub(super) fn dqn() -> AgentSpec {
    let mut params = vec![
        discount(),
        float("learning_rate", 5e-4, 0.0, 1.0, "Adam's."),
        int("memory", 50_000, 2, 1 << 28, "Steps that are kept to be learned from again."),
        int("learning_starts", 1000, 0, 1 << 28, "Steps that are kept before anything is learned."),
        int("train_every", 4, 1, 1 << 24, "Steps between updates, all environments together."),
        int("updates", 1, 1, 1 << 16, "Updates then."),
        int("batch_size", 128, 1, 1 << 24, "Steps of an update."),
        int("target_every", 250, 1, 1 << 28, "Updates after which the target network is renewed."),
        ParamSpec::bool("double", true, "Learn double Q-learning's values."),
        float("epsilon_start", 1.0, 0.0, 1.0, "Share of random actions at first."),
        float("epsilon_end", 0.05, 0.0, 1.0, "Share of random actions at last."),
        float("epsilon_steps", 10_000.0, 1.0, 1e12, "Steps from one share to the other."),
        int("stretch", 32, 1, 1 << 20, "Steps that are learned from together, with a stack."),
        burn_in(),
        float("max_norm", 10.0, 0.0, 1e9, "Norm that gradients are cut to."),
    ];
    params.extend(shared());
    params.extend(continual());
    AgentSpec {
        name: "dqn".into(),
        summary:
            "Deep Q-learning with networks, with or without a sequence model; Discrete actions."
                .into(),
        params,
    }
}

pub(super) fn ppo() -> AgentSpec {
    let mut params = vec![
        discount(),
        float("lambda", 0.95, 0.0, 1.0, "Weight of longer returns in advantages."),
        float("learning_rate", 3e-4, 0.0, 1.0, "Adam's."),
        int("rollout", 2048, 1, 1 << 24, "Steps between updates, all environments together."),
        int("epochs", 10, 1, 1000, "Passes over the steps in an update."),
        int(
            "batch_size",
            64,
            1,
            1 << 24,
            "Steps of a minibatch; with a stack, of whole environments.",
        ),
        float("clip", 0.2, 0.0, 10.0, "How far the ratio of probabilities may go from 1."),
        float("entropy", 0.0, 0.0, 10.0, "Weight of the policy's entropy."),
        float("value", 0.5, 0.0, 100.0, "Weight of the value's error."),
        float("max_norm", 0.5, 0.0, 1e9, "Norm that gradients are cut to."),
    ];
    params.extend(shared());
    params.extend(continual());
    params.extend([
        int(
            "replay",
            0,
            0,
            1 << 28,
            "Steps of the whole lifetime that are kept and learned from again; 0 for none.",
        ),
        float("replay_ratio", 1.0, 0.0, 100.0, "Steps learned from again for each new one."),
        float("replay_weight", 1.0, 0.0, 1e6, "Weight of V-trace's loss on them."),
        float(
            "clone_policy",
            1.0,
            0.0,
            1e6,
            "Weight of the divergence from the policy that took them.",
        ),
        float("clone_value", 0.5, 0.0, 1e6, "Weight of the squared distance from the values then."),
        burn_in(),
    ]);
    AgentSpec {
        name: "ppo".into(),
        summary: "Proximal policy optimization with networks, with or without a sequence model; Discrete actions.".into(),
        params,
    }
}

fn discount() -> ParamSpec {
    float("discount", 0.99, 0.0, 1.0, "Weight of a reward one step later.")
}

fn burn_in() -> ParamSpec {
    let help = "Steps of an episode that a stack hears before it learns, where it does not hear its beginning.";
    int("burn_in", 8, 0, 1 << 20, help)
}

fn float(name: &str, default: f64, min: f64, max: f64, help: &str) -> ParamSpec {
    ParamSpec::float(name, default, min, max, help)
}

fn int(name: &str, default: i64, min: i64, max: i64, help: &str) -> ParamSpec {
    ParamSpec::int(name, default, min, max, help)
}

/// Parameters that all of them have.
fn shared() -> Vec<ParamSpec> {
    vec![
        float(
            "anneal_steps",
            0.0,
            0.0,
            1e12,
            "Steps of the lifetime's learning in which `learning_rate` falls evenly to nothing, where it stays; 0 for a rate that does not fall.",
        ),
        int("hidden", 64, 1, 1 << 16, "Width of the network's layers, where there is no stack."),
        text(
            "stack",
            "",
            "A sequence model over the history: YAML as in `{layers: [hyena, swiglu], width: 64}`; empty for none.",
        ),
        ParamSpec::choice("history", &["episode", "lifetime"], "What the stack remembers."),
        text("device", "cpu", "Where networks are computed: `cpu`, `cuda` or `cuda:N`."),
    ]
}

/// Options of continual learning that all of them have.
fn continual() -> Vec<ParamSpec> {
    vec![
        float(
            "ewc_strength",
            0.0,
            0.0,
            1e12,
            "Strength of elastic weight consolidation; 0 for none.",
        ),
        ParamSpec::choice(
            "ewc",
            &["separate", "online"],
            "Whether it holds on to each turn's weights or to the last ones.",
        ),
        float("ewc_decay", 0.9, 0.0, 1.0, "What `online` leaves of earlier turns' hold."),
        int("ewc_samples", 512, 1, 1 << 24, "Steps that the Fisher information is a mean over."),
        ParamSpec::choice(
            "plasticity",
            &["none", "last-layer", "shrink-perturb", "injection"],
            "What is done to weights when learning turns to something new.",
        ),
        float("shrink", 0.5, 0.0, 1.0, "Share of the weights that `shrink-perturb` leaves."),
    ]
}

fn text(name: &str, default: &str, help: &str) -> ParamSpec {
    let default = ParamValue::Text(default.into());
    ParamSpec { name: name.into(), kind: ParamKind::Text, default, help: help.into() }
}
