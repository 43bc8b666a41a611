"""What Stable-Baselines3 does not save of a model: its buffers' filled parts, and random generators."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch


def as_arrays(nested: Any) -> Any:
    if isinstance(nested, torch.Tensor):
        return nested.detach().cpu().numpy()
    if isinstance(nested, dict):
        return {key: as_arrays(value) for key, value in nested.items()}
    if isinstance(nested, (list, tuple)):
        return [as_arrays(value) for value in nested]
    return nested


def filled(buffer: Any) -> dict[str, Any]:
    """A buffer's arrays up to where they are filled, and where that is."""
    end = buffer.buffer_size if buffer.full else buffer.pos
    arrays = {name: _first(value, end) for name, value in vars(buffer).items() if _is_data(value)}
    return {"pos": buffer.pos, "full": buffer.full, "arrays": arrays}


def fill(buffer: Any, saved: dict[str, Any]) -> None:
    buffer.reset()
    buffer.pos, buffer.full = saved["pos"], saved["full"]
    for name, rows in saved["arrays"].items():
        array = getattr(buffer, name)
        for into, given in zip(_leaves(array), _leaves(rows)):
            into[: len(given)] = given


def _is_data(value: Any) -> bool:
    leaves = _leaves(value)
    return bool(leaves) and all(isinstance(leaf, np.ndarray) and leaf.ndim > 0 for leaf in leaves)


def _leaves(value: Any) -> list[Any]:
    return list(value.values()) if isinstance(value, dict) else [value]


def _first(value: Any, end: int) -> Any:
    if isinstance(value, dict):
        return {key: array[:end].copy() for key, array in value.items()}
    return value[:end].copy()


def generators() -> Any:
    cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []
    return random.getstate(), np.random.get_state(), torch.get_rng_state(), cuda


def set_generators(state: Any) -> None:
    python, numpy, cpu, cuda = state
    random.setstate(python)
    np.random.set_state(numpy)
    torch.set_rng_state(cpu)
    if cuda and torch.cuda.is_available():
        torch.cuda.set_rng_state_all(cuda)
