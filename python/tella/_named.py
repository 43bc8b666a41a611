"""Classes that a command line or a curriculum names: `module:Class` and `path/file.py:Class`."""

import difflib
import importlib
import importlib.util
import inspect
import os
import sys
from collections.abc import Iterable
from types import ModuleType
from typing import Any


class NotFound(Exception):
    """There is nothing of this name; the message says what there is."""


def find(name: str) -> Any:
    """What `name` stands for. Raises `NotFound`, or what importing its module raised."""
    where, _, attributes = name.rpartition(":")
    found: Any = _file(where) if where.endswith(".py") else _module(where)
    inside = where
    for attribute in attributes.split("."):
        try:
            found = getattr(found, attribute)
        except AttributeError:
            names = [each for each in vars(found) if not each.startswith("_")]
            raise NotFound(f"{inside} has no `{attribute}`{_nearest(attribute, names)}") from None
        inside = f"{inside}.{attribute}"
    if not callable(found):
        raise NotFound(f"`{name}` is a {type(found).__name__}; a class or a function is expected")
    return found


def keyword_parameters(made_by: Any, first: int) -> list[tuple[str, bool | int | float | str]]:
    """The parameters of `made_by` after the first positional ones that can be given by name and whose
    defaults are truth values, numbers or texts: each with its default."""
    try:
        parameters = inspect.signature(made_by).parameters.values()
    except (TypeError, ValueError):
        return []
    # What `*args` takes may be the first ones; what stands behind it, or behind `*`, is none of them.
    by_place = [one for one in parameters if one.kind in (one.POSITIONAL_ONLY, one.POSITIONAL_OR_KEYWORD)]
    by_name_alone = [one for one in parameters if one.kind is one.KEYWORD_ONLY]
    return [
        (one.name, one.default)
        for one in [*by_place[first:], *by_name_alone]
        if one.kind is not one.POSITIONAL_ONLY and type(one.default) in (bool, int, float, str)
    ]


def refuse_unknown(made_by: Any, given: Iterable[str]) -> None:
    """Raises `NotFound` for the first name in `given` that is no parameter of `made_by`, where it tells all."""
    try:
        parameters = inspect.signature(made_by).parameters.values()
    except (TypeError, ValueError):
        return
    if any(one.kind is one.VAR_KEYWORD for one in parameters):
        return
    names = [one.name for one in parameters if one.kind in (one.POSITIONAL_OR_KEYWORD, one.KEYWORD_ONLY)]
    for name in given:
        if name not in names:
            there = ", ".join(names) or "none"
            raise NotFound(f"it has no parameter `{name}`{_nearest(name, names)} (there are: {there})")


def _module(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        # What the module itself imports in vain is another matter.
        if error.name is None or not (name == error.name or name.startswith(error.name + ".")):
            raise
        raise NotFound(
            f"there is no module `{error.name}` (looked for in {_places()})"
        ) from None


def _file(path: str) -> ModuleType:
    if not os.path.isfile(path):
        raise NotFound(f"there is no file {path}")
    path = os.path.realpath(path)
    name = os.path.splitext(os.path.basename(path))[0]
    there = sys.modules.get(name)
    if there is not None:
        if os.path.realpath(getattr(there, "__file__", None) or "") == path:
            return there
        # Another module has the name; under its own one its classes can still be pickled.
        name = f"tella_file_{name}"
        if name in sys.modules:
            return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise NotFound(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    folder = os.path.dirname(path)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _nearest(name: str, names: list[str]) -> str:
    near = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _places() -> str:
    return ", ".join(place or os.getcwd() for place in sys.path[:3]) + ", ..."
