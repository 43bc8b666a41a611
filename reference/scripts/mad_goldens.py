"""Prints envs/tests/mad/goldens.jsonl: examples that mad-lab's generator draws.

The argument is mad-lab's `mad/data/instances.py` (athms/mad-lab, commit 0f49a452). A line is a
task, its settings, a seed and a split, the first example of that stream (of baselines), and a
checksum of more: each token is added to 31 times what was before, modulo 2^61 - 1. Drawn with NumPy 2.4.6.
"""

import importlib.util
import json
import sys

import numpy as np

PRIME = 2**61 - 1

BASELINES = {
    "in-context-recall": {"vocab_size": 16, "seq_len": 128, "noise_vocab_size": 0},
    "noisy-in-context-recall": {
        "vocab_size": 32,
        "seq_len": 128,
        "noise_vocab_size": 16,
        "frac_noise": 0.2,
    },
    "fuzzy-in-context-recall": {
        "vocab_size": 16,
        "seq_len": 128,
        "k_motif_size": 3,
        "v_motif_size": 3,
    },
    "memorization": {"vocab_size": 256, "seq_len": 32},
    "compression": {"vocab_size": 16, "seq_len": 32},
    "selective-copying": {"vocab_size": 16, "seq_len": 256, "num_tokens_to_copy": 16},
}

#: Changes of the baselines: knobs of the benchmark, and what else the generator takes.
CHANGES = {
    "in-context-recall": [
        {"vocab_size": 128},
        {"seq_len": 1024},
        {"multi_query": False},
        {"vocab_size": 3, "seq_len": 4, "multi_query": False},
        {"vocab_size": 24, "noise_vocab_size": 3, "frac_noise": 0.5},
    ],
    "noisy-in-context-recall": [
        {"vocab_size": 144},
        {"seq_len": 256},
        {"frac_noise": 0.8},
        {"multi_query": False},
    ],
    "fuzzy-in-context-recall": [
        {"vocab_size": 32},
        {"seq_len": 256},
        {"k_motif_size": 1, "v_motif_size": 2},
        {"multi_query": False},
        {"vocab_size": 20, "noise_vocab_size": 4, "frac_noise": 0.3},
    ],
    "memorization": [
        {"vocab_size": 8192},
        {"vocab_size": 64, "kv_map_seed": 7},
        {"vocab_size": 64, "noise_vocab_size": 5, "frac_noise": 0.3},
    ],
    "compression": [
        {"vocab_size": 128, "seq_len": 256},
        {"noise_vocab_size": 4, "frac_noise": 0.3},
    ],
    "selective-copying": [
        {"vocab_size": 128, "seq_len": 1024},
        {"num_tokens_to_copy": 96},
        {"vocab_size": 3, "seq_len": 4, "num_tokens_to_copy": 1},
    ],
}


def load(path):
    """The module in a file."""
    spec = importlib.util.spec_from_file_location("instances", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def drawn(generate, settings, seed, split, n):
    """The first example of a fresh stream, and the checksum of `n`."""
    rng = np.random.default_rng(seed)
    np.random.seed(seed)
    first, checksum = None, 0
    for _ in range(n):
        inputs, targets = generate(
            **{"multi_query": True, **settings}, is_training=split == "train", rng=rng
        )
        example = {"inputs": inputs.tolist(), "targets": targets.tolist()}
        first = first or example
        for token in example["inputs"] + example["targets"]:
            checksum = (checksum * 31 + token) % PRIME
    return first, checksum


def main():
    """Prints a line for each task, setting and split."""
    module = load(sys.argv[1])
    for task, baseline in BASELINES.items():
        generate = getattr(module, f"generate_{task.replace('-', '_')}_instance")
        for change in [{}, *CHANGES[task]]:
            settings = {**baseline, **change}
            for split, seed in (("train", 12345), ("test", 7)):
                n = 20 if settings["vocab_size"] < 100 else 5
                case = {"task": task, "settings": settings, "seed": seed, "split": split, "n": n}
                first, checksum = drawn(generate, settings, seed, split, n)
                outcome = {"first": None if change else first, "checksum": checksum}
                print(json.dumps({**case, **outcome}))


if __name__ == "__main__":
    main()
