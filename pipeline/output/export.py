"""Leads as CSV and XLSX: the only writer of either.

A cell of a CSV file that begins like a formula runs as one in a spreadsheet, so such cells get an
apostrophe in front (OWASP, "CSV Injection"). Two kinds stay as they are: numbers, and phone numbers that
are exactly a plus and digits. An apostrophe would break those for every system that imports the file, and
a plus with digits can run nothing: a spreadsheet at worst drops the plus. XLSX cells are typed, so there
every text stays as it is.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO, StringIO

import xlsxwriter

from pipeline.campaign import MICROS_PER_USD, CampaignSpec
from pipeline.lead import EmailStatus, street_line
from pipeline.words.text import folded

CSV_MIME = "text/csv; charset=utf-8"
XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

OSM_ATTRIBUTION = "© OpenStreetMap contributors, https://www.openstreetmap.org/copyright"
"""The credit OpenStreetMap asks for: https://www.openstreetmap.org/copyright"""
ODBL = "Open Database License (ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/"

SIMULATED = "SIMULATED"
"""Stands before the name, in a column of its own and in the file's name when a stand-in gave the contacts."""

_MAX_CELL = 32_767  # Excel's limit of characters in a cell.
_MAX_SLUG = 80
_FORMULA_STARTS = tuple("=+-@＝＋－＠")
_E164 = re.compile(r"\+[0-9]{6,15}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """One lead as exported. ``category``, ``sources`` and ``why_empty`` are already words for people."""

    name: str | None
    category: str
    address: str | None
    city: str | None
    postcode: str | None
    country: str | None
    phone: str | None
    website: str | None
    email: str | None
    email_status: EmailStatus
    is_role_address: bool
    confidence: int
    sources: tuple[str, ...]
    why_empty: str
    lat: float | None
    lon: float | None
    source_refs: tuple[str, ...]
    observed_on: date | None
    attribution: str = OSM_ATTRIBUTION
    email_source: str | None = None
    cost_micros: int = 0
    is_simulated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the second sheet of a workbook says: the order, the filter in words, and when it was exported."""

    spec: CampaignSpec
    filtered_by: str
    exported_at: datetime
    attribution: str = OSM_ATTRIBUTION
    licence: str = ODBL
    withheld: int = 0
    is_simulated: bool = False


Cell = str | int | float | Decimal


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: its heading, its width in characters, and where its value comes from."""

    title: str
    width: int
    read: Callable[[ExportRow], Cell | None]


COLUMNS: tuple[Column, ...] = (
    Column("Name", 32, lambda row: f"{SIMULATED} {row.name or ''}".strip() if row.is_simulated else row.name),
    Column("Category", 18, lambda row: row.category),
    Column("Address", 40, lambda row: row.address),
    Column("Street", 28, lambda row: street_line(row.address, row.postcode, row.city)),
    Column("Postcode", 10, lambda row: row.postcode),
    Column("City", 16, lambda row: row.city),
    Column("Country", 8, lambda row: row.country),
    Column("Phone", 18, lambda row: row.phone),
    Column("Website", 36, lambda row: row.website),
    Column("E-mail", 32, lambda row: row.email),
    Column("E-mail status", 14, lambda row: row.email_status.value),
    Column("E-mail source", 30, lambda row: row.email_source),
    Column("Shared mailbox", 14, lambda row: _yes_no(row)),
    Column("Confidence", 11, lambda row: row.confidence),
    Column("Sources", 18, lambda row: ", ".join(row.sources)),
    Column("Why empty", 60, lambda row: row.why_empty),
    Column("Latitude", 11, lambda row: None if row.lat is None else round(row.lat, 7)),
    Column("Longitude", 11, lambda row: None if row.lon is None else round(row.lon, 7)),
    Column("Source records", 26, lambda row: ", ".join(row.source_refs)),
    Column("Observed on", 12, lambda row: row.observed_on.isoformat() if row.observed_on else None),
    Column("Cost (USD)", 10, lambda row: Decimal(row.cost_micros) / MICROS_PER_USD),
    Column("Attribution", 40, lambda row: row.attribution),
    Column("Simulated", 10, lambda row: SIMULATED if row.is_simulated else None),
)


def csv_bytes(rows: Iterable[ExportRow]) -> bytes:
    """The rows as CSV: UTF-8 with a byte order mark (Excel needs it), commas, every cell quoted, CRLF."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.title for column in COLUMNS])
    writer.writerows([csv_cell(column.read(row)) for column in COLUMNS] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def xlsx_bytes(rows: Sequence[ExportRow], about: About) -> bytes:
    """The rows as a workbook with the sheets Leads and About; no text becomes a formula or a link."""
    target = BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(target, options) as book:
        book.set_properties({"title": about.spec.title, "created": about.exported_at})
        bold = book.add_format({"bold": True})
        leads = book.add_worksheet("Leads")
        leads.freeze_panes(1, 1)
        for index, column in enumerate(COLUMNS):
            leads.set_column(index, index, column.width)
            leads.write_string(0, index, column.title, bold)
        leads.autofilter(0, 0, len(rows), len(COLUMNS) - 1)
        for line, row in enumerate(rows, start=1):
            for index, column in enumerate(COLUMNS):
                _write(leads, line, index, column.read(row))
        sheet = book.add_worksheet("About")
        sheet.set_column(0, 0, 22, bold)
        sheet.set_column(1, 1, 100)
        for line, (title, value) in enumerate(_about_lines(about, len(rows))):
            sheet.write_string(line, 0, title, bold)
            _write(sheet, line, 1, value)
    return target.getvalue()


def file_name(spec: CampaignSpec, day: date, extension: str, *, is_simulated: bool = False) -> str:
    """A name every file system takes: ``prospectpro-cafe-helsinki-20261124.csv``."""
    words = folded(f"{' '.join(spec.business_types)} {spec.location}")
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii")
    slug = "-".join(plain.split())[:_MAX_SLUG].strip("-") or "campaign"
    warning = "SIMULATED-" if is_simulated else ""
    return f"{warning}prospectpro-{slug}-{day:%Y%m%d}.{extension}"


def _about_lines(about: About, rows: int) -> Iterable[tuple[str, Cell]]:
    spec = about.spec
    radius = f"{spec.radius_km:g} km" if spec.radius_km else "the whole place"
    yield "Campaign", spec.title
    yield "Business types", ", ".join(spec.business_types)
    yield "Location", spec.location
    yield "Radius", radius
    yield "Most leads", spec.max_results
    yield "Minimum confidence", spec.min_confidence
    yield "Budget", f"{spec.budget_usd:f} USD"
    yield "Sources", ", ".join(source.value for source in spec.sources)
    yield "Look-ups", ", ".join(step.value for step in spec.waterfall) or "none"
    yield "Filter", about.filtered_by
    if about.is_simulated:
        yield "Simulated", "Contacts in this file come from a stand-in. They are not real."
    if about.withheld:
        yield (
            "Left out",
            f"Values only Google gave, of {about.withheld:,} leads: its terms restrict exporting them.",
        )
    yield "Leads in this file", rows
    yield "Exported at", f"{about.exported_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    yield "Attribution", about.attribution
    yield "Licence", about.licence
    yield (
        "E-mail status",
        "unverified: the address is written down in the source; nobody asked its mail server.",
    )
    yield (
        "Personal data",
        "E-mail addresses and phone numbers can be personal data; the law on it applies to you.",
    )


def _yes_no(row: ExportRow) -> str | None:
    if row.email is None:
        return None
    return "yes" if row.is_role_address else "no"


def csv_cell(value: Cell | None) -> Cell:
    """A value as a CSV file may hold it: one line, and nothing a spreadsheet would run."""
    if value is None or not isinstance(value, str):
        return "" if value is None else value
    text = _one_line(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) and not _E164.fullmatch(text) else text


def _write(sheet: xlsxwriter.worksheet.Worksheet, line: int, index: int, value: Cell | None) -> None:
    if isinstance(value, str):
        sheet.write_string(line, index, _one_line(value))
    elif value is not None:
        sheet.write_number(line, index, value)


def _one_line(text: str) -> str:
    """The text without control characters and line breaks, which would end a cell or start a new one."""
    visible = "".join(
        " " if unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") else char for char in text
    )
    return " ".join(visible.split())[:_MAX_CELL]
