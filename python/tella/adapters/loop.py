"""A training loop that steps environments itself, as an agent.

CleanRL's files, and many of one's own, are one loop: act, step the environments, learn, again. Here the harness steps
environments and calls the agent. A `TrainingLoop` keeps the loop as it is, in a thread of its own that goes on only while
the harness waits for an action::

    class Agent(TrainingLoop):
        def train(self, envs):          # the loop; `envs` is a vector environment of Gymnasium's
            seen, _ = envs.reset()
            while True:
                actions = ...
                seen, rewards, terminations, truncations, infos = envs.step(actions)

        def act(self, observations):    # without learning: in evaluation blocks
            return ...
"""

from __future__ import annotations

import threading
from queue import SimpleQueue
from typing import Any, NamedTuple

import gymnasium
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from ._hooks import ToldNoTasks

__all__ = ["TrainingLoop"]


class TrainingLoop(ToldNoTasks):
    """An agent whose learning is a loop over a vector environment.

    The loop lives through learning blocks as if they were one long experiment. Where a block ends in the middle of an
    episode, the loop sees the episode truncated, and the next block's first observation after it. Steps in which not every
    environment takes part, at the end of a block with several, are taken by `act` and not shown to it.

    A thread cannot be saved, so evaluations are marked `unverified`, and `tella resume` lives the lifetime anew.
    """

    def __init__(
        self,
        rng_seed: int,
        observation_space: Any,
        action_space: Any,
        num_envs: int,
        config_file: str | None = None,
    ) -> None:
        """Keeps the arguments; a subclass makes its networks here, so that `act` has them."""
        self.rng_seed = rng_seed
        self.observation_space = observation_space
        self.action_space = action_space
        self.num_envs = num_envs
        self.config_file = config_file
        self._loop: _Loop | None = None

    def train(self, envs: VectorEnv) -> None:
        """The loop. Whoever returns from it learns no more and goes on by `act`.

        :param envs: `num_envs` environments that reset in the step that ends an episode
            (`AutoresetMode.SAME_STEP`, as in Gymnasium 0.29). Its first call is `reset`, its others are `step`.
            `infos` holds what both generations of Gymnasium say of ended episodes: `final_obs` and
            `final_observation`, `final_info` and `episode`.
        """
        raise NotImplementedError("a subclass of TrainingLoop has its loop in `train`")

    def act(self, observations: Any) -> Any:
        """Actions for a batch of observations, without learning."""
        raise NotImplementedError("a subclass of TrainingLoop acts in evaluation by `act`")

    def choose_actions_batch(self, observations: Any, mask: np.ndarray) -> Any:
        if self.is_learning_allowed and mask.all():
            if self._loop is None:
                envs = _Environments(self.num_envs, self.observation_space, self.action_space)
                self._loop = _Loop(self.train, envs)
            if not self._loop.returned:
                return self._loop.actions_for(observations, lambda: self.act(observations))
        return self.act(observations)

    def receive_transition_batch(
        self,
        observations: Any,
        actions: Any,
        rewards: np.ndarray | None,
        terminated: np.ndarray,
        truncated: np.ndarray,
        next_observations: Any,
        mask: np.ndarray,
    ) -> None:
        if rewards is None or self._loop is None:
            return
        if mask.all():
            step = _Step(rewards.copy(), terminated.copy(), truncated.copy(), next_observations)
            self._loop.envs.stepped(step)
        else:
            self._loop.envs.cut()

    def task_variant_end(self, task_name: str | None, variant_name: str | None) -> None:
        if self.is_learning_allowed and self._loop is not None:
            self._loop.envs.cut()

    def _lifetime_over(self) -> None:
        """Ends the loop's thread: called once, when the harness has no more for the agent."""
        if self._loop is not None:
            self._loop.end()

    def __reduce__(self) -> Any:
        raise TypeError(f"{type(self).__name__} runs a loop in a thread, which cannot be saved")


class _Step(NamedTuple):
    """What came of one step of all environments."""

    rewards: np.ndarray
    terminated: np.ndarray
    truncated: np.ndarray
    observations: Any


class _Returned(NamedTuple):
    """The loop is over; what it raised."""

    error: BaseException | None


class _LifetimeOver(BaseException):
    """Nobody steps the environments any more. It is no `Exception`, so that a loop does not take it for an error of
    its own."""


#: What the harness asks a loop when there is no more to ask.
_OVER = object()

#: Seconds that a loop may take to end.
_LAST_RITES = 5


