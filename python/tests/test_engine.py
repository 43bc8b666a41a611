"""Agents and environments in Python live as native ones do."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from rows import TELLA, content, rows, summary, tella
from tella._native import LifetimeFault, run_live

HERE = Path(__file__).parent
AGENTS = HERE / "python_agents.py"
ENVS = HERE / "python_envs.py"


#: Times, and that one side is told which library's arithmetic it has.
NOT_COMPARED = ["started_at", "finished_at", "task_params"]


def curriculum(folder, env, *, learn=8, evaluate=3, name="c", compat=False, **params):
    """A curriculum of one task in two passes; its path."""
    variant = json.dumps({"env": env, "params": params})
    path = folder / f"{name}.yaml"
    path.write_text(
        f"""
schema: 1
name: {name}
{"compat: tella" if compat else ""}
tasks:
  Task: {{variants: {{Only: {variant}}}, learn: {{episodes: {learn}}}}}
generator: {{type: interleaved, passes: 2, eval: {{episodes: {evaluate}}}}}
"""
    )
    return path


def lived(folder, env, agent, *options, name="run", **shape):
    """The content hashes of a run."""
    out = folder / name
    path = curriculum(folder, env, name=name, **shape)
    seeds = ["--agent-seed", "3", "--curriculum-seed", "4"]
    tella("run", path, "--agent", agent, "--out", out, *seeds, *options)
    return content(out)


@pytest.mark.parametrize("env", ["CartPole-v1", "MountainCar-v0", "Acrobot-v1", "Pendulum-v1"])
def test_gymnasiums_environments_are_the_native_ones(env, tmp_path):
    """Row by row: rewards to the last digit, lengths, seeds."""
    logs = []
    for agent in ("Random", "Batched"):
        for place, params in [("", {"library": "gymnasium-1.4"}), ("gymnasium:", {})]:
            options = ["--num-parallel-envs", "3"]
            shape = {"learn": 2, "evaluate": 1} if env != "CartPole-v1" else {}
            name = f"{agent}-{place[:-1]}"
            agent_name = f"{AGENTS}:{agent}"
            lived(tmp_path, place + env, agent_name, *options, name=name, **shape, **params)
            logs.append(rows(tmp_path / name, without=NOT_COMPARED))
    assert logs[0] == logs[1] == logs[2] == logs[3]


@pytest.mark.parametrize("num_envs", [1, 4])
@pytest.mark.parametrize("compat", [False, True])
def test_old_gyms_way_is_gymnasiums(num_envs, compat, tmp_path):
    agent, options = f"{AGENTS}:Random", ["--num-parallel-envs", num_envs]
    runs = [
        lived(tmp_path, f"{ENVS}:{env}", agent, *options, name=env, compat=compat)
        for env in ("Walk", "OldWalk")
    ]
    assert runs[0] == runs[1] != [None]


def test_isolation_and_jobs_change_nothing(tmp_path):
    agent, env = f"{AGENTS}:Random", f"{ENVS}:Walk"
    runs = [
        lived(tmp_path, env, agent, "--num-lifetimes", "3", *options, name=f"run{i}")
        for i, options in enumerate([["--jobs", "3"], [], ["--isolation", "none"]])
    ]
    assert runs[0] == runs[1] == runs[2]
    assert len(set(runs[0])) == 3


@pytest.mark.parametrize("agent", ["Slow", "SavesItself"])
def test_a_run_goes_on_where_it_was_stopped(agent, tmp_path):
    shape = {"learn": 20, "evaluate": 5}
    whole = lived(tmp_path, "CartPole-v1", f"{AGENTS}:{agent}", name="whole", **shape)
    path, out = curriculum(tmp_path, "CartPole-v1", name="whole", **shape), tmp_path / "stopped"
    command = [TELLA, "run", path, "--agent", f"{AGENTS}:{agent}", "--out", out]
    command += ["--agent-seed", "3", "--curriculum-seed", "4", "--checkpoint-every", "0.1"]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (out / "lifetime-0000/checkpoint.bin").exists():
        assert running.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    assert running.wait(60) == 130
    assert content(out) == [None]
    tella("resume", out)
    assert content(out) == whole


def test_evaluation_leaves_no_trace_in_an_agent(tmp_path):
    report = {}
    for agent in ("Random", "SavesItself", "LearnsInEvaluation"):
        path, out = curriculum(tmp_path, "CartPole-v1"), tmp_path / agent
        told = summary("run", path, "--agent", f"{AGENTS}:{agent}", "--out", out)
        report[agent] = told["lifetimes"][0]["isolation"]
    assert report["Random"] == {"unverified": False, "learned_in_evaluation": []}
    assert report["SavesItself"] == {"unverified": False, "learned_in_evaluation": []}
    assert report["LearnsInEvaluation"]["learned_in_evaluation"] == [0, 2, 4]


def test_hooks_come_in_tellas_order(tmp_path):
    """As TELLA 2.1.0's `run` calls them: blocks, tasks, variants, then steps."""
    config, told = tmp_path / "agent.json", tmp_path / "told"
    config.write_text(json.dumps({"path": str(told)}))
    options = ["--num-parallel-envs", "2", "--agent-config", config]
    lived(tmp_path, "CartPole-v1", f"{AGENTS}:Recorder", *options, learn=3, evaluate=3)
    lines = [json.loads(line) for line in told.read_text().splitlines()]
    assert lines.pop(0) == ["made", 2]
    steps = [line for line in lines if line[0] == "receive_transitions"]
    hooks = [line for line in lines if line[0] != "receive_transitions"]
    block = [
        ["task_start", "Task"],
        ["task_variant_start", "Task", "Only"],
        ["task_variant_end", "Task", "Only"],
        ["task_end", "Task"],
    ]
    expected = []
    for learning in [False, True, False, True, False]:
        expected += [["block_start", learning], *block, ["block_end", learning]]
    assert hooks == expected
    given = [each for _, transitions in steps for each in transitions]
    assert {each[0] for each in given if each} == {None, 1.0}
    # The last of three episodes has no neighbour.
    assert None in given and sum(each[1] for each in given if each) == 15


