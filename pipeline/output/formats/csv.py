"""Leads as CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers are no text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from itertools import islice
from typing import BinaryIO, TypeVar, cast

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
from pipeline.output.formulas import SEPARATORS, are_harmless, guarded

T = TypeVar("T")

_LINE_END = "\r\n"
_TEXTS = frozenset({str, type(None)})
_NOTHING = frozenset({"", None})
_ROWS_AT_ONCE = 500


def table(
    titles: Sequence[str], rows: Iterable[Iterable[Cell | None]], spelling: Spelling = USUAL_SPELLING
) -> bytes:
    """Any table as CSV: UTF-8, every cell quoted, CRLF; by default with commas and the byte order mark Excel needs.

    Headings are quoted only where they must be: some readers take a quote behind the mark for a part of the heading.
    """
    file = BytesIO()
    file.write(_headings(titles, spelling))
    for part in _parts(rows):
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
    different = set(values)
    kinds = set(map(type, different))
    if not kinds <= _TEXTS:
        return _numbers(values, kinds, spelling)
    texts = cast(Sequence[str], values)
    if None in different:
        texts = [text or "" for text in texts]
    different -= _NOTHING
    separators = SEPARATORS if spelling.delimiter == "," else f"{SEPARATORS},"
    if are_harmless(cast(set[str], different), separators, MAX_CELL):
        return texts
    clean = {"": "", **_clean([*cast(set[str], different)], separators)}
    return [clean[text] for text in texts]


def _clean(texts: Sequence[str], separators: str) -> dict[str, str]:
    """Texts as a file may hold them: one line, and nothing a spreadsheet would run. Few need that, so halves without
    one are passed over."""
    if are_harmless(texts, separators, MAX_CELL):
        return dict(zip(texts, texts, strict=True))
    if len(texts) == 1:
        return {texts[0]: guarded(cell_text(texts[0]), separators).replace('"', '""')}
    half = len(texts) // 2
    return _clean(texts[:half], separators) | _clean(texts[half:], separators)


def _numbers(values: Sequence[Cell | None], kinds: Collection[type], spelling: Spelling) -> Sequence[str]:
    """The cells of a column with numbers, in which texts may stand, too."""
    if not _TEXTS.isdisjoint(kinds):
        return [_number(value, spelling) for value in values]
    numbers = map(str, values)
    return [*numbers] if spelling.decimal_mark == "." else [_marked(number, spelling) for number in numbers]


def _number(value: Cell | None, spelling: Spelling) -> str:
    if value is None or isinstance(value, str):
        return _column([value], spelling)[0]
    return _marked(str(value), spelling)


def _marked(number: str, spelling: Spelling) -> str:
    return number.replace(".", spelling.decimal_mark)


def _leads(rows: Sequence[ExportRow], about: About, layout: Layout = USUAL_LAYOUT) -> bytes:
    file = BytesIO()
    _pour(rows, lambda: about, layout, file)
    return file.getvalue()


def _pour(rows: Iterable[ExportRow], about: Callable[[], About], layout: Layout, target: BinaryIO) -> None:
    target.write(_headings([column.title for column in layout.columns], layout.spelling))
    for part in _parts(rows):
        target.write(_lines((column.cells(part) for column in layout.columns), layout.spelling))


def _parts(rows: Iterable[T]) -> Iterator[list[T]]:
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
