"""Curricula: draws, shipped curricula, configurations, and what is refused."""

import subprocess
import sys
import textwrap
import types

import numpy as np
import pytest
import tella
from tella import spaces
from tella._curriculums.minigrid import m21
from tella.curriculum import (
    AbstractCurriculum,
    EvalBlock,
    InterleavedEvalCurriculum,
    LearnBlock,
    TaskBlock,
    TaskVariant,
    ValidationError,
    curriculum_registry,
    simple_eval_block,
    simple_learn_block,
    split_task_variants,
    validate_curriculum,
    validate_params,
)

CONFIG = """
num learn blocks: 4
learn:
  default length: 30   # two for the first two passes
  default unit: steps
  SimpleCrossing: 2
  DoorKeyS6: {length: 95, unit: episodes}
  DistShift: {length: 5}
  CustomUnlockS7: {unit: episodes}
"""


class Room:
    """An environment that is never stepped."""

    def __init__(self, size=3, actions=2):
        self.observation_space = spaces.Box(0, 1, (size,))
        self.action_space = spaces.Discrete(actions)
        made.append(size)

    def close(self):
        made.append("closed")


made = []


@pytest.fixture(autouse=True)
def nothing_made():
    made.clear()


def variant(label="T", name="Default", cls=Room, **kwargs):
    kwargs = {"num_episodes": 1, "rng_seed": 0, **kwargs}
    return TaskVariant(cls, task_label=label, variant_label=name, **kwargs)


def curriculum(*blocks):
    class Given(AbstractCurriculum):
        def learn_blocks_and_eval_blocks(self):
            yield from blocks

    return Given(0)


