"""Atari: all games, or two of them."""

from .curriculum import AtariCurriculum, BreakoutAndPong

__all__ = ["AtariCurriculum", "BreakoutAndPong"]
