"""Taking leads away: exactly what a filter shows, as CSV or XLSX, noted in the export log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pipeline.export import CSV_MIME, XLSX_MIME, About, ExportRow, csv_bytes, file_name, xlsx_bytes
from services.campaigns import owned
from services.identity import Person
from services.results import LeadFilter, LeadSort, row_of
from store import clock, exports
from store import leads as stored
from store.database import Role, transaction
from store.leads import StoredLead

Format = Literal["csv", "xlsx"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """A finished file."""

    filename: str
    mime: str
    data: bytes
    rows: int


def export(
    person: Person, campaign_id: UUID, filter: LeadFilter, sort: LeadSort, format: Format
) -> ExportFile:
    """Every lead the filter lets through, in the order shown. Raises NotFound."""
    campaign = (person.workspace_id, campaign_id)
    with transaction(Role.WEB, user_id=person.id) as conn:
        spec = owned(conn, person, campaign_id).spec
        found = stored.page(conn, campaign, filter.where(), sort, None, None)
        at = clock.now(conn)
        rows = [_export_row(lead) for _, lead in found]
        about = About(spec=spec, filtered_by=in_words(filter), exported_at=at)
        data = csv_bytes(rows) if format == "csv" else xlsx_bytes(rows, about)
        taken = exports.Export(
            user_id=person.id, kind=format, where=filter.model_dump_json(), rows=len(rows), data=data
        )
        exports.record(conn, campaign, taken)
    mime = CSV_MIME if format == "csv" else XLSX_MIME
    return ExportFile(filename=file_name(spec, at.date(), format), mime=mime, data=data, rows=len(rows))


def in_words(filter: LeadFilter) -> str:
    """The filter as a person would say it."""
    yes_no = {"phone": filter.has_phone, "website": filter.has_website, "e-mail": filter.has_email}
    parts = [
        f"text “{filter.text}”" if filter.text else "",
        f"category {filter.category}" if filter.category else "",
        f"confidence at least {filter.min_confidence}" if filter.min_confidence else "",
        f"e-mail status {filter.status}" if filter.status else "",
        *(f"{'with' if has else 'without'} {name}" for name, has in yes_no.items() if has is not None),
    ]
    return ", ".join(part for part in parts if part) or "none: every lead of the campaign"


def _export_row(lead: StoredLead) -> ExportRow:
    row, business = row_of(lead), lead.business
    seen = [origin.observed_on for origin in business.origins if origin.observed_on]
    return ExportRow(
        name=row.name,
        category=row.category_label,
        address=row.address,
        city=row.city,
        postcode=business.postcode,
        country=business.country,
        phone=row.phone,
        website=row.website,
        email=row.email,
        email_status=row.email_status,
        is_role_address=row.is_role_address,
        confidence=row.confidence,
        sources=row.sources,
        why_empty=row.why_empty,
        lat=row.lat,
        lon=row.lon,
        source_refs=tuple(origin.ref for origin in business.origins),
        observed_on=max(seen, default=None),
    )
