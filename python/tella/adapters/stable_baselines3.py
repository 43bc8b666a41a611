"""Algorithms of Stable-Baselines3 as agents.

`PPO`, `A2C` and `DQN` are named as they are, `--agent tella.adapters.stable_baselines3:PPO`. Any other
algorithm, policy or setting is a subclass of `StableBaselines3` that makes the model::

    class Agent(StableBaselines3):
        def make(self, env):
            return SAC("MlpPolicy", env, seed=self.seed, train_freq=64, gradient_steps=64)

The library's own loop steps environments, and here the harness does. So this module does what the body of
that loop does (`collect_rollouts` of `OnPolicyAlgorithm` and `OffPolicyAlgorithm`, version 2.9), one step a call:
the model's policy, buffers and `train` are the library's.
"""

from __future__ import annotations

import io
import json
import pickle
import random
from collections import deque
from typing import Any

import numpy as np
try:
    import torch
    from gymnasium import spaces
    from stable_baselines3 import A2C as A2C_ALGORITHM
    from stable_baselines3 import DQN as DQN_ALGORITHM
    from stable_baselines3 import PPO as PPO_ALGORITHM
    from stable_baselines3.common.base_class import BaseAlgorithm
    from stable_baselines3.common.logger import Logger
    from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm
    from stable_baselines3.common.on_policy_algorithm import OnPolicyAlgorithm
    from stable_baselines3.common.type_aliases import TrainFrequencyUnit
    from stable_baselines3.common.utils import obs_as_tensor
    from stable_baselines3.common.vec_env import VecEnv, VecTransposeImage
except ModuleNotFoundError as missing:
    raise ModuleNotFoundError(
        f"{missing}: agents of Stable-Baselines3 need `pip install stable-baselines3`", name=missing.name
    ) from None

__all__ = ["A2C", "DQN", "PPO", "StableBaselines3"]


class StableBaselines3:
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
        self.is_learning_allowed = False
        self.model = self._ready(self.make(_Spaces(num_envs, observation_space, action_space)))
        self.driver = _driver(self.model)

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

    def block_start(self, is_learning_allowed: bool) -> None:
        self.is_learning_allowed = is_learning_allowed

    def task_start(self, task_name: str | None) -> None:
        """Nothing: the model is not told tasks."""

    def task_variant_start(self, task_name: str | None, variant_name: str | None) -> None:
        """Nothing: the model is not told tasks."""

    def task_variant_end(self, task_name: str | None, variant_name: str | None) -> None:
        if self.is_learning_allowed:
            self.driver.cut()

    def task_end(self, task_name: str | None) -> None:
        """Nothing: the model is not told tasks."""

    def block_end(self, is_learning_allowed: bool) -> None:
        """Nothing: the variant's end was told."""

    # State

    def save(self) -> tuple[bytes, bytes]:
        """What it learned (all parameters, optimizers' too), and everything else."""
        learned = pickle.dumps(_as_arrays(self.model.get_parameters()))
        whole = io.BytesIO()
        self.model.save(whole)
        generators = (self.model.action_space.np_random.bit_generator.state, _generators())
        return learned, pickle.dumps((whole.getvalue(), self.driver.state(), generators))

    def restore(self, state: tuple[bytes, bytes]) -> None:
        whole, driver, generators = pickle.loads(state[1])
        env = self.model.get_env()
        model = type(self.model).load(io.BytesIO(whole), env=env, force_reset=False)
        self.model = self._ready(model)
        self.driver = _driver(self.model)
        self.driver.take(driver)
        self.model.action_space.np_random.bit_generator.state = generators[0]
        _set_generators(generators[1])


# One step of the library's loops


