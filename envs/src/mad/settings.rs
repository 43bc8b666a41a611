//! The settings of the tasks: defaults (mad-lab's `baseline` settings), ranges, and what of them goes together.

use super::compression::Compression;
use super::copying::Copying;
use super::fuzzy::{self, Fuzzy, arrangements};
use super::memorization::{self, Memorization};
use super::noise::Noise;
use super::recall::Recall;
use super::task::Kind;
use super::{Rules, TASKS};
use crate::{ParamError, ParamSpec, Params, bool_param, float_param, int_param};

/// The largest vocabulary.
pub(super) const MOST_TOKENS: i64 = 1 << 16;

/// The longest sequence.
const LONGEST: i64 = 1 << 20;

/// Names of settings.
const VOCAB_SIZE: &str = "vocab_size";
const SEQ_LEN: &str = "seq_len";
const MULTI_QUERY: &str = "multi_query";
const NOISE_VOCAB_SIZE: &str = "noise_vocab_size";
const FRAC_NOISE: &str = "frac_noise";
const KEY_SIZE: &str = "k_motif_size";
const VALUE_SIZE: &str = "v_motif_size";
const COPIES: &str = "num_tokens_to_copy";
const MAP_SEED: &str = "kv_map_seed";

/// The settings of the task `name`.
pub(super) fn of(name: &str) -> Option<Vec<ParamSpec>> {
    let size = |vocab_size, seq_len, shortest, length| {
        vec![
            ParamSpec::int(VOCAB_SIZE, vocab_size, 3, MOST_TOKENS, "Tokens, special ones included"),
            ParamSpec::int(SEQ_LEN, seq_len, shortest, LONGEST, length),
        ]
    };
    let queries = || {
        let help = "Score the value of every key that comes again, not the last alone";
        ParamSpec::bool(MULTI_QUERY, true, help)
    };
    let noise = |tokens, share| {
        let help = "Tokens of the vocabulary that are noise";
        let share_help = "Probability that noise stands in a place";
        [
            ParamSpec::int(NOISE_VOCAB_SIZE, tokens, 0, MOST_TOKENS, help),
            ParamSpec::float(FRAC_NOISE, share, 0.0, 0.999, share_help),
        ]
    };
    let pairs = "Length of the sequence, even; one more than the positions where `multi_query`";
    let mut specs = match name {
        "in-context-recall" => size(16, 128, 4, pairs),
        "noisy-in-context-recall" => size(32, 128, 4, pairs),
        "fuzzy-in-context-recall" => size(16, 128, 5, "Positions"),
        "memorization" => size(256, 32, 2, "Positions, even"),
        "compression" => size(16, 32, 2, "Positions"),
        "selective-copying" => size(16, 256, 4, "Positions"),
        _ => return None,
    };
    match name {
        "in-context-recall" => specs.extend([queries()].into_iter().chain(noise(0, 0.0))),
        "noisy-in-context-recall" => specs.extend([queries()].into_iter().chain(noise(16, 0.2))),
        "fuzzy-in-context-recall" => {
            let longest = fuzzy::LONGEST as i64;
            specs.push(queries());
            specs.push(ParamSpec::int(
                KEY_SIZE,
                3,
                1,
                longest,
                "Greatest number of tokens of a key",
            ));
            specs.push(ParamSpec::int(
                VALUE_SIZE,
                3,
                1,
                longest,
                "Greatest number of tokens of a value",
            ));
            specs.extend(noise(0, 0.0));
        }
        "memorization" => {
            let help = "Seed of the map from keys to values";
            specs.push(ParamSpec::int(MAP_SEED, 12345, 0, i64::MAX, help));
            specs.extend(noise(0, 0.0));
        }
        "compression" => specs.extend(noise(0, 0.0)),
        _ => specs.push(ParamSpec::int(COPIES, 16, 1, LONGEST, "Tokens to copy")),
    }
    Some(specs)
}

/// Reads complete settings.
struct Reader<'a> {
    params: &'a Params,
    errors: Vec<ParamError>,
}

