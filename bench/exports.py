"""How fast leads are written: CSV beside a raw COPY of the same columns, XLSX beside the library alone, and where the
time of a whole export goes.

The ways take turns, so that a busy machine slows all of them.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import psycopg2
import typer
import xlsxwriter
from psycopg2 import sql
from psycopg2.extensions import connection as PgConnection

from bench._installation import installation
from embedded.layout import Layout
from embedded.postgres import Postgres
from pipeline.lead import Lead
from pipeline.output.export import COLUMNS, About, ExportRow
from pipeline.output.formats import csv, xlsx
from services import exporting
from services.leaving import row_that_leaves
from services.results import LeadFilter, LeadSort
from store import leads as stored
from store.database import Role, transaction
from store.leads import StoredLead
from tests.support.campaigns import SPEC, finished, lead

_LEADS = 1000
_TIMES = 30
_TEXT_BAR, _WORKBOOK_BAR = 0.6, 0.8
"""Rows a second, divided by those of COPY and of the library."""
_ABOUT = About(spec=SPEC, filtered_by="All leads", exported_at=datetime(2026, 11, 26, tzinfo=UTC))


def main() -> None:
    """Print rows a second and ratios; exit with 1 below a bar."""
    with installation() as (folder, owner):
        campaign = finished(owner, [_lead(number) for number in range(_LEADS)])
        where = LeadFilter().where()

        def read() -> list[StoredLead]:
            with transaction(Role.WEB, proof=owner.proof) as conn:
                whose = (owner.workspace_id, campaign)
                return [one for _, one in stored.page(conn, whose, where, LeadSort.NAME, None, None)]

        leads = read()
        rows = [_row(one) for one in leads]
        with _table(folder, rows) as conn:
            taken = _in_turn(
                {
                    "COPY": lambda: _copied(conn),
                    csv.FORMAT.label: lambda: csv.FORMAT.write(rows, _ABOUT),
                    "library alone": lambda: _library_alone(rows),
                    xlsx.FORMAT.label: lambda: xlsx.FORMAT.write(rows, _ABOUT),
                    "reading": read,
                    "shaping": lambda: [_row(one) for one in leads],
                    "export": lambda: exporting.export(
                        owner, campaign, LeadFilter(), LeadSort.NAME, csv.FORMAT
                    ),
                }
            )
    sys.exit(not _judged(taken))


def _lead(number: int) -> Lead:
    """A café with everything a source may say of it."""
    host = f"cafe-{number}.example.com"
    return lead(
        number,
        name=f"Café Anchor & Söhne {number}",
        address=f"Pier Street {number}, 00{number % 1000:03} Harbour Town",
        city="Harbour Town",
        postcode=f"00{number % 1000:03}",
        country="FI",
        phone=f"+35891{number:06}",
        website=f"https://{host}/contact?from=map",
        domain=host,
        email=f"info@{host}",
        opening_hours=f"Mo-Fr 0{number % 9}:00-18:00; Sa,Su off",
        details={"street": f"Pier Street {number}", "other_phones": f"+35892{number:06}; +35893{number:06}"},
    )


def _row(one: StoredLead) -> ExportRow:
    return row_that_leaves(one, frozenset(), is_simulated=False)


@contextmanager
def _table(folder: Path, rows: list[ExportRow]) -> Iterator[PgConnection]:
    """A connection that sees the same cells as a table, typed."""
    first = [column.read(rows[0]) for column in COLUMNS]
    kinds = {str: "text", int: "integer", float: "double precision", Decimal: "numeric", type(None): "text"}
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column.title), sql.SQL(kinds[type(cell)]))
        for column, cell in zip(COLUMNS, first, strict=True)
    )
    with closing(psycopg2.connect(Postgres(Layout(folder)).url("postgres"))) as conn:
        with conn.cursor() as cursor:
            cursor.execute(sql.SQL("create temporary table cells ({})").format(columns))
            cursor.copy_expert("copy cells from stdin (format csv, header)", BytesIO(_bare(rows)))
            cursor.execute("analyze cells")
        yield conn


def _bare(rows: list[ExportRow]) -> bytes:
    return csv.FORMAT.write(rows, _ABOUT).removeprefix(b"\xef\xbb\xbf").replace(b'""', b"")


def _copied(conn: PgConnection) -> None:
    with conn.cursor() as cursor:
        cursor.copy_expert("copy cells to stdout (format csv, header, force_quote *)", BytesIO())


def _library_alone(rows: list[ExportRow]) -> None:
    """The same cells, without a look at any of them."""
    with xlsxwriter.Workbook(BytesIO(), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Leads")
        for line, row in enumerate(rows):
            for place, column in enumerate(COLUMNS):
                cell = column.read(row)
                if isinstance(cell, str):
                    sheet.write_string(line, place, cell)
                elif cell is not None:
                    sheet.write_number(line, place, cell)


def _in_turn(ways: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Seconds of each way, the median of several turns."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(_TIMES):
        for name, way in ways.items():
            begun = time.perf_counter()
            way()
            taken[name].append(time.perf_counter() - begun)
    return {name: statistics.median(times) for name, times in taken.items()}


def _judged(taken: dict[str, float]) -> bool:
    """Tell the figures; returns whether no bar was missed."""
    text, workbook = csv.FORMAT.label, xlsx.FORMAT.label
    print(f"{len(COLUMNS)} columns{'rows a second':>28}")
    for name, seconds in taken.items():
        print(f"{name:<22}{_LEADS / seconds:>15,.0f}")
    beside_copy, beside_library = taken["COPY"] / taken[text], taken["library alone"] / taken[workbook]
    print(f"{text} ÷ COPY: {beside_copy:.2f}, bar {_TEXT_BAR}")
    print(f"{workbook} ÷ library alone: {beside_library:.2f}, bar {_WORKBOOK_BAR}")
    parts = {"reading": taken["reading"], "shaping": taken["shaping"], "writing": taken[text]}
    told = ", ".join(f"{name} {seconds * 1000:.0f}" for name, seconds in parts.items())
    print(f"an export of {_LEADS:,} leads as {text}: {taken['export'] * 1000:.0f} ms, of that {told}")
    return beside_copy >= _TEXT_BAR and beside_library >= _WORKBOOK_BAR


if __name__ == "__main__":
    typer.run(main)
