"""A table that somebody saved as text: whatever program wrote it, in whatever encoding and with whatever separator."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

MOST_BYTES = 50_000_000
"""Bytes of a file; our own choice: 100,000 rows of 500 bytes."""
MOST_CELL = 10_000
"""Characters of a cell; more come of a quotation mark that is left open."""
_SIGNATURES = {
    b"PK": "a workbook or another compressed file; save it as CSV first",
    b"\x1f\x8b": "a compressed file; unpack it first",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "a workbook; save it as CSV first",
}
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_SEPARATORS = ",;\t|"
_CHUNK, _HEAD = 1 << 16, 1 << 16
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_MOST_CONTROL = 0.1
"""Share of control characters in a text; our own choice: a quarter of any bytes are, and a table may hold some."""


class Unreadable(ValueError):
    """The file is no table that can be read; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row with its number as editors count lines of a table, from 1."""

    number: int
    cells: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


def rows(data: bytes, most: int) -> list[TableRow]:
    """The rows of a table that hold anything. Raises Unreadable for a file that is none, or has more than ``most``."""
    found = list(read(data))
    if not found:
        raise Unreadable("The file is empty.")
    if len(found) > most:
        raise Unreadable(f"The file has {len(found):,} rows; {most:,} are read at once. Split it.")
    return found


def read(data: bytes) -> Iterator[TableRow]:
    """The same one by one, so that no more of a file is held than its bytes. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable(f"The file is larger than {MOST_BYTES // 1_000_000} MB. Split it.")
    for signature, what in _SIGNATURES.items():
        if data.startswith(signature):
            raise Unreadable(f"The file is {what}.")
    encoding = _encoding(data)
    with _opened(data, encoding) as text:
        head = text.read(_HEAD)
    if len(_CONTROL.findall(head)) > _MOST_CONTROL * len(head):
        raise Unreadable("The file is no text. Save the table as CSV.")
    with _opened(data, encoding) as text:
        yield from (row for row in _cells(text, head) if not row.is_empty)


def _opened(data: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding, newline="")


def _encoding(data: bytes) -> str:
    guessed = next((name for mark, name in _BOMS.items() if data.startswith(mark)), _guess(data))
    if _can_be(data, guessed):
        return guessed
    if guessed != "utf-8":
        raise Unreadable("The file is cut off, or no text.")
    # What Excel writes in western Europe. Latin 1 gives every byte a meaning, cp1252 all but five.
    return "cp1252" if _can_be(data, "cp1252") else "latin-1"


def _can_be(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(data[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _guess(data: bytes) -> str:
    """Without a mark: text in UTF-16 has a zero in every other byte."""
    start = data[:2000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) * 4 < len(start):
        return "utf-8"
    return "utf-16-be" if even > odd else "utf-16-le"


def _cells(text: io.TextIOWrapper, head: str) -> Iterator[TableRow]:
    first = head.lstrip("\r\n").splitlines()[0] if head.strip() else ""
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(text, delimiter=separator)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise Unreadable(
                f"Row {number:,} has a cell that is too long: is a quotation mark open?"
            ) from None
        yield TableRow(number, checked(number, cells))


def checked(number: int, cells: list[str]) -> tuple[str, ...]:
    """The cells of a row. Raises Unreadable for one that is too long."""
    if any(len(cell) > MOST_CELL for cell in cells):
        raise Unreadable(
            f"Row {number:,} has a cell of more than {MOST_CELL:,} characters: is a quotation mark open?"
        )
    return tuple(cells)
