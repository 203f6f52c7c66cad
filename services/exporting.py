"""Taking leads away: exactly what a filter shows, in a format or preset, noted in the export log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pipeline.output.data_sheet import as_json, as_text
from pipeline.output.export import USUAL_LAYOUT, About, ExportFormat, ExportRow, Layout
from pipeline.output.export_presets import known
from pipeline.output.file_names import file_name
from services import data_sheets, export_terms
from services.campaigns import owned
from services.data_sheets import Tally
from services.errors import Invalid
from services.identity import Person
from services.lead_filter import in_words as in_words
from services.leaving import row_that_leaves
from services.permissions import Right, require
from services.results import LeadFilter, LeadSort
from store import clock, exports
from store import leads as stored
from store.campaign_rows import CampaignRow
from store.database import Connection, Role, transaction
from store.leads import StoredLead

SheetFormat = Literal["txt", "json"]
SHEETS = {"txt": (as_text, "text/plain; charset=utf-8"), "json": (as_json, "application/json")}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFile:
    """A finished file; ``withheld`` leads lost values that a provider's terms keep here, ``left_out`` are not in it,
    because the format cannot take them."""

    filename: str
    mime: str
    data: bytes
    rows: int
    withheld: int = 0
    left_out: int = 0


def export(
    person: Person,
    campaign_id: UUID,
    filter: LeadFilter,
    sort: LeadSort,
    format: str | ExportFormat,
    layout: Layout = USUAL_LAYOUT,
) -> ExportFile:
    """Every lead the filter lets through and the format can take, in the order shown.

    ``format`` is a format or preset, or the key of one; the layout counts where it leaves something to choose.
    Raises NotFound, NotAllowed, and Invalid for a format there is not.

    Values whose provider's terms restrict exports are left out unless an administrator decided otherwise.
    """
    require(person, Right.EXPORT_LEADS)
    chosen = known_format(format)
    campaign = (person.workspace_id, campaign_id)
    with transaction(Role.WEB, proof=person.proof) as conn:
        view = owned(conn, person, campaign_id)
        kept_here = export_terms.withheld_as_of(conn)
        matching = [lead for _, lead in stored.page(conn, campaign, filter.where(), sort, None, None)]
        pairs = _taken(matching, chosen, kept_here, is_simulated=view.simulated)
        tally = Tally(kept_here)
        for lead, _ in pairs:
            tally.see(lead)
        about = _about(conn, person, view, filter, tally)
        data = chosen.file([row for _, row in pairs], about, layout)
        held = [lead.id for lead, _ in pairs]
        exports.record(conn, campaign, exports.Export.of(person.id, chosen.key, filter.as_kept(), held, data))
    day = about.exported_at.date()
    return ExportFile(
        filename=file_name(view.spec, day, chosen.extension, is_simulated=view.simulated),
        mime=chosen.mime,
        data=data,
        rows=len(pairs),
        withheld=about.withheld,
        left_out=len(matching) - len(pairs),
    )


def _about(conn: Connection, person: Person, view: CampaignRow, filter: LeadFilter, tally: Tally) -> About:
    at, words = clock.now(conn), in_words(filter)
    taking = data_sheets.taken_by(conn, person)
    return About(
        spec=view.spec,
        filtered_by=words,
        exported_at=at,
        attribution=tally.attribution,
        licence=tally.licence,
        withheld=tally.withheld,
        withheld_by=tally.withheld_by,
        is_simulated=view.simulated,
        data_sheet=tuple(data_sheets.of_tally(taking, view.spec.title, words, tally, at)),
    )


def taken_by(person: Person, campaign_id: UUID, filter: LeadFilter, format: str) -> int:
    """How many leads ``export`` would give: not every format can take each. Raises what ``export`` raises."""
    require(person, Right.EXPORT_LEADS)
    chosen = known_format(format)
    with transaction(Role.WEB, proof=person.proof) as conn:
        view = owned(conn, person, campaign_id)
        campaign = (person.workspace_id, campaign_id)
        if chosen.takes is None:
            return stored.count(conn, campaign, filter.where())
        matching = [
            lead for _, lead in stored.page(conn, campaign, filter.where(), LeadSort.BEST, None, None)
        ]
        kept_here = export_terms.withheld_as_of(conn)
    return len(_taken(matching, chosen, kept_here, is_simulated=view.simulated))


def known_format(format: str | ExportFormat) -> ExportFormat:
    chosen = known().get(format) if isinstance(format, str) else format
    if chosen is None:
        raise Invalid({"format": f"There is no format “{format}”. There are {', '.join(known())}."})
    return chosen


def _taken(
    leads: Sequence[StoredLead], chosen: ExportFormat, kept_here: frozenset[str], *, is_simulated: bool
) -> list[tuple[StoredLead, ExportRow]]:
    """The leads the format can take, each with what of it may leave."""
    pairs = ((lead, row_that_leaves(lead, kept_here, is_simulated=is_simulated)) for lead in leads)
    return [(lead, row) for lead, row in pairs if chosen.takes is None or chosen.takes(row)]


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
    write, mime = SHEETS[format]
    name = f"data-sheet-{file_name(view.spec, at.date(), format, is_simulated=view.simulated)}"
    return ExportFile(filename=name, mime=mime, data=write(sheet), rows=len(found))
