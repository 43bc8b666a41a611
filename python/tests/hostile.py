"""Agents and environments that do what they must not, for the tests of faults.

What an agent does and where is said by its parameters: `hook`, `mode` and `at`, the number of the
call. Environments take the same parameters for `reset` and `step`.
"""

import contextlib
import ctypes
import os
import subprocess
import sys
import time

import numpy as np


def misbehave(mode, good):
    """Does what `mode` says; the value to return in place of `good`."""
    if mode == "raises":
        raise ValueError("tired of this")
    if mode == "sys.exit":
        sys.exit(3)
    if mode == "os._exit":
        os._exit(0)
    if mode == "segfault":
        ctypes.string_at(0)
    if mode == "loop":
        while True:
            pass
    if mode == "loop holding the interpreter":
        # The functions of PyDLL keep the interpreter for themselves.
        ctypes.PyDLL(None).usleep(3_600_000_000)
    if mode == "sleeps":
        time.sleep(3600)
    if mode == "None":
        return None
    if mode == "leaks":
        held = []
        while True:
            held.append(bytearray(1 << 24))
    if mode == "forks":
        if os.fork() == 0:
            time.sleep(3600)
    if mode == "starts a process":
        subprocess.Popen(["sleep", "3600"])
    if mode == "prints":
        for _ in range(100):
            print("x" * (1 << 20))
    if mode == "changes directory":
        os.chdir("/")
    if mode == "closes standard output":
        with contextlib.suppress(OSError):  # it may come to this twice
            os.close(1)
    return good


class Agent:
    """Action 0, but for one call."""

    def __init__(
        self,
        rng_seed,
        observation_space,
        action_space,
        num_envs,
        config_file=None,
        hook: str = "none",
        mode: str = "none",
        at: int = 0,
        seed: str = "any",
    ):
        self.hook, self.mode, self.at, self.calls = hook, mode, at, 0
        # Only the lifetime with this seed is hostile, where one is named.
        self.hostile = seed in ("any", f"seed-{rng_seed}")
        self.call("constructor", None)

    def call(self, hook, good):
        if not self.hostile or hook != self.hook:
            return good
        self.calls += 1
        return misbehave(self.mode, good) if self.calls == self.at + 1 else good

    def block_start(self, is_learning_allowed):
        self.call("block_start", None)

    def task_start(self, task_name):
        self.call("task_start", None)

    def task_variant_start(self, task_name, variant_name):
        self.call("task_variant_start", None)

    def choose_actions(self, observations):
        actions = [0] * len(observations)
        if not self.hostile or self.hook != "choose_actions":
            return actions
        self.calls += 1
        if self.calls != self.at + 1:
            return actions
        if self.mode == "wrong length":
            return actions + [0]
        if self.mode == "wrong type":
            return ["left"] * len(actions)
        if self.mode == "NaN":
            return [float("nan")] * len(actions)
        if self.mode == "out of space":
            return [7] * len(actions)
        if self.mode == "Nones":
            return [None] * len(actions)
        if self.mode == "changes the observation":
            for observation in observations:
                observation[:] = np.nan
        return misbehave(self.mode, actions)

    def receive_transitions(self, transitions):
        self.call("receive_transitions", None)

    def task_variant_end(self, task_name, variant_name):
        self.call("task_variant_end", None)

    def task_end(self, task_name):
        self.call("task_end", None)

    def block_end(self, is_learning_allowed):
        self.call("block_end", None)


class Batch(Agent):
    """The same for whole batches."""

    def choose_actions_batch(self, observations, mask):
        good = np.zeros(len(mask), np.int64)
        wrong = {
            "None": None,
            "wrong length": np.zeros(len(mask) + 1, np.int64),
            "wrong type": np.full(len(mask), 0.5),
            "NaN": np.full(len(mask), np.nan),
            "out of space": np.full(len(mask), 7),
            "wrong shape": np.zeros((len(mask), 1), np.int64),
            "a number": 3,
        }
        if self.mode == "other type that fits":
            return np.zeros(len(mask), np.int8)
        return misbehave(self.mode, wrong.get(self.mode, good))

    def receive_transition_batch(self, *given):
        self.call("receive_transition_batch", None)


class Unpicklable(Agent):
    """What a pickle cannot hold."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.held = lambda: None


class Environment:
    """Ten steps, each worth 1, but for one call."""

    def __init__(self, hook: str = "none", mode: str = "none", at: int = 0):
        from tella.spaces import Box, Discrete

        self.observation_space = Box(-1.0, 100.0, (2,), np.float32)
        self.action_space = Discrete(2)
        self.hook, self.mode, self.at, self.calls, self.steps = hook, mode, at, 0, 0
        if hook == "constructor":
            misbehave(mode, None)

    def observation(self, hook):
        good = np.array([self.steps, 0], np.float32)
        if hook != self.hook:
            return good
        self.calls += 1
        if self.calls != self.at + 1:
            return good
        if self.mode == "wrong length":
            return np.zeros(3, np.float32)
        if self.mode == "wrong type":
            return np.array(["a", "b"])
        if self.mode == "NaN":
            return np.array([np.nan, 0], np.float32)
        if self.mode == "out of space":
            return np.array([101, 0], np.float32)
        return misbehave(self.mode, good)

    def reset(self, *, seed=None, options=None):
        self.steps = 0
        return self.observation("reset"), {}

    def step(self, action):
        self.steps += 1
        observation = self.observation("step")
        reward = float("nan") if (self.hook, self.mode) == ("reward", "NaN") else 1.0
        return observation, reward, self.steps >= 10, False, {}
