"""Algorithms of Stable-Baselines3 as agents.

`PPO`, `A2C` and `DQN` are named as they are, `--agent tella.adapters.stable_baselines3:PPO`. Any other
algorithm, policy or setting is a subclass of `StableBaselines3` that makes the model::

    class Agent(StableBaselines3):
        def make(self, env):
            return SAC("MlpPolicy", env, seed=self.seed, train_freq=64, gradient_steps=64)

The library's own loop steps environments, and here the harness does. So `_stable_baselines3_loops` does what the
body of that loop does, one step a call: the model's policy, buffers and `train` are the library's.
"""

from __future__ import annotations

import io
import json
import pickle
from collections import deque
from typing import Any

import numpy as np

from ._hooks import ToldNoTasks

try:
    import torch
    from gymnasium import spaces
    from stable_baselines3 import A2C as A2C_ALGORITHM
    from stable_baselines3 import DQN as DQN_ALGORITHM
    from stable_baselines3 import PPO as PPO_ALGORITHM
    from stable_baselines3.common.base_class import BaseAlgorithm
    from stable_baselines3.common.logger import Logger
    from stable_baselines3.common.vec_env import VecEnv, VecTransposeImage

    from ._stable_baselines3_loops import driver_of
    from ._stable_baselines3_state import as_arrays, generators, set_generators
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        f"{missing}: agents of Stable-Baselines3 need `pip install stable-baselines3`", name=missing.name
    ) from None

__all__ = ["A2C", "DQN", "PPO", "StableBaselines3"]


class StableBaselines3(ToldNoTasks):
    """An agent whose model is one of Stable-Baselines3's.

    In evaluation blocks it acts by the model's deterministic choice. Steps in which not every environment
    takes part, at the end of a block with several, are acted and not learned from. An episode that the end of a block cuts
    counts as truncated: its last reward gets the value of what would have come.
    """

    #: Whether evaluation takes the best action and not a drawn one.
    deterministic_evaluation = True

    def __init__(
        self,
        rng_seed: int,
        observation_space: Any,
        action_space: Any,
        num_envs: int,
        config_file: str | None = None,
        *,
        life: int = 1_000_000,
        threads: int = 1,
    ) -> None:
        """Makes the model.

        :param life: how many steps of learning the schedules (of learning rate, of exploration) are
            stretched over.
        :param threads: of PyTorch on the CPU; sums come out the same for the same number.
        """
        torch.set_num_threads(threads)
        #: The seed for the model, of 32 bits as NumPy's old generator wants it.
        self.seed = rng_seed % 2**32
        self.config_file = config_file
        self.life = life
        self.model = self._ready(self.make(_Spaces(num_envs, observation_space, action_space)))
        self.driver = driver_of(self.model)

    def make(self, env: VecEnv) -> BaseAlgorithm:
        """The model, new. A subclass makes its own; `env` has the spaces and cannot be stepped."""
        raise NotImplementedError("a subclass of StableBaselines3 makes its model in `make`")

    def _configured(self, settings: dict[str, Any]) -> dict[str, Any]:
        """`settings` with those of the configuration file before them."""
        if self.config_file is None:
            return settings
        with open(self.config_file) as config:
            return settings | json.load(config)

    def _ready(self, model: BaseAlgorithm) -> BaseAlgorithm:
        model.set_logger(Logger(folder=None, output_formats=[]))
        model.ep_info_buffer = deque(maxlen=1)
        model.ep_success_buffer = deque(maxlen=1)
        model._total_timesteps = self.life
        model.policy.set_training_mode(False)
        return model

    # Acting and learning

    def choose_actions_batch(self, observations: Any, mask: np.ndarray) -> np.ndarray:
        seen = self._as_model_sees(observations)
        if self.is_learning_allowed and mask.all():
            return self.driver.act(seen)
        best = self.deterministic_evaluation and not self.is_learning_allowed
        return self.model.predict(seen, deterministic=best)[0]

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
        if rewards is None:
            return
        if not mask.all():
            self.driver.cut()
            return
        following = self._as_model_sees(next_observations)
        only_truncated = truncated & ~terminated
        self.driver.learn(rewards.astype(np.float32), terminated, only_truncated, following)

    def _as_model_sees(self, observations: Any) -> Any:
        env = self.model.get_env()
        if isinstance(env, VecTransposeImage):
            return env.transpose_observations(_writable(observations))
        return _writable(observations)

    # Hooks

    def task_variant_end(self, task_name: str | None, variant_name: str | None) -> None:
        if self.is_learning_allowed:
            self.driver.cut()

    # State

    def save(self) -> tuple[bytes, bytes]:
        """What it learned (all parameters, optimizers' too), and everything else."""
        learned = pickle.dumps(as_arrays(self.model.get_parameters()))
        whole = io.BytesIO()
        self.model.save(whole)
        drawn = (self.model.action_space.np_random.bit_generator.state, generators())
        return learned, pickle.dumps((whole.getvalue(), self.driver.state(), drawn))

    def restore(self, state: tuple[bytes, bytes]) -> None:
        whole, driver, drawn = pickle.loads(state[1])
        env = self.model.get_env()
        model = type(self.model).load(io.BytesIO(whole), env=env, force_reset=False)
        self.model = self._ready(model)
        self.driver = driver_of(self.model)
        self.driver.take(driver)
        self.model.action_space.np_random.bit_generator.state = drawn[0]
        set_generators(drawn[1])


