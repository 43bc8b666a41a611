"""What pyarrow and L2Logger make of the files of the events crate.

    events_peers.py arrow FILE            rows and column types of an Arrow stream, as JSON
    events_peers.py parquet FILE          the same of a Parquet file
    events_peers.py write DIR SEED        a scenario written by L2Logger itself; prints its folder
    events_peers.py validate DIR          what `python -m l2logger.validate` says
    events_peers.py compare DIR DIR       whether L2Logger reads the same from two scenarios
"""

import json
import os
import random
import subprocess
import sys
from pathlib import Path


def show(table):
    rows = {}
    for name in table.column_names:
        column = table.column(name)
        if str(column.type).startswith("timestamp"):
            column = column.cast("int64")
        rows[name] = column.to_pylist()
    types = {f.name: str(f.type) for f in table.schema}
    print(json.dumps({"rows": table.num_rows, "types": types, "columns": rows}))


def arrow(path):
    """Reads batch by batch, so that a stream without an end gives all its whole batches."""
    import pyarrow as pa

    with pa.OSFile(path) as source:
        stream = pa.ipc.open_stream(source)
        batches = []
        while True:
            try:
                batches.append(stream.read_next_batch())
            except (StopIteration, pa.ArrowInvalid, OSError):
                break
        table = pa.Table.from_batches(batches, stream.schema)
    # Different dictionaries in different batches must not trouble pandas either.
    assert len(table.to_pandas()) == table.num_rows
    show(table)


def parquet(path):
    import pyarrow.parquet

    show(pyarrow.parquet.read_table(path))


def write(out, seed):
    """Several workers, measures beside the reward, parameters that need quoting."""
    from l2logger.l2logger import DataLogger

    draw = random.Random(seed)
    workers = ["worker-default"] if seed % 2 else ["w-0", "w.1", "w_2"]
    measures = ["reward"] if seed % 3 else ["performance", "aux"]
    with_steps = seed % 4 != 0
    scenario = {"author": "somebody", "complexity": "2-intermediate", "difficulty": "3-hard",
                "scenario_type": "alternating", "nested": {"a": [1, 2.5, None]}}
    loggers = [DataLogger(out, "made", {"metrics_columns": measures}, scenario)]
    # Each worker process has its own logger on one scenario folder.
    for _ in workers[1:]:
        logger = DataLogger(out, "made", {"metrics_columns": measures}, scenario)
        (Path(logger.scenario_dir) / "logger_info.json").unlink()
        (Path(logger.scenario_dir) / "scenario_info.json").unlink()
        os.rmdir(logger.scenario_dir)
        logger._scenario_dir = loggers[0].scenario_dir
        loggers.append(logger)
    exp = 0
    for block in range(6):
        task = draw.choice(["TaskA_One", "TaskB_Two", "odd name", "Ünï_Code"])
        params = draw.choice([{}, {"n": 8}, {"text": 'tab\t "quote" \n line', "f": 1e-7}])
        for _ in range(draw.randrange(1, 40)):
            which = draw.randrange(len(workers))
            record = {
                "block_num": block,
                "exp_num": exp,
                "block_type": ["test", "train"][block % 2],
                "block_subtype": draw.choice(["wake", "sleep"]) if block == 3 else "wake",
                "task_name": task,
                "task_params": params,
                "worker_id": workers[which],
                "exp_status": "incomplete" if draw.random() < 0.1 else "complete",
            }
            for measure in measures:
                record[measure] = draw.choice([draw.gauss(0, 10), 1e-9, 3e17, 0.0, 5.0])
            if with_steps:
                record["episode_step_count"] = draw.randrange(1, 500)
            if seed % 5 == 0:
                record["note"] = draw.choice(["", "a b", "tab\there"])
                record["seed"] = draw.random()
            loggers[which].log_record(record)
            exp += 1
    for logger in loggers:
        logger.close()
    print(loggers[0].scenario_dir)


def validate(scenario):
    run = subprocess.run(
        [sys.executable, "-m", "l2logger.validate", scenario],
        capture_output=True, text=True,
        env={**os.environ, "L2DATA": str(Path(scenario).parent)},
    )
    print(run.stdout + run.stderr)


def compare(left, right):
    from l2logger import util

    frames = [util.read_log_data(Path(d)) for d in (left, right)]
    assert set(frames[0].columns) == set(frames[1].columns), [f.columns for f in frames]
    headers = [next(Path(d).rglob("data-log.tsv")).read_text().split("\n")[0] for d in (left, right)]
    assert headers[0] == headers[1], headers
    for name in frames[0].columns:
        a, b = frames[0][name], frames[1][name]
        same = (a == b) | (a.isna() & b.isna())
        assert same.all(), (name, a[~same].head(), b[~same].head())
    for read in (util.read_logger_info, util.read_scenario_info):
        assert read(Path(left)) == read(Path(right))
    trees = [sorted(str(p.relative_to(d)) for p in Path(d).rglob("*")) for d in (left, right)]
    assert trees[0] == trees[1], trees
    print("same", len(frames[0]))


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "write":
        write(arguments[0], int(arguments[1]))
    else:
        {"arrow": arrow, "parquet": parquet, "validate": validate, "compare": compare}[command](
            *arguments
        )
