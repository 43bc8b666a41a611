"""Environments made by name for the native engine, and what kind of environment one is."""

import importlib
import inspect
from collections.abc import Callable
from typing import Any

from . import _named
from .spaces import to_native

#: Packages whose registered environments can be named, `gymnasium:CartPole-v1`.
_REGISTRIES = ("gymnasium", "gym")


def parameters(name: str) -> list[tuple[str, bool | int | float | str]]:
    """Keyword parameters of the constructor whose defaults say their type."""
    if _registry(name) is not None:
        return []
    return _named.keyword_parameters(_named.find(name), 0)


def factory(name: str, params: dict[str, Any]) -> Callable[[], Any]:
    """What makes one environment `name`."""
    registry = _registry(name)
    if registry is None:
        make_it = _named.find(name)
        _named.refuse_unknown(make_it, params)
        return lambda: make_it(**params)
    package = _installed(registry)
    identity = name.partition(":")[2]
    # The engine checks for itself what comes out of an environment.
    return lambda: package.make(identity, disable_env_checker=True, **params)


def _installed(package: str) -> Any:
    try:
        return importlib.import_module(package)
    except ModuleNotFoundError as error:
        # What the package itself imports in vain is another matter.
        if error.name != package:
            raise
        raise _named.NotFound(f"the package `{package}` is not installed (`pip install {package}`)") from None


def describe(env: Any) -> tuple[Any, Any, str]:
    """Observation and action space in their native form, and how the environment is seeded: by
    `method` (old gym's `seed`), by `keyword` of `reset` (Gymnasium), or not at all (`never`)."""
    for name in ("observation_space", "action_space", "reset", "step"):
        if not hasattr(env, name):
            raise TypeError(f"a {type(env).__name__} is no environment: it has no `{name}`")
    spaces = (to_native(env.observation_space), to_native(env.action_space))
    return (*spaces, _seeding(env))


def _seeding(env: Any) -> str:
    if callable(getattr(env, "seed", None)):
        return "method"
    try:
        parameters = inspect.signature(env.reset).parameters.values()
    except (TypeError, ValueError):
        return "keyword"
    takes = any(p.name == "seed" or p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters)
    return "keyword" if takes else "never"


def _registry(name: str) -> str | None:
    package, _, rest = name.partition(":")
    return package if rest and package in _REGISTRIES else None
