"""Leads as CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers are no text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO, StringIO
from itertools import islice
from typing import BinaryIO, TypeVar, cast

from pydantic_core import to_json

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
_JSON_NUMBERS = frozenset({int, float})
_OTHERWISE = ("e", "n", "N", "0.0000")
"""What stands in JSON where ``str`` may write a number otherwise: one very large or very small, or none."""
_ROWS_AT_ONCE = 1000


def table(
    titles: Sequence[str], rows: Iterable[Iterable[Cell | None]], spelling: Spelling = USUAL_SPELLING
) -> bytes:
    """Any table as CSV: UTF-8, every cell quoted, CRLF; by default with commas and the byte order mark Excel needs.

    Headings are quoted only where they must be: some readers take a quote behind the mark for a part of the heading.
    """
    file = BytesIO()
    file.write(_headings(titles, spelling))
    for part in _parts(rows):
        _write(zip(*part, strict=True), spelling, file)
    return file.getvalue()


def _write(columns: Iterable[Sequence[Cell | None]], spelling: Spelling, target: BinaryIO) -> None:
    """Write some rows, given column by column, so that the loops over cells run in C."""
    written = [_column(values, spelling) for values in columns]
    join = f'"{spelling.delimiter}"'.join
    target.write(b'"')
    target.write(f'"{_LINE_END}"'.join(map(join, zip(*written, strict=True))).encode())
    target.write(f'"{_LINE_END}'.encode())


def _headings(titles: Sequence[str], spelling: Spelling) -> bytes:
    text = StringIO()
    csv.writer(text, delimiter=spelling.delimiter, lineterminator=_LINE_END).writerow(titles)
    return text.getvalue().encode("utf-8-sig" if spelling.has_mark else "utf-8")


def _column(values: Sequence[Cell | None], spelling: Spelling) -> Sequence[str]:
    """The cells of one column as they stand between quotes."""
    if type(values[0]) not in _TEXTS:
        return _numbers(values, spelling)
    different = set(values)
    has_gaps = None in different
    different -= _NOTHING
    if not different:
        return [""] * len(values)
    separators = SEPARATORS if spelling.delimiter == "," else f"{SEPARATORS},"
    try:
        is_clean = are_harmless(cast(set[str], different), separators, MAX_CELL)
    except TypeError:
        return _numbers(values, spelling)
    texts = cast(Sequence[str], [value or "" for value in values] if has_gaps else values)
    if is_clean:
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


def _numbers(values: Sequence[Cell | None], spelling: Spelling) -> Sequence[str]:
    """The cells of a column with numbers, in which texts may stand, too."""
    kinds = set(map(type, values))
    if not kinds.isdisjoint(_TEXTS):
        return [_number(value, spelling) for value in values]
    numbers = _as_json(values) if kinds <= _JSON_NUMBERS else None
    numbers = numbers or [*map(str, values)]
    return numbers if spelling.decimal_mark == "." else [_marked(number, spelling) for number in numbers]


def _as_json(values: Sequence[Cell | None]) -> list[str] | None:
    """Numbers as ``str`` writes them, several times as fast; None where JSON may have another form of one."""
    text = to_json(values).decode()
    return None if any(sign in text for sign in _OTHERWISE) else text[1:-1].split(",")


def _number(value: Cell | None, spelling: Spelling) -> str:
    if value is None:
        return ""
    return _column([value], spelling)[0] if isinstance(value, str) else _marked(str(value), spelling)


def _marked(number: str, spelling: Spelling) -> str:
    return number.replace(".", spelling.decimal_mark)


def _leads(rows: Sequence[ExportRow], about: About, layout: Layout = USUAL_LAYOUT) -> bytes:
    file = BytesIO()
    _pour(rows, lambda: about, layout, file)
    return file.getvalue()


def _pour(rows: Iterable[ExportRow], about: Callable[[], About], layout: Layout, target: BinaryIO) -> None:
    target.write(_headings([column.title for column in layout.columns], layout.spelling))
    for part in _parts(rows):
        _write((column.cells(part) for column in layout.columns), layout.spelling, target)


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
