"""The orders of a file or of standard input, as the page *New bulk order* reads them."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from clients.prospectpro import Order
from commands._order import said
from commands._reading import read_bytes
from pipeline.bulk_rows import MAX_WRITTEN, BulkRow
from pipeline.campaign import CampaignSpec
from pipeline.output.notices import counted
from services import bulk_drafts
from services.errors import Invalid

_OF_EACH = ("business_types", "location", "by_name")
_TABLES = (".csv", ".xlsx")
_MOST_TOLD = 20
_NO_TITLES = "The first row of {name} has to say which column is which: type, place and, if you like, leads and budget."


@dataclass(frozen=True, slots=True)
class Written:
    """The orders that can be read, as programs send them, and what each was written as and in which row."""

    orders: tuple[Order, ...]
    rows: tuple[BulkRow, ...]
    bad: tuple[BulkRow, ...]

    def told(self, noted: Sequence[Mapping[str, Any]]) -> list[str]:
        """What is said of some of the orders, by their rows."""
        return _few([_of_row(self.rows[each["index"]], self._said(each)) for each in noted])

    def _said(self, noted: Mapping[str, Any]) -> str:
        same_as = noted["same_as"]
        return noted["said"] if same_as is None else f"It looks for the same as row {self.rows[same_as].row}."

    def unread(self) -> list[str]:
        """What is wrong with those that cannot be read."""
        return _few([_of_row(row, row.problem) for row in self.bad])


def written(path: Path, words: Mapping[str, Any]) -> Written:
    """The orders of a file: a table with titles, or a line each; ``-`` is standard input. Raises Invalid."""
    common = _common(words)
    if path.suffix.casefold() in _TABLES:
        data = read_bytes(path)
        columns = bulk_drafts.head(data).guessed
        try:
            rows = bulk_drafts.uploaded(data, columns, common)
        except Invalid as problem:
            raise Invalid(
                _NO_TITLES.format(name=path.name) if "columns" in problem.fields else str(problem)
            ) from None
    else:
        rows = bulk_drafts.pasted(_text(path), common)
    good = tuple(row for row in rows if row.spec)
    orders = tuple(_sent(row.spec) for row in good if row.spec)
    return Written(orders, good, tuple(row for row in rows if not row.spec))


def _few(lines: Sequence[str]) -> list[str]:
    """The first of many lines, and how many more there are."""
    more = len(lines) - _MOST_TOLD
    return [*lines[:_MOST_TOLD], *([f"and {counted(more, 'more', 'more')}"] if more > 0 else [])]


def _sent(spec: CampaignSpec) -> Order:
    """What was said of an order, and nothing that was not: the installation has its own defaults."""
    return cast(Order, spec.model_dump(mode="json", exclude_unset=True))


def _text(path: Path) -> str:
    data = sys.stdin.buffer.read(MAX_WRITTEN * 4 + 1) if str(path) == "-" else read_bytes(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        what = "Standard input" if str(path) == "-" else path.name
        raise Invalid(f"{what} is no text in UTF-8, nor a .csv or .xlsx file with titles.") from None


def _common(words: Mapping[str, Any]) -> dict[str, Any]:
    """What holds for every order that does not say otherwise; the rest is left to the installation."""
    given = said({**words, **dict.fromkeys(_OF_EACH, "")})
    return {name: value for name, value in given.items() if name not in _OF_EACH}


def _of_row(row: BulkRow, said: str) -> str:
    return f"Row {row.row} ({row.written}): {said}"