def test_what_an_agent_keeps_stays_as_it_was(tmp_path):
    kept = lived(tmp_path, "CartPole-v1", f"{AGENTS}:Keeper", "--num-parallel-envs", "3", name="k")
    same = lived(tmp_path, "CartPole-v1", f"{AGENTS}:Batched", "--num-parallel-envs", "3")
    assert kept == same


@pytest.mark.parametrize("agent", ["Echo", "EchoBatch"])
@pytest.mark.parametrize("which", ["everything", "pixels", "discrete", "multi-binary", "scalar"])
def test_values_of_every_space_cross_unchanged(agent, which, tmp_path):
    """An environment pays 1 a step for getting back what it showed."""
    path = curriculum(tmp_path, f"{ENVS}:Samples", learn=4, evaluate=2, which=which)
    out = tmp_path / "run"
    tella("run", path, "--agent", f"{AGENTS}:{agent}", "--out", out, "--num-parallel-envs", "3")
    shown = json.loads(tella("log", "show", out, "--json"))
    blocks = shown["lifetimes"][0]["blocks"]
    assert [(block["mean_reward"], block["steps"] % 10) for block in blocks] == [(10.0, 0)] * 5


LIVE = {
    "schema": 1,
    "name": "Live",
    "compat": "tella",
    "blocks": [
        {"learn": [{"task": "T", "variants": [
            {"variant": "A", "env": "live:a", "params": {"length": 5}, "seed": 5, "episodes": 6}]}]},
        {"eval": [{"task": "T", "variants": [
            {"variant": "A", "env": "live:a", "params": {"length": 5}, "seed": 6, "steps": 50}]}]},
    ],
}  # fmt: skip