class _Loop:
    """The thread of a loop, and the harness's side of its environments."""

    def __init__(self, train: Any, envs: _Environments) -> None:
        self.envs = envs
        self.returned = False
        self._thread = threading.Thread(target=self._live, args=(train,), daemon=True)
        self._thread.start()

    def _live(self, train: Any) -> None:
        try:
            train(self.envs)
        except _LifetimeOver:
            # The harness does not wait for an answer.
            pass
        except BaseException as error:
            self.envs.answers.put(_Returned(error))
        else:
            self.envs.answers.put(_Returned(None))

    def end(self) -> None:
        self.envs.questions.put(_OVER)
        self._thread.join(_LAST_RITES)

    def actions_for(self, observations: Any, otherwise: Any) -> Any:
        """What the loop does about `observations`; `otherwise()` where it returns."""
        self.envs.questions.put(observations)
        answer = self.envs.answers.get()
        if not isinstance(answer, _Returned):
            return answer
        self.returned = True
        if answer.error is not None:
            raise answer.error
        return otherwise()


class _Environments(VectorEnv):
    """The harness's environments as the loop sees them."""

    metadata = {"autoreset_mode": AutoresetMode.SAME_STEP}

    def __init__(self, num_envs: int, observation_space: Any, action_space: Any) -> None:
        self.num_envs = num_envs
        self.single_observation_space = observation_space
        self.single_action_space = action_space
        self.observation_space = batch_space(observation_space, num_envs)
        self.action_space = batch_space(action_space, num_envs)
        #: Observations for the loop to act on, and its actions.
        self.questions: SimpleQueue[Any] = SimpleQueue()
        self.answers: SimpleQueue[Any] = SimpleQueue()
        self._last: _Step | None = None
        self._returns = np.zeros(num_envs)
        self._lengths = np.zeros(num_envs, dtype=np.int64)
        self._is_reset = False

    # The harness's side

    def stepped(self, step: _Step) -> None:
        self._last = step
        self._returns += step.rewards
        self._lengths += 1

    def cut(self) -> None:
        """What the loop acts on next is no continuation: episodes under way are truncated."""
        if self._last is not None:
            self._last = self._last._replace(truncated=self._last.truncated | ~self._last.terminated)

    # The loop's side

    def reset(self, *, seed: Any = None, options: Any = None) -> tuple[Any, dict[str, Any]]:
        """The first observations. Seeds are the curriculum's, and so is the time of every other reset."""
        if self._is_reset:
            raise gymnasium.error.ResetNeeded(
                "the harness resets environments: a training loop calls `reset` once, at its beginning"
            )
        self._is_reset = True
        return self._next(), {}

    def step(self, actions: Any) -> tuple[Any, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        if not self._is_reset:
            raise gymnasium.error.ResetNeeded("`reset` comes before the first `step`")
        self.answers.put(actions)
        observations = self._next()
        assert self._last is not None, "the harness tells what came of actions"
        rewards, terminated, truncated, final = self._last
        infos = self._ended(terminated | truncated, final)
        return observations, rewards, terminated, truncated, infos

    def _next(self) -> Any:
        """The observations to act on."""
        asked = self.questions.get()
        if asked is _OVER:
            # Whoever goes on all the same is told again.
            self.questions.put(_OVER)
            raise _LifetimeOver
        return asked

    def _ended(self, ended: np.ndarray, final: Any) -> dict[str, Any]:
        """What Gymnasium's `SyncVectorEnv` and `RecordEpisodeStatistics` tell of episodes that ended."""
        if not ended.any():
            return {}
        returns, lengths = self._returns * ended, self._lengths * ended
        self._returns[ended] = 0
        self._lengths[ended] = 0
        seen = np.full(self.num_envs, None, dtype=object)
        told = np.full(self.num_envs, None, dtype=object)
        for lane in np.flatnonzero(ended):
            seen[lane] = _lane(final, lane)
            told[lane] = {"episode": {"r": returns[lane], "l": lengths[lane]}}
        return {
            "final_obs": seen,
            "_final_obs": ended,
            "final_observation": seen,
            "_final_observation": ended,
            "final_info": told,
            "_final_info": ended,
            "episode": {"r": returns, "l": lengths},
            "_episode": ended,
        }


def _lane(observations: Any, lane: int) -> Any:
    if isinstance(observations, dict):
        return {key: _lane(value, lane) for key, value in observations.items()}
    if isinstance(observations, tuple):
        return tuple(_lane(value, lane) for value in observations)
    return observations[lane]
