"""The configuration file of M21's curricula: how long to learn, and in how many passes.

::

    num learn blocks: 2             # passes of a dispersed curriculum; others read it and do without
    learn:
      default length: 500           # for what is not named below
      default unit: steps           # or episodes
      SimpleCrossing: 200           # a task, in the default unit
      DoorKeyS5: {length: 30, unit: episodes}   # a variant; goes before its task
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any

from ...curriculum import ValidationError

_UNITS = ("episodes", "steps")


def learning_length(
    config: Any, task: str, variant: str, default_length: int, default_unit: str
) -> tuple[int, str]:
    """How long a variant is learned, and in which unit."""
    learn = config.get("learn", {})
    length = learn.get("default length", default_length)
    unit = learn.get("default unit", default_unit)
    own = learn.get(task + variant, learn.get(task, {}))
    if isinstance(own, dict):
        return own.get("length", length), own.get("unit", unit)
    return own, unit


def check_config(config: Any, variants: Sequence[tuple[str, str]]) -> None:
    """Checks a configuration for these tasks and variants.

    :raises ValidationError: naming the key and what may stand there.
    """
    if not isinstance(config, dict):
        raise ValidationError(f"the configuration is a mapping of keys to values, not {config!r}")
    known = {"num learn blocks": _count, "learn": _mapping}
    _check(config, known, "the configuration")
    learn = config.get("learn", {})
    keys: dict[Any, Any] = {"default length": _count, "default unit": _unit}
    for task, variant in variants:
        keys[task] = keys[task + variant] = _length
    _check(learn, keys, "learn")


def _check(given: dict[Any, Any], known: dict[Any, Any], place: str) -> None:
    for key, value in given.items():
        if key not in known:
            near = difflib.get_close_matches(str(key), list(known), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            keys = ", ".join(map(repr, known))
            raise ValidationError(f"{place}: unexpected key {key!r}{hint} (known: {keys})")
        known[key](f"{place}: {key}" if place == "the configuration" else f"{place}.{key}", value)


def _count(place: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValidationError(f"{place} is a positive integer, not {value!r}")


def _mapping(place: str, value: Any) -> None:
    if not isinstance(value, dict):
        raise ValidationError(f"{place} is a mapping of keys to values, not {value!r}")


def _unit(place: str, value: Any) -> None:
    if value not in _UNITS:
        raise ValidationError(f"{place} is one of {', '.join(_UNITS)}, not {value!r}")


def _length(place: str, value: Any) -> None:
    if isinstance(value, dict):
        _check(value, {"length": _count, "unit": _unit}, place)
    elif not isinstance(value, int):
        wanted = "a positive integer, or a mapping with `length` and `unit`"
        raise ValidationError(f"{place} is {wanted}, not {value!r}")
    else:
        _count(place, value)
