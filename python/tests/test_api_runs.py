"""Runs from Python are the command's: the same logs, the same texts of errors."""

import json
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import tella
from rows import content
from rows import tella as command

HERE = Path(__file__).parent
AGENTS = HERE / "python_agents.py"
SEEDS = {"agent_seed": 3, "curriculum_seed": 4}

SHORT = {
    "schema": 1,
    "name": "short",
    "tasks": {"Task": {"variants": {"Only": {"env": "CartPole-v1"}}, "learn": {"episodes": 6}}},
    "generator": {"type": "interleaved", "passes": 2, "eval": {"episodes": 2}},
}


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """A short curriculum's file."""
    path = tmp_path_factory.mktemp("curriculum") / "short.yaml"
    path.write_text(json.dumps(SHORT, indent=2))
    return path


def agents():
    sys.path.insert(0, str(HERE))
    import python_agents

    return python_agents


def test_a_run_is_the_commands(short, tmp_path):
    """Curriculum by path, text, dictionary and object; agent by name, file and class."""
    command("run", short, "--agent", "random", "--num-lifetimes", "2", "--out", tmp_path / "c",
            "--agent-seed", "3", "--curriculum-seed", "4")  # fmt: skip
    expected = content(tmp_path / "c")
    curricula = [short, str(short), json.dumps(SHORT, indent=1), SHORT, tella.Curriculum.load(short)]
    for number, curriculum in enumerate(curricula):
        out = tmp_path / str(number)
        run = tella.run(curriculum, "random", out=out, num_lifetimes=2, jobs=2, **SEEDS)
        assert (run.path, run.status) == (out, "complete")
        assert [each.content_hash for each in run.lifetimes] == expected == content(out)
    for agent in (f"{AGENTS}:Random", agents().Random, lambda *given: agents().Random(*given)):
        name = "file" if isinstance(agent, str) else agent.__name__
        run = tella.run(SHORT, agent, out=tmp_path / f"by-{name}", num_lifetimes=2, **SEEDS)
        hashes = [each.content_hash for each in run.lifetimes]
        assert hashes == content(tmp_path / "by-file")


def test_a_module_is_found_by_the_worker_where_this_process_finds_it(tmp_path, monkeypatch):
    (tmp_path / "beside.py").write_text(AGENTS.read_text())
    monkeypatch.syspath_prepend(tmp_path)
    run = tella.run(SHORT, "beside:Random", out=tmp_path / "run", **SEEDS)
    assert run.status == "complete"


def test_an_agent_that_exists_has_one_lifetime(tmp_path):
    from tella.spaces import Box, Discrete

    agent = agents().Random(7, Box(-1, 1, (4,)), Discrete(2), 1)
    run = tella.run(SHORT, agent, out=tmp_path / "run", **SEEDS)
    assert run.info["agent"] == "Random" and run.status == "complete"
    assert agent.learned > 0
    with pytest.raises(tella.UsageError, match="has one lifetime, not 2; give its class"):
        tella.run(SHORT, agent, num_lifetimes=2)
    with pytest.raises(tella.UsageError, match="isolation='process' needs one that is named"):
        tella.run(SHORT, agents().Random, isolation="process")


def test_settings_are_the_commands(tmp_path):
    run = tella.run(
        "quickstart", "q-learning", out=tmp_path / "run", num_parallel_envs=4, threads=2,
        set={"generator.passes": 1, "agent.epsilon_min": 0.25}, log="transitions", **SEEDS,
    )  # fmt: skip
    assert run.info["agent_config"]["epsilon_min"] == 0.25
    assert run.info["overrides"] == ["generator.passes=1"]
    assert (run.info["num_parallel_envs"], run.info["transitions"]) == (4, True)
    assert (run.info["agent_seed"], run.info["curriculum_seed"]) == (3, 4)


def test_other_threads_go_on_meanwhile(tmp_path):
    ticks, over = [], threading.Event()

    def tick():
        while not over.wait(0.001):
            ticks.append(time.monotonic())

    ticker = threading.Thread(target=tick)
    ticker.start()
    began = time.monotonic()
    tella.run("quickstart", "random", out=tmp_path / "run", set={"generator.passes": 1})
    ended = time.monotonic()
    over.set()
    ticker.join()
    assert sum(began < at < ended for at in ticks) > 10


