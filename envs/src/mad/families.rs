//! The environments of the tasks: names, and what they are in words.

use crate::EnvFamily;

/// Name, task and summary of each environment.
pub(super) const ENVS: &[(&str, &str, &str)] = &[
    (
        "MAD-InContextRecall-v0",
        "in-context-recall",
        "Give the value of a key that came before in the same sequence",
    ),
    (
        "MAD-NoisyInContextRecall-v0",
        "noisy-in-context-recall",
        "Give the value of a key that came before, between noise",
    ),
    (
        "MAD-FuzzyInContextRecall-v0",
        "fuzzy-in-context-recall",
        "Give the value of a key that came before, both of several tokens",
    ),
    (
        "MAD-Memorization-v0",
        "memorization",
        "Give the values of keys, the same in all episodes and shown in none",
    ),
    ("MAD-Compression-v0", "compression", "Give back all tokens of a sequence after its end"),
    ("MAD-SelectiveCopying-v0", "selective-copying", "Repeat the tokens that stood among blanks"),
];

/// The task of an environment.
pub(super) fn task_of(name: &str) -> Option<&'static str> {
    ENVS.iter().find(|(env, ..)| *env == name).map(|(_, task, _)| *task)
}

const REWARD: &str = "1/n for the right token at each of the n scored positions, 0 elsewhere: a return of 1 is \
    a solved example.";
const END: &str = "The last position terminates it.";

/// The families, one a task.
pub(super) const FAMILIES: &[&EnvFamily] = &[
    &EnvFamily {
        name: "InContextRecall",
        prefixes: &["MAD-InContextRecall-"],
        task: "A sequence of keys, each followed by its value, which was drawn for this sequence. \
            Scored is the value of a key that comes again, predicted when the key is shown.",
        reward: REWARD,
        end: END,
        parameters: "`seq_len` is even. The vocabulary holds keys, values and noise; with one query \
            its last token stands before the key that is asked for.",
    },
    &EnvFamily {
        name: "NoisyInContextRecall",
        prefixes: &["MAD-NoisyInContextRecall-"],
        task: "In-context recall in which a share of the pairs is noise: tokens of their own that \
            say nothing.",
        reward: REWARD,
        end: END,
        parameters: "As in `MAD-InContextRecall-v0`; `vocab_size` counts the noise, too.",
    },
    &EnvFamily {
        name: "FuzzyInContextRecall",
        prefixes: &["MAD-FuzzyInContextRecall-"],
        task: "In-context recall in which a key is `k_motif_size` tokens in order and a value one to \
            `v_motif_size`. Scored is every token of the value of a key that comes again.",
        reward: REWARD,
        end: END,
        parameters: "The sequence is filled up at the front with the last token of the vocabulary. It is longer \
            than twice the longest key and value.",
    },
    &EnvFamily {
        name: "Memorization",
        prefixes: &["MAD-Memorization-"],
        task: "Keys, each followed by a token that asks for its value. Values are the same in all \
            episodes of the same `kv_map_seed` and never shown; reward alone tells them.",
        reward: REWARD,
        end: END,
        parameters: "`seq_len` is even.",
    },
    &EnvFamily {
        name: "Compression",
        prefixes: &["MAD-Compression-"],
        task: "Random tokens and one that ends them; then that token is shown as often again, and \
            all of the sequence is to be given back in order.",
        reward: REWARD,
        end: "The last answer terminates it, after twice `seq_len` steps.",
        parameters: "Noise is shown but not scored.",
    },
    &EnvFamily {
        name: "SelectiveCopying",
        prefixes: &["MAD-SelectiveCopying-"],
        task: "Tokens among blanks, a token that asks for them, and blanks at which they are to be \
            given in order.",
        reward: REWARD,
        end: END,
        parameters: "`seq_len` is at least twice `num_tokens_to_copy` and 2.",
    },
];
