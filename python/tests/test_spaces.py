"""Spaces against Gymnasium's: equal seeds, equal samples; the same members; the native form."""

import copy
import json
import pickle
import subprocess
import sys
import textwrap

import numpy as np
import pytest

from tella import spaces as ours

#: How each space is made, as a function of the module whose classes are used.
MADE = {
    "unit box": lambda s: s.Box(-1.0, 2.0, shape=(3, 4)),
    "arrays": lambda s: s.Box(np.array([-1.0, 0.0]), np.array([1.0, 7.0]), dtype=np.float64),
    "mixed infinities": lambda s: s.Box(
        np.array([-np.inf, 0, -np.inf, -3], dtype=np.float32),
        np.array([np.inf, np.inf, 5, 3], dtype=np.float32),
    ),
    "scalar box": lambda s: s.Box(0.0, 1.0),
    "no axes": lambda s: s.Box(0.0, 1.0, shape=()),
    "pixels": lambda s: s.Box(0, 255, (7, 7, 3), np.uint8),
    "bytes": lambda s: s.Box(-128, 127, (9,), np.int8),
    "int64": lambda s: s.Box(-5, 5, (20,), np.int64),
    "open int64": lambda s: s.Box(-np.inf, np.inf, (20,), np.int64),
    "half open int32": lambda s: s.Box(-np.inf, 4, (20,), np.int32),
    "booleans": lambda s: s.Box(0, 1, (20,), np.bool_),
    "discrete": lambda s: s.Discrete(6),
    "shifted": lambda s: s.Discrete(5, start=-2),
    "small": lambda s: s.Discrete(200, dtype=np.uint8),
    "multi discrete": lambda s: s.MultiDiscrete([3, 1, 7]),
    "multi discrete, started": lambda s: s.MultiDiscrete([[3, 4], [2, 2]], start=[[1, 0], [-9, 2]]),
    "multi binary": lambda s: s.MultiBinary(11),
    "multi binary, axes": lambda s: s.MultiBinary([3, 2]),
    "tuple": lambda s: s.Tuple((s.Discrete(4), s.Box(0, 1, (2,)), s.MultiBinary(3))),
    "dict": lambda s: s.Dict({"b": s.Discrete(3), "a": s.Tuple([s.Discrete(9), s.Discrete(2)])}),
    "dict of pairs": lambda s: s.Dict([("z", s.Discrete(30)), ("a", s.Discrete(40))]),
    "dict of keywords": lambda s: s.Dict(pos=s.Box(-1, 1, (2,)), colour=s.Discrete(30)),
    "text": lambda s: s.Text(9),
    "dna": lambda s: s.Text(12, min_length=0, charset="TGCA"),
}


def same(a, b):
    """Whether two samples are equal, in value and in type."""
    if isinstance(a, dict):
        return isinstance(b, dict) and list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, str):
        return isinstance(b, str) and a == b
    return a.dtype == b.dtype and np.array_equal(a, b)


@pytest.fixture(scope="module")
def theirs():
    return pytest.importorskip("gymnasium").spaces


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("seed", [0, 1, 2**63 + 11])
def test_equal_seeds_give_gymnasiums_samples(theirs, name, seed):
    a, b = MADE[name](ours), MADE[name](theirs)
    assert a.seed(seed) == b.seed(seed)
    for _ in range(50):
        sample = a.sample()
        assert same(sample, b.sample())
        assert sample in a and sample in b
    assert repr(a) == repr(b)
    assert a.shape == b.shape and a.dtype == b.dtype
    assert a.is_np_flattenable == b.is_np_flattenable
    rows = [a.sample() for _ in range(3)]
    assert json.dumps(a.to_jsonable(rows)) == json.dumps(b.to_jsonable(rows))
    assert all(map(same, a.from_jsonable(a.to_jsonable(rows)), rows))