def live(agent, out, *, num_envs=2, env=None, **options):
    sys.path.insert(0, str(HERE))
    from python_envs import Walk

    return run_live(json.dumps(LIVE), agent, {"a": env or Walk}, out, num_envs=num_envs, **options)


def agent_of(kind, **overrides):
    import python_agents
    from tella.spaces import Discrete

    made = type(kind, (getattr(python_agents, kind),), overrides)
    return made(7, Discrete(11), Discrete(2), 2)


def test_live_objects_live_as_named_ones_do(tmp_path):
    sys.path.insert(0, str(HERE))
    report = live(agent_of("Random"), tmp_path / "live", agent_seed=7)
    assert (report["status"], report["run"]) == ("complete", str(tmp_path / "live"))
    named = json.loads(json.dumps(LIVE).replace("live:a", f"{ENVS}:Walk"))
    path = tmp_path / "named.yaml"
    path.write_text(json.dumps(named))
    # The agent of lifetime 0 of experiment seed 0 is another: its seed is set by name.
    script = f"{tmp_path / 'seven.py'}"
    Path(script).write_text(
        f"import sys; sys.path.insert(0, {str(HERE)!r})\nimport python_agents\n"
        "class Seven(python_agents.Random):\n"
        "    def __init__(self, rng_seed, *rest): super().__init__(7, *rest)\n"
    )
    options = ["--num-parallel-envs", "2", "--out", tmp_path / "named"]
    tella("run", path, "--agent", f"{script}:Seven", *options)
    assert content(tmp_path / "named") == [report["content_hash"]]
    assert tella("log", "check", tmp_path / "live") is not None
    status = json.loads((tmp_path / "live/lifetime-0000/status.json").read_text())
    assert (status["agent_seed"], status["curriculum_seed"]) == (7, None)


@pytest.mark.parametrize("error", [ZeroDivisionError("mine"), KeyboardInterrupt(), SystemExit(4)])
def test_exceptions_of_live_objects_come_back(error, tmp_path):
    def raises(self, transitions):
        raise error

    with pytest.raises(type(error)) as raised:
        live(agent_of("Random", receive_transitions=raises), tmp_path / "run")
    assert raised.value is error
    state = json.loads((tmp_path / "run/lifetime-0000/status.json").read_text())["state"]
    assert state == ("interrupted" if isinstance(error, KeyboardInterrupt) else "fault")
    tella("log", "check", tmp_path / "run")


def test_other_faults_of_live_objects_are_told(tmp_path):
    agent = agent_of("Random", choose_actions=lambda self, seen: [5] * len(seen))
    with pytest.raises(LifetimeFault, match="5 is outside 0 to 1") as raised:
        live(agent, tmp_path / "run")
    assert raised.value.fault["kind"] == "invalid-action"
    with pytest.raises(ValueError, match="unknown environment|no environment|is missing"):
        run_live("{}", agent, {}, tmp_path / "none")
    with pytest.raises(OSError):
        live(agent_of("Random"), tmp_path / "run")


def test_where_not_strict_bounds_are_the_environments_own_affair(tmp_path):
    from tella.spaces import Box

    class Loose:
        observation_space = Box(-1.0, 1.0, (1,), np.float32)
        action_space = Box(-1.0, 1.0, (1,), np.float32)

        def reset(self, *, seed=None, options=None):
            self.steps = 0
            return np.array([3.0], np.float32), {}

        def step(self, action):
            assert action == np.float32(2.0)
            self.steps += 1
            return np.array([3.0], np.float32), 1.0, self.steps == 5, False, {}

    def agent():
        return agent_of(
            "Random", choose_actions=lambda self, seen: [np.array([2.0], np.float32)] * len(seen)
        )

    report = live(agent(), tmp_path / "loose", env=Loose, strict=False)
    assert report["status"] == "complete"
    with pytest.raises(LifetimeFault, match="outside"):
        live(agent(), tmp_path / "strict", env=Loose)
