"""Leads as an Excel workbook. Its cells are typed, so every text stays as it is and none becomes a formula; what looks
like one bears the mark that keeps it a text when somebody edits its cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

import xlsxwriter

from pipeline.output.export import COLUMNS, About, Cell, ExportFormat, ExportRow, about_lines, cell_text
from pipeline.output.formulas import has_formula


def _leads(rows: Sequence[ExportRow], about: About) -> bytes:
    """The rows as a workbook with the sheets Leads, About and Data sheet; no text becomes a formula or a link."""
    target = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": about.spec.title, "created": about.exported_at})
        bold, text = book.add_format({"bold": True}), book.add_format({"quote_prefix": True})
        leads = book.add_worksheet("Leads")
        leads.freeze_panes(1, 1)
        for index, column in enumerate(COLUMNS):
            leads.set_column(index, index, column.width)
            leads.write_string(0, index, column.title, bold)
        leads.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
        for line, row in enumerate(rows, start=1):
            for index, column in enumerate(COLUMNS):
                _write(leads, (line, index), column.read(row), text)
        _titled(book, "About", about_lines(about, len(rows)), text)
        _titled(book, "Data sheet", about.data_sheet, text)
    return target.getvalue()


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
)