def test_all_shipped_curricula_are_tellas(upstream, with_gym, tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text(CONFIG)
    theirs = upstream.run("upstream_curricula.py", config)
    ours = with_gym.run("upstream_curricula.py", config)
    assert len(theirs) == 2 * 24
    assert list(ours) == list(theirs)
    for key, wanted in theirs.items():
        assert ours[key] == wanted, key


def test_lifetimes_have_the_seeds_of_tella():
    # Computed with NumPy's generators in TELLA's order of draws.
    lifetimes = {0: (11749869230777074271, 4976686463289251617)}
    lifetimes[12345] = (4193609425186963869, 5843160025838961886)
    for seed, wanted in lifetimes.items():
        rng = np.random.default_rng(seed)
        assert tuple(rng.bit_generator.random_raw() for _ in range(2)) == wanted
    condensed = m21.MiniGridCondensed(11749869230777074271)
    assert condensed.eval_rng_seed == 5474506302624902014
    blocks = list(condensed.learn_blocks_and_eval_blocks())
    assert [block.is_learning_allowed for block in blocks] == [False, True] * 18 + [False]
    names = [label + name for _, label, name in m21.TASKS]
    learned = [only(only(block.task_blocks()).task_variants()) for block in blocks[1::2]]
    order = [names.index(v.task_label + v.variant_label) for v in learned]
    assert order == [17, 2, 4, 12, 11, 5, 1, 8, 14, 10, 0, 9, 3, 16, 6, 15, 7, 13]
    seeds = [v.rng_seed for v in learned]
    assert seeds[:2] == [15714671803827882824, 11699033937143664761]
    for block in blocks[::2]:
        variants = [v for task in block.task_blocks() for v in task.task_variants()]
        assert [v.rng_seed for v in variants][:2] == [9053594427957499810, 14170547614113703081]
        assert [v.task_label + v.variant_label for v in variants] == names


def only(things):
    (one,) = things
    return one


def test_the_registry_takes_ones_own():
    assert len([n for n in curriculum_registry if n.startswith("MiniGrid")]) == 20
    curriculum_registry["Mine"] = curriculum
    assert tella.curriculum.curriculum_registry.pop("Mine") is curriculum


def test_blocks_can_be_walked_again():
    block = simple_learn_block(variant(label) for label in "AABA")
    for _ in range(2):
        blocks = list(block.task_blocks())
        tasks = [(t.task_label, len(list(t.task_variants()))) for t in blocks]
        assert tasks == [("A", 2), ("B", 1), ("A", 1)]
    assert [t.task_label for t in split_task_variants([])] == []


def test_a_variant_has_one_length():
    for lengths, word in (({}, "neither"), ({"num_episodes": 1, "num_steps": 1}, "both")):
        with pytest.raises(ValidationError, match=f"Room .*{word} given"):
            TaskVariant(Room, rng_seed=0, **lengths)
    one = TaskVariant(Room, rng_seed=0, num_steps=3)
    assert (one.task_label, one.variant_label, one.params) == ("Room", "Default", {})
    assert type(one.make_env()) is Room


def test_empty_parts_are_named():
    cases = {
        "the curriculum is empty": curriculum(),
        "block #1 is empty": curriculum(simple_eval_block([variant()]), LearnBlock([])),
        "block #0, task block #1 is empty": curriculum(
            LearnBlock([TaskBlock("T", [variant()]), TaskBlock("U", [])])
        ),
        "block #0, task block #0 has more than one task: A, B": curriculum(
            EvalBlock([TaskBlock("A", [variant("A"), variant("B", "Other")])])
        ),
    }
    for message, wrong in cases.items():
        with pytest.raises(ValidationError, match=message):
            validate_curriculum(wrong)


def test_spaces_are_those_of_the_parameters():
    same = [variant(name="a"), variant(name="b", params={"size": 3})]
    validate_curriculum(curriculum(simple_learn_block(same)))
    assert made == [3, "closed"] * 2
    wrong = curriculum(
        simple_learn_block([variant()]), simple_eval_block([variant(params={"size": 4})])
    )
    with pytest.raises(ValidationError, match=r"block #1.*observation space.*\(4,\).*block #0"):
        validate_curriculum(wrong)
    with pytest.raises(ValidationError, match="the action space here is Discrete"):
        validate_curriculum(
            curriculum(simple_learn_block([variant(), variant("U", params={"actions": 3})]))
        )


def test_an_environment_is_made_once_for_equal_parameters():
    many = [variant(name=str(i), params={"size": 3}) for i in range(50)]
    validate_curriculum(curriculum(simple_learn_block(many)))
    assert made == [3, "closed"]


def test_spaces_of_required_parameters_are_seen():
    class Needy(Room):
        def __init__(self, size):
            super().__init__(size)

    validate_curriculum(curriculum(simple_learn_block([variant(cls=Needy, params={"size": 9})])))
    with pytest.raises(ValidationError, match=r"block #0, .*variant #0: parameters .*missing"):
        validate_curriculum(curriculum(simple_learn_block([variant(cls=Needy)])))


def test_neighbours_of_one_name_are_warned_of_once():
    twins = simple_learn_block([variant(), variant(), variant()])
    with pytest.warns(UserWarning, match="variant #1: follows .*'Default' of task 'T'") as told:
        validate_curriculum(curriculum(twins, twins))
    assert len(told) == 1


def test_a_curriculum_checks_itself_first():
    class Picky(InterleavedEvalCurriculum):
        def validate(self):
            raise ValidationError("not today")

    with pytest.raises(ValidationError, match="not today"):
        validate_curriculum(Picky(0))


def test_parameters_are_checked_against_the_signature():
    validate_params(lambda a, b=1, **more: 0, ["a", "c"])
    validate_params(lambda a, *, b=1: 0, ["a", "b"])
    wrong = [
        (lambda a: 0, [], "missing: .'a'."),
        (lambda a: 0, ["a", "c"], "not accepted: .'c'."),
        (lambda *args: 0, [], "args"),
        (lambda a, /: 0, ["a"], "positional"),
        (lambda a, **more: 0, ["c"], "missing"),
    ]
    for function, names, message in wrong:
        with pytest.raises(ValidationError, match=message):
            validate_params(function, names)


def test_wrong_configurations_name_their_place(tmp_path):
    cases = {
        "num learn blocks: 0": "num learn blocks is a positive integer, not 0",
        "num learn blocks: true": "not True",
        "num learn block: 2": "unexpected key 'num learn block'; did you mean 'num learn blocks'",
        "learn: 3": "learn is a mapping",
        "learn: {default length: 1.5}": "learn.default length is a positive integer, not 1.5",
        "learn: {default unit: hours}": "learn.default unit is one of episodes, steps, not 'hours'",
        "learn: {DoorKeyS9: 3}": "unexpected key 'DoorKeyS9'; did you mean 'DoorKeyS",
        "learn: {DoorKey: -1}": "learn.DoorKey is a positive integer",
        "learn: {DoorKey: many}": "learn.DoorKey is a positive integer, or a mapping with .length",
        "learn: {DoorKey: {long: 3}}": "learn.DoorKey: unexpected key 'long'",
        "learn: {DoorKey: {unit: step}}": "learn.DoorKey.unit is one of",
        "[1, 2]": "a mapping of keys to values, not .1, 2.",
        "": "a mapping of keys to values, not None",
    }
    for text, message in cases.items():
        path = tmp_path / "config.yaml"
        path.write_text(text)
        for name in ("MiniGridCondensed", "MiniGridDoorKeyS5"):
            with pytest.raises(ValidationError, match=message):
                validate_curriculum(curriculum_registry[name](0, str(path)))
    with pytest.raises(FileNotFoundError):
        m21.MiniGridCondensed(0, str(tmp_path / "none.yaml"))


def test_a_configuration_is_plain_data(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text("a: {b: [1, 2.5, null, true, 'x', [y]]}\n3: z\nbig: 18446744073709551615\n")
    config = curriculum().__class__(0, str(path)).config
    assert config == {"a": {"b": [1, 2.5, None, True, "x", ["y"]]}, 3: "z", "big": 2**64 - 1}
    path.write_text("a: [1, 2\nb: 3\n")
    with pytest.raises(ValueError, match=r"mine\.yaml:\d+"):
        curriculum().__class__(0, str(path))


def test_environments_of_their_own_kind_need_their_package():
    code = """
        import sys
        sys.modules["gym"] = sys.modules["gym_minigrid"] = None
        from tella._curriculums.minigrid import m21
        try:
            m21.DoorKeyS5()
        except ModuleNotFoundError as error:
            print(error)
    """
    out = subprocess.check_output([sys.executable, "-c", textwrap.dedent(code)], text=True)
    assert "DoorKeyS5 as a Python object needs the package gym_minigrid" in out


def test_the_command_line_has_tellas_flags(monkeypatch, capsys, tmp_path):
    given = {}
    monkeypatch.setattr("tella.cli.rl_experiment", lambda *a, **k: given.update(k, args=a))
    agent = types.SimpleNamespace()
    monkeypatch.setattr(sys, "argv", ["agent.py", "--curriculum", "SimpleCartPole"])
    tella.rl_cli(agent)
    assert given.pop("args") == (agent, curriculum_registry["SimpleCartPole"])
    assert given == {
        "lifetime_idx": 0,
        "num_lifetimes": 1,
        "num_parallel_envs": 1,
        "log_dir": "./logs",
        "render": False,
        "agent_seed": None,
        "curriculum_seed": None,
        "agent_config": None,
        "curriculum_config": None,
    }
    words = (
        "--lifetime-idx 3 --num-lifetimes 2 --num-parallel-envs 4 --log-dir l --render --seed 9 "
        "--agent-seed 1 --curriculum-seed 2 --agent-config a --curriculum-config c"
    )
    monkeypatch.setattr(sys, "argv", ["agent.py", *words.split()])
    given.clear()
    tella.rl_cli(agent, curriculum)
    assert given.pop("args") == (agent, curriculum)
    assert list(given.values()) == [3, 2, 4, "l", True, 1, 2, "a", "c"]
    assert "--seed is deprecated" in capsys.readouterr().out
    for wrong in (["--curriculum", "Nowhere"], []):
        monkeypatch.setattr(sys, "argv", ["agent.py", *wrong])
        with pytest.raises(SystemExit) as refused:
            tella.rl_cli(agent)
        assert refused.value.code == 2
    assert "MiniGridDispersed" in capsys.readouterr().err
