"""What is raised by everything in this package that is not TELLA's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import _native

if TYPE_CHECKING:
    from ._api.run import Run


class TellaError(Exception):
    """The base of all of these. The text is that of the command `tella`."""


class UsageError(TellaError, ValueError):
    """What was asked for cannot be: a name that is unknown, a value that is not allowed, a folder that
    exists or cannot be written."""


class CorruptLog(TellaError):
    """A log is damaged."""


class Stopped(TellaError):
    """A run was stopped by a full disk or by SIGTERM, or another process is living it; `tella.resume` goes on
    with it."""


class InternalError(TellaError):
    """A bug of this program."""


class TellaWarning(UserWarning):
    """What the command warns of on standard error."""


class LifetimeFault(TellaError, _native.LifetimeFault):
    """Lifetimes of a run ended with a fault of the agent or of an environment. What an agent in this
    process raised is the cause (`__cause__`)."""

    run: Run
    """The run; its log is valid up to the fault, and other lifetimes came to their end."""

    faults: list[dict[str, Any]]
    """For each of these lifetimes ``lifetime``, ``party``, ``kind``, ``message``, ``place``."""


# Users meet them here.
_all: tuple[type, ...] = (TellaError, UsageError, CorruptLog, Stopped, InternalError)
for _one in (*_all, TellaWarning, LifetimeFault):
    _one.__module__ = "tella"
