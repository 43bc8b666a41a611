"""Native environments as Gymnasium's.

Every native environment is registered under `tella/`. Gymnasium itself is only touched once the
program has imported it, before or after this package.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


def register_when_imported() -> None:
    """Registers the native environments, at once or when the program imports Gymnasium."""
    if "gymnasium" in sys.modules:
        _register()
    elif not any(isinstance(finder, _Awaited) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Awaited())


def _register() -> None:
    from .registration import register_all

    register_all()


class _Awaited(MetaPathFinder):
    """Learns of the import of Gymnasium: it finds what the finders after it find, and registers once
    that is executed (a look for the package alone executes nothing)."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:
        if fullname != "gymnasium":
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        specs = (finder.find_spec(fullname, path, target) for finder in others)
        found = next((spec for spec in specs if spec is not None), None)
        if found is None or found.loader is None:
            return found
        execute = found.loader.exec_module

        def execute_and_register(module: ModuleType) -> None:
            execute(module)
            if self in sys.meta_path:
                sys.meta_path.remove(self)
            _register()

        found.loader.exec_module = execute_and_register  # type: ignore[method-assign]
        return found
