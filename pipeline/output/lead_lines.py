"""Leads as lines of JSON: a format of exports like the others, which only programs ask for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import BinaryIO

from pipeline.output.export import About, ExportFormat, ExportRow, Layout
from pipeline.output.lead_json import lead_json


def line(row: ExportRow) -> bytes:
    """One lead."""
    return json.dumps(lead_json(row), ensure_ascii=False).encode() + b"\n"


def _write(rows: Sequence[ExportRow], about: About) -> bytes:
    return b"".join(map(line, rows))


def _pour(rows: Iterable[ExportRow], about: Callable[[], About], layout: Layout, target: BinaryIO) -> None:
    for row in rows:
        target.write(line(row))


FORMAT = ExportFormat(
    key="ndjson",
    label="JSON lines",
    mime="application/x-ndjson",
    extension="ndjson",
    write=_write,
    stream=_pour,
    told="One lead a line, for programs.",
)
