"""The version, at the place where TELLA has it."""

from ._native import __version__

__all__ = ["__version__"]
