"""Leads as JSON: an object with what is said about them, whom to credit, the data sheet and the leads."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import BinaryIO

from pipeline.output.about_lines import about_lines
from pipeline.output.export import USUAL_LAYOUT, About, Cell, ExportFormat, ExportRow, Layout
from pipeline.output.lead_json import lead_json

_IN_MEMORY = 1024 * 1024


def _leads(rows: Sequence[ExportRow], about: About) -> bytes:
    target = BytesIO()
    _pour(rows, lambda: about, USUAL_LAYOUT, target)
    return target.getvalue()


def _pour(rows: Iterable[ExportRow], about: Callable[[], About], layout: Layout, target: BinaryIO) -> None:
    """What is said stands before the leads and is known behind them, so these wait in a file of their own; each is a
    line, which is written several times as fast as one laid out."""
    credits: dict[str, None] = {}
    count = 0
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as waiting:
        for row in rows:
            credits[row.attribution] = None
            waiting.write((b"," if count else b"") + b"\n    " + _written(lead_json(row)))
            count += 1
        head = _written({**_said(about(), count, list(credits)), "leads": []}, indent=2)
        # The list of leads is the last thing of the object.
        target.write(head.removesuffix(b"]\n}"))
        waiting.seek(0)
        shutil.copyfileobj(waiting, target)
        target.write(b"\n  ]\n}" if count else b"]\n}")


def _said(about: About, count: int, credits: list[str]) -> dict[str, object]:
    return {
        "about": {title: _plain(value) for title, value in about_lines(about, count)},
        "attribution": credits,
        "licence": about.licence,
        "simulated": about.is_simulated,
        "withheld": about.withheld,
        "data_sheet": _grouped(about.data_sheet),
    }


def _written(value: object, indent: int | None = None) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=indent).encode()


def _plain(value: Cell) -> str | int | float:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _grouped(lines: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """Titles in their order, each with its values: several sources have a line each."""
    grouped: dict[str, list[str]] = {}
    for title, value in lines:
        grouped.setdefault(title, []).append(value)
    return grouped


FORMAT = ExportFormat(
    key="json",
    label="JSON",
    mime="application/json",
    extension="json",
    write=_leads,
    stream=_pour,
    told="Leads with their data sheet, for programs.",
)
