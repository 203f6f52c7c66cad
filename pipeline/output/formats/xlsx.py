"""Leads as an Excel workbook. Its cells are typed, so every text stays as it is and none becomes a formula; what looks
like one bears the mark that keeps it a text when somebody edits its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from io import BytesIO
from itertools import islice
from typing import BinaryIO

import xlsxwriter

from pipeline.output.about_lines import about_lines
from pipeline.output.export import (
    MAX_CELL,
    USUAL_LAYOUT,
    About,
    Cell,
    Column,
    ExportFormat,
    ExportRow,
    Layout,
    cell_text,
)
from pipeline.output.formulas import are_harmless, has_formula

_ROWS_AT_ONCE = 200
_MOST_ROWS = 1_048_575
"""Below the headings: Excel's limit of 1,048,576 rows a sheet."""


def _leads(rows: Sequence[ExportRow], about: About, layout: Layout = USUAL_LAYOUT) -> bytes:
    """The rows as a workbook with the sheets Leads, About and Data sheet; no text becomes a formula or a link."""
    target = BytesIO()
    _pour(rows, lambda: about, layout, target)
    return target.getvalue()


def _pour(rows: Iterable[ExportRow], about: Callable[[], About], layout: Layout, target: BinaryIO) -> None:
    """The library keeps rows that are written in a file of its own until it puts the workbook together."""
    columns, remaining, count = layout.columns, iter(rows), 0
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        leads = book.add_worksheet("Leads")
        leads.freeze_panes(1, 1)
        for index, column in enumerate(columns):
            leads.set_column(index, index, column.width)
            leads.write_string(0, index, column.title, bold)
        while part := list(islice(remaining, _ROWS_AT_ONCE)):
            _rows(leads, count + 1, part, columns, text)
            count += len(part)
        leads.autofilter(0, 0, count, len(columns) - 1)
        said = about()
        book.set_properties({"title": said.title, "created": said.exported_at})
        _titled(book, "About", about_lines(said, count), text)
        _titled(book, "Data sheet", said.data_sheet, text)


def _rows(
    sheet: xlsxwriter.worksheet.Worksheet,
    first: int,
    rows: Sequence[ExportRow],
    columns: Sequence[Column],
    as_text: xlsxwriter.format.Format,
) -> None:
    """Write rows from line ``first`` on; a column whose texts are all harmless needs no look at each cell."""
    cells = [column.cells(rows) for column in columns]
    harmless = [_all_harmless(values) for values in cells]
    for line in range(len(rows)):
        for index, values in enumerate(cells):
            value = values[line]
            if harmless[index] and isinstance(value, str):
                sheet.write_string(first + line, index, value)
            else:
                _write(sheet, (first + line, index), value, as_text)


def _all_harmless(values: Sequence[Cell | None]) -> bool:
    texts = {value for value in values if value and isinstance(value, str)}
    return are_harmless(texts, most=MAX_CELL)


def _titled(
    book: xlsxwriter.Workbook,
    name: str,
    lines: Iterable[tuple[str, Cell]],
    as_text: xlsxwriter.format.Format,
) -> None:
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, 22, bold)
    sheet.set_column(1, 1, 100)
    for line, (title, value) in enumerate(lines):
        sheet.write_string(line, 0, title, bold)
        _write(sheet, (line, 1), value, as_text)


def _write(
    sheet: xlsxwriter.worksheet.Worksheet,
    at: tuple[int, int],
    value: Cell | None,
    as_text: xlsxwriter.format.Format,
) -> None:
    if isinstance(value, str):
        plain = cell_text(value)
        sheet.write_string(*at, plain, as_text if has_formula(plain) else None)
    elif value is not None:
        sheet.write_number(*at, value)


FORMAT = ExportFormat(
    key="xlsx",
    label="XLSX",
    mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    extension="xlsx",
    write=_leads,
    arrange=_leads,
    stream=_pour,
    most=_MOST_ROWS,
    told="A workbook with typed cells, and sheets about the order, the licence and the sources.",
)
