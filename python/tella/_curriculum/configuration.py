"""Configuration files of curricula, in YAML."""

from __future__ import annotations

import os
from typing import Any


def read(path: str | os.PathLike[str]) -> Any:
    """What a YAML file holds, as plain Python data; None where it is empty."""
    from .. import _native

    with open(path, encoding="utf-8") as file:
        return _native.load_yaml(file.read(), os.fspath(path))
