"""Native environments as Gymnasium's: equal to Gymnasium's own, step by step, and to its interface."""

import copy
import pickle
import subprocess
import sys
import textwrap
import warnings

import numpy as np
import pytest

import tella

gymnasium = pytest.importorskip("gymnasium")
from gymnasium.utils.env_checker import check_env  # noqa: E402
from gymnasium.vector import AutoresetMode, SyncVectorEnv  # noqa: E402

#: Ids that are Gymnasium's own too.
CLASSIC = [
    "CartPole-v1",
    "Acrobot-v1",
    "MountainCar-v0",
    "MountainCarContinuous-v0",
    "Pendulum-v1",
]

#: One of each family, and each way of observing that has a space of its own.
FAMILIES = [
    *CLASSIC,
    *(name for name in tella._native.environments() if name.startswith("MiniGrid-")),
    "SimpleCrossingS9N1",
    "DistShiftR2",
    "DynObstaclesS6N1",
    "CustomFetchS5T1N2",
    "CustomUnlockS5",
    "DoorKeyS5",
    "Forager-v0",
]


def same(a, b):
    """Whether two values that an environment gave are equal, in value, type and shape."""
    if isinstance(a, dict):
        return isinstance(b, dict) and a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (tuple, list)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray):
        if not (isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape):
            return False
        return all(map(same, a, b)) if a.dtype == object else np.array_equal(a, b)
    return a == b


def vector(name, num_envs=3, **kwargs):
    return gymnasium.make_vec(
        f"tella/{name}", num_envs=num_envs, vectorization_mode="vector_entry_point", **kwargs
    )


@pytest.mark.parametrize("name", CLASSIC)
def test_each_step_is_gymnasiums(name):
    ours, theirs = gymnasium.make(f"tella/{name}"), gymnasium.make(name)
    assert ours.observation_space == theirs.observation_space
    assert ours.action_space == theirs.action_space
    assert ours.spec.max_episode_steps == theirs.spec.max_episode_steps
    theirs.action_space.seed(1)
    for seed in (0, 7, None):
        a, b = ours.reset(seed=seed), theirs.reset(seed=seed)
        assert same(a, b)
        for _ in range(1200):
            action = theirs.action_space.sample()
            a, b = ours.step(action), theirs.step(action)
            # Some of Gymnasium's rewards and ends are NumPy scalars.
            assert same(a[0], b[0])
            assert (a[1], a[2], a[3], a[4]) == (float(b[1]), bool(b[2]), bool(b[3]), b[4])
            assert isinstance(a[1], float) and isinstance(a[2], bool)
            if a[2] or a[3]:
                assert same(ours.reset(), theirs.reset())


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
@pytest.mark.parametrize("name", CLASSIC)
def test_each_batched_step_is_that_of_gymnasiums_loop(name, mode):
    num_envs, limit = 5, {"max_episode_steps": 150}
    ours = vector(name, num_envs, autoreset_mode=mode, **limit)
    theirs = SyncVectorEnv([lambda: gymnasium.make(name, **limit)] * num_envs, autoreset_mode=mode)
    assert ours.metadata["autoreset_mode"] is mode
    assert ours.observation_space == theirs.observation_space
    assert ours.single_observation_space == theirs.single_observation_space
    assert ours.action_space == theirs.action_space
    assert ours.spec.id == f"tella/{name}"
    theirs.action_space.seed(2)
    ends = 0
    for seed in (3, [5, 4, 9, 9, 0], None):
        assert same(ours.reset(seed=seed), theirs.reset(seed=seed))
        for _ in range(510):
            actions = theirs.action_space.sample()
            a, b = ours.step(actions), theirs.step(actions)
            assert same(a, b)
            ends += np.sum(a[2] | a[3])
    assert ends >= 3 * 5 * 3


