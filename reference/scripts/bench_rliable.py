"""Times rliable 1.2.0: intervals of mean, median, IQM and optimality gap of one metric.

Arguments: lifetimes, resamples. Standard output: a JSON object with `seconds`.
"""

import json
import sys
import time

import numpy as np
from rliable import library, metrics

lifetimes, resamples = int(sys.argv[1]), int(sys.argv[2])
scores = np.random.default_rng(1).random((lifetimes, 1))


def aggregates(x):
    return np.array([
        metrics.aggregate_mean(x),
        metrics.aggregate_median(x),
        metrics.aggregate_iqm(x),
        metrics.aggregate_optimality_gap(x),
    ])


start = time.perf_counter()
library.get_interval_estimates({"x": scores}, aggregates, reps=resamples)
json.dump({"seconds": time.perf_counter() - start}, sys.stdout)
