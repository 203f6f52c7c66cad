"""What leads look like when they are taken away: their rows and columns, what is said about them, the file's name.

How that is written down is a format's matter: one file each in ``pipeline/output/formats``, found by
``pipeline/output/export_formats.py``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Limits

from pipeline.campaign import MICROS_PER_USD, CampaignSpec
from pipeline.fields import BY_NAME, DETAILS, NAMED, Field
from pipeline.lead import EmailStatus, street_line
from pipeline.words.text import folded, one_line

OSM_ATTRIBUTION = "© OpenStreetMap contributors, https://www.openstreetmap.org/copyright"
"""The credit OpenStreetMap asks for: https://www.openstreetmap.org/copyright"""
ODBL = "Open Database License (ODbL) 1.0, https://opendatacommons.org/licenses/odbl/1-0/"

SIMULATED = "SIMULATED"
"""Stands before the name, in a column of its own and in the file's name when a stand-in gave the contacts."""

_MAX_CELL = 32_767  # Excel's limit of characters in a cell.
_MAX_SLUG = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRow:
    """One lead as exported. ``category``, ``sources`` and ``why_empty`` are already words for people.

    ``values`` are those of the fields of ``pipeline.fields``, by name; one that is empty or must not leave is missing.
    ``id`` is the lead's, ``tag`` that of its category.
    """

    name: str | None
    category: str
    values: Mapping[str, str]
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
    reach: int | None = None
    chain: str | None = None
    id: UUID | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a file says of itself: the order, the filter in words, when it was exported, and its data sheet."""

    spec: CampaignSpec
    filtered_by: str
    exported_at: datetime
    attribution: str = OSM_ATTRIBUTION
    licence: str = ODBL
    withheld: int = 0
    withheld_by: tuple[str, ...] = ()
    data_sheet: tuple[tuple[str, str], ...] = ()
    is_simulated: bool = False


class ExportFormat(BaseModel):
    """A way to write leads down: what a file in ``pipeline/output/formats`` or a plugin declares as ``FORMAT``.

    ``key`` names it in the export log and in addresses, ``label`` on buttons. ``write`` gets the rows, with
    everything left out already that must not be exported, and returns the file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Limits(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
    label: Annotated[str, Limits(min_length=1, max_length=30)]
    mime: Annotated[str, Limits(pattern=r"^[a-z]+/[^\s;]+(; .+)?$")]
    extension: Annotated[str, Limits(pattern=r"^[a-z0-9]{1,10}$")]
    write: Callable[[Sequence[ExportRow], About], bytes]


Cell = str | int | float | Decimal


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export: its heading, its width in characters, and where its value comes from."""

    title: str
    width: int
    read: Callable[[ExportRow], Cell | None]


def _of(field: Field) -> Column:
    return Column(field.label, field.width, lambda row: row.values.get(field.name))


_LATER = ("opening_hours", "brand")
"""Fields of a business that got a column after others had theirs: importers go by the place of a column."""
_ADDRESS, *_REST = (_of(field) for field in NAMED if field.width and field.name not in _LATER)

COLUMNS: tuple[Column, ...] = (
    Column("Name", 32, lambda row: f"{SIMULATED} {row.name or ''}".strip() if row.is_simulated else row.name),
    Column("Category", 18, lambda row: row.category),
    _ADDRESS,
    Column("Street", 28, lambda row: _street(row)),
    *_REST,
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
    Column("Reach", 8, lambda row: row.reach),
    Column("Chain", 20, lambda row: row.chain),
    *(_of(BY_NAME[name]) for name in _LATER),
    *(_of(field) for field in DETAILS if field.width),
)


def file_name(spec: CampaignSpec, day: date, extension: str, *, is_simulated: bool = False) -> str:
    """A name every file system takes: ``prospectpro-cafe-helsinki-20261124.csv``."""
    words = folded(f"{' '.join(spec.business_types)} {spec.location}")
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode("ascii")
    slug = "-".join(plain.split())[:_MAX_SLUG].strip("-") or "campaign"
    warning = "SIMULATED-" if is_simulated else ""
    return f"{warning}prospectpro-{slug}-{day:%Y%m%d}.{extension}"


def about_lines(about: About, rows: int) -> Iterable[tuple[str, Cell]]:
    """What a file with ``rows`` leads says about itself, as titles and values."""
    spec = about.spec
    radius = f"{spec.radius_km:g} km" if spec.radius_km else "the whole place"
    yield "Campaign", spec.title
    yield "Business types", ", ".join(spec.business_types)
    if spec.by_name:
        yield "Searched for by name", ", ".join(spec.by_name)
    yield "Location", spec.location
    yield "Radius", radius
    yield "Most leads", spec.max_results
    yield "Minimum confidence", spec.min_confidence
    yield "Minimum reach", spec.min_reach
    if spec.min_score is not None:
        yield "Minimum score", f"{spec.min_score} (the single figure of earlier versions)"
    yield "Chains", "left out" if spec.independents_only else "included"
    yield "Budget", f"{spec.budget_usd:f} USD"
    yield "Sources", ", ".join(spec.sources)
    yield "Look-ups", ", ".join(spec.waterfall) or "none"
    yield "Filter", about.filtered_by
    if about.is_simulated:
        yield "Simulated", "Contacts in this file come from a stand-in. They are not real."
    if about.withheld:
        yield (
            "Left out",
            f"Values only {' and '.join(about.withheld_by)} gave, of {about.withheld:,} leads: the terms there restrict"
            " exporting them.",
        )
    yield "Leads in this file", rows
    yield "Exported at", f"{about.exported_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    yield "Attribution", about.attribution
    yield "Licence", about.licence
    yield from _explained()


def _explained() -> Iterable[tuple[str, Cell]]:
    """What the figures and states of a lead mean."""
    yield (
        "E-mail status",
        "unverified: the address is written down in the source; nobody asked its mail server. accepted: its mail"
        " server takes it, which is less than verified.",
    )
    yield (
        "Confidence",
        "0 to 100: how sure it is that the business is real, is what was asked for and is still there. Where Reach is"
        " empty an earlier version rated the lead, and this is its single score.",
    )
    yield (
        "Reach",
        "0 to 100: how well one can call, write to or visit it, by what is there and what was verified.",
    )
    yield (
        "Personal data",
        "E-mail addresses and phone numbers can be personal data; the law on it applies to you.",
    )


def _street(row: ExportRow) -> str | None:
    return row.values.get("street") or street_line(
        *(row.values.get(name) for name in ("address", "postcode", "city"))
    )


def _yes_no(row: ExportRow) -> str | None:
    if "email" not in row.values:
        return None
    return "yes" if row.is_role_address else "no"


def cell_text(text: str) -> str:
    """A text as one cell may hold it: a line break would end the cell or start a new one."""
    return one_line(text)[:_MAX_CELL]
