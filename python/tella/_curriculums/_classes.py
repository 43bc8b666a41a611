"""Classes of environments that belong to gym or Gymnasium without importing them before one is made."""

from __future__ import annotations

import importlib
import types
from typing import Any

from .. import spaces


def package_of(env: Any) -> str:
    """The package that an environment's class comes from: `gymnasium` or `gym`."""
    roots = {cls.__module__.partition(".")[0] for cls in type(env).__mro__}
    for package in ("gymnasium", "gym"):
        if package in roots:
            return package
    raise TypeError(f"a {type(env).__name__} is no environment of gym or Gymnasium")


class LateWrapper:
    """A wrapper of the package that the wrapped environment comes from.

    Once it is made it is an instance of that package's class `wraps_as` as well as of its own.
    """

    wraps_as = "Wrapper"
    env: Any
    action_space: Any
    observation_space: Any

    def __init__(self, env: Any) -> None:
        base = getattr(importlib.import_module(package_of(env)), self.wraps_as)
        if not isinstance(self, base):
            self.__class__ = _joined(type(self), base)
        super().__init__(env)  # type: ignore[call-arg]


def _joined(own: type, base: type) -> type:
    key = own, base
    if key not in _JOINED:
        names = {"__module__": own.__module__, "__qualname__": own.__qualname__}
        _JOINED[key] = types.new_class(own.__name__, key, {}, lambda space: space.update(names))
    return _JOINED[key]


_JOINED: dict[tuple[type, type], type] = {}


class NativeClass(LateWrapper):
    """An environment that the native engine has under the name `native_env`.

    Experiments run the native one. Who makes an instance gets the original in Python, from the package
    `needs`; so does an experiment with a class that derives from one of these.
    """

    native_env: str | None = None
    needs: str = "gym"

    @classmethod
    def can_be_made(cls) -> bool:
        """Whether the package of the original is installed."""
        return importlib.util.find_spec(cls.needs) is not None

    @classmethod
    def original(cls, module: str) -> Any:
        """A module of the package of the original."""
        try:
            return importlib.import_module(module)
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"{cls.__name__} as a Python object needs the package {cls.needs} (no module {error.name}); "
                f"experiments with the class run natively, without it",
                name=error.name,
            ) from error

    @classmethod
    def native_spaces(cls) -> tuple[Any, Any]:
        """The spaces of observations and of actions, without an instance."""
        raise NotImplementedError


def box(*args: Any, **kwargs: Any) -> Any:
    """A Box of the classes in use."""
    return spaces.classes().Box(*args, **kwargs)


def discrete(n: int) -> Any:
    """A Discrete of the classes in use."""
    return spaces.classes().Discrete(n)
