"""Agents that cost next to nothing, for the speed of what is around them; each lives in TELLA 2.1.0
and in ours as it stands."""

import numpy as np


class Constant:
    """Always the first action."""

    def __init__(self, rng_seed, observation_space, action_space, num_envs, config_file=None):
        self.rng_seed = rng_seed
        self.action_space = action_space
        self.actions = [0] * num_envs
        self.batch = np.zeros(num_envs, np.int64)

    def block_start(self, is_learning_allowed):
        pass

    def task_start(self, task_name):
        pass

    def task_variant_start(self, task_name, variant_name):
        pass

    def choose_actions(self, observations):
        return self.actions

    def receive_transitions(self, transitions):
        pass

    def task_variant_end(self, task_name, variant_name):
        pass

    def task_end(self, task_name):
        pass

    def block_end(self, is_learning_allowed):
        pass


class Sampling(Constant):
    """Samples the action space, as TELLA's own examples do."""

    def choose_actions(self, observations):
        return [None if seen is None else self.action_space.sample() for seen in observations]


class Batched(Constant):
    """Always the first action, for whole batches."""

    def choose_actions_batch(self, observations, mask):
        return self.batch

    def receive_transition_batch(self, *given):
        pass
