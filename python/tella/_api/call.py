"""Command lines run within this process."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from .. import _native
from .._curriculum.validation import ValidationError
from .._errors import (
    CorruptLog,
    InternalError,
    Stopped,
    TellaError,
    TellaWarning,
    UsageError,
)

#: Exit codes of the command.
FOUND, USAGE, FAULT, CORRUPT, BUG, RESUMABLE, INTERRUPTED = 1, 2, 3, 4, 70, 75, 130

_KINDS: dict[int, type[TellaError]] = {USAGE: UsageError, CORRUPT: CorruptLog, RESUMABLE: Stopped, BUG: InternalError}


class Answer(NamedTuple):
    """What a command came to."""

    exit: int
    out: str
    """What it would have written to standard output."""
    warnings: list[str]
    """What it warned of."""
    raised: BaseException | None
    """What an agent of this process raised last."""


def call(
    *words: str | os.PathLike[str],
    curricula: Mapping[str, str] | None = None,
    agents: Mapping[str, Any] | None = None,
) -> Answer:
    """Runs the command line `words` (without the program's name).

    `curricula` are texts by the names that stand for them in `words`, `agents` classes and functions that
    make agents.
    """
    argv = [os.fspath(word) for word in words]
    told = _native.answer(argv, dict(curricula or {}), list((agents or {}).items()))
    answer = Answer(*told)
    for warning in answer.warnings:
        # Whoever called the function that called this one.
        warnings.warn(warning, TellaWarning, stacklevel=3)
    return answer


def refusal(text: str, code: int, has_places: bool) -> TellaError:
    """The exception for what the command would tell before it ends with an exit code; `has_places` where it is
    diagnostics of a curriculum or of parameters, each with its place."""
    if has_places:
        return ValidationError(text)
    return _KINDS.get(code, TellaError)(text)


def options(**given: Any) -> list[str]:
    """Options of a command: `name=value` is `--name value`; True is the option alone, None and False
    nothing, a list the option for each of its elements."""
    words = []
    for name, value in given.items():
        option = f"--{name.replace('_', '-')}"
        if value is None or value is False:
            continue
        if value is True:
            words.append(option)
            continue
        several = isinstance(value, Iterable) and not isinstance(value, (str, bytes, os.PathLike))
        for one in value if several else [value]:
            words.append(f"{option}={os.fspath(one) if isinstance(one, os.PathLike) else one}")
    return words


def path_of(run: Any) -> str:
    """The folder of a run, or of what a path names."""
    path = os.fspath(getattr(run, "path", run))
    # A word of the command line's own stands for no folder.
    return f"./{path}" if path == "vs" else path
