"""Experiments in the native engine: what agents meet, what logs hold, what is told of faults."""

import csv
import json
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
import tella
from tella import spaces
from tella.curriculum import (
    AbstractCurriculum,
    TaskVariant,
    simple_eval_block,
    simple_learn_block,
)
from tella.experiment import L2Logger, generate_transitions, hide_rewards, rl_experiment, run


class Old:
    """Four values, `seed`; an episode of `length` steps whose rewards are drawn."""

    def __init__(self, length=3, shown=np.float32):
        self.observation_space = spaces.Box(0, 1, (2,), dtype=shown)
        self.action_space = spaces.Discrete(2)
        self.length, self.closed = length, False

    def seed(self, seed=None):
        self.rng = np.random.default_rng(seed)

    def reset(self):
        self.at = 0
        return self._shown()

    def step(self, action):
        self.at += 1
        return self._shown(), self.rng.random(), self.at == self.length, {}

    def _shown(self):
        return np.full(2, self.at / self.length, self.observation_space.dtype)

    def close(self):
        self.closed = True


class New(Old):
    """Five values, the seed an argument of `reset`; a time limit in place of an end."""

    seed = None

    def reset(self, *, seed=None, options=None):
        if seed is not None:
            self.rng = np.random.default_rng(seed)
        return super().reset(), {}

    def step(self, action):
        observation, reward, over, info = super().step(action)
        return observation, reward, False, over, info


class Agent(tella.ContinualRLAgent):
    """Acts at random, remembers all."""

    def __init__(self, *args):
        super().__init__(*args)
        self.told = []

    def choose_actions(self, observations):
        self.told.append([None if o is None else o.tolist() for o in observations])
        return [None if o is None else self.action_space.sample() for o in observations]

    def receive_transitions(self, transitions):
        self.told.append(
            [
                None
                if t is None
                else (t.observation.tolist(), int(t.action), t.reward, bool(t.done))
                + (t.next_observation.tolist(),)
                for t in transitions
            ]
        )


def curriculum(cls, **kwargs):
    kwargs = kwargs if "num_steps" in kwargs else {"num_episodes": 4, **kwargs}

    class Given(AbstractCurriculum):
        def learn_blocks_and_eval_blocks(self):
            seed = self.rng.bit_generator.random_raw()
            yield simple_learn_block([TaskVariant(cls, task_label="T", rng_seed=seed, **kwargs)])
            yield simple_eval_block([TaskVariant(cls, task_label="T", rng_seed=seed, **kwargs)])

    return Given


def live(agent, given, log_dir, num_envs=1):
    """Lives and gives the folder of the log."""
    run(agent, given, render=False, log_dir=str(log_dir), num_envs=num_envs)
    return only(log_dir.iterdir())


def only(things):
    (one,) = things
    return one


def agent_for(num_envs=1, cls=Agent, env=None):
    env = env or Old()
    return cls(11, env.observation_space, env.action_space, num_envs, None)


def rows(folder):
    found = []
    for path in sorted(folder.glob("worker-default/*/data-log.tsv")):
        with path.open(newline="") as file:
            found += list(csv.DictReader(file, delimiter="\t"))
    for row in found:
        del row["timestamp"]
        row["task_params"] = json.loads(row["task_params"])
    return found


@pytest.mark.parametrize("num_envs", [1, 3])
@pytest.mark.parametrize("length", [{"num_episodes": 4}, {"num_steps": 10}])
def test_old_and_new_environments_are_lived_alike(tmp_path, num_envs, length):
    logs, told = [], []
    for cls in (Old, New):
        agent = agent_for(num_envs)
        folder = live(agent, curriculum(cls, **length)(5), tmp_path / cls.__name__, num_envs)
        logs.append(rows(folder))
        told.append(agent.told)
    assert told[0] == told[1]
    assert logs[0] == logs[1] and len(logs[0]) >= 6


@pytest.mark.parametrize("num_envs", [1, 3])
def test_the_engine_agrees_with_the_steps_in_python(tmp_path, num_envs):
    agent, by_hand = agent_for(num_envs), agent_for(num_envs)
    given = curriculum(Old, params={"length": 5}, num_steps=24)
    folder = live(agent, given(3), tmp_path / "engine", num_envs)
    log = L2Logger(str(tmp_path / "hand"), "Hand", {"a": 1}, num_envs)
    for block in given(3).learn_blocks_and_eval_blocks():
        log.block_start(block.is_learning_allowed)
        variant = only(only(block.task_blocks()).task_variants())
        log.task_variant_start(variant)
        for transitions in generate_transitions(variant, by_hand.choose_actions, num_envs):
            log.receive_transitions(transitions)
            shown = transitions if block.is_learning_allowed else hide_rewards(transitions)
            by_hand.receive_transitions(shown)
    assert agent.told == by_hand.told
    written = only((tmp_path / "hand").iterdir())
    assert rows(folder) == rows(written)
    assert rows(folder)[0]["task_params"] == {"length": 5}
    assert json.loads((written / "scenario_info.json").read_text()) == {"a": 1}