class _Spaces(VecEnv):
    """What a model wants to know of its environments."""

    def __init__(self, num_envs: int, observation_space: Any, action_space: Any) -> None:
        self.render_mode = None
        super().__init__(num_envs, observation_space, action_space)

    def _stepped(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("the harness steps environments, not the model")

    reset = step_async = step_wait = env_method = set_attr = _stepped

    def close(self) -> None:
        """Nothing is open."""

    def get_attr(self, attr_name: str, indices: Any = None) -> list[Any]:
        return [None] * self.num_envs

    def env_is_wrapped(self, wrapper_class: Any, indices: Any = None) -> list[bool]:
        return [False] * self.num_envs


def _writable(observations: Any) -> Any:
    """Copies: what the harness shows is read-only, and PyTorch warns of such arrays."""
    if isinstance(observations, dict):
        return {key: np.array(value) for key, value in observations.items()}
    return np.array(observations)


# Ready made


class PPO(StableBaselines3):
    """PPO with the library's default settings."""

    def __init__(
        self,
        rng_seed: int,
        observation_space: Any,
        action_space: Any,
        num_envs: int,
        config_file: str | None = None,
        *,
        learning_rate: float = 3e-4,
        n_steps: int = 2048,
        batch_size: int = 64,
        n_epochs: int = 10,
        gamma: float = 0.99,
        gae_lambda: float = 0.95,
        ent_coef: float = 0.0,
        device: str = "auto",
        life: int = 1_000_000,
        threads: int = 1,
    ) -> None:
        """Settings are the library's; those of `config_file`, an object in JSON, go before them."""
        self.settings = dict(
            learning_rate=learning_rate,
            n_steps=n_steps,
            batch_size=batch_size,
            n_epochs=n_epochs,
            gamma=gamma,
            gae_lambda=gae_lambda,
            ent_coef=ent_coef,
            device=device,
        )
        given = (rng_seed, observation_space, action_space, num_envs, config_file)
        super().__init__(*given, life=life, threads=threads)

    def make(self, env: VecEnv) -> BaseAlgorithm:
        return PPO_ALGORITHM(_policy(env), env, seed=self.seed, **self._configured(self.settings))


class A2C(StableBaselines3):
    """A2C with the library's default settings."""

    def __init__(
        self,
        rng_seed: int,
        observation_space: Any,
        action_space: Any,
        num_envs: int,
        config_file: str | None = None,
        *,
        learning_rate: float = 7e-4,
        n_steps: int = 5,
        gamma: float = 0.99,
        gae_lambda: float = 1.0,
        ent_coef: float = 0.0,
        device: str = "auto",
        life: int = 1_000_000,
        threads: int = 1,
    ) -> None:
        """Settings are the library's; those of `config_file`, an object in JSON, go before them."""
        self.settings = dict(
            learning_rate=learning_rate,
            n_steps=n_steps,
            gamma=gamma,
            gae_lambda=gae_lambda,
            ent_coef=ent_coef,
            device=device,
        )
        given = (rng_seed, observation_space, action_space, num_envs, config_file)
        super().__init__(*given, life=life, threads=threads)

    def make(self, env: VecEnv) -> BaseAlgorithm:
        return A2C_ALGORITHM(_policy(env), env, seed=self.seed, **self._configured(self.settings))


class DQN(StableBaselines3):
    """DQN with the library's default settings but for a replay buffer that a checkpoint can carry."""

    def __init__(
        self,
        rng_seed: int,
        observation_space: Any,
        action_space: Any,
        num_envs: int,
        config_file: str | None = None,
        *,
        learning_rate: float = 1e-4,
        buffer_size: int = 50_000,
        learning_starts: int = 100,
        batch_size: int = 32,
        gamma: float = 0.99,
        train_freq: int = 4,
        gradient_steps: int = 1,
        target_update_interval: int = 10_000,
        exploration_fraction: float = 0.1,
        exploration_final_eps: float = 0.05,
        device: str = "auto",
        life: int = 1_000_000,
        threads: int = 1,
    ) -> None:
        """Settings are the library's; those of `config_file`, an object in JSON, go before them."""
        self.settings = dict(
            learning_rate=learning_rate,
            buffer_size=buffer_size,
            learning_starts=learning_starts,
            batch_size=batch_size,
            gamma=gamma,
            train_freq=train_freq,
            gradient_steps=gradient_steps,
            target_update_interval=target_update_interval,
            exploration_fraction=exploration_fraction,
            exploration_final_eps=exploration_final_eps,
            device=device,
        )
        given = (rng_seed, observation_space, action_space, num_envs, config_file)
        super().__init__(*given, life=life, threads=threads)

    def make(self, env: VecEnv) -> BaseAlgorithm:
        return DQN_ALGORITHM(_policy(env), env, seed=self.seed, **self._configured(self.settings))


def _policy(env: VecEnv) -> str:
    is_dict = isinstance(env.observation_space, spaces.Dict)
    return "MultiInputPolicy" if is_dict else "MlpPolicy"
