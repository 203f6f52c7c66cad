"""Tables as people upload them: CSV in any dress, or a workbook; read row by row."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.imports import table_text, workbook
from pipeline.imports.table_text import TableRow


def read(data: bytes) -> Iterator[TableRow]:
    """The rows that hold anything, as a stream. Raises Unreadable, also after some rows, for what is no table."""
    return workbook.read(data) if workbook.is_workbook(data) else table_text.read(data)