def test_a_run_folder_stands_beside_l2loggers_files(tmp_path):
    folder = live(agent_for(), curriculum(Old)(5), tmp_path)
    assert folder.name.startswith("Given-Agent-")
    assert {path.name for path in folder.iterdir()} == {
        "run",
        "worker-default",
        "logger_info.json",
        "scenario_info.json",
    }
    info = json.loads((folder / "scenario_info.json").read_text())
    assert (info["curriculum_seed"], info["agent_seed"]) == (5, 11)
    assert (info["curriculum_name"], info["agent_name"]) == ("Given", "Agent")
    check = (
        "import sys; from tella import _native; sys.exit(_native.main(['tella', *sys.argv[1:]]))"
    )
    for verb in (["log", "check"], ["metrics"]):
        done = subprocess.run(
            [sys.executable, "-c", check, *verb, folder / "run"], capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr


def test_parameters_of_every_kind_are_logged(tmp_path):
    class Wide(Old):
        def __init__(self, a, b, c, d):
            super().__init__()
            assert (a, b, d) == (1.5, True, None) and c.tolist() == [[1, 2]]

    params = {"a": np.float64(1.5), "b": True, "c": np.array([[1, 2]]), "d": None}
    folder = live(agent_for(), curriculum(Wide, params=params)(1), tmp_path)
    wanted = {"a": 1.5, "b": True, "c": "[[1, 2]]", "d": "null"}
    assert all(row["task_params"] == wanted for row in rows(folder))


def test_what_no_log_can_hold_is_named_and_leaves_no_folder(tmp_path):
    wrong = {
        "block #0, task block #0: task_label is a text": {"task_label": 3},
        "task variant #0: variant_label is a text that is not blank, not None": {
            "variant_label": None
        },
        "task variant #0: a seed is an integer from 0 to .*not -1": {"rng_seed": -1},
    }
    for message, given in wrong.items():
        one = TaskVariant(Old, **{"rng_seed": 1, "num_episodes": 1, **given})

        class Given(AbstractCurriculum):
            def learn_blocks_and_eval_blocks(self, one=one):
                yield simple_learn_block([one])

        with pytest.raises(tella.ValidationError, match=message):
            live(agent_for(), Given(0), tmp_path)
    with pytest.raises(ValueError, match="`blocks` is empty"):
        live(agent_for(), AbstractEmpty(0), tmp_path)
    assert list(tmp_path.iterdir()) == []


class AbstractEmpty(AbstractCurriculum):
    """Nothing to live through."""

    def learn_blocks_and_eval_blocks(self):
        return []


def test_l2loggers_own_tools_read_the_log(tmp_path, upstream):
    folder = live(agent_for(2), curriculum(Old, params={"length": 5})(5), tmp_path, num_envs=2)
    command = [upstream.python, "-m", "l2logger.validate", folder]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "t_default" in done.stdout and "error" not in done.stderr.lower()


@pytest.mark.parametrize("where", ["choose_actions", "receive_transitions", "block_start", "step"])
def test_what_is_raised_comes_out_and_the_log_is_kept(tmp_path, where):
    class Own(RuntimeError):
        pass

    calls = []

    def fail(*_):
        calls.append(1)
        if len(calls) == (2 if where == "block_start" else 8):
            raise Own("as it was raised")

    class Failing(Agent):
        def __getattribute__(self, name):
            if name == where:
                fail()
            return super().__getattribute__(name)

    class Broken(Old):
        def step(self, action):
            if where == "step":
                fail()
            return super().step(action)

    with pytest.raises(Own, match="as it was raised"):
        live(agent_for(cls=Failing), curriculum(Broken)(0), tmp_path)
    folder = only(tmp_path.iterdir())
    assert len(rows(folder)) >= 1
    assert (folder / "scenario_info.json").exists()


def test_environments_are_closed(tmp_path):
    made = []

    class Counted(Old):
        def __init__(self):
            super().__init__()
            made.append(self)

    live(agent_for(2), curriculum(Counted)(0), tmp_path, num_envs=2)
    assert len(made) >= 4 and all(env.closed for env in made)


def test_lifetimes_are_numbered_and_have_their_draws(tmp_path):
    for first, count, name in ((0, 3, "all"), (1, 2, "later")):
        rl_experiment(
            Agent,
            curriculum(Old),
            num_lifetimes=count,
            num_parallel_envs=1,
            log_dir=str(tmp_path / name),
            agent_seed=1,
            curriculum_seed=2,
            lifetime_idx=first,
        )

    def lived(name):
        folders = list((tmp_path / name).iterdir())
        infos = [json.loads((f / "scenario_info.json").read_text()) for f in folders]
        return {(i["curriculum_seed"], i["agent_seed"]): rows(f) for i, f in zip(infos, folders)}

    draws = np.random.default_rng(2), np.random.default_rng(1)
    seeds = [tuple(rng.bit_generator.random_raw() for rng in draws) for _ in range(3)]
    assert set(lived("all")) == set(seeds)
    assert lived("later") == {seed: lived("all")[seed] for seed in seeds[1:]}


def test_lifetimes_that_cannot_be_repeated_are_refused(tmp_path):
    more = {"num_lifetimes": 1, "num_parallel_envs": 1, "log_dir": str(tmp_path)}
    with pytest.raises(ValueError, match="0 or more, not -1"):
        rl_experiment(Agent, curriculum(Old), **more, lifetime_idx=-1)
    with pytest.raises(ValueError, match="needs a curriculum_seed"):
        rl_experiment(Agent, curriculum(Old), **more, lifetime_idx=1, agent_seed=3)
    with pytest.raises(tella.ValidationError, match="not accepted: .'width'."):
        rl_experiment(Agent, curriculum(Old, params={"width": 1}), **more, agent_seed=3)
    assert list(tmp_path.iterdir()) == []


def test_spaces_are_made_with_the_configuration(tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text("length: 4")

    class Configured(AbstractCurriculum):
        def learn_blocks_and_eval_blocks(self):
            params = {"length": self.config["length"]}
            yield simple_learn_block(
                [TaskVariant(Old, num_episodes=2, rng_seed=self.rng_seed, params=params)]
            )

    logs = tmp_path / "logs"
    rl_experiment(Agent, Configured, 1, 1, str(logs), curriculum_config=str(config))
    assert [row["episode_step_count"] for row in rows(only(logs.iterdir()))] == ["4", "4"]


def test_shipped_curricula_need_no_gym(tmp_path):
    code = """
        import sys, tella
        for package in ("gym", "gymnasium", "gym_minigrid", "yaml", "l2logger"):
            sys.modules[package] = None
        from tella.curriculum import curriculum_registry
        from tella.experiment import rl_experiment

        class Agent(tella.ContinualRLAgent):
            def choose_actions(self, observations):
                assert all(o is None or o in self.observation_space for o in observations)
                return [None if o is None else self.action_space.sample() for o in observations]

            def receive_transitions(self, transitions):
                pass

        for name in ("SimpleCartPole", "SimpleMiniGrid"):
            rl_experiment(Agent, curriculum_registry[name], 1, 2, sys.argv[1], 1, 2)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code), tmp_path], check=True)
    assert [len(rows(folder)) for folder in sorted(tmp_path.iterdir())] == [6, 75]


def test_gymnasiums_spaces_and_environments_are_lived_with(tmp_path):
    gymnasium = pytest.importorskip("gymnasium")
    cartpole = pytest.importorskip("gymnasium.envs.classic_control").CartPoleEnv
    env = cartpole()
    agent = agent_for(env=env)
    live(agent, curriculum(cartpole, num_episodes=2)(9), tmp_path)
    assert isinstance(agent.observation_space, gymnasium.spaces.Box)
    first = cartpole().reset(seed=int(np.random.default_rng(9).bit_generator.random_raw()))[0]
    assert agent.told[0][0] == first.tolist()


def test_the_program_in_the_documents_runs(tmp_path):
    page = Path(__file__).parents[2] / "docs/src/how-to/move-from-tella.md"
    program = tmp_path / "my_agent.py"
    program.write_text(page.read_text().split("```python\n")[1].split("```")[0])
    words = "--curriculum SimpleMiniGrid --num-lifetimes 2 --num-parallel-envs 2 --log-dir logs"
    subprocess.run([sys.executable, program, *words.split()], check=True, cwd=tmp_path)
    folders = list((tmp_path / "logs").iterdir())
    assert [len(rows(folder)) for folder in folders] == [75, 75]
