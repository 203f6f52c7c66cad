"""Leads as CSV.

A cell of a CSV file that begins like a formula runs as one in a spreadsheet, so such cells get an
apostrophe in front (OWASP, "CSV Injection"). Two kinds stay as they are: numbers, and phone numbers that
are exactly a plus and digits. An apostrophe would break those for every system that imports the file, and
a plus with digits can run nothing: a spreadsheet at worst drops the plus.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from pipeline.output.export import COLUMNS, About, Cell, ExportFormat, ExportRow, cell_text

_FORMULA_STARTS = tuple("=+-@＝＋－＠")
_E164 = re.compile(r"\+[0-9]{6,15}")


def table(titles: Sequence[str], rows: Iterable[Iterable[Cell | None]]) -> bytes:
    """Any table as CSV: UTF-8 with a byte order mark (Excel needs it), commas, every cell quoted, CRLF.

    Headings are quoted only where they must be: some readers take a quote behind the mark for a part of the heading.
    """
    text = StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(titles)
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _leads(rows: Sequence[ExportRow], about: About) -> bytes:
    return table(
        [column.title for column in COLUMNS], ((column.read(row) for column in COLUMNS) for row in rows)
    )


def _cell(value: Cell | None) -> Cell:
    """A value as a CSV file may hold it: one line, and nothing a spreadsheet would run."""
    if value is None or not isinstance(value, str):
        return "" if value is None else value
    text = cell_text(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not _E164.fullmatch(text) else text


FORMAT = ExportFormat(key="csv", label="CSV", mime="text/csv; charset=utf-8", extension="csv", write=_leads)
