"""Measures logs with L2Metrics 3.1.0.

    python metrics_l2metrics.py [--processor] < requests > answers

Requests are a JSON list of {"settings", "measures", and either "columns" (a table of
experiences: column name to list) or "scenario" (an L2Logger folder)}, and perhaps "experts", a
list of {"mode", "columns"} that enter the store in this order; answers a list of {"metrics",
"regimes"} or {"error"}. The settings `noise` and `noise_seed` are not the reference's: noise is
drawn by NumPy's default generator from the seed.

Unless --processor is given, this is a changed reference: `numpy.convolve` is replaced by one
that adds in the order the golden cases show, and the cosine of NumPy's windows by the one they
show. The true ones round in a way that depends on the processor they run on, and that
decides ties (see dot.rs and cosine.rs in metrics/src/l2metrics). The files of several variants'
experts are taken in order of their names; the true order is the file system's. With --processor
nothing is replaced.
"""

import csv
import json
import logging
import math
import os
import shutil
import sys
import tempfile
import types
import warnings
from pathlib import Path

warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
# L2Metrics imports its plotting, which asks for a Jupyter back end that nothing here uses.
sys.modules["ipympl"] = types.ModuleType("ipympl")
os.environ["MPLBACKEND"] = "Agg"
os.environ["L2DATA"] = tempfile.mkdtemp()

import numpy as np  # noqa: E402
from l2metrics import util  # noqa: E402
from l2metrics.report import MetricsReport  # noqa: E402

numpy_convolve = np.convolve


def two_sum(a, b):
    """The rounded sum and its error (Knuth)."""
    total = a + b
    back = total - a
    return total, (a - (total - back)) + (b - back)


def two_product(a, b):
    """The rounded product and its error (Dekker)."""

    def halves(x):
        high = x * 134217729.0
        high = high - (high - x)
        return high, x - high

    product = a * b
    (a1, a2), (b1, b2) = halves(a), halves(b)
    return product, ((a1 * b1 - product) + a1 * b2 + a2 * b1) + a2 * b2


def fused_multiply_add(a, b, c):
    """a * b + c rounded once, by way of a sum rounded to odd (Boldo and Melquiond 2008)."""
    high, low = two_product(a, b)
    c_high, c_low = two_sum(c, low)
    total, rest = two_sum(high, c_high)
    rest, error = two_sum(c_low, rest)
    bits = rest.view(np.int64)
    to_odd = np.where((error > 0) == (rest > 0), 1, -1)
    bits = np.where((error != 0) & (bits % 2 == 0), bits + to_odd, bits)
    return total + bits.view(np.float64)


def convolve(a, v, mode):
    assert mode == "valid"
    long, short = (a, v) if len(a) >= len(v) else (v, a)
    if len(short) <= 11:
        return numpy_convolve(a, v, mode=mode)
    kernel = np.asarray(short, dtype=float)[::-1]
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(long, float), len(kernel))
    sums = np.zeros((len(windows), 16))
    blocks = len(kernel) // 16 * 16
    for start in range(0, blocks, 16):
        part = slice(start, start + 16)
        sums = fused_multiply_add(kernel[part], windows[:, part], sums)
    sums = sums.reshape(len(windows), 8, 2)
    while sums.shape[1] > 1:
        sums = sums[:, ::2] + sums[:, 1::2]
    total = sums[:, 0, 0] + sums[:, 0, 1]
    for i in range(blocks, len(kernel)):
        total = total + kernel[i] * windows[:, i]
    return total


PI = [math.pi, 1.224646799147353e-16, 2.165713347843828e-32]
SINE = [
    -7.37280909726507e-13,
    1.6048055576979365e-10,
    -2.505187912674299e-08,
    2.755731658449074e-06,
    -0.00019841269824944275,
    0.00833333333328519,
    -0.16666666666666183,
]


