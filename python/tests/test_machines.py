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
from tella import _native
from tella._ray import moved
from test_documents import DOCS, blocks

HERE = Path(__file__).parent
PAGE = DOCS / "how-to/many-machines.md"
AGENT = f"{HERE / 'python_agents.py'}:Slow"
LIFETIMES = 4
SEEDS = ["--agent-seed", "3", "--curriculum-seed", "4"]
ENVIRON = dict(os.environ, TELLA_NO_PROGRESS="1", RAY_USAGE_STATS_ENABLED="0")

#: An agent that cannot be made.
WRONG = """
class Wrong:
    def __init__(self, *_):
        raise ValueError("no good")

    choose_actions = receive_transitions = None
"""

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


def driver(*words, cwd=None):
    command = [sys.executable, HERE / "ray_driver.py", *map(str, words)]
    return subprocess.Popen(
        command, cwd=cwd, env=ENVIRON, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
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
    # One was begun here. What lies in its folder is sent along and comes back.
    command = [TELLA, "resume", out, "--lifetime-idx", "3", "--checkpoint-every", "0.1"]
    begun = subprocess.Popen(command, env=ENVIRON, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    await_file(out / "lifetime-0003/checkpoint.bin", begun)
    begun.send_signal(signal.SIGINT)
    assert begun.wait(60) == 130
    (out / "lifetime-0003/begun-here").touch()
    first = driver("live", out, 0, 1)
    await_file(out / "lifetime-0001/seal.json", first)
    first.send_signal(signal.SIGKILL)
    first.wait(60)
    first.stdout.close(), first.stderr.close()
    left = [k for k in range(LIFETIMES) if not (out / f"lifetime-{k:04}/seal.json").exists()]
    assert set(left) >= {2, 3}
    assert json.loads(ended(driver("live", out, *left))) == []
    assert (out / "lifetime-0003/begun-here").exists()
    (out / "lifetime-0003/begun-here").unlink()
    assert tables(out) == expected
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".gathered-")]