def test_threads_change_nothing():
    one, two = vector("CartPole-v1", 64), vector("CartPole-v1", 64, num_threads=2)
    actions = np.random.default_rng(0).integers(0, 2, (200, 64))
    assert same(one.reset(seed=1), two.reset(seed=1))
    assert all(same(one.step(row), two.step(row)) for row in actions)


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
@pytest.mark.parametrize("name", ["MiniGrid-Fetch-5x5-N2-v0", "DoorKeyS5", "Forager-v0"])
def test_a_batch_is_its_environments_side_by_side(name, mode):
    make = f"tella/{name}"
    small = {"window": 40} if name == "Forager-v0" else {"max_steps": 40}
    ours = vector(name, 3, autoreset_mode=mode, **small)
    theirs = SyncVectorEnv([lambda: gymnasium.make(make, **small)] * 3, autoreset_mode=mode)
    assert same(ours.reset(seed=3), theirs.reset(seed=3))
    ours.action_space.seed(0)
    for _ in range(150):
        actions = ours.action_space.sample()
        a, b = ours.step(actions), theirs.step(actions)
        assert same(a, b)
        assert a[0] in ours.observation_space


def test_grid_worlds_are_minigrids(with_farama):
    found = with_farama.run("minigrid_beside.py")
    assert len(found) == 4
    for name, differences in found.items():
        assert differences == [], name


@pytest.mark.filterwarnings("ignore:.*is out of date")
@pytest.mark.parametrize("name", FAMILIES)
def test_gymnasiums_checker_passes(name):
    env = gymnasium.make(f"tella/{name}").unwrapped
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        # Gymnasium's own classes bring these two: open bounds, and actions that reach beyond one.
        for harmless in (".*infinity.*", ".*symmetric and normalized.*", ".*not symmetric.*"):
            warnings.filterwarnings("ignore", harmless)
        # Drawing is looked at in a test of its own.
        check_env(env, skip_render_check=not name.startswith(("CartPole", "DoorKey", "Forager")))


def test_a_checked_batch_runs_through_the_checks_of_gymnasiums_wrappers():
    env = gymnasium.wrappers.vector.RecordEpisodeStatistics(vector("CartPole-v1", 4))
    env.reset(seed=0)
    infos = [env.step(env.action_space.sample())[4] for _ in range(100)]
    assert any("episode" in info for info in infos)


def test_observations_are_copies_unless_views_are_asked_for():
    ours, views = vector("CartPole-v1"), vector("CartPole-v1", copy=False)
    first, seen = ours.reset(seed=0)[0], views.reset(seed=0)[0]
    kept = first.copy()
    after, seen_after = ours.step(np.ones(3, int))[0], views.step(np.ones(3, int))[0]
    assert np.array_equal(first, kept) and not np.shares_memory(first, after)
    assert np.shares_memory(seen, seen_after) and np.array_equal(seen, after)
    views.close()
    del views
    assert np.array_equal(seen, after)
    grid = vector("MiniGrid-Empty-5x5-v0", copy=False)
    a = grid.reset(seed=0)[0]
    b = grid.step(np.zeros(3, int))[0]
    assert np.shares_memory(a["image"], b["image"])
    assert a["mission"] == ("get to the green goal square",) * 3


def test_seeds_and_streams_are_gymnasiums():
    ours = vector("CartPole-v1", 2)
    a, b = ours.reset()[0], vector("CartPole-v1", 2).reset()[0]
    assert not np.array_equal(a[0], a[1]) and not np.array_equal(a, b)
    assert not np.array_equal(ours.reset()[0], a)
    env = gymnasium.make("tella/CartPole-v1")
    first = env.reset()[0]
    assert np.array_equal(env.reset(seed=env.unwrapped.np_random_seed)[0], first)
    # One environment begins anew, the other goes on.
    twin = vector("CartPole-v1", 2)
    ours.reset(seed=[1, 2]), twin.reset(seed=[1, 2])
    a, b = ours.reset(seed=[1, None])[0], twin.reset()[0]
    assert np.array_equal(a[1], b[1]) and not np.array_equal(a[0], b[0])
    assert np.array_equal(a[0], gymnasium.make("CartPole-v1").reset(seed=1)[0])
    for bad, error, words in [
        ([1], ValueError, "1 seeds for 2"),
        (-1, ValueError, "a seed lies in"),
        (1.5, TypeError, "not float"),
        (2**64 - 1, ValueError, "a seed lies in"),
    ]:
        with pytest.raises(error, match=words):
            ours.reset(seed=bad)


