"""Leads as CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front; numbers are no text."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from pipeline.output.export import COLUMNS, About, Cell, ExportFormat, ExportRow, cell_text
from pipeline.output.formulas import guarded


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
    return guarded(cell_text(value))


FORMAT = ExportFormat(key="csv", label="CSV", mime="text/csv; charset=utf-8", extension="csv", write=_leads)
