"""Taking leads away: exactly what a filter shows, in one of the formats, noted in the export log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pipeline.output.data_sheet import as_json, as_text
from pipeline.output.export import About, ExportFormat, file_name
from pipeline.output.export_formats import formats
from pipeline.providers.registry import registry
from services import data_sheets, export_terms
from services.campaigns import owned
from services.errors import Invalid
from services.identity import Person
from services.leaving import fields_that_stay, row_that_leaves
from services.permissions import Right, require
from services.results import LeadFilter, LeadSort
from store import clock, exports
from store import leads as stored
from store.database import Role, transaction

SheetFormat = Literal["txt", "json"]
_SHEETS = {"txt": (as_text, "text/plain; charset=utf-8"), "json": (as_json, "application/json")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """A finished file; ``withheld`` leads lost values that a provider's terms keep here."""

    filename: str
    mime: str
    data: bytes
    rows: int
    withheld: int = 0


def export(
    person: Person, campaign_id: UUID, filter: LeadFilter, sort: LeadSort, format: str | ExportFormat
) -> ExportFile:
    """Every lead the filter lets through, in the order shown; ``format`` is one, or the key of one.

    Raises NotFound, NotAllowed, and Invalid for a format there is not.

    Values whose provider's terms restrict exports are left out unless an administrator decided otherwise.
    """
    require(person, Right.EXPORT_LEADS)
    chosen = formats().get(format) if isinstance(format, str) else format
    if chosen is None:
        raise Invalid({"format": f"There is no format “{format}”. There are {', '.join(formats())}."})
    campaign = (person.workspace_id, campaign_id)
    kept_here = export_terms.withheld_origins()
    with transaction(Role.WEB, proof=person.proof) as conn:
        view = owned(conn, person, campaign_id)
        found = [lead for _, lead in stored.page(conn, campaign, filter.where(), sort, None, None)]
        at = clock.now(conn)
        rows = [row_that_leaves(lead, kept_here, is_simulated=view.simulated) for lead in found]
        withheld = sum(bool(fields_that_stay(lead.business, kept_here)) for lead in found)
        about = About(
            spec=view.spec,
            filtered_by=in_words(filter),
            exported_at=at,
            withheld=withheld,
            withheld_by=tuple(registry().origin_label(origin) for origin in sorted(kept_here)),
            is_simulated=view.simulated,
            data_sheet=tuple(data_sheets.lines(conn, person, view.spec.title, found, in_words(filter), at)),
        )
        data = chosen.write(rows, about)
        taken = exports.Export(
            user_id=person.id, kind=chosen.key, where=filter.model_dump_json(), rows=len(rows), data=data
        )
        exports.record(conn, campaign, taken)
    name = file_name(view.spec, at.date(), chosen.extension, is_simulated=view.simulated)
    return ExportFile(filename=name, mime=chosen.mime, data=data, rows=len(rows), withheld=withheld)


def data_sheet(
    person: Person, campaign_id: UUID, filter: LeadFilter, sort: LeadSort, format: SheetFormat
) -> ExportFile:
    """The data sheet of the file ``export`` would give, on its own; without leads. Raises NotFound and NotAllowed."""
    require(person, Right.EXPORT_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        view = owned(conn, person, campaign_id)
        campaign = (person.workspace_id, campaign_id)
        found = [lead for _, lead in stored.page(conn, campaign, filter.where(), sort, None, None)]
        at = clock.now(conn)
        sheet = data_sheets.lines(conn, person, view.spec.title, found, in_words(filter), at)
    write, mime = _SHEETS[format]
    name = f"data-sheet-{file_name(view.spec, at.date(), format, is_simulated=view.simulated)}"
    return ExportFile(filename=name, mime=mime, data=write(sheet), rows=len(found))


def in_words(filter: LeadFilter) -> str:
    """The filter as a person would say it."""
    yes_no = {"phone": filter.has_phone, "website": filter.has_website, "e-mail": filter.has_email}
    parts = [
        f"text “{filter.text}”" if filter.text else "",
        f"category {filter.category}" if filter.category else "",
        f"confidence at least {filter.min_confidence}" if filter.min_confidence else "",
        f"reach at least {filter.min_reach}" if filter.min_reach else "",
        f"e-mail status {filter.status}" if filter.status else "",
        *(f"{'with' if has else 'without'} {name}" for name, has in yes_no.items() if has is not None),
    ]
    return ", ".join(part for part in parts if part) or "none: every lead of the campaign"
