"""Taking leads of the book away: every one a filter lets through or that is ticked, whichever campaigns found them."""

from __future__ import annotations

from io import BytesIO

from pipeline.output.export import BOOK, USUAL_LAYOUT, ExportFormat, Layout
from pipeline.output.file_names import book_file_name
from pipeline.output.notices import counted
from services import data_sheets, export_terms
from services.book_writing import EVERYTHING, Source, Target, Wanted, write
from services.data_sheets import Tally
from services.errors import Invalid
from services.exporting import SHEETS, ExportFile, SheetFormat, known_format
from services.identity import Person
from services.lead_filter import LeadFilter, in_words
from services.leaving import row_that_leaves
from services.permissions import Right, require
from services.results import LeadSort
from store import book, clock, exports
from store.database import Connection, Role, transaction

MOST_AT_ONCE = book.MOST_COUNTED
"""Leads that are written while somebody waits."""


def export(
    person: Person,
    filter: LeadFilter,
    sort: LeadSort,
    format: str | ExportFormat,
    layout: Layout = USUAL_LAYOUT,
) -> ExportFile:
    """Every company the filter lets through and the format can take, in the order shown, with its newest values.

    ``format`` and ``layout`` are as for ``exporting.export``. Raises NotAllowed, and Invalid for a format there is not
    and for more than ``MOST_AT_ONCE`` companies.

    Values whose provider's terms restrict exports are left out unless an administrator decided otherwise.
    """
    require(person, Right.EXPORT_LEADS)
    chosen, into = known_format(format), Target(file=BytesIO(), ids=BytesIO())
    wanted = Wanted(filter=filter, sort=sort, format=chosen, layout=layout)
    with transaction(Role.WEB, proof=person.proof) as conn:
        source = _source(conn, person, filter)
        done = write(conn, source, wanted, into, lambda _: None)
        into.file.seek(0)
        data = into.file.read()
        held = [id for part in into.parts(MOST_AT_ONCE) for id in part]
        note = exports.Export.of(person.id, chosen.key, filter.as_kept(), held, data)
        exports.record(conn, (person.workspace_id, None), note)
    return ExportFile(
        filename=book_file_name(source.at.date(), chosen.extension, is_simulated=done.is_simulated),
        mime=chosen.mime,
        data=data,
        rows=done.rows,
        withheld=done.withheld,
        left_out=done.left_out,
    )


def left_out(person: Person, filter: LeadFilter, format: str) -> int:
    """How many of the leads ``export`` would leave out because the format cannot take them; of more than
    ``MOST_AT_ONCE`` so many are looked at. Raises NotAllowed, and Invalid for a format there is not."""
    require(person, Right.EXPORT_LEADS)
    takes = known_format(format).takes
    if takes is None:
        return 0
    with transaction(Role.WEB, proof=person.proof) as conn:
        kept_here = export_terms.withheld_as_of(conn)
        return sum(
            # Whether a stand-in gave its contacts changes how a lead is called, not what it lacks.
            not takes(row_that_leaves(lead, kept_here, is_simulated=False))
            for part in book.some(conn, person.workspace_id, filter.where())
            for _, lead in part
        )


def is_simulated(person: Person, filter: LeadFilter) -> bool:
    """Whether a file with these leads holds some that a stand-in gave the contacts of. Raises NotAllowed."""
    require(person, Right.EXPORT_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return book.holds_simulated(conn, person.workspace_id, filter.where())


def data_sheet(person: Person, filter: LeadFilter, format: SheetFormat) -> ExportFile:
    """The data sheet of the file ``export`` would give, on its own; without leads. Raises NotAllowed, and Invalid for
    more than ``MOST_AT_ONCE`` companies."""
    require(person, Right.EXPORT_LEADS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        source = _source(conn, person, filter)
        tally = Tally(source.kept_here)
        for part in book.every(conn, person.workspace_id, filter.where(), LeadSort.BEST):
            for _, lead in part:
                tally.see(lead)
    sheet = data_sheets.of_tally(source.taking, BOOK, in_words(filter, EVERYTHING), tally, source.at)
    written, mime = SHEETS[format]
    name = f"data-sheet-{book_file_name(source.at.date(), format)}"
    return ExportFile(filename=name, mime=mime, data=written(sheet), rows=tally.rows)


def _source(conn: Connection, person: Person, filter: LeadFilter) -> Source:
    if book.count(conn, person.workspace_id, filter.where()) > MOST_AT_ONCE:
        raise Invalid(f"These are more than {counted(MOST_AT_ONCE, 'lead')}. Narrow the filters.")
    return Source(
        workspace_id=person.workspace_id,
        taking=data_sheets.taken_by(conn, person),
        simulated=book.simulated_campaigns(conn, person.workspace_id),
        kept_here=export_terms.withheld_as_of(conn),
        at=clock.now(conn),
    )
