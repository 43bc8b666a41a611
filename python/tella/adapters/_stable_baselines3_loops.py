"""The library's loops, one step a call: the body of `collect_rollouts` of `OnPolicyAlgorithm` and `OffPolicyAlgorithm`,
version 2.9."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from gymnasium import spaces
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.off_policy_algorithm import OffPolicyAlgorithm
from stable_baselines3.common.on_policy_algorithm import OnPolicyAlgorithm
from stable_baselines3.common.type_aliases import TrainFrequencyUnit
from stable_baselines3.common.utils import obs_as_tensor

from ._stable_baselines3_state import fill, filled


class OnPolicy:
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
        buffer = filled(self.model.rollout_buffer)
        return buffer, self.starts, self.step, self.following, self.goes_on

    def take(self, state: Any) -> None:
        buffer, self.starts, self.step, self.following, self.goes_on = state
        fill(self.model.rollout_buffer, buffer)


class OffPolicy:
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
        return filled(model.replay_buffer), self.collected, self.actions, model._last_obs

    def take(self, state: Any) -> None:
        buffer, self.collected, self.actions, self.model._last_obs = state
        fill(self.model.replay_buffer, buffer)


def driver_of(model: BaseAlgorithm) -> OnPolicy | OffPolicy:
    if isinstance(model, OnPolicyAlgorithm):
        return OnPolicy(model)
    if isinstance(model, OffPolicyAlgorithm):
        return OffPolicy(model)
    raise TypeError(f"{type(model).__name__} learns neither by rollouts nor from a replay buffer")


def _lane(observations: Any, lane: int) -> Any:
    """A batch of one."""
    if isinstance(observations, dict):
        return {key: value[lane : lane + 1] for key, value in observations.items()}
    return observations[lane : lane + 1]
