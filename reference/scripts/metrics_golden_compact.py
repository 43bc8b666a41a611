"""Makes the compact cases of metrics/tests/golden from golden cases of the L2 metrics.

    python metrics_golden_compact.py SOURCE DESTINATION [LARGEST_ROWS]

SOURCE holds folders `case-NNNN` with a scenario in L2Logger's layout (`logs/run`),
`settings.json`, `ste/order.json` and what L2Metrics 3.1.0 computed of it (`expected`).
A case becomes one TSV (the columns the metrics read, rows in the order L2Logger reads
them) and one JSON (settings, expected metrics, expected regimes), without what belongs
to single-task experts. Left out are cases that L2Metrics refuses and cases whose
clamping takes the experts' data in. Where the experts' data widened the range of
normalisation, the range that L2Metrics reports stands in as a data range.
"""

import json
import sys
from pathlib import Path

import pandas as pd

COLUMNS = [
    "block_num", "exp_num", "block_type", "block_subtype", "task_name", "task_params",
    "exp_status",
]


def expected_metrics(metrics):
    def of_experts(key):
        return key.startswith(("ste_", "se_", "sample_efficiency"))

    kept = {k: v for k, v in metrics.items() if not of_experts(k)}
    kept["task_metrics"] = {
        task: {k: v for k, v in values.items() if not of_experts(k)}
        for task, values in metrics["task_metrics"].items()
    }
    return kept


def nan_to_none(value):
    if isinstance(value, float) and value != value:
        return None
    if isinstance(value, dict):
        return {k: nan_to_none(v) for k, v in value.items()}
    if isinstance(value, list):
        return [nan_to_none(v) for v in value]
    return value


def compact(case, destination, largest):
    if (case / "expected/error.txt").exists():
        return "refused by the reference"
    settings = json.loads((case / "settings.json").read_text())
    metrics = json.loads((case / "expected/metrics.json").read_text())
    experts = json.loads((case / "ste/order.json").read_text())
    range_file = settings.pop("data_range_file", None)
    if range_file:
        settings["data_range"] = json.loads((case / range_file).read_text())
    elif experts and settings["clamp_outliers"]:
        return "clamped with experts' data"
    elif experts and settings["normalization_method"] != "none":
        settings["data_range"] = metrics["normalization_data_range"]
    files = sorted((case / "logs/run").rglob("data-log.tsv"))
    log = pd.concat([pd.read_csv(file, sep="\t", dtype=str, na_filter=False) for file in files])
    for column in ("exp_num", "block_num"):
        log[column] = log[column].astype(int)
    log = log.sort_values(["exp_num", "block_num"], kind="stable")
    if "block_subtype" not in log.columns:
        log["block_subtype"] = "wake"
    if len(log) > largest:
        return f"{len(log)} rows"
    columns = COLUMNS + [settings["perf_measure"]]
    if settings["unit"] == "steps":
        columns.append("episode_step_count")
    regimes = pd.read_csv(case / "expected/regime.tsv", sep="\t")
    values = ["saturation", "exp_to_sat", "term_perf", "exp_to_term_perf", "avg_perf"]
    keys = ["block_num", "block_type", "block_subtype", "task_name", "regime_num"]
    log[columns].to_csv(destination / f"{case.name}.tsv", sep="\t", index=False, quoting=3)
    expected = {
        "settings": settings,
        "metrics": expected_metrics(metrics),
        "regimes": regimes[keys + values].to_dict("split")["data"],
    }
    (destination / f"{case.name}.json").write_text(
        json.dumps(nan_to_none(expected), separators=(",", ":"), allow_nan=False) + "\n"
    )
    return None


def main():
    source, destination = Path(sys.argv[1]), Path(sys.argv[2])
    largest = int(sys.argv[3]) if len(sys.argv) > 3 else sys.maxsize
    destination.mkdir(parents=True, exist_ok=True)
    for case in sorted(source.glob("case-*")):
        reason = compact(case, destination, largest)
        print(case.name, reason or "kept")


main()