def test_environments_draw_themselves():
    picture = gymnasium.make("tella/MiniGrid-Empty-5x5-v0", render_mode="rgb_array")
    picture.reset(seed=0)
    assert picture.render().shape == (160, 160, 3) and picture.render().dtype == np.uint8
    text = gymnasium.make("tella/MiniGrid-Empty-5x5-v0", render_mode="ansi")
    text.reset(seed=0)
    assert ">>" in text.render()
    several = vector("MiniGrid-Empty-5x5-v0", 2, render_mode="rgb_array")
    several.reset(seed=0)
    assert [frame.shape for frame in several.render()] == [(160, 160, 3)] * 2
    cart = gymnasium.make("tella/CartPole-v1", render_mode="rgb_array_list")
    cart.reset(seed=0)
    cart.step(0)
    assert len(cart.render()) == 2
    with pytest.raises(ValueError, match="CartPole-v1 has no render mode 'ansi'; it has rgb_array"):
        gymnasium.make("tella/CartPole-v1", render_mode="ansi")


def test_parameters_are_keywords():
    env = gymnasium.make("tella/CartPole-v1", sutton_barto_reward=True, gravity=np.float32(5))
    theirs = gymnasium.make("CartPole-v1", sutton_barto_reward=True)
    theirs.unwrapped.gravity = 5.0
    assert same(env.reset(seed=0), theirs.reset(seed=0))
    for _ in range(8):
        assert same(env.step(0), theirs.step(0))
    long = gymnasium.make("tella/CartPole-v1", max_episode_steps=20_000)
    assert long.unwrapped._native.params["max_episode_steps"] > 20_000
    batch = vector("CartPole-v1", 2, max_episode_steps=3, length=0.7)
    batch.reset(seed=0)
    cut = [batch.step(np.array([0, 1]))[3].tolist() for _ in range(4)]
    assert cut == [[False] * 2, [False] * 2, [True] * 2, [False] * 2]
    with pytest.raises(ValueError, match="unknown parameter `gravty` .did you mean `gravity`"):
        gymnasium.make("tella/CartPole-v1", gravty=1.0)
    with pytest.raises(ValueError, match="parameter `gravity`: expected a number .*, found -1"):
        vector("CartPole-v1", gravity=-1.0)