class _OnPolicy:
    """Rollouts of full length, a training after each."""

    def __init__(self, model: OnPolicyAlgorithm) -> None:
        self.model = model
        self.starts = np.ones(model.n_envs, dtype=bool)
        #: What was seen, done and thought of it, until its reward comes.
        self.step: Any = None
        #: What followed the last step in the buffer, and where episodes go on there.
        self.following: Any = None
        self.goes_on = np.zeros(model.n_envs, dtype=bool)
        model.rollout_buffer.reset()

    def act(self, seen: Any) -> np.ndarray:
        model = self.model
        steps = model.rollout_buffer.pos
        if model.use_sde and (
            steps == 0 or (model.sde_sample_freq > 0 and steps % model.sde_sample_freq == 0)
        ):
            model.policy.reset_noise(model.n_envs)
        with torch.no_grad():
            actions, values, log_probs = model.policy(obs_as_tensor(seen, model.device))
        actions = actions.cpu().numpy()
        self.step = (seen, actions, values, log_probs)
        if not isinstance(model.action_space, spaces.Box):
            return actions
        if model.policy.squash_output:
            return model.policy.unscale_action(actions)
        return np.clip(actions, model.action_space.low, model.action_space.high)

    def learn(
        self, rewards: np.ndarray, terminated: np.ndarray, truncated: np.ndarray, following: Any
    ) -> None:
        model, buffer = self.model, self.model.rollout_buffer
        seen, actions, values, log_probs = self.step
        if isinstance(model.action_space, spaces.Discrete):
            actions = actions.reshape(-1, 1)
        rewards = rewards + self._to_come(following, truncated)
        buffer.add(seen, actions, rewards, self.starts, values, log_probs)
        model.num_timesteps += model.n_envs
        ended = terminated | truncated
        self.starts, self.following, self.goes_on = ended, following, ~ended
        if not buffer.full:
            return
        with torch.no_grad():
            values = model.policy.predict_values(obs_as_tensor(following, model.device))
        buffer.compute_returns_and_advantage(last_values=values, dones=ended)
        model._update_current_progress_remaining(model.num_timesteps, model._total_timesteps)
        model.train()
        model.policy.set_training_mode(False)
        buffer.reset()

    def cut(self) -> None:
        """What comes next is no continuation: episodes under way are truncated."""
        buffer = self.model.rollout_buffer
        if buffer.pos > 0 and self.goes_on.any():
            buffer.rewards[buffer.pos - 1] += self._to_come(self.following, self.goes_on)
        self.goes_on = np.zeros(self.model.n_envs, dtype=bool)
        self.starts = np.ones(self.model.n_envs, dtype=bool)

    def _to_come(self, following: Any, where: np.ndarray) -> np.ndarray:
        """The discounted value of what follows, in the lanes of `where`; one lane at a time, as the library."""
        value = np.zeros(len(where), dtype=np.float32)
        for lane in np.flatnonzero(where):
            seen = obs_as_tensor(_lane(following, lane), self.model.device)
            with torch.no_grad():
                value[lane] = self.model.gamma * self.model.policy.predict_values(seen)[0].cpu()
        return value

    def state(self) -> Any:
        buffer = _filled(self.model.rollout_buffer)
        return buffer, self.starts, self.step, self.following, self.goes_on

    def take(self, state: Any) -> None:
        buffer, self.starts, self.step, self.following, self.goes_on = state
        _fill(self.model.rollout_buffer, buffer)