def test_the_longer_log_of_two_stays(tmp_path):
    """Whether it is the one that was sent or the one that is there."""
    runs = [tmp_path / "here" / "run", tmp_path / "there" / "run"]
    path = tmp_path / "steps.yaml"
    path.write_text(CURRICULUM)
    command = ("run", path, "--agent", f"{HERE / 'python_agents.py'}:Slow", *SEEDS, "--isolation", "none")
    tella(*command, "--out", runs[0])
    shutil.copytree(runs[0], runs[1])
    lifetime = Path("lifetime-0000")

    def cut(at, run):
        """The lifetime as it was when it had been stopped after so many seconds."""
        shutil.rmtree(run / lifetime)
        process = subprocess.Popen(
            [TELLA, "resume", run, "--checkpoint-every", "0.1", "--isolation", "none"],
            env=ENVIRON,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        await_true(lambda: experiences(run) >= at, process)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130

    def experiences(run):
        log = run / lifetime / "flushed.json"
        if not log.exists():
            return 0
        return json.loads(_native.describe_lifetime(run, 0)).get("experiences", 0)

    cut(8, runs[0])
    cut(1, runs[1])
    more, fewer = map(experiences, runs)
    assert more > fewer
    before = {file.name: file.read_bytes() for file in (runs[0] / lifetime).iterdir()}
    refused = moved.put(moved.packed(runs[1] / lifetime), runs[0], 0)
    assert refused == f"what came has {fewer} experiences, fewer than the {more} here, which are kept"
    assert before == {file.name: file.read_bytes() for file in (runs[0] / lifetime).iterdir()}
    assert moved.put(moved.packed(runs[0] / lifetime), runs[1], 0) is None
    assert before == {file.name: file.read_bytes() for file in (runs[1] / lifetime).iterdir()}
    # One that is complete stays, whatever comes.
    tella("resume", runs[1], "--isolation", "none")
    assert moved.put(moved.packed(runs[0] / lifetime), runs[1], 0) is None
    assert (runs[1] / lifetime / "seal.json").exists()
    # And no log is taken for one that is being written, or damaged.
    with open(runs[1] / lifetime / "experiences.arrow", "r+b") as damaged:
        damaged.truncate(100)
    assert moved.put(moved.packed(runs[1] / lifetime), runs[0], 0).startswith("what came is damaged")
    assert before == {file.name: file.read_bytes() for file in (runs[0] / lifetime).iterdir()}


def test_a_grid_is_the_same_grid_however_it_is_named(tmp_path):
    """By the path of its folder or without: agents in it, and their files, keep their names."""
    (tmp_path / "agents.py").write_text((HERE / "python_agents.py").read_text())
    (tmp_path / "agent.json").write_text("{}")
    agent = "{agent: 'agents.py:Random', name: one, agent_config: agent.json}"
    (tmp_path / "grid.yaml").write_text(f"{{schema: 1, agents: [{agent}], curricula: [SimpleCartPole]}}")
    hashes = set()
    for grid in ("grid.yaml", "./grid.yaml", tmp_path / "grid.yaml"):
        assert "1 run, 1 of 1 lifetime complete" in tella("sweep", grid, "-o", "sweep", cwd=tmp_path)
        (run,) = (tmp_path / "sweep").glob("one--*")
        hashes.add(json.loads((run / "run.json").read_text())["identity_hash"])
    for agent in ("agents.py:Random", "./agents.py:Random", f"{tmp_path}/agents.py:Random"):
        out = tmp_path / f"run-{len(list(tmp_path.iterdir()))}"
        words = ("run", "SimpleCartPole", "--agent", agent, "--agent-config", "./agent.json", "--out", out)
        tella(*words, "--agent-seed", 0, "--curriculum-seed", 0, cwd=tmp_path)
        hashes.add(json.loads((out / "run.json").read_text())["identity_hash"])
    assert len(hashes) == 1


@pytest.mark.parametrize("how", ["command", "program", "terminated"])
def test_ctrl_c_stops_lifetimes_on_ray_in_good_order(how, curriculum, expected, tmp_path):
    """And so does SIGTERM, with an exit code of its own."""
    out = tmp_path / "run"
    if how != "program":
        command = [TELLA, "run", curriculum, "--agent", AGENT, "--out", out, *SEEDS, "--on", "ray"]
        command += ["--num-lifetimes", str(LIFETIMES), "--checkpoint-every", "0.1"]
        running = subprocess.Popen(
            command, env=ENVIRON, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
    else:
        running = driver("run", curriculum, AGENT, out, LIFETIMES)
    await_true(lambda: list(out.glob("lifetime-*/checkpoint.bin")), running)
    running.send_signal(signal.SIGTERM if how == "terminated" else signal.SIGINT)
    said, err = running.communicate(timeout=120)
    if how != "program":
        assert running.returncode == (75 if how == "terminated" else 130), err
        assert f"run folder: {out}" in said
        assert "hint: `tella resume" in err
    else:
        assert "KeyboardInterrupt: the run was stopped; tella.resume(" in err
    assert not living(out)
    states = [json.loads(file.read_text())["state"] for file in out.glob("lifetime-*/status.json")]
    assert "interrupted" in states and set(states) <= {"interrupted", "complete"}
    tella("resume", out, "--jobs", "4", "--isolation", "none")
    assert tables(out) == expected


def test_why_lifetimes_failed_on_ray_is_in_the_exception(tmp_path):
    """That of a fault, and that of a log that is damaged."""
    (tmp_path / "wrong.py").write_text(WRONG)
    grid, out = tmp_path / "grid.yaml", tmp_path / "sweep"
    grid.write_text("{schema: 1, agents: [random, 'wrong.py:Wrong'], curricula: [SimpleCartPole]}")
    tella("sweep", grid, "-o", out, code=3, cwd=tmp_path)
    lifetime = out / "random--SimpleCartPole--seed=0/lifetime-0000"
    (lifetime / "seal.json").unlink()
    said = json.loads(ended(driver("sweep", grid, out, cwd=tmp_path)))
    assert said["kind"] == "LifetimeFault" and len(said["faults"]) == 1
    _, damage, fault = said["text"].split("--SimpleCartPole--seed=0: lifetime 0: ")
    assert "seal.json is missing" in damage and "ValueError: no good" in fault, said


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
