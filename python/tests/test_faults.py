"""Whatever an agent or an environment does, its lifetime ends as a classified fault, the log stays
sound, other lifetimes go on, and no process is left."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

HERE = Path(__file__).parent
HOSTILE = f"{HERE / 'hostile.py'}:Environment"
TELLA = Path(sys.executable).with_name("tella")

#: What a call may do, and what kinds of fault it is: `None` where it is none.
ANYWHERE = {
    "raises": "error",
    "sys.exit": "error",
    "os._exit": "died",
    "segfault": "died",
    "loop": "timeout",
    "loop holding the interpreter": "timeout",
    "sleeps": "timeout",
    "forks": None,
    "starts a process": None,
    "prints": None,
    "changes directory": None,
    "closes standard output": None,
}
HOOKS = [
    "constructor",
    "block_start",
    "task_start",
    "task_variant_start",
    "choose_actions",
    "receive_transitions",
    "task_variant_end",
    "task_end",
    "block_end",
]
CHOICES = {
    "None": "invalid-action",
    "wrong length": "action-count",
    "wrong type": "invalid-action",
    "NaN": "invalid-action",
    "out of space": "invalid-action",
    "Nones": "invalid-action",
    "changes the observation": None,
}
OBSERVATIONS = {
    mode: "error" for mode in ("None", "wrong length", "wrong type", "NaN", "out of space")
}

AGENT_CASES = [("agent", hook, mode, kind) for hook in HOOKS for mode, kind in ANYWHERE.items()]
AGENT_CASES += [("agent", "choose_actions", mode, kind) for mode, kind in CHOICES.items()]
ENV_CASES = [
    ("environment", hook, mode, kind)
    for hook in ("reset", "step")
    for mode, kind in (ANYWHERE | OBSERVATIONS).items()
]
ENV_CASES += [("environment", "reward", "NaN", "invalid-reward")]

#: In the quick suite hooks that are called alike stand for each other.
ALIKE = {"task_start", "task_variant_start", "task_variant_end", "task_end"}
FULL = "TELLA_FULL" in os.environ

CURRICULUM = """
schema: 1
name: faults
tasks:
  Task:
    variants: {{Only: {{env: "{environment}"{params}}}}}
    learn: {{episodes: 3}}
