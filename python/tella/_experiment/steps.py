"""Steps of one variant in Python, for programs that drive environments themselves.

Experiments do not come this way: the native engine drives theirs, by the same rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from .._transition import Transition
from .environment import Stepped

if TYPE_CHECKING:
    from ..curriculum import TaskVariant

#: Actions for observations, one for each environment; None stands for one that takes no more part.
ActionFn = Callable[[list[Any]], list[Any]]


def generate_transitions(
    task_variant: TaskVariant, action_fn: ActionFn, num_envs: int, render: bool = False
) -> Iterator[list[Transition | None]]:
    """The transitions of a variant, a list for each step with one for each environment.

    Where the variant's length is no multiple of `num_envs`, some environments have nothing left to do before
    others. They get None for an observation and have None for a transition from then on.

    :param task_variant: the variant.
    :param action_fn: chooses the actions.
    :param num_envs: how many environments run side by side.
    :param render: whether to show the first environment at each step.
    """
    envs = [Stepped(task_variant.make_env()) for _ in range(num_envs)]
    seed = task_variant.rng_seed
    try:
        observations = [
            env.reset(None if seed is None else seed + index) for index, env in enumerate(envs)
        ]
        running = _Length(task_variant, num_envs)
        while not running.over():
            masked = running.masked()
            actions = list(action_fn(_where(masked, None, observations)))
            given = [
                env.action_space.sample() if hide else action
                for hide, action, env in zip(masked, actions, envs, strict=True)
            ]
            steps = [env.step(action) for env, action in zip(envs, given, strict=True)]
            if render:
                envs[0].render()
            transitions = [
                Transition(observation, action, step.reward, step.done, step.last)
                for observation, action, step in zip(observations, given, steps, strict=True)
            ]
            yield _where(masked, None, transitions)
            running.count([not hide for hide in masked], [step.done for step in steps])
            observations = [step.shown for step in steps]
    finally:
        for env in envs:
            env.close()


def _where(condition: list[bool], replace_value: Any, original_list: list[Any]) -> list[Any]:
    """The list with `replace_value` where the condition holds."""
    return [
        replace_value if there else value
        for there, value in zip(condition, original_list, strict=True)
    ]


class _Length:
    """How far a variant has come, and which environments still take part in it."""

    def __init__(self, variant: TaskVariant, num_envs: int) -> None:
        self.num_episodes, self.num_steps = variant.num_episodes, variant.num_steps
        self.episode_of = list(range(num_envs))
        self.next_episode = num_envs
        self.episodes = self.steps = 0

    def over(self) -> bool:
        if self.num_episodes is not None:
            return self.episodes >= self.num_episodes
        return self.steps >= (self.num_steps or 0)

    def masked(self) -> list[bool]:
        if self.num_episodes is not None:
            return [episode >= self.num_episodes for episode in self.episode_of]
        left = (self.num_steps or 0) - self.steps
        return [index >= left for index in range(len(self.episode_of))]

    def count(self, took_part: list[bool], done: list[bool]) -> None:
        for index, (counts, ended) in enumerate(zip(took_part, done, strict=True)):
            if counts:
                self.steps += 1
                if ended:
                    self.episodes += 1
                    self.episode_of[index] = self.next_episode
                    self.next_episode += 1


def hide_rewards(transitions: list[Transition | None]) -> list[Transition | None]:
    """The transitions with None for every reward."""
    return [
        None if t is None else Transition(t.observation, t.action, None, t.done, t.next_observation)
        for t in transitions
    ]