def test_what_is_wrong_is_named():
    with pytest.raises(gymnasium.error.NameNotFound, match="Did you mean: `CartPole`"):
        gymnasium.make("tella/CartPoel-v1")
    from tella._gymnasium.env import Env
    from tella._gymnasium.vector import VectorEnv

    with pytest.raises(ValueError, match="called `CartPoel-v1`; did you mean `CartPole-v"):
        Env("CartPoel-v1")
    with pytest.raises(ValueError, match="NextStep or SameStep"):
        VectorEnv("CartPole-v1", autoreset_mode="Disabled")
    with pytest.raises(ValueError, match="at least 1"):
        VectorEnv("CartPole-v1", num_envs=0)
    ours = VectorEnv("CartPole-v1", 3)
    with pytest.raises(gymnasium.error.ResetNeeded, match="call reset first"):
        ours.step(np.zeros(3, int))
    with pytest.raises(ValueError, match="takes no options, but 'low' was given"):
        ours.reset(options={"low": 0.0})
    ours.reset(seed=0)
    for bad, words in [
        (np.zeros(2, int), "one action for each of 3 environments, found an array of shape .2"),
        (None, "found None"),
        ([0, "left", 1], "environment 1: the action is not usable: expected an integer"),
        (np.array([0, 1, 0.5]), "environment 0: the action is not usable: expected an integer"),
        (np.array([0, 1, 2]), "environment 2: .*2"),
    ]:
        with pytest.raises(ValueError, match=words):
            ours.step(bad)
    with pytest.raises(gymnasium.error.ResetNeeded):
        ours.step(np.zeros(3, int))
    for fitting in (np.zeros(3, np.int32), [0, 1, 1], np.zeros(6, int)[::2], (1, 1, np.int8(0))):
        ours.reset(seed=0)
        ours.step(fitting)
    env = Env("CartPole-v1")
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(0)
    env.reset(seed=0)
    with pytest.raises(ValueError, match="expected an integer of Discrete"):
        env.step("left")
    with pytest.raises(ValueError, match="7"):
        env.step(7)
    pendulum = VectorEnv("Pendulum-v1", 2)
    pendulum.reset(seed=0)
    pendulum.step(np.zeros((2, 1)))
    with pytest.raises(ValueError, match="environment 0: .*expected an array of Box"):
        pendulum.step(np.zeros((2, 2), np.float32))


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_a_copy_goes_on_from_the_same_state(copied):
    for name in ("CartPole-v1", "MiniGrid-DoorKey-5x5-v0", "DynObstaclesS6N1", "Forager-v0"):
        for mode in ("NextStep", "SameStep"):
            ours = vector(name, 4, autoreset_mode=mode)
            ours.reset(seed=0)
            ours.action_space.seed(0)
            actions = [ours.action_space.sample() for _ in range(120)]
            for row in actions[:31]:
                ours.step(row)
            twin = copied(ours)
            assert all(same(ours.step(row), twin.step(row)) for row in actions[31:])
        env = gymnasium.make(f"tella/{name}").unwrapped
        env.reset(seed=0)
        env.step(0)
        twin = copied(env)
        assert same(env.step(0), twin.step(0)) and same(env.reset(), twin.reset())


def test_a_closed_environment_can_be_closed_again():
    for env in (gymnasium.make("tella/DoorKeyS5"), vector("DoorKeyS5")):
        env.reset(seed=0)
        env.close()
        env.close()


ORDERS = {
    "Gymnasium alone, which is told the module": """
        import gymnasium
        env = gymnasium.make("tella:tella/CartPole-v1")
        envs = gymnasium.make_vec("tella:tella/CartPole-v1", num_envs=2)
    """,
    "Gymnasium first": """
        import gymnasium
        import tella
        gymnasium.register_envs(tella)
        env = gymnasium.make("tella/CartPole-v1")
        envs = gymnasium.make_vec("tella/CartPole-v1", num_envs=2)
    """,
    "Gymnasium second": """
        import sys
        import tella
        from importlib.util import find_spec
        assert find_spec("gymnasium") is not None
        assert "gymnasium" not in sys.modules
        import gymnasium
        assert not any("tella" in type(finder).__module__ for finder in sys.meta_path)
        env = gymnasium.make("tella/CartPole-v1")
        envs = gymnasium.make_vec("tella/CartPole-v1", num_envs=2)
    """,
}


@pytest.mark.parametrize("order", ORDERS)
def test_ids_are_registered_in_a_fresh_interpreter(order):
    code = ORDERS[order] + """
        assert type(env.unwrapped).__module__ == "tella._gymnasium.env", env
        assert type(envs).__module__ == "tella._gymnasium.vector", envs
    """
    subprocess.run([sys.executable, "-W", "error", "-c", textwrap.dedent(code)], check=True)


def test_ids_work_in_worker_processes():
    make = f"tella/{CLASSIC[0]}"
    envs = gymnasium.make_vec(make, num_envs=2, vectorization_mode="async")
    one = vector(CLASSIC[0], 2)
    try:
        assert same(envs.reset(seed=1), one.reset(seed=1))
        assert same(envs.step(np.zeros(2, int)), one.step(np.zeros(2, int)))
    finally:
        envs.close()
