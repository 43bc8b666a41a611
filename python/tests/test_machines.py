"""The same lifetimes in threads, in worker processes, in separate shells and on Ray: the same tables. A Ray worker is
killed in the middle, and so is a program that uses Ray."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rows import TELLA, content, tella
from test_documents import DOCS, blocks

HERE = Path(__file__).parent
PAGE = DOCS / "how-to/many-machines.md"
AGENT = f"{HERE / 'python_agents.py'}:Slow"
LIFETIMES = 4
SEEDS = ["--agent-seed", "3", "--curriculum-seed", "4"]
ENVIRON = dict(os.environ, TELLA_NO_PROGRESS="1", RAY_USAGE_STATS_ENABLED="0")

#: About a second and a half of the slow agent's.
CURRICULUM = """
schema: 1
name: machines
tasks:
  CartPole: {env: CartPole-v1, learn: {episodes: 12}, eval: {episodes: 2}}
generator: {type: interleaved, passes: 2}
"""


@pytest.fixture(scope="module")
def curriculum(tmp_path_factory):
    path = tmp_path_factory.mktemp("curriculum") / "machines.yaml"
    path.write_text(CURRICULUM)
    return path


def run(curriculum, out, *options):
    tella("run", curriculum, "--agent", AGENT, "--out", out, *SEEDS, *options)


def tables(out):
    """The experience table of each lifetime: its content hash, and its rows as bytes, times left out."""
    folder = Path(out).with_name(f"{Path(out).name}-csv")
    tella("log", "export", out, "--format", "csv", "-o", folder)
    files = sorted(folder.rglob("*.csv"))
    assert len(files) == LIFETIMES
    rows = []
    for file in files:
        lines = [line.split(b",") for line in file.read_bytes().splitlines()]
        timed = [lines[0].index(column) for column in (b"started_at", b"finished_at")]
        assert timed == [len(lines[0]) - 2, len(lines[0]) - 1], "no field before them is cut wrongly"
        rows.append(b"\n".join(b",".join(line[:-2]) for line in lines))
    hashes = content(out)
    assert None not in hashes and len(set(hashes)) == LIFETIMES
    return hashes, rows


@pytest.fixture(scope="module")
def expected(curriculum, tmp_path_factory):
    """In threads of one process."""
    out = tmp_path_factory.mktemp("threads") / "run"
    run(curriculum, out, "--num-lifetimes", LIFETIMES, "--jobs", "4", "--isolation", "none")
    return tables(out)


def test_worker_processes(curriculum, expected, tmp_path):
    out = tmp_path / "run"
    run(curriculum, out, "--num-lifetimes", LIFETIMES, "--jobs", "4", "--isolation", "process")
    assert tables(out) == expected


def test_separate_shells(curriculum, expected, tmp_path):
    out = tmp_path / "run"
    command = [TELLA, "run", curriculum, "--agent", AGENT, "--out", out, *SEEDS, "--resume"]
    shells = [
        subprocess.Popen([*command, "--lifetime-idx", str(k)], env=ENVIRON, stdout=subprocess.DEVNULL)
        for k in range(LIFETIMES)
    ]
    assert [shell.wait(120) for shell in shells] == [0] * LIFETIMES
    assert tables(out) == expected
    subprocess.run([*command, "--lifetime-idx", "0"], check=True, env=ENVIRON, capture_output=True)
    assert content(out) == expected[0]


def driver(*words):
    command = [sys.executable, HERE / "ray_driver.py", *map(str, words)]
    return subprocess.Popen(
        command, env=ENVIRON, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def ended(running):
    """The last line that a driver printed, before which Ray may have talked."""
    out, err = running.communicate(timeout=120)
    assert running.returncode == 0, out + err
    return out.splitlines()[-1]


def await_true(is_so, running):
    deadline = time.monotonic() + 60
    while not is_so():
        assert running.poll() is None and time.monotonic() < deadline, running.communicate()
        time.sleep(0.01)


def await_file(file, running):
    await_true(file.exists, running)


def living(folder):
    """The processes that go on with lifetimes of `folder` for Ray: the Ray worker and the lifetime of each."""
    found = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"tella._lifetime" in words and str(folder).encode() in words:
            worker, lifetime = (words.index(word) + 1 for word in (b"tella._lifetime", b"--lifetime-idx"))
            found[int(place.name)] = int(words[worker]), int(words[lifetime])
    return found


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1][0] != "Z"
    except OSError:
        return False


def test_ray_whose_worker_is_killed(curriculum, expected, tmp_path):
    out = tmp_path / "run"
    running = driver("run", curriculum, AGENT, out, LIFETIMES)
    await_file(out / "lifetime-0001/checkpoint.bin", running)
    process, (worker, lifetime) = min(living(out).items())
    os.kill(worker, signal.SIGKILL)
    await_true(lambda: not is_alive(process), running)
    # Had it outlived its Ray worker it would have come to the end.
    assert not (out / f"lifetime-{lifetime:04}/seal.json").exists()
    await_true(lambda: lifetime in {lifetime for _, lifetime in living(out).values()}, running)
    assert ended(running) == f"{LIFETIMES}"
    assert tables(out) == expected
    assert not living(out)


def test_a_program_that_dies_is_run_again_and_workers_need_not_see_the_folder(
    curriculum, expected, tmp_path
):
    out = tmp_path / "run"
    run(curriculum, out, "--num-lifetimes", LIFETIMES, "--jobs", "4", "--isolation", "none")
    for folder in out.glob("lifetime-*"):
        shutil.rmtree(folder)
    first = driver("live", out, 0, 1)
    await_file(out / "lifetime-0001/seal.json", first)
    first.send_signal(signal.SIGKILL)
    first.wait(60)
    first.stdout.close(), first.stderr.close()
    left = [k for k in range(LIFETIMES) if not (out / f"lifetime-{k:04}/seal.json").exists()]
    assert set(left) >= {2, 3}
    assert json.loads(ended(driver("live", out, *left))) == []
    assert tables(out) == expected
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".gathered-")]


def test_the_pages_program_sweeps_on_ray(tmp_path):
    """Native agents, and Ray that nobody has begun."""
    page = list(blocks(PAGE))
    shell = next(text for language, text in page if language == "sh")
    (tmp_path / "grid.yaml").write_text(shell.split("<<'END'\n")[1].split("END\n")[0])
    tella("sweep", "grid.yaml", "-o", "sweeps/local", cwd=tmp_path)
    program = [sys.executable, "-c", dict(page)["python"]]
    subprocess.run(program, check=True, env=ENVIRON, cwd=tmp_path, timeout=120)
    here, there = (
        {
            path.relative_to(tmp_path / "sweeps" / on): path.read_bytes()
            for path in (tmp_path / "sweeps" / on).glob("*/*/experiences.arrow")
        }
        for on in ("local", "ray")
    )
    assert here == there and len(here) == 10
    told = tella("sweep", "grid.yaml", "-o", "sweeps/ray", "--on", "ray", cwd=tmp_path)
    assert "5 runs, 10 of 10 lifetimes complete" in told