def refusals(short, tmp_path):
    """What is refused, in Python and as a command."""
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(short.read_text().replace('"learn"', '"lern"'))
    return [
        (lambda: tella.run(wrong, "random"), ["run", wrong, "--agent", "random"]),
        (lambda: tella.Curriculum.load(wrong).validate(), ["curriculum", "show", wrong]),
        (lambda: tella.run("quikstart", "random"), ["run", "quikstart", "--agent", "random"]),
        (lambda: tella.run(short, "randm"), ["run", short, "--agent", "randm"]),
        (
            lambda: tella.run(short, "random", set={"agent.epsilon": 1}),
            ["run", short, "--agent", "random", "--set=agent.epsilon=1"],
        ),
        (lambda: tella.Run.open(tmp_path), ["log", "hash", tmp_path]),
        (lambda: tella.metrics(tmp_path), ["metrics", tmp_path]),
        (
            lambda: tella.metrics(tmp_path, metric="gem.btw"),
            ["metrics", tmp_path, "--metric", "gem.btw"],
        ),
    ]


def test_errors_are_exceptions_with_the_commands_text(short, tmp_path):
    for call, words in refusals(short, tmp_path):
        done = subprocess.run(
            [Path(sys.executable).with_name("tella"), *map(str, words)], capture_output=True, text=True
        )
        assert done.returncode == 2
        with pytest.raises(tella.TellaError) as raised:
            call()
        text = str(raised.value)
        assert done.stderr.strip().removeprefix("error: ") == text.removeprefix("error: "), words
        kind = tella.ValidationError if "wrong.yaml:" in text or "--set:" in text else tella.UsageError
        assert type(raised.value) is kind
    text = str(pytest.raises(tella.ValidationError, tella.run, tmp_path / "wrong.yaml", "random").value)
    assert "wrong.yaml:11:7" in text and "did you mean `learn`?" in text


def test_a_dictionarys_errors_have_places():
    wrong = json.loads(json.dumps(SHORT).replace("CartPole-v1", "CartPol-v1"))
    with pytest.raises(tella.ValidationError, match=r"<dict>:8:18") as raised:
        tella.Curriculum.load(wrong).validate()
    assert "did you mean `CartPole-v1`?" in str(raised.value)
    with pytest.raises(tella.UsageError, match="not a int"):
        tella.Curriculum.load(3)


def test_a_curriculum_is_seen_before_it_is_lived():
    curriculum = tella.Curriculum.load("quickstart", set={"generator.passes": 1}).validate()
    shown = json.loads(command("curriculum", "show", "quickstart", "--json", "--set=generator.passes=1"))
    assert (curriculum.blocks, curriculum.hash) == (shown["blocks"], shown["hash"])
    assert curriculum.name == "quickstart"
    other = tella.Curriculum.load("quickstart", curriculum_seed=1, lifetime_idx=2)
    assert other.hash != curriculum.hash
    preview = curriculum.preview()
    text = command("curriculum", "preview", "quickstart", "--set=generator.passes=1")
    # But for the line that says how long it takes here.
    assert [str(preview).splitlines()[n] for n in (0, 1, 4, 5)] == [
        text.splitlines()[n] for n in (0, 1, 4, 5)
    ]
    assert repr(preview) == str(preview) == preview.text
    assert preview.text.count("\n") == text.count("\n") and preview.svg.startswith("<svg ")
    assert 'src="data:image/svg+xml;base64,' in curriculum._repr_html_()


def test_what_an_agent_in_this_process_raises_is_the_cause(tmp_path):
    def forgetful(*given):
        agent = agents().Random(*given)
        agent.choose_actions = lambda observations: 1 / 0
        return agent

    with pytest.raises(tella.LifetimeFault, match="ZeroDivisionError") as raised:
        tella.run(SHORT, forgetful, out=tmp_path / "run", num_lifetimes=2)
    error = raised.value
    assert isinstance(error.__cause__, ZeroDivisionError)
    assert [fault["lifetime"] for fault in error.faults] == [0, 1]
    assert error.run.status == "fault" and "at lifetime 0, block 0" in str(error)
    assert "ZeroDivisionError" in error.run.lifetimes[1].fault
    assert "ZeroDivisionError" in error.run._repr_html_()


STOPPED = """
import sys
import tella
sys.path.insert(0, {here!r})
from python_agents import Slow
try:
    tella.run({curriculum!r}, Slow if {live} else {named!r}, out={out!r}, checkpoint_every=0.1, **{seeds!r})
except KeyboardInterrupt as stop:
    print(stop)
"""