generator: {{type: interleaved, passes: 1, eval: {{episodes: 2}}}}
"""


def run(folder, *, agent="Agent", environment="CartPole-v1", sets=(), params=None, options=(), cwd=None):
    """Runs a hostile agent or environment; the exit code, the summary and the talk."""
    shown = f", params: {json.dumps(params)}" if params else ""
    folder.mkdir(exist_ok=True)
    curriculum = folder / "curriculum.yaml"
    curriculum.write_text(CURRICULUM.format(environment=environment, params=shown))
    agent = agent if ":" in agent or agent == "random" else f"{HERE / 'hostile.py'}:{agent}"
    command = [TELLA, "run", curriculum, "--agent", agent, "--out", folder / "run", "--json"]
    command += ["--curriculum-seed", "1", "--agent-seed", "1", *options]
    for key, value in sets:
        command += ["--set", f"agent.{key}={value}"]
    environ = dict(os.environ, TELLA_NO_PROGRESS="1", TELLA_TEST_MARK=str(folder))
    done = subprocess.run(command, capture_output=True, text=True, env=environ, timeout=120, cwd=cwd)
    summary = json.loads(done.stdout) if done.stdout else None
    return done.returncode, summary, done.stderr


def left_running(folder):
    """Processes that were started for the run in `folder` and are still there."""
    mark = f"TELLA_TEST_MARK={folder}".encode()
    left = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                left.append((process / "cmdline").read_bytes())
        except OSError:
            continue
    return left


def check(folder, party, hook, mode, kind):
    """What is wrong with how a case ends."""
    if party == "agent":
        sets = [("hook", hook), ("mode", mode)]
        code, summary, talk = run(folder, sets=sets, options=["--timeout", "4"])
    else:
        params = {"hook": hook, "mode": mode, "at": 1}
        options = ["--timeout", "4"]
        code, summary, talk = run(
            folder, agent="random", environment=HOSTILE, params=params, options=options
        )
    if summary is None:
        return f"exit code {code}: {talk}"
    (lifetime,) = summary["lifetimes"]
    # A place without a variant, say, leaves no gap.
    if any(line.endswith(" ") for line in talk.splitlines()):
        return f"a blank at the end of a line: {talk}"
    if left := left_running(folder):
        return f"still running: {left}"
    wrong = subprocess.run([TELLA, "log", "check", folder / "run"], capture_output=True, text=True)
    if wrong.returncode != 0:
        return f"the log: {wrong.stdout}{wrong.stderr}"
    fault = lifetime["fault"]
    if kind is None:
        return None if (code, lifetime["status"]) == (0, "complete") else f"{code} {fault}"
    if code != 3 or fault is None:
        return f"exit code {code}, {lifetime}"
    found = (fault["party"], fault["kind"])
    # Of a process that died it is known only now and then whose code ran last.
    parties = {party, "agent"} if kind == "died" else {party}
    if found[0] not in parties or found[1] != kind:
        return f"{found}: {fault['message']}"
    if kind == "error" and mode in ("raises", "sys.exit"):
        lines = fault["message"].splitlines()
        named = {"raises": "ValueError: tired of this", "sys.exit": "SystemExit: 3"}[mode]
        if lines[0] != named or "hostile.py:" not in lines[1]:
            return fault["message"]
    return None


@pytest.mark.parametrize("cases", [AGENT_CASES, ENV_CASES], ids=["agents", "environments"])
def test_every_misdeed_ends_as_a_fault_of_its_kind(cases, tmp_path):
    chosen = [case for case in cases if FULL or case[1] not in ALIKE or case[2] == "raises"]
    with ThreadPoolExecutor(6) as pool:
        folders = [tmp_path / str(i) for i in range(len(chosen))]
        wrong = list(pool.map(lambda pair: check(pair[0], *pair[1]), zip(folders, chosen)))
    found = [f"{case[1:3]}: {why}" for case, why in zip(chosen, wrong) if why is not None]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("mode", "kind", "said"),
    [
        ("None", "invalid-action", "choose_actions_batch returned None"),
        ("a number", "invalid-action", "choose_actions_batch returned int 3"),
        ("wrong length", "action-count", "answered with 4 actions for 3 environments"),
        ("wrong type", "invalid-action", "expected an integer of Discrete(2), found float64"),
        ("NaN", "invalid-action", "expected an integer of Discrete(2), found float64"),
        ("wrong shape", "invalid-action", "found an array of shape [1] and type int64"),
        ("out of space", "invalid-action", "7 is outside 0 to 1"),
        ("raises", "error", "ValueError: tired of this"),
        ("other type that fits", None, None),
    ],
)
def test_wrong_answers_for_whole_batches(mode, kind, said, tmp_path):
    options = ["--num-parallel-envs", "3"]
    code, summary, _ = run(tmp_path, agent="Batch", sets=[("mode", mode)], options=options)
    fault = summary["lifetimes"][0]["fault"]
    if kind is None:
        assert (code, fault) == (0, None)
    else:
        assert (code, fault["party"], fault["kind"]) == (3, "agent", kind)
        assert said in fault["message"]


def test_a_fault_says_where_and_shows_the_users_own_frames(tmp_path):
    sets = [("hook", "receive_transitions"), ("mode", "raises"), ("at", 4)]
    code, summary, talk = run(tmp_path, sets=sets, options=["--num-parallel-envs", "2"])
    fault = summary["lifetimes"][0]["fault"]
    assert code == 3
    assert fault["place"] == {
        "lifetime": 0, "block": 0, "task": "Task", "variant": "Only",
        "episode": None, "env_index": None, "step": 10,
    }  # fmt: skip
    lines = fault["message"].splitlines()
    assert lines[0] == "ValueError: tired of this"
    assert "hostile.py" in lines[1] and "in misbehave: raise ValueError" in lines[1]
    assert "in call" in lines[2] and "in receive_transitions" in lines[3]
    assert fault["message"] in talk


def test_memory_can_be_limited(tmp_path):
    sets = [("hook", "receive_transitions"), ("mode", "leaks")]
    code, summary, talk = run(tmp_path, sets=sets, options=["--memory-limit", "512"])
    assert code == 3, talk
    fault = summary["lifetimes"][0]["fault"]
    assert (fault["party"], fault["kind"]) == ("agent", "error")
    assert fault["message"].startswith("MemoryError")
    options = ["--memory-limit", "512", "--isolation", "none"]
    code, _, talk = run(tmp_path / "again", options=options)
    assert code == 2 and "--isolation process" in talk


def test_other_lifetimes_go_on(tmp_path):
    from tella._native import lifetime_seed

    sets = [
        ("hook", "choose_actions"),
        ("mode", "os._exit"),
        ("seed", f"seed-{lifetime_seed(1, 1)}"),
    ]
    options = ["--num-lifetimes", "3", "--jobs", "3"]
    code, summary, _ = run(tmp_path, sets=sets, options=options)
    assert code == 3
    assert [each["status"] for each in summary["lifetimes"]] == ["complete", "fault", "complete"]


def test_an_agent_that_cannot_be_saved_is_told_of_once(tmp_path):
    code, summary, talk = run(tmp_path, agent="Unpicklable")
    assert code == 0
    assert talk.count("evaluation isolation: unverified") == 1
    assert summary["lifetimes"][0]["isolation"]["unverified"]
    log = (tmp_path / "run/lifetime-0000/agent.log").read_text()
    assert log.startswith("the agent cannot be saved: ") and log.count("cannot be saved") == 1
    assert "pickle" in log.splitlines()[0]


def test_why_a_worker_could_not_begin_is_told(tmp_path):
    """A file that hides a module of Python's own from it."""
    (tmp_path / "random.py").write_text("raise ImportError('this is not the random you want')\n")
    code, summary, talk = run(tmp_path, cwd=tmp_path)
    assert code == 3
    message = summary["lifetimes"][0]["fault"]["message"]
    assert message.startswith("the worker process died (exit code 1)\n    ")
    assert message.endswith("ImportError: this is not the random you want") and message in talk


