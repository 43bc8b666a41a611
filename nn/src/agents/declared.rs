//! Names and parameters of the agents: what is known of them without libtorch.

use tella_agents::AgentSpec;
use tella_envs::{ParamKind, ParamSpec, ParamValue};

pub(super) fn ppo() -> AgentSpec {
    let float = |name, default, min, max, help| ParamSpec::float(name, default, min, max, help);
    let mut params = vec![
        float("discount", 0.99, 0.0, 1.0, "Weight of a reward one step later."),
        float("lambda", 0.95, 0.0, 1.0, "Weight of longer returns in advantages."),
        float("learning_rate", 3e-4, 0.0, 1.0, "Adam's."),
        ParamSpec::int(
            "rollout",
            2048,
            1,
            1 << 24,
            "Steps between updates, all environments together.",
        ),
        ParamSpec::int("epochs", 10, 1, 1000, "Passes over the steps in an update."),
        ParamSpec::int(
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
    AgentSpec {
        name: "ppo".into(),
        summary: "Proximal policy optimization with networks, with or without a sequence model; Discrete actions.".into(),
        params,
    }
}

/// Parameters that all of them have.
fn shared() -> Vec<ParamSpec> {
    vec![
        ParamSpec::int(
            "hidden",
            64,
            1,
            1 << 16,
            "Width of the network's layers, where there is no stack.",
        ),
        text(
            "stack",
            "",
            "A sequence model over the history: YAML as in `{layers: [hyena, swiglu], width: 64}`; empty for none.",
        ),
        ParamSpec::choice("history", &["episode", "lifetime"], "What the stack remembers."),
        text("device", "cpu", "Where networks are computed: `cpu`, `cuda` or `cuda:N`."),
    ]
}

fn text(name: &str, default: &str, help: &str) -> ParamSpec {
    let default = ParamValue::Text(default.into());
    ParamSpec { name: name.into(), kind: ParamKind::Text, default, help: help.into() }
}