impl Reader<'_> {
    fn wrong(&mut self, name: &str, message: String) {
        self.errors.push(ParamError::invalid(name, message));
    }

    fn int(&mut self, name: &str) -> i64 {
        int_param(self.params, name).unwrap_or_else(|error| {
            self.wrong(name, error.to_string());
            0
        })
    }

    fn bool(&mut self, name: &str) -> bool {
        bool_param(self.params, name).unwrap_or_else(|error| {
            self.wrong(name, error.to_string());
            false
        })
    }

    fn noise(&mut self) -> Noise {
        let tokens = self.int(NOISE_VOCAB_SIZE);
        let share = float_param(self.params, FRAC_NOISE).unwrap_or_else(|error| {
            self.wrong(FRAC_NOISE, error.to_string());
            0.0
        });
        if share > 0.0 && tokens == 0 {
            let message = format!("expected at least 1 where `{FRAC_NOISE}` is above 0, found 0");
            self.wrong(NOISE_VOCAB_SIZE, message);
        }
        Noise { tokens, share }
    }

    fn length(&mut self) -> usize {
        self.int(SEQ_LEN).max(0) as usize
    }

    fn even_length(&mut self) -> usize {
        let length = self.length();
        if length % 2 == 1 {
            let message =
                format!("expected an even number, found {length}: a key and its value are two");
            self.wrong(SEQ_LEN, message);
        }
        length
    }

    /// Whether `plain` of `vocab_size` tokens are enough: `least`.
    fn enough(&mut self, vocab_size: i64, plain: i64, least: i64, of: &str) {
        if plain < least {
            let message = format!(
                "expected at least {}, found {vocab_size}: without noise and special tokens there are to be {least} {of}",
                vocab_size - plain + least
            );
            self.wrong(VOCAB_SIZE, message);
        }
    }
}

/// The task that complete settings mean, or everything that does not go together.
pub(super) fn read(name: &str, params: &Params, rules: Rules) -> Result<Kind, Vec<ParamError>> {
    let mut reader = Reader { params, errors: Vec::new() };
    let r = &mut reader;
    let vocab_size = r.int(VOCAB_SIZE);
    let kind = match name {
        "in-context-recall" | "noisy-in-context-recall" => {
            let (seq_len, multi_query, noise) = (r.even_length(), r.bool(MULTI_QUERY), r.noise());
            let task = Recall { vocab_size, seq_len, multi_query, noise };
            r.enough(vocab_size, task.plain(), 2, "keys and values");
            Kind::Recall(task)
        }
        "fuzzy-in-context-recall" => Kind::Fuzzy(read_fuzzy(r, vocab_size, rules)),
        "memorization" => {
            let (seq_len, noise) = (r.even_length(), r.noise());
            let plain = memorization::plain(vocab_size, noise);
            r.enough(vocab_size, plain, 2, "keys and values");
            let map = memorization::map(plain.max(0), r.int(MAP_SEED) as u64);
            Kind::Memorization(Memorization { vocab_size, seq_len, noise, map })
        }
        "compression" => {
            let (seq_len, noise) = (r.length(), r.noise());
            let task = Compression { vocab_size, seq_len, noise };
            r.enough(vocab_size, task.plain(), 1, "tokens to draw");
            Kind::Compression(task)
        }
        "selective-copying" => {
            let (seq_len, count) = (r.length(), r.int(COPIES).max(0) as usize);
            let least = 2 * count + 2;
            if seq_len < least {
                let message = format!(
                    "expected at least {least}, found {seq_len}: {count} tokens, the one that asks, {count} answers and a blank"
                );
                r.wrong(SEQ_LEN, message);
            }
            Kind::Copying(Copying { vocab_size, seq_len, count })
        }
        _ => {
            let names = TASKS.join(", ");
            return Err(vec![ParamError::invalid("task", format!("expected one of {names}"))]);
        }
    };
    if reader.errors.is_empty() { Ok(kind) } else { Err(reader.errors) }
}

fn read_fuzzy(r: &mut Reader<'_>, vocab_size: i64, rules: Rules) -> Fuzzy {
    let task = Fuzzy {
        vocab_size,
        seq_len: r.length(),
        key_size: r.int(KEY_SIZE) as usize,
        value_size: r.int(VALUE_SIZE) as usize,
        multi_query: r.bool(MULTI_QUERY),
        noise: r.noise(),
    };
    let (plain, longest) = (task.plain(), task.key_size + task.value_size);
    // Half of the tokens, the smaller one, are keys.
    let least = (2 * task.key_size).max(2 * task.value_size - 1) as i64;
    r.enough(vocab_size, plain, least, "keys and values, so that motifs have different tokens");
    if task.seq_len <= 2 * longest {
        let message = format!(
            "expected at least {}, found {}: the longest key and value come twice",
            2 * longest + 1,
            task.seq_len
        );
        r.wrong(SEQ_LEN, message);
    }
    let keys = (plain.max(0) / 2) as u64;
    let listed = [(keys, task.key_size), (plain.max(0) as u64 - keys, task.value_size)];
    if rules == Rules::MadLab && listed.into_iter().any(|(n, k)| arrangements(n, k).is_none()) {
        let message = format!(
            "expected fewer tokens or shorter motifs, found {vocab_size}: mad-lab's generator lists all motifs"
        );
        r.wrong(VOCAB_SIZE, message);
    }
    task
}