ENDLESS = """
import sys, time
import tella
sys.path.insert(0, {here!r})
from python_agents import Random
class Endless(Random):
    def choose_actions(self, observations):
        print("begun", flush=True)
        while True:
            time.sleep(0.01)
try:
    tella.run({curriculum!r}, Endless, out={out!r})
except KeyboardInterrupt as stop:
    print(stop)
"""


def test_ctrl_c_pressed_again_interrupts_the_agent(tmp_path):
    out = str(tmp_path / "run")
    script = ENDLESS.format(here=str(HERE), curriculum=SHORT, out=out)
    running = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert running.stdout.readline() == "begun\n"
    for _ in range(2):
        running.send_signal(signal.SIGINT)
        time.sleep(0.3)
    told, _ = running.communicate(timeout=60)
    assert (running.returncode, told) == (0, f"the run was stopped; tella.resume({out!r}) goes on from here\n")
    assert tella.resume(out, agents().Random).status == "complete"


@pytest.mark.parametrize("live", [True, False])
def test_ctrl_c_stops_a_run_in_good_order(live, tmp_path):
    long = json.loads(json.dumps(SHORT).replace("6", "20"))
    out, named = tmp_path / "run", f"{AGENTS}:Slow"
    # The same actions, taken without delay.
    whole = tella.run(long, f"{AGENTS}:Random", out=tmp_path / "whole", **SEEDS)
    script = STOPPED.format(
        here=str(HERE), curriculum=long, live=live, named=named, out=str(out), seeds=SEEDS
    )
    running = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (out / "lifetime-0000/checkpoint.bin").exists():
        assert running.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    told, _ = running.communicate(timeout=60)
    assert running.returncode == 0
    assert told == f"the run was stopped; tella.resume({str(out)!r}) goes on from here\n"
    stopped = tella.Run.open(out)
    assert stopped.status == "interrupted"
    run = tella.resume(out, agents().Slow if live else None)
    assert run.status == "complete"
    assert run.lifetimes[0].content_hash == whole.lifetimes[0].content_hash


class ByName:
    """TELLA's arguments as they come, its own by name alone."""

    def __init__(self, *tellas, choice: int = 0, **others):
        assert len(tellas) == 5 and not others
        self.choice = choice

    def choose_actions(self, observations):
        return [None if seen is None else self.choice for seen in observations]

    def receive_transitions(self, transitions):
        pass

    def nothing(self, *_):
        pass

    block_start = task_start = task_variant_start = task_variant_end = task_end = block_end = nothing


class WithoutFile(ByName):
    def __init__(self, rng_seed, observation_space, action_space, num_envs, *, choice: int = 0):
        self.choice = choice


@pytest.mark.parametrize("agent", [ByName, WithoutFile])
def test_parameters_that_are_given_by_name_alone_can_be_set(agent, tmp_path):
    given = {"out": tmp_path / "run", "log": "transitions", **SEEDS}
    run = tella.run(SHORT, agent, set={"agent.choice": 1}, **given)
    assert set(run.transitions["action"].tolist()) == {1}
    with pytest.raises(tella.ValidationError, match="did you mean `choice`"):
        tella.run(SHORT, agent, set={"agent.choise": 1})


def test_an_agents_text_is_given_as_it_stands(tmp_path):
    run = tella.run(
        "SimpleCartPole", "scripted", out=tmp_path / "run", set={"agent.actions": "0,1"}, **SEEDS
    )
    assert run.status == "complete" and run.info["agent_config"]["actions"] == "0,1"


def test_an_agent_by_name_is_not_named_again(tmp_path):
    tella.run("SimpleCartPole", "random", out=tmp_path / "run", **SEEDS)
    with pytest.raises(tella.UsageError, match="leave `agent` out"):
        tella.resume(tmp_path / "run", "random")


def test_what_is_no_agent_is_told_before_anything_is_lived(tmp_path):
    out = tmp_path / "run"
    for wrong in (None, 3, {"agent": "random"}):
        with pytest.raises(tella.UsageError, match="is no agent: it has no `choose_actions`"):
            tella.run("SimpleCartPole", wrong, out=out)
    with pytest.raises(tella.UsageError, match="`set` is a mapping"):
        tella.run("SimpleCartPole", "random", set=["generator.passes=2"], out=out)
    with pytest.raises(tella.UsageError, match="keys of `set` are texts .* not 1"):
        tella.run("SimpleCartPole", "random", set={1: 2}, out=out)
    assert not out.exists()
    with pytest.raises(tella.LifetimeFault, match="`makes_nothing` made NoneType, which is no agent"):
        tella.run("SimpleCartPole", makes_nothing, out=out)


def makes_nothing(*_):
    return None