def test_masks_and_probabilities_draw_as_gymnasium_does(theirs):
    mask, weights = np.array([0, 1, 1], np.int8), np.array([0.2, 0.5, 0.3])
    binary = np.array([2, 0, 1, 2, 2], np.int8)
    made = {
        "discrete": (lambda s: s.Discrete(3, start=4), mask, weights),
        "multi": (lambda s: s.MultiDiscrete([3, 3]), (mask, mask), (weights, weights)),
        "binary": (lambda s: s.MultiBinary(5), binary, np.array([0.1, 0.9, 0.5, 0.0, 1.0])),
        "tuple": (
            lambda s: s.Tuple([s.Discrete(3), s.Discrete(9)]),
            (mask, None),
            (weights, None),
        ),
        "dict": (
            lambda s: s.Dict({"a": s.Discrete(3), "b": s.Box(0, 1)}),
            {"a": mask, "b": None},
            {"a": weights, "b": None},
        ),
        "text": (lambda s: s.Text(5, charset="abc"), (None, mask), (4, weights)),
    }
    for name, (make, allowed, probability) in made.items():
        a, b = make(ours), make(theirs)
        a.seed(7), b.seed(7)
        for _ in range(20):
            assert same(a.sample(mask=allowed), b.sample(mask=allowed)), name
            drawn = a.sample(probability=probability)
            assert same(drawn, b.sample(probability=probability)), name


@pytest.mark.filterwarnings("ignore")
def test_the_same_values_are_members(theirs):
    values = [
        0, 1, -2, 2, 3, 200, 300, True, 1.0, "abc", "TT", "é", None, (1, 2), [1, 2], [0, 1, 6],
        np.int8(3), np.int64(2), np.uint64(2), np.float32(0.5), np.array(1), np.array([1]),
        np.zeros(3, np.int8), np.zeros((3, 4), np.float32), np.zeros((3, 4)), np.zeros((7, 7, 3)),
        np.zeros((7, 7, 3), np.uint8), np.full(20, 5), np.full(20, 6), np.full((3, 2), 1, np.int8),
        np.array([np.nan, 1, 1, 1], np.float32), np.array([9, 1, 1, 1], np.float32),
        [[1, 0], [1, 2]],
        (1, np.zeros(2, np.float32), np.ones(3, np.int8)), {"a": (1, 1), "b": 2}, {"z": 1, "a": 39},
        {"z": 1}, np.array([1, 0, 5]), np.array([1, 0, 7]), np.array([-1, 0, 5]),
    ]  # fmt: skip
    for name, make in MADE.items():
        a, b = make(ours), make(theirs)
        for value in values:
            try:
                member = b.contains(value)
            except (ValueError, TypeError):  # ragged sequences and arrays without axes: no members
                member = False
            assert a.contains(value) == member, (name, value)


def test_spaces_are_equal_where_gymnasiums_are(theirs):
    for x in MADE:
        for y in MADE:
            equal = MADE[x](theirs) == MADE[y](theirs)
            assert (MADE[x](ours) == MADE[y](ours)) == equal, (x, y)


def test_copies_go_on_with_the_same_samples():
    for name, make in MADE.items():
        space = make(ours)
        space.seed(3)
        space.sample()
        for copied in (copy.deepcopy(space), pickle.loads(pickle.dumps(space))):
            assert copied == space, name
            twin = copy.deepcopy(space)
            assert same(copied.sample(), twin.sample()), name


def test_what_gymnasium_refuses_is_refused(theirs):
    wrong = [
        lambda s: s.Box(2, 1),
        lambda s: s.Box(0, 256, (2,), np.uint8),
        lambda s: s.Box(-np.inf, 1, (2,), np.uint8),
        lambda s: s.Box(0, np.nan, (2,)),
        lambda s: s.Box(np.zeros(2), np.zeros(3)),
        lambda s: s.Box(np.zeros(2), 1, shape=(3,)),
        lambda s: s.Box("0", 1),
        lambda s: s.Box(0, 1, dtype=None),
        lambda s: s.Discrete(0),
        lambda s: s.Discrete(2.0),
        lambda s: s.Discrete(2, dtype=np.float32),
        lambda s: s.MultiDiscrete([0, 1]),
        lambda s: s.MultiDiscrete([2, 1], start=[1]),
        lambda s: s.MultiBinary(0),
        lambda s: s.Tuple([3]),
        lambda s: s.Dict({"a": 3}),
        lambda s: s.Dict({"a": s.Discrete(1)}, a=s.Discrete(1)),
        lambda s: s.Text(1, min_length=2),
        lambda s: s.Text(2, charset=["ab"]),
        lambda s: s.Tuple([s.Discrete(2)]).seed([1, 2]),
        lambda s: s.Dict(a=s.Discrete(2)).seed({"b": 2}),
        lambda s: s.Discrete(3).sample(mask=np.ones(2, np.int8)),
        lambda s: s.Discrete(3).sample(mask=np.ones(3)),
        lambda s: s.Discrete(3).sample(probability=np.ones(3)),
    ]
    for i, make in enumerate(wrong):
        with pytest.raises(Exception) as refused:
            make(theirs)
        if refused.type.__module__.startswith("gymnasium"):
            continue
        with pytest.raises(refused.type):
            make(ours)
            pytest.fail(f"{i} is accepted")
    with pytest.raises(ValueError, match="non-negative"):
        ours.Discrete(3).seed(-1)


