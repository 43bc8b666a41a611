"""Test and evaluation harness for lifelong-learning agents.

The command `tella` and this package are one program: what one runs, the other reads.
"""

from ._native import __version__

__all__ = ["__version__"]
