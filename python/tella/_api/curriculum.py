"""Curricula in the curriculum language."""

from __future__ import annotations

import json
import os
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .._errors import TellaWarning, UsageError
from . import html
from .call import call, options

class Curriculum:
    """A curriculum in the curriculum language, as one lifetime meets it."""

    def __init__(
        self,
        source: Any,
        *,
        set: Mapping[str, Any] | None = None,
        curriculum_seed: int = 0,
        lifetime_idx: int = 0,
        curriculum_config: str | os.PathLike[str] | None = None,
    ) -> None:
        """As `load`, which also looks whether it can be read."""
        self._word, self._texts = given(source)
        self._sets: list[str] = [*sets_of(source), *overrides(set)]
        self._selection = options(
            curriculum_seed=curriculum_seed,
            lifetime_idx=lifetime_idx,
            curriculum_config=curriculum_config,
        )

    @classmethod
    def load(
        cls,
        source: Any,
        *,
        set: Mapping[str, Any] | None = None,
        curriculum_seed: int = 0,
        lifetime_idx: int = 0,
        curriculum_config: str | os.PathLike[str] | None = None,
    ) -> Curriculum:
        """A curriculum of the library by its name, a file by its path, the text of one (with a line break
        in it), or the same mapping as a dictionary.

        :param set: overrides of its keys, ``{"generator.passes": 2}``.
        :param curriculum_seed: the experiment's seed for curricula.
        :param lifetime_idx: the lifetime whose blocks it shows.
        :param curriculum_config: TELLA's own configuration of lengths, a file.

        :raises UsageError: where there is none.
        """
        loaded = cls(
            source,
            set=set,
            curriculum_seed=curriculum_seed,
            lifetime_idx=lifetime_idx,
            curriculum_config=curriculum_config,
        )
        loaded._check()
        return loaded

    def validate(self) -> Curriculum:
        """Checks all of it: keys, values, environments, parameters, spaces. What is doubtful is a warning.

        :returns: the curriculum itself.
        :raises ValidationError: with everything that is wrong, each with its place.
        """
        for found in self._check():
            if found["severity"] == "warning":
                place = f"{found['file']}:{found['line']}:{found['column']}"
                warnings.warn(f"{place}: {found['message']}", TellaWarning, stacklevel=2)
        self._shown()
        return self

    @property
    def name(self) -> str:
        """Its name."""
        return str(self._shown()["name"])

    @property
    def blocks(self) -> list[dict[str, Any]]:
        """Every block with its task blocks, their variants, lengths and seeds."""
        blocks: list[dict[str, Any]] = self._shown()["blocks"]
        return blocks

    @property
    def hash(self) -> str:
        """The hash of all of it: two curricula that an agent cannot tell apart have the same."""
        return str(self._shown()["hash"])

    def to_yaml(self) -> str:
        """Every block, variant, length and seed in the curriculum language."""
        return self._answer("show")

    def preview(self) -> Preview:
        """The curriculum at a glance: a strip of its blocks, lengths, estimated time and disk, seeds."""
        with tempfile.TemporaryDirectory() as folder:
            drawing = Path(folder) / "preview.svg"
            text = self._answer("preview", f"--svg={drawing}")
            return Preview(text, drawing.read_text(encoding="utf-8"))

    def _repr_html_(self) -> str:
        return self.preview()._repr_html_()

    def __repr__(self) -> str:
        return f"<tella.Curriculum {self._word}>"

    def _check(self) -> list[dict[str, Any]]:
        out = call("curriculum", "check", "--json", "--", self._word, curricula=self._texts).out
        told = json.loads(out)[0]
        if "error" in told:
            raise UsageError(told["error"])
        found: list[dict[str, Any]] = told["diagnostics"]
        return found

    def _shown(self) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(self._answer("show", "--json"))
        return shown

    def _answer(self, verb: str, *more: str) -> str:
        sets = options(set=self._sets)
        words = ("curriculum", verb, *more, *self._selection, *sets, "--", self._word)
        return call(*words, curricula=self._texts).out


class Preview:
    """A curriculum at a glance."""

    def __init__(self, text: str, svg: str) -> None:
        self.text, self.svg = text, svg

    def __str__(self) -> str:
        return self.text

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html.picture(self.svg, self.text)


def given(source: Any) -> tuple[str, dict[str, str]]:
    """The word for a curriculum on a command line, and the texts that such words stand for."""
    if isinstance(source, Curriculum):
        return source._word, source._texts
    if isinstance(source, Mapping):
        return "<dict>", {"<dict>": json.dumps(source, indent=2, default=_plain)}
    if isinstance(source, str) and "\n" in source:
        return "<text>", {"<text>": source}
    if isinstance(source, str):
        return source, {}
    if isinstance(source, os.PathLike):
        path = os.fspath(source)
        # A word without a slash might be a name of the library.
        return (path if "/" in path else f"./{path}"), {}
    kind = type(source).__name__
    raise UsageError(f"a curriculum is a name, a path, a text or a dictionary, not a {kind}")


def sets_of(source: Any) -> list[str]:
    """The overrides that a curriculum was loaded with."""
    return source._sets if isinstance(source, Curriculum) else []


def overrides(set: Mapping[str, Any] | None) -> list[str]:
    """`key=value` for the command's `--set`."""
    if not isinstance(set, Mapping | None):
        raise UsageError(f"`set` is a mapping such as {{'generator.passes': 2}}, not {set!r}")
    for key in set or {}:
        if not isinstance(key, str):
            raise UsageError(f"keys of `set` are texts such as 'generator.passes', not {key!r}")
    return [f"{key}={_written(key, value)}" for key, value in (set or {}).items()]


def _written(key: str, value: Any) -> str:
    # An agent's texts are taken as they stand, a curriculum's values are YAML.
    if key.startswith("agent.") and isinstance(value, str):
        return value
    return json.dumps(value, default=_plain)


def _plain(value: Any) -> Any:
    """NumPy's numbers and arrays as JSON has them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    raise UsageError(f"a {type(value).__name__} cannot stand in a curriculum")
