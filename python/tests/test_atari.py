"""Atari's curricula, where ale-py is installed."""

import numpy as np
import pytest
import tella
from tella.curriculum import curriculum_registry, simple_learn_block, validate_curriculum
from tella.experiment import rl_experiment

pytest.importorskip("ale_py")
gymnasium = pytest.importorskip("gymnasium")


class Screens(tella.ContinualRLAgent):
    """Acts at random, keeps what the screens look like."""

    seen: list = []

    def choose_actions(self, observations):
        for screen in observations:
            if screen is not None:
                # The games have 210 rows; those below are added.
                Screens.seen.append((screen.shape, screen.dtype, bool(screen[210:].any())))
        return [self.action_space.sample() for _ in observations]

    def receive_transitions(self, transitions):
        pass


class Short(curriculum_registry["BreakoutAndPong"]):
    """Some steps of each, without evaluation."""

    def learn_blocks_and_eval_blocks(self):
        for block in self.learn_blocks():
            for task in block.task_blocks():
                for variant in task.task_variants():
                    variant.num_steps = 20
                    yield simple_learn_block([variant])


def test_two_games_are_lived(tmp_path):
    validate_curriculum(curriculum_registry["BreakoutAndPong"](0))
    rl_experiment(Screens, Short, 1, 2, str(tmp_path), agent_seed=1, curriculum_seed=2)
    assert len(Screens.seen) == 40
    assert set(Screens.seen) == {((250, 160, 3), np.dtype(np.uint8), False)}


def test_games_are_wrappers_with_all_actions():
    games = curriculum_registry["AllAtariGames"].TASKS
    assert len(games) == 59
    from tella._curriculums.atari.environments import ATARI_ACTIONS, Pong

    env = Pong()
    assert isinstance(env, gymnasium.Wrapper) and isinstance(env, Pong)
    assert env.action_space == gymnasium.spaces.Discrete(18)
    meanings = env.unwrapped.get_action_meanings()
    given = {action: meanings[env.env.env.action(i)] for i, action in enumerate(ATARI_ACTIONS)}
    # Pong has no up and down, and fires with its movements.
    assert given["UP"] == "NOOP" and given["UPRIGHT"] == "RIGHT" and given["LEFT"] == "LEFT"
    assert given["DOWNLEFTFIRE"] == "LEFTFIRE"
    with pytest.raises(gymnasium.error.InvalidAction):
        env.step(18)
