"""What an exception of the user's code is told as: the exception, then the user's own frames."""

import os
import sysconfig
import traceback
from types import TracebackType

from ._named import NotFound

#: Where code lies that is not the user's.
_FOREIGN = tuple(
    os.path.realpath(path) + os.sep
    for path in {
        os.path.dirname(__file__),
        *(sysconfig.get_paths().get(key) or "" for key in ("stdlib", "purelib", "platlib")),
    }
    if path
)

_LONGEST_MESSAGE = 2000
_MOST_FRAMES = 12


def describe(error: BaseException, raised_at: TracebackType | None) -> str:
    """The exception in words, one line a frame, the innermost of the user's first; frames of
    other people's code are only counted."""
    if isinstance(error, NotFound):
        return str(error)
    lines = [_head(error)]
    frames = traceback.extract_tb(raised_at)
    own = [frame for frame in reversed(frames) if _is_users(frame.filename)]
    for frame in own[:_MOST_FRAMES]:
        code = f": {frame.line}" if frame.line else ""
        lines.append(f"    {_shown(frame.filename)}:{frame.lineno} in {frame.name}{code}")
    rest = len(frames) - len(own[:_MOST_FRAMES])
    if rest and frames:
        last = frames[-1]
        inner = "" if _is_users(last.filename) else f", the innermost {_where(last)}"
        lines.append(f"    and {rest} frame{'s' if rest > 1 else ''} of other code{inner}")
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        lines.append(f"    because of {_head(cause)}")
    return "\n".join(lines)


def _head(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__
    if kind.__module__ not in ("builtins", "__main__"):
        name = f"{kind.__module__}.{name}"
    try:
        message = str(error)
    except Exception:
        message = "(its message cannot be shown)"
    if len(message) > _LONGEST_MESSAGE:
        message = message[:_LONGEST_MESSAGE] + " ..."
    return f"{name}: {message}" if message else name


def _is_users(filename: str) -> bool:
    if filename.startswith("<"):  # the interpreter's own, or a notebook's cell
        return filename.startswith("<ipython")
    return not os.path.realpath(filename).startswith(_FOREIGN)


def _shown(filename: str) -> str:
    relative = os.path.relpath(filename) if os.path.isabs(filename) else filename
    return filename if relative.startswith("..") else relative


def _where(frame: traceback.FrameSummary) -> str:
    return f"{os.path.basename(frame.filename)}:{frame.lineno} in {frame.name}"
