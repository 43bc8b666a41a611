"""Statistics of rliable 1.2.0, SciPy and NumPy for the same scores and the same resamples.

Standard input: a JSON list of requests, each with `x` and `y` (a matrix each, lifetimes by
tasks), `seed`, `resamples`, `rows` (whether a lifetime is drawn with all its tasks, or each task
is drawn on its own, as rliable does), `gamma`, `taus`. Standard output: a list of answers.

Resamples are drawn as the metrics crate says it draws them: by NumPy's generator, the k-th
thousand from the k-th child of the seed.
"""

import json
import sys

import numpy as np
from rliable import library, metrics


def draws(seed, resamples, sizes):
    """Indices of each resample: one array for each of `sizes`."""
    for first in range(0, resamples, 1000):
        rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(first // 1000,)))
        for _ in range(min(1000, resamples - first)):
            yield [rng.integers(0, n, size=n) for n in sizes]


def aggregates(scores, gamma):
    median = np.median(scores) if scores.shape[1] == 1 else metrics.aggregate_median(scores)
    return [
        float(metrics.aggregate_mean(scores)),
        float(median),
        float(metrics.aggregate_iqm(scores)),
        float(metrics.aggregate_optimality_gap(scores, gamma)),
    ]


def resampled(scores, drawn, rows):
    if rows:
        return scores[drawn[0]]
    return np.stack([scores[drawn[task], task] for task in range(scores.shape[1])], axis=1)


def interval(replicates):
    return np.percentile(np.array(replicates), [2.5, 97.5], axis=0).T.tolist()


def answer(request):
    x, y = np.array(request["x"]), np.array(request["y"])
    gamma, taus = request["gamma"], np.array(request["taus"])
    seed, resamples, rows = request["seed"], request["resamples"], request["rows"]
    tasks = x.shape[1]

    def sizes(scores):
        return [len(scores)] if rows else [len(scores)] * tasks

    own = [resampled(x, drawn, rows) for drawn in draws(seed, resamples, sizes(x))]
    few = min(resamples, request["pairs"])
    both = []
    for drawn in draws(seed, few, sizes(x) + sizes(y)):
        half = len(sizes(x))
        both.append((resampled(x, drawn[:half], rows), resampled(y, drawn[half:], rows)))
    poi = metrics.probability_of_improvement
    result = {
        "aggregates": aggregates(x, gamma),
        "intervals": interval([aggregates(scores, gamma) for scores in own]),
        "profile": library.score_distributions(x, taus).tolist(),
        "profile_intervals": interval([library.score_distributions(s, taus) for s in own]),
        "improvement": float(poi(x, y)),
        "improvement_interval": interval([[poi(a, b)] for a, b in both])[0],
        "difference_interval": interval(
            [[metrics.aggregate_iqm(a) - metrics.aggregate_iqm(b)] for a, b in both]
        )[0],
    }
    if not rows:
        # rliable's own draws come from NumPy's global state.
        np.random.seed(seed)
        _, own_draws = library.get_interval_estimates(
            {"x": x}, lambda s: np.array(aggregates(s, gamma)), reps=resamples
        )
        result["own_intervals"] = own_draws["x"].T.tolist()
    return result


json.dump([answer(request) for request in json.load(sys.stdin)], sys.stdout)
