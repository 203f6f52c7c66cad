"""The beginning of an uploaded table: the titles of its columns, and what they are taken for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from pipeline.imports import tables
from pipeline.imports.table_text import TableRow, Unreadable
from pipeline.words.text import folded, one_line

MOST_COLUMNS = 200
Column = TypeVar("Column", bound=str)


def beginning(data: bytes, most: int) -> tuple[tuple[str, ...], tuple[TableRow, ...]]:
    """The cells of the first row, and the rows below it, at most so many. Raises Unreadable."""
    found = tables.read(data)
    first = next(found, None)
    if first is None:
        raise Unreadable("The file is empty.")
    if len(first.cells) > MOST_COLUMNS:
        raise Unreadable(f"The file has more than {MOST_COLUMNS} columns. Keep those that are needed.")
    sample = tuple(row for row, _ in zip(found, range(most), strict=False))
    if not sample:
        raise Unreadable("The file has a row of titles and nothing below it.")
    return first.cells, sample


def titles(cells: Sequence[str]) -> tuple[str, ...]:
    """The titles, each once: empty ones are named by their place, a second of the same name gets its number."""
    seen: dict[str, int] = {}
    named = []
    for place, cell in enumerate(cells, start=1):
        title = one_line(cell)[:60] or f"Column {place}"
        seen[title] = seen.get(title, 0) + 1
        named.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return tuple(named)


def guessed(cells: Sequence[str], words: Mapping[Column, Sequence[str]]) -> dict[Column, int]:
    """What the words of the titles tell; of two columns that could say the same, the one whose title is more usual."""
    plain = [folded(cell) for cell in cells]
    found: dict[Column, int] = {}
    for column, usual in words.items():
        fitting = [(usual.index(title), place) for place, title in enumerate(plain) if title in usual]
        free = [(rank, place) for rank, place in fitting if place not in found.values()]
        if free:
            found[column] = min(free)[1]
    return found


def cell(row: TableRow, place: int) -> str:
    """A cell of a row; a short row ends in empty ones, and a NUL can be stored nowhere."""
    return row.cells[place].replace("\x00", "").strip() if place < len(row.cells) else ""
