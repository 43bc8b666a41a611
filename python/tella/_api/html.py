"""Tables for notebooks and terminals."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from typing import Any


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """A table, and lines below it."""
    head = "".join(f"<th>{html.escape(heading)}</th>" for heading in headings)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    below = "".join(f"<p>{html.escape(note)}</p>" for note in notes)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{below}"


def text(headings: Sequence[str], rows: Sequence[Sequence[str]], notes: Sequence[str] = ()) -> str:
    """The same in characters."""
    lines = [list(headings), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    laid = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([*laid, *([""] if notes else []), *notes])


def beginning(columns: Mapping[str, Any], rows: int) -> str:
    """The first rows of a table, given as arrays by name, None for what is no array."""
    shown = max((len(values) for values in columns.values() if values is not None), default=0)
    cells = [
        [str(values[row]) if values is not None else "..." for values in columns.values()]
        for row in range(shown)
    ]
    return table(list(columns), cells, [f"{shown:,} of {rows:,} rows"])


def picture(svg: str, alternative: str) -> str:
    """A drawing as an image, whose styles stay its own."""
    data = base64.b64encode(svg.encode()).decode()
    return f'<img alt="{html.escape(alternative)}" src="data:image/svg+xml;base64,{data}">'


def number(value: float | None, places: int = 3) -> str:
    """A number as the command's tables have it; `-` for none."""
    if value is None:
        return "-"
    size = abs(value)
    if size >= 1e9 or 0 < size < 0.5 * 10**-places:
        return f"{value:.2e}"
    return f"{value:,.0f}" if size >= 1000 else f"{value:.{places}f}"


def interval(estimate: dict[str, list[float] | None] | None) -> str:
    """The interval of an estimate."""
    ends = (estimate or {}).get("interval")
    return f"{number(ends[0])} to {number(ends[1])}" if ends else "-"
