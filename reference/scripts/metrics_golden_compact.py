"""Writes golden cases of L2Metrics compactly.

    python metrics_golden_compact.py CASES DESTINATION

A case becomes one JSON file: `settings` (a data range taken in), `log` and the logs of
`experts` in the order in which they enter the store, and what the reference made of them:
`metrics`, `regimes` and the preprocessed columns (`data`), or its `error`. A log is a list of
runs of rows that differ in numbers only: [block_num, block_type, block_subtype, task_name,
task_params, exp_status, exp_nums, performance, steps]; exp_nums is the first number where they
count up by one. Of preprocessed values 11 digits are kept.
"""

import json
import sys
from pathlib import Path

import pandas as pd

CONSTANT = ["block_num", "block_type", "block_subtype", "task_name", "task_params", "exp_status"]


def read_log(folder, measure):
    files = sorted(folder.rglob("data-log.tsv"))
    parts = [pd.read_csv(file, sep="\t", dtype=str, na_filter=False) for file in files]
    log = pd.concat(parts, ignore_index=True)
    for column in ("exp_num", "block_num"):
        log[column] = log[column].astype(int)
    log = log.sort_values(["exp_num", "block_num"], kind="stable")
    if "block_subtype" not in log.columns:
        log["block_subtype"] = "wake"
    runs = []
    key = None
    for row in log.to_dict("records"):
        constant = [row[column] for column in CONSTANT]
        if constant != key:
            key = constant
            runs.append([*constant, [], [], []])
        run = runs[-1]
        run[6].append(row["exp_num"])
        run[7].append(float(row[measure]) if row[measure] else None)
        if "episode_step_count" in row:
            run[8].append(int(row["episode_step_count"]))
    for run in runs:
        if run[6] == list(range(run[6][0], run[6][0] + len(run[6]))):
            run[6] = run[6][0]
    return runs


def nan_to_none(value):
    if isinstance(value, float) and value != value:
        return None
    if isinstance(value, dict):
        return {k: nan_to_none(v) for k, v in value.items()}
    if isinstance(value, list):
        return [nan_to_none(v) for v in value]
    return value


def compact(case, destination):
    settings = json.loads((case / "settings.json").read_text())
    measure = settings["perf_measure"]
    range_file = settings.pop("data_range_file", None)
    if range_file:
        settings["data_range"] = json.loads((case / range_file).read_text())
    order = json.loads((case / "ste/order.json").read_text())
    golden = {
        "settings": settings,
        "log": read_log(case / "logs/run", measure),
        "experts": [
            {"mode": e["mode"], "log": read_log(case / "ste" / e["dir"], measure)} for e in order
        ],
    }
    if (case / "expected/error.txt").exists():
        golden["error"] = (case / "expected/error.txt").read_text().strip().splitlines()[-1]
    else:
        golden["metrics"] = json.loads((case / "expected/metrics.json").read_text())
        regimes = pd.read_csv(case / "expected/regime.tsv", sep="\t")
        keys = ["block_num", "block_type", "block_subtype", "task_name", "regime_num"]
        values = ["saturation", "exp_to_sat", "term_perf", "exp_to_term_perf", "avg_perf"]
        golden["regimes"] = regimes[keys + values].to_dict("split")["data"]
        data = pd.read_csv(case / "expected/data.tsv", sep="\t")
        golden["data"] = {}
        for column in ("smoothed", "filtered", "normalized"):
            if f"{measure}_{column}" in data.columns:
                values = data[f"{measure}_{column}"].to_list()
                golden["data"][column] = [float(f"{value:.11g}") for value in values]
        if "steps" in data.columns:
            golden["data"]["steps"] = data.steps.to_list()
    text = json.dumps(nan_to_none(golden), separators=(",", ":"), allow_nan=False)
    (destination / f"{case.name}.json").write_text(text + "\n")


def main():
    source, destination = Path(sys.argv[1]), Path(sys.argv[2])
    destination.mkdir(parents=True, exist_ok=True)
    for case in sorted(source.glob("case-*")):
        compact(case, destination)


main()