def test_what_is_printed_is_kept_up_to_a_limit(tmp_path):
    sets = [("hook", "block_start"), ("mode", "prints")]
    run(tmp_path, sets=sets)
    log = tmp_path / "run/lifetime-0000/agent.log"
    assert log.stat().st_size == 16 << 20


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("no_such_module:Agent", "there is no module `no_such_module`"),
        (f"{HERE / 'hostile.py'}:Agnt", "has no `Agnt`; did you mean `Agent`?"),
        (f"{HERE / 'hostile.py'}:misbehave.x", "has no `x`"),
        (f"{HERE / 'hostile.py'}:Environment", "is no agent: it has no `choose_actions`"),
        (f"{HERE / 'missing.py'}:Agent", "there is no file"),
    ],
)
def test_a_wrong_name_is_refused_before_a_folder_is_made(name, said, tmp_path):
    code, summary, talk = run(tmp_path, agent=name)
    assert (code, summary) == (2, None)
    assert said in talk
    assert not (tmp_path / "run").exists()


def test_an_environment_that_cannot_be_made_is_told_at_its_place(tmp_path):
    code, summary, talk = run(tmp_path, agent="random", environment="no_such_module:Env")
    assert (code, summary) == (2, None)
    assert "there is no module `no_such_module`" in talk
    assert "curriculum.yaml:6:" in talk


@pytest.mark.parametrize(
    ("environment", "params", "said"),
    [
        (HOSTILE, {"mod": "raises"}, "it has no parameter `mod`; did you mean `mode`? (there are: hook, mode, at)"),
        (HOSTILE, {"hook": "constructor", "mode": "raises"}, "ValueError: tired of this; "),
        ("gym:Taxi-v3", None, "the package `gym` is not installed (`pip install gym`)"),
    ],
)
def test_why_an_environment_cannot_be_made_is_one_message(environment, params, said, tmp_path):
    code, summary, talk = run(tmp_path, agent="random", environment=environment, params=params)
    assert (code, summary) == (2, None)
    assert f"error: environment `{environment}` cannot be made: {said}" in talk
    assert "\\n" not in talk and "curriculum.yaml:6:" in talk