def cos(x):
    x = np.abs(np.asarray(x, dtype=float))
    product, error = two_product(x, 1 / math.pi)
    turns = np.floor(product)
    turns = np.where((turns == product) & (error < 0), turns - 1, turns)
    middle = turns + 0.5
    near = fused_multiply_add(PI[1], middle, fused_multiply_add(PI[0], middle, -x))
    square = near * near
    rest = fused_multiply_add(PI[2], middle, near)
    total = np.full_like(square, SINE[0])
    for coefficient in SINE[1:]:
        total = fused_multiply_add(total, square, np.full_like(square, coefficient))
    rest = np.where(turns % 2 == 0, rest, -rest)
    return np.where(x < 2.0**-27, 1.0, fused_multiply_add(rest * square, total, rest))


def sorted_glob(path, pattern, glob=Path.glob):
    return iter(sorted(glob(path, pattern)))


def write_scenario(folder, columns, measures):
    folder.mkdir(parents=True)
    (folder / "logger_info.json").write_text(
        json.dumps({"metrics_columns": measures, "log_format_version": "1.1"})
    )
    (folder / "scenario_info.json").write_text("{}")
    names = list(columns) + ["worker_id", "timestamp"]
    rows = zip(*columns.values())
    logs = {}
    for number, row in enumerate(rows):
        stamp = f"20240101T{number // 3600 % 24:02}{number // 60 % 60:02}{number % 60:02}.0"
        values = dict(zip(columns, row))
        place = (values["block_num"], values["block_type"])
        logs.setdefault(place, []).append(list(row) + ["worker-default", stamp])
    for (block_num, block_type), rows in logs.items():
        path = folder / "worker-default" / f"{block_num}-{block_type}" / "data-log.tsv"
        path.parent.mkdir(parents=True)
        with path.open("w", newline="") as file:
            writer = csv.writer(file, delimiter="\t", lineterminator="\n")
            writer.writerow(names)
            writer.writerows(rows)


def nan_to_none(value):
    if isinstance(value, (float, np.floating)):
        return None if np.isnan(value) else float(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, dict):
        return {k: nan_to_none(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [nan_to_none(v) for v in value]
    return value


REGIME_COLUMNS = [
    "block_num", "block_type", "block_subtype", "task_name", "regime_num", "saturation",
    "exp_to_sat", "term_perf", "exp_to_term_perf", "avg_perf",
]


def store_experts(folder, experts, measures):
    shutil.rmtree(Path(os.environ["L2DATA"]) / "taskinfo", ignore_errors=True)
    for number, expert in enumerate(experts):
        scenario = folder / f"expert-{number}"
        write_scenario(scenario, expert["columns"], measures)
        util.store_ste_data(scenario, expert["mode"])


def measure(scenario, settings):
    mean, std = settings.pop("noise", (0, 0))
    seed = settings.pop("noise_seed", 0)
    report = MetricsReport(log_dir=scenario, **settings)
    if mean or std:
        draws = np.random.default_rng(seed).normal(mean, std, len(report._log_data))
        np.random.normal = lambda *_: draws
        report.add_noise(mean, std)
    report.calculate()
    regimes = report.regime_metrics_df[REGIME_COLUMNS].to_dict("split")["data"]
    return {"metrics": report.ll_metrics_dict, "regimes": regimes}


def main():
    answers = sys.stdout
    sys.stdout = sys.stderr
    if "--processor" not in sys.argv:
        np.convolve = convolve
        np.lib.function_base.cos = cos
        Path.glob = sorted_glob
    found = []
    for request in json.load(sys.stdin):
        with tempfile.TemporaryDirectory() as folder:
            try:
                scenario = request.get("scenario")
                if scenario is None:
                    scenario = Path(folder) / "run"
                    write_scenario(scenario, request["columns"], request["measures"])
                experts = request.get("experts", [])
                store_experts(Path(folder), experts, request.get("measures"))
                found.append(measure(Path(scenario), request["settings"]))
            except Exception as error:
                found.append({"error": f"{type(error).__name__}: {error}"})
    json.dump(nan_to_none(found), answers, allow_nan=False)


main()