class _OffPolicy:
    """Steps into a replay buffer, a training every so many steps or episodes."""

    def __init__(self, model: OffPolicyAlgorithm) -> None:
        self.model = model
        self.collected = 0
        self.actions: Any = None

    def act(self, seen: Any) -> np.ndarray:
        model = self.model
        if model.use_sde and (
            self.collected == 0
            or (model.sde_sample_freq > 0 and self.collected % model.sde_sample_freq == 0)
        ):
            model.actor.reset_noise(model.n_envs)
        model._last_obs = seen
        actions, self.actions = model._sample_action(
            model.learning_starts, model.action_noise, model.n_envs
        )
        return actions

    def learn(
        self, rewards: np.ndarray, terminated: np.ndarray, truncated: np.ndarray, following: Any
    ) -> None:
        model = self.model
        ended = terminated | truncated
        infos = [{"TimeLimit.truncated": bool(cut)} for cut in truncated]
        model.replay_buffer.add(model._last_obs, following, self.actions, rewards, ended, infos)
        model.num_timesteps += model.n_envs
        model._update_current_progress_remaining(model.num_timesteps, model._total_timesteps)
        model._on_step()
        if model.action_noise is not None and ended.any():
            model.action_noise.reset(*([np.flatnonzero(ended)] if model.n_envs > 1 else []))
        by_step = model.train_freq.unit == TrainFrequencyUnit.STEP
        self.collected += 1 if by_step else int(ended.sum())
        if self.collected < model.train_freq.frequency:
            return
        if model.num_timesteps > model.learning_starts and model.gradient_steps != 0:
            steps = model.gradient_steps
            steps = steps if steps > 0 else self.collected * model.n_envs
            model.train(batch_size=model.batch_size, gradient_steps=steps)
            model.policy.set_training_mode(False)
        self.collected = 0

    def cut(self) -> None:
        """Nothing: a step in the replay buffer knows what followed it."""

    def state(self) -> Any:
        model = self.model
        return _filled(model.replay_buffer), self.collected, self.actions, model._last_obs

    def take(self, state: Any) -> None:
        buffer, self.collected, self.actions, self.model._last_obs = state
        _fill(self.model.replay_buffer, buffer)


def _driver(model: BaseAlgorithm) -> _OnPolicy | _OffPolicy:
    if isinstance(model, OnPolicyAlgorithm):
        return _OnPolicy(model)
    if isinstance(model, OffPolicyAlgorithm):
        return _OffPolicy(model)
    raise TypeError(f"{type(model).__name__} learns neither by rollouts nor from a replay buffer")


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


# State


def _writable(observations: Any) -> Any:
    """Copies: what the harness shows is read-only, and PyTorch warns of such arrays."""
    if isinstance(observations, dict):
        return {key: np.array(value) for key, value in observations.items()}
    return np.array(observations)


def _lane(observations: Any, lane: int) -> Any:
    """A batch of one."""
    if isinstance(observations, dict):
        return {key: value[lane : lane + 1] for key, value in observations.items()}
    return observations[lane : lane + 1]


def _as_arrays(nested: Any) -> Any:
    if isinstance(nested, torch.Tensor):
        return nested.detach().cpu().numpy()
    if isinstance(nested, dict):
        return {key: _as_arrays(value) for key, value in nested.items()}
    if isinstance(nested, (list, tuple)):
        return [_as_arrays(value) for value in nested]
    return nested


def _filled(buffer: Any) -> dict[str, Any]:
    """A buffer's arrays up to where they are filled, and where that is."""
    end = buffer.buffer_size if buffer.full else buffer.pos
    arrays = {name: _first(value, end) for name, value in vars(buffer).items() if _is_data(value)}
    return {"pos": buffer.pos, "full": buffer.full, "arrays": arrays}


def _fill(buffer: Any, saved: dict[str, Any]) -> None:
    buffer.reset()
    buffer.pos, buffer.full = saved["pos"], saved["full"]
    for name, rows in saved["arrays"].items():
        array = getattr(buffer, name)
        for into, given in zip(_leaves(array), _leaves(rows)):
            into[: len(given)] = given


def _is_data(value: Any) -> bool:
    leaves = _leaves(value)
    return bool(leaves) and all(isinstance(leaf, np.ndarray) and leaf.ndim > 0 for leaf in leaves)


def _leaves(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else [value]


def _first(value: Any, end: int) -> Any:
    if isinstance(value, dict):
        return {key: array[:end].copy() for key, array in value.items()}
    return value[:end].copy()


def _generators() -> Any:
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return random.getstate(), np.random.get_state(), torch.get_rng_state(), cuda


def _set_generators(state: Any) -> None:
    python, numpy, cpu, cuda = state
    random.setstate(python)
    np.random.set_state(numpy)
    torch.set_rng_state(cpu)
    if cuda and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(cuda)


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