def plain(form):
    """A native form with lists for its arrays, so that it can be compared."""
    if isinstance(form, dict):
        return {key: plain(value) for key, value in form.items()}
    if isinstance(form, list):
        return [plain(value) for value in form]
    return form.tolist() if isinstance(form, np.ndarray) else form


#: Spaces whose native form says all of them.
NATIVE = [name for name in MADE if name not in ("small", "bytes", "half open int32", "booleans")]


@pytest.mark.parametrize("name", [n for n in NATIVE if n != "multi discrete, started"])
def test_the_native_form_comes_back(theirs, name, monkeypatch):
    for module in (ours, theirs):
        space = MADE[name](module)
        form = ours.to_native(space)
        monkeypatch.delitem(sys.modules, "gym", raising=False)
        if module is ours:
            monkeypatch.delitem(sys.modules, "gymnasium")
        back = ours.from_native(form)
        monkeypatch.undo()
        assert type(back) is type(space)
        assert back == space
        assert plain(form) == plain(ours.to_native(back))
        back.seed(5), space.seed(5)
        assert same(back.sample(), space.sample())


def test_the_native_form_is_the_engines():
    forms = {
        "no axes": {"Box": {"low": [0.0], "high": [1.0], "shape": [], "dtype": "float32"}},
        "shifted": {"Discrete": {"n": 5, "start": -2}},
        "multi discrete": {"MultiDiscrete": {"nvec": [3, 1, 7]}},
        "multi binary, axes": {"MultiBinary": {"shape": [3, 2]}},
        "dict of pairs": {
            "Dict": [
                ["z", {"Discrete": {"n": 30, "start": 0}}],
                ["a", {"Discrete": {"n": 40, "start": 0}}],
            ]
        },
        "dna": {"Text": {"min_length": 0, "max_length": 12, "charset": "TGCA"}},
        "mixed infinities": {
            "Box": {
                "low": [-np.inf, 0.0, -np.inf, -3.0],
                "high": [np.inf, np.inf, 5.0, 3.0],
                "shape": [4],
                "dtype": "float32",
            }
        },
        "booleans": {
            "Box": {"low": [0.0] * 20, "high": [1.0] * 20, "shape": [20], "dtype": "uint8"}
        },
        "multi discrete, started": {
            "Box": {
                "low": [1.0, 0.0, -9.0, 2.0],
                "high": [3.0, 3.0, -8.0, 3.0],
                "shape": [2, 2],
                "dtype": "int64",
            }
        },
    }
    for name, form in forms.items():
        written = ours.to_native(MADE[name](ours))
        assert plain(written) == form, name
        for bound in ("low", "high"):
            assert "Box" not in written or written["Box"][bound].dtype == np.float64


def test_a_space_without_native_form_is_named(theirs):
    graph = theirs.Graph(theirs.Box(0, 1), None)
    with pytest.raises(TypeError, match="part 'b' is a Graph; it can be a Box, Discrete"):
        ours.to_native(theirs.Dict({"a": theirs.Discrete(2), "b": graph}))
    with pytest.raises(TypeError, match="elements of type uint64"):
        ours.to_native(theirs.Box(0, 1, (2,), np.uint64))


def test_neither_package_is_imported_for_its_own_sake():
    code = """
        import sys
        from tella import spaces
        space = spaces.from_native({"Discrete": {"n": 2, "start": 0}})
        assert type(space) is spaces.Discrete, type(space)
        assert not {"gym", "gymnasium"} & set(sys.modules)
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code)], check=True)
