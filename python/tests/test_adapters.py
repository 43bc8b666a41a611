"""Agents of other libraries: Stable-Baselines3's, and training loops."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from rows import content
from test_engine import curriculum

LOOPS = Path(__file__).parent / "training_loops.py"


@pytest.fixture(scope="module")
def tella(with_baselines, tmp_path_factory):
    """Runs the command in the venv that has the libraries."""
    command = with_baselines.command(tmp_path_factory.mktemp("bin"))

    def run(*args, code=0, **options):
        environ = dict(os.environ, TELLA_NO_PROGRESS="1")
        words = [command, *map(str, args)]
        done = subprocess.run(
            words, env=environ, capture_output=True, text=True, timeout=300, **options
        )
        assert done.returncode == code, f"{words}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    run.command = command
    return run


#: CartPole-v0 counts as solved at 195 of 200.
POLE = """
schema: 1
name: pole
tasks:
  Pole: {{variants: {{Only: {{env: CartPole-v0}}}}, learn: {{steps: {steps}}}}}
generator: {{type: interleaved, passes: 1, eval: {{episodes: {episodes}}}}}
"""


@pytest.mark.parametrize(
    "algorithm, lanes, steps",
    [("PPO", 1, 320), ("PPO", 4, 1024), ("A2C", 3, 300), ("DQN", 2, 400), ("SAC", 1, 200), ("PPO-Box", 2, 512)],
)
def test_it_learns_as_the_librarys_own_loop(with_baselines, algorithm, lanes, steps):
    """Parameters to the last bit, through ends, truncations and a save in the middle."""
    found = with_baselines.run("adapters_beside.py", algorithm, lanes, steps)
    assert found["unlike"] == [] != found["learned"]


def test_ppo_balances_the_pole(tella, tmp_path):
    path = tmp_path / "pole.yaml"
    path.write_text(POLE.format(steps=30000, episodes=100))
    config = tmp_path / "ppo.json"
    # As rl-baselines3-zoo has them for this environment; two by name.
    settings = {"n_steps": 32, "batch_size": 256, "gae_lambda": 0.8, "n_epochs": 20}
    config.write_text(json.dumps(settings))
    options = ["--num-parallel-envs", 8, "--curriculum-seed", 1, "--agent-seed", 1, "--json"]
    options += ["--set", "agent.gamma=0.98", "--set", "agent.learning_rate=0.001"]
    options += ["--agent-config", config]
    agent = "tella.adapters.stable_baselines3:PPO"
    out = tella("run", path, "--agent", agent, *options, "--out", tmp_path / "run")
    lifetime = json.loads(out)["lifetimes"][0]
    assert lifetime["isolation"] == {"unverified": False, "learned_in_evaluation": []}
    assert evaluated(tella, tmp_path / "run") >= 195


def evaluated(tella, run):
    """Mean return of the last evaluation block."""
    table = run.with_suffix(".tsv")
    tella("log", "export", run, "--format", "tsv", "-o", table)
    lines = [line.split("\t") for line in table.read_text().splitlines()]
    block, kind, reward = (lines[0].index(name) for name in ("block_num", "block_type", "reward"))
    assert lines[-1][kind] == "test"
    return np.mean([float(line[reward]) for line in lines[1:] if line[block] == lines[-1][block]])


@pytest.mark.parametrize(
    "agent, steps", [("tella.adapters.stable_baselines3:PPO", 1200), (f"{LOOPS}:Recorder", 40000)]
)
def test_a_run_goes_on_to_the_same_log(tella, tmp_path, agent, steps):
    config = tmp_path / "agent.json"
    config.write_text(json.dumps({"n_steps": 32, "n_epochs": 2} if "PPO" in agent else {"path": os.devnull}))
    path = tmp_path / "pole.yaml"
    path.write_text(POLE.format(steps=steps, episodes=3))
    options = ["--agent", agent, "--agent-config", config, "--agent-seed", "3", "--curriculum-seed", "4"]
    tella("run", path, *options, "--out", tmp_path / "whole")
    command = [tella.command, "run", path, *options, "--out", tmp_path / "stopped"]
    running = subprocess.Popen(
        [*command, "--checkpoint-every", "0.2"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    log = tmp_path / "stopped/lifetime-0000/experiences.arrow"
    deadline = time.monotonic() + 60
    while not (log.exists() and log.stat().st_size):
        assert running.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.5)
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 130
    assert content(tmp_path / "stopped") == [None]
    tella("resume", tmp_path / "stopped")
    assert content(tmp_path / "stopped") == content(tmp_path / "whole") != [None]


def told(tella, folder, lanes, code=0, loop="Recorder", **shape):
    """What a loop was told, step by step, and what the command printed."""
    config, path = folder / "loop.json", folder / "told"
    path.write_text("")
    config.write_text(json.dumps({"path": str(path)}))
    shape = {"learn": 6, "evaluate": 2} | shape
    given = curriculum(folder, "CartPole-v1", **shape)
    options = ["--agent-config", config, "--num-parallel-envs", lanes, "--agent-seed", 3]
    options += ["--curriculum-seed", 4, "--out", folder / "run"]
    printed = tella("run", given, "--agent", f"{LOOPS}:{loop}", *options, code=code)
    return [json.loads(line) for line in path.read_text().splitlines()], printed


@pytest.mark.parametrize("lanes", [1, 3])
def test_a_loop_sees_its_learning_blocks_as_one_long_life(tella, tmp_path, lanes):
    steps, printed = told(tella, tmp_path, lanes)
    assert "unverified" in printed
    returns, lengths = np.zeros(lanes), np.zeros(lanes)
    for step, following in zip(steps, steps[1:]):
        assert following["seen"] == step["following"]
        returns, lengths = returns + step["rewards"], lengths + 1
        for lane in range(lanes):
            ended = step["terminated"][lane] or step["truncated"][lane]
            assert not (step["terminated"][lane] and step["truncated"][lane])
            if not ended:
                assert not step["ended"] or step["ended"][lane] is None
                continue
            assert step["ended"][lane] == {"r": returns[lane], "l": lengths[lane]}
            # The pole fell, or the block ended: what follows is another beginning.
            assert step["final"][lane] != step["following"][lane]
            assert np.abs(step["following"][lane]).max() <= 0.05
            if step["terminated"][lane]:
                assert abs(step["final"][lane][0]) > 2.4 or abs(step["final"][lane][2]) > 0.2095
            returns[lane] = lengths[lane] = 0
    ends = sum(sum(step["terminated"]) for step in steps)
    # Two blocks of six episodes; those that end alone are not shown, and the last step's end is not told.
    assert ends == 11 if lanes == 1 else 6 <= ends <= 11


def test_a_loop_that_returns_goes_on_by_its_act(tella, tmp_path):
    told(tella, tmp_path, 1, loop="Returns")


@pytest.mark.parametrize(
    "loop, said",
    [
        ("Fails", ["ValueError: fell after step 2", "training_loops.py", "stumble"]),
        ("ResetsTwice", ["a training loop calls `reset` once"]),
    ],
)
def test_a_loop_that_raises_ends_as_a_fault_of_its_lines(tella, tmp_path, loop, said):
    printed = told(tella, tmp_path, 1, loop=loop, code=3)[1]
    assert all(each in printed for each in [*said, "block 1", "Task"]), printed


def test_a_loops_thread_ends_with_its_lifetime(with_baselines, tmp_path):
    (tmp_path / "loop.json").write_text(json.dumps({"path": str(tmp_path / "told")}))
    given = curriculum(tmp_path, "CartPole-v1", learn=6, evaluate=2)
    left = with_baselines.run("training_loops.py", given, tmp_path / "loop.json", tmp_path)
    assert left == [2, 0]


def test_without_the_library_it_says_what_to_install(tmp_path):
    import rows

    path = curriculum(tmp_path, "CartPole-v1")
    agent = "tella.adapters.stable_baselines3:PPO"
    done = subprocess.run(
        [rows.TELLA, "run", path, "--agent", agent, "--out", tmp_path / "run"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2 and "pip install stable-baselines3" in done.stderr
    assert not (tmp_path / "run").exists()
