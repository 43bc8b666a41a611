"""What task variants have in common: one environment, the same spaces."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..curriculum import TaskVariant


class Environments:
    """The different environments of a curriculum, numbered in order of appearance.

    Variants share an environment where one way of making it, its class and equal parameters meet.
    """

    def __init__(self) -> None:
        self._known: list[TaskVariant] = []
        self._spaces: dict[int, tuple[Any, Any]] = {}

    def number(self, variant: TaskVariant) -> int:
        """The number of the variant's environment."""
        for number, known in enumerate(self._known):
            if _same(known, variant):
                return number
        self._known.append(variant)
        return len(self._known) - 1

    def maker(self, number: int) -> Callable[[], Any]:
        """What makes an environment of this number."""
        return self._known[number].make_env

    def spaces(self, number: int) -> tuple[Any, Any]:
        """Its spaces of observations and of actions, looked up once."""
        if number not in self._spaces:
            self._spaces[number] = spaces(self._known[number])
        return self._spaces[number]


def spaces(variant: TaskVariant) -> tuple[Any, Any]:
    """The spaces of observations and of actions of a variant's environment, made with its parameters."""
    known = getattr(variant.task_cls, "native_spaces", None)
    if known is not None and native_name(variant) is not None:
        return known()
    env = variant.make_env()
    try:
        return env.observation_space, env.action_space
    finally:
        env.close()


def native_name(variant: TaskVariant) -> str | None:
    """The native environment that stands for the variant's class.

    Its class says so itself (a subclass of it may do anything), nothing else about the variant is special.
    """
    own = getattr(variant.task_cls, "__dict__", {})
    name = own.get("native_env")
    plain = _make_env(variant) is _plain_make_env() and not variant.params
    return name if plain else None


def _plain_make_env() -> Any:
    from ..curriculum import TaskVariant

    return TaskVariant.make_env


def _make_env(variant: TaskVariant) -> Any:
    """The function behind `variant.make_env`."""
    return getattr(variant.make_env, "__func__", variant.make_env)


def _same(a: TaskVariant, b: TaskVariant) -> bool:
    if a.task_cls is not b.task_cls or _make_env(a) is not _make_env(b):
        return False
    if _make_env(a) is not _plain_make_env():
        return a is b  # a way of its own may look at anything of its variant
    try:
        return bool(a.params == b.params)
    except ValueError:  # arrays do not say in one word whether they are equal
        return False
