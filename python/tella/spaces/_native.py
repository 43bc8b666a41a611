"""Spaces to and from the plain data as which they cross to the native engine (`_native.pyi`)."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

#: The native element type that holds every value of these.
_DTYPES = {
    "bool": "uint8",
    "uint8": "uint8",
    "int8": "int64",
    "int16": "int64",
    "int32": "int64",
    "int64": "int64",
    "uint16": "int64",
    "uint32": "int64",
    "float16": "float32",
    "float32": "float32",
    "float64": "float64",
}


def classes() -> Any:
    """The module whose classes spaces are made of: that of Gymnasium or else of gym where the
    program has imported it, and `tella.spaces` where it has imported neither."""
    for package in ("gymnasium", "gym"):
        if package in sys.modules:
            try:
                return importlib.import_module(f"{package}.spaces")
            except ImportError:
                continue  # a package of that name which has no spaces
    return importlib.import_module("tella.spaces")


def from_native(form: Mapping[str, Any]) -> Any:
    """The space that this is the native form of, made of the classes that `classes` says."""
    made_of = classes()
    if not hasattr(made_of, "Text") and _has_text(form):  # gym before 0.25
        made_of = importlib.import_module("tella.spaces")
    return _read(form, made_of)


def to_native(space: Any) -> dict[str, Any]:
    """The native form of this space, which may be Gymnasium's, gym's or ours.

    Element types that the engine has not are widened to the next that it has. Integers that do not
    count from 0 become a `Box` of integers.

    Raises `TypeError` for a space that the engine has no form of.
    """
    return _write(space, "the space")


def _read(form: Any, made_of: Any) -> Any:
    ((kind, given),) = form.items()
    if kind == "Box":
        dtype, shape = np.dtype(given["dtype"]), tuple(given["shape"])
        bounds = [_bounds(given[name], dtype, shape) for name in ("low", "high")]
        return made_of.Box(*bounds, shape=shape, dtype=dtype.type)
    if kind == "Discrete":
        return made_of.Discrete(given["n"], start=given["start"])
    if kind == "MultiDiscrete":
        return made_of.MultiDiscrete(given["nvec"])
    if kind == "MultiBinary":
        shape = given["shape"]
        return made_of.MultiBinary(shape[0] if len(shape) == 1 else shape)
    if kind == "Tuple":
        return made_of.Tuple([_read(part, made_of) for part in given])
    if kind == "Dict":
        # Pairs, so that the order stays: gym and Gymnasium sort plain dictionaries.
        return made_of.Dict([(key, _read(part, made_of)) for key, part in given])
    if kind == "Text":
        lengths = {"min_length": given["min_length"], "max_length": given["max_length"]}
        return made_of.Text(charset=given["charset"], **lengths)
    raise TypeError(f"no space is called {kind}")


def _has_text(form: Mapping[str, Any]) -> bool:
    ((kind, given),) = form.items()
    parts = given if kind == "Tuple" else [part for _, part in given] if kind == "Dict" else []
    return kind == "Text" or any(_has_text(part) for part in parts)


def _bounds(values: Any, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Any:
    """Bounds as the element type holds them. An integer type has none that is infinite: those are
    given as floats, as one number where they are all alike, since gym and Gymnasium round infinite
    ones of an array to the wrong end of the type."""
    floats = np.array(values, dtype=np.float64).reshape(shape)
    if dtype.kind == "f" or np.all(np.isfinite(floats)):
        return floats.astype(dtype)
    alike = np.all(floats == floats.flat[0])
    return float(floats.flat[0]) if alike else floats


def _write(space: Any, place: str) -> dict[str, Any]:
    kind = _kind(space)
    if kind == "Box":
        return _box(space.low, space.high, space, place)
    if kind == "Discrete":
        return {"Discrete": {"n": int(space.n), "start": int(getattr(space, "start", 0))}}
    if kind == "MultiDiscrete":
        start = np.asarray(getattr(space, "start", np.zeros_like(space.nvec)))
        if space.nvec.ndim == 1 and not np.any(start):
            return {"MultiDiscrete": {"nvec": [int(n) for n in space.nvec]}}
        return _box(start, start + space.nvec - 1, space, place)
    if kind == "MultiBinary":
        return {"MultiBinary": {"shape": [int(size) for size in space.shape]}}
    if kind == "Tuple":
        parts = enumerate(space.spaces)
        return {"Tuple": [_write(part, f"{place}, part {i}") for i, part in parts]}
    if kind == "Dict":
        parts = space.spaces.items()
        return {"Dict": [[str(key), _write(part, f"{place}, part {key!r}")] for key, part in parts]}
    if kind == "Text":
        lengths = {"min_length": space.min_length, "max_length": space.max_length}
        return {"Text": {**lengths, "charset": "".join(space.character_list)}}
    raise TypeError(
        f"{place} is a {type(space).__name__}; it can be a Box, Discrete, MultiDiscrete, "
        "MultiBinary, Tuple, Dict or Text"
    )


def _kind(space: Any) -> str | None:
    """The name of the space class that this object is of, its own or one that it derives from."""
    known = {"Box", "Discrete", "MultiDiscrete", "MultiBinary", "Tuple", "Dict", "Text"}
    for cls in type(space).__mro__:
        if cls.__name__ in known and ".spaces" in cls.__module__:
            return cls.__name__
    return None


def _box(low: Any, high: Any, space: Any, place: str) -> dict[str, Any]:
    dtype = _DTYPES.get(str(space.dtype))
    if dtype is None:
        raise TypeError(f"{place} has elements of type {space.dtype}; known: {', '.join(_DTYPES)}")
    below = getattr(space, "bounded_below", np.isfinite(low))
    above = getattr(space, "bounded_above", np.isfinite(high))
    lows = np.where(below, low, -np.inf) if not np.all(below) else low
    highs = np.where(above, high, np.inf) if not np.all(above) else high
    return {
        "Box": {
            "low": np.ravel(lows).astype(np.float64),
            "high": np.ravel(highs).astype(np.float64),
            "shape": [int(size) for size in space.shape],
            "dtype": dtype,
        }
    }
