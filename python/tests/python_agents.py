"""Agents for the tests of the engine."""

import hashlib
import json
import os
import time

import numpy as np


class Random:
    """Draws actions from a generator of its own, one for each environment that takes part."""

    def __init__(self, rng_seed, observation_space, action_space, num_envs, config_file=None):
        self.rng = np.random.default_rng(rng_seed)
        self.action_space = action_space
        self.learned = 0

    def action(self):
        if hasattr(self.action_space, "n"):
            return int(self.rng.integers(self.action_space.n))
        low, high = self.action_space.low, self.action_space.high
        return self.rng.uniform(low, high).astype(np.float32)

    def block_start(self, is_learning_allowed):
        assert self.is_learning_allowed == is_learning_allowed

    def task_start(self, task_name):
        pass

    def task_variant_start(self, task_name, variant_name):
        pass

    def choose_actions(self, observations):
        return [None if seen is None else self.action() for seen in observations]

    def receive_transitions(self, transitions):
        for transition in transitions:
            if transition is not None and transition.reward is not None:
                self.learned += 1

    def task_variant_end(self, task_name, variant_name):
        pass

    def task_end(self, task_name):
        pass

    def block_end(self, is_learning_allowed):
        pass


class Batched(Random):
    """The same actions for whole batches."""

    def choose_actions_batch(self, observations, mask):
        actions = [self.action() if active else self.nothing() for active in mask]
        return np.array(actions)

    def nothing(self):
        return 0 if hasattr(self.action_space, "n") else np.zeros_like(self.action_space.low)

    def receive_transition_batch(
        self, observations, actions, rewards, terminated, truncated, next_observations, mask
    ):
        if rewards is not None:
            self.learned += int(mask.sum())


class Slow(Random):
    """Takes its time, so that a run can be stopped in the middle."""

    def receive_transitions(self, transitions):
        super().receive_transitions(transitions)
        time.sleep(0.002)


class SavesItself(Slow):
    """Saves itself, learned and transient state apart; a pickle of it would not do."""

    def __init__(self, *given):
        super().__init__(*given)
        self.not_for_a_pickle = lambda: None

    def save(self):
        return (
            json.dumps(self.learned).encode(),
            json.dumps(self.rng.bit_generator.state).encode(),
        )

    def restore(self, state):
        self.learned = json.loads(state[0])
        self.rng.bit_generator.state = json.loads(state[1])


class LearnsInEvaluation(SavesItself):
    """Counts where it must not."""

    def receive_transitions(self, transitions):
        self.learned += 1


class Recorder(Random):
    """Writes down what it was told: to the file that its configuration names."""

    def __init__(self, rng_seed, observation_space, action_space, num_envs, config_file=None):
        super().__init__(rng_seed, observation_space, action_space, num_envs, config_file)
        with open(config_file) as config:
            self.path = json.load(config)["path"]
        self.tell("made", num_envs)

    def tell(self, *what):
        with open(self.path, "a") as out:
            out.write(json.dumps(what) + "\n")

    def block_start(self, is_learning_allowed):
        self.tell("block_start", is_learning_allowed)

    def task_start(self, task_name):
        self.tell("task_start", task_name)

    def task_variant_start(self, task_name, variant_name):
        self.tell("task_variant_start", task_name, variant_name)

    def choose_actions(self, observations):
        self.seen = observations
        self.actions = super().choose_actions(observations)
        return self.actions

    def receive_transitions(self, transitions):
        for seen, action, transition in zip(self.seen, self.actions, transitions):
            assert (seen is None) == (transition is None)
            if transition is not None:
                assert transition.observation is not None and transition.action is action
                assert np.array_equal(transition.observation, seen)
        given = [None if t is None else [t.reward, bool(t.done)] for t in transitions]
        self.tell("receive_transitions", given)

    def task_variant_end(self, task_name, variant_name):
        self.tell("task_variant_end", task_name, variant_name)

    def task_end(self, task_name):
        self.tell("task_end", task_name)

    def block_end(self, is_learning_allowed):
        self.tell("block_end", is_learning_allowed)


class Keeper(Batched):
    """Keeps every array that it is shown, and tries to write into it."""

    def __init__(self, *given):
        super().__init__(*given)
        self.kept = []

    def keep(self, *arrays):
        for array in arrays:
            try:
                array[...] = 0
            except ValueError:
                self.kept.append((array, hashlib.sha256(array.tobytes()).hexdigest()))
            else:
                raise AssertionError("the array can be written to")

    def choose_actions_batch(self, observations, mask):
        self.keep(observations, mask)
        return super().choose_actions_batch(observations, mask)

    def receive_transition_batch(self, *given):
        self.keep(*(array for array in given if array is not None))
        super().receive_transition_batch(*given)

    def block_end(self, is_learning_allowed):
        for array, digest in self.kept:
            assert hashlib.sha256(array.tobytes()).hexdigest() == digest


class Echo:
    """Returns to the environment what it showed: observation and action space are alike."""

    def __init__(self, rng_seed, observation_space, action_space, num_envs, config_file=None):
        self.space = observation_space
        self.process = os.getpid()

    def __getattr__(self, name):
        if name.endswith(("_start", "_end")):
            return lambda *told: None
        raise AttributeError(name)

    def choose_actions(self, observations):
        return list(observations)

    def receive_transitions(self, transitions):
        pass


class EchoBatch(Echo):
    """The same by whole batches."""

    def choose_actions_batch(self, observations, mask):
        return observations

    def receive_transition_batch(self, *given):
        pass
