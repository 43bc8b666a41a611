"""Reading a run's log, and running the command, for tests."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

TELLA = Path(sys.executable).with_name("tella")


def tella(*args, code=0, **options):
    """Runs the command, which must end with `code`; what it printed."""
    environ = dict(os.environ, TELLA_NO_PROGRESS="1")
    command = [TELLA, *map(str, args)]
    done = subprocess.run(
        command, capture_output=True, text=True, env=environ, timeout=300, **options
    )
    assert done.returncode == code, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def summary(*args, code=0, **options):
    """Runs the command with `--json`; the object that it printed."""
    return json.loads(tella(*args, "--json", code=code, **options))


def rows(run, without):
    """The rows of a run of one lifetime as text, without these columns."""
    table = Path(run).with_suffix(".tsv")
    tella("log", "export", run, "--format", "tsv", "-o", table)
    with open(table, newline="") as lines:
        all_rows = list(csv.DictReader(lines, delimiter="\t"))
    assert all_rows and set(without) <= all_rows[0].keys()
    return [{k: v for k, v in row.items() if k not in without} for row in all_rows]


def content(run):
    """The content hashes of a run's lifetimes, by index."""
    lifetimes = sorted(Path(run).glob("lifetime-*"))
    states = [json.loads((each / "status.json").read_text()) for each in lifetimes]
    return [state.get("content_hash") for state in states]
