"""Leads as CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers are no text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from itertools import islice
from typing import BinaryIO, cast

from pipeline.output.export import (
    MAX_CELL,
    USUAL_LAYOUT,
    USUAL_SPELLING,
    About,
    Cell,
    ExportFormat,
    ExportRow,
    Layout,
    Spelling,
    cell_text,
)
from pipeline.output.formulas import SEPARATORS, are_harmless, guarded, is_harmless

_LINE_END = "\r\n"
_TEXTS = frozenset({str, type(None)})
_ROWS_AT_ONCE = 200
"""So few that one odd text has only so many others of its column looked at one by one."""


def table(
    titles: Sequence[str], rows: Iterable[Iterable[Cell | None]], spelling: Spelling = USUAL_SPELLING
) -> bytes:
    """Any table as CSV: UTF-8, every cell quoted, CRLF; by default with commas and the byte order mark Excel needs.

    Headings are quoted only where they must be: some readers take a quote behind the mark for a part of the heading.
    """
    file = BytesIO()
    file.write(_headings(titles, spelling))
    remaining = iter(rows)
    while part := list(islice(remaining, _ROWS_AT_ONCE)):
        file.write(_lines(zip(*part, strict=True), spelling))
    return file.getvalue()


def _lines(columns: Iterable[Sequence[Cell | None]], spelling: Spelling) -> bytes:
    """Some rows, given column by column, so that the loops over cells run in C."""
    written = [_column(values, spelling) for values in columns]
    join = f'"{spelling.delimiter}"'.join
    lines = f'"{_LINE_END}"'.join(map(join, zip(*written, strict=True)))
    return f'"{lines}"{_LINE_END}'.encode()


def _headings(titles: Sequence[str], spelling: Spelling) -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=spelling.delimiter, lineterminator=_LINE_END).writerow(titles)
    return text.getvalue().encode("utf-8-sig" if spelling.has_mark else "utf-8")


def _column(values: Sequence[Cell | None], spelling: Spelling) -> Sequence[str]:
    """The cells of one column as they stand between quotes."""
    if not _TEXTS.issuperset(map(type, values)):
        return [_number(value, spelling) for value in values]
    texts = [value or "" for value in cast(Sequence[str | None], values)]
    different = set(texts)
    different.discard("")
    separators = SEPARATORS if spelling.delimiter == "," else f"{SEPARATORS},"
    if max(map(len, different), default=0) <= MAX_CELL and are_harmless(different, separators):
        return texts
    clean = {text: _clean(text, separators) for text in different} | {"": ""}
    return [clean[text] for text in texts]


def _clean(text: str, separators: str) -> str:
    """A text as a file may hold it: one line, and nothing a spreadsheet would run."""
    if len(text) <= MAX_CELL and is_harmless(text, separators):
        return text
    return guarded(cell_text(text), separators).replace('"', '""')


def _number(value: Cell | None, spelling: Spelling) -> str:
    """A number; in a column with numbers a text may stand, too."""
    if isinstance(value, str):
        return _column([value], spelling)[0]
    number = "" if value is None else str(value)
    return number if spelling.decimal_mark == "." else number.replace(".", spelling.decimal_mark)


def _leads(rows: Sequence[ExportRow], about: About, layout: Layout = USUAL_LAYOUT) -> bytes:
    lines = zip(*(map(column.read, rows) for column in layout.columns), strict=True)
    return table([column.title for column in layout.columns], lines, layout.spelling)


def _pour(rows: Iterable[ExportRow], about: Callable[[], About], layout: Layout, target: BinaryIO) -> None:
    target.write(_headings([column.title for column in layout.columns], layout.spelling))
    for part in _parts(rows):
        columns = ([column.read(row) for row in part] for column in layout.columns)
        target.write(_lines(columns, layout.spelling))


def _parts(rows: Iterable[ExportRow]) -> Iterator[list[ExportRow]]:
    remaining = iter(rows)
    while part := list(islice(remaining, _ROWS_AT_ONCE)):
        yield part


FORMAT = ExportFormat(
    key="csv",
    label="CSV",
    mime="text/csv; charset=utf-8",
    extension="csv",
    write=_leads,
    arrange=_leads,
    stream=_pour,
    has_spelling=True,
    told="One table, for any program.",
)
