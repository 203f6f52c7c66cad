"""What two runs differ in as a file, noted in the export log of both."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from pipeline.fields import BY_NAME
from pipeline.output.export import SIMULATED, Cell, ExportRow, Spelling
from pipeline.output.file_names import file_name
from pipeline.output.formats import csv
from services import export_terms
from services.comparing import Show, chosen, in_order, shown_value, whys
from services.exporting import ExportFile
from services.identity import Person
from services.leaving import fields_that_stay, row_that_leaves
from services.permissions import Right, require
from store import clock, differences, export_presets, exports
from store.campaign_rows import CampaignRow
from store.database import Connection, Role, transaction
from store.differences import MARKED, Pair, Runs
from store.leads import StoredLead

LABELS: Mapping[str, str] = {
    **{name: BY_NAME[name].label for name in MARKED if name in BY_NAME},
    "name": "Name",
    "category": "Category",
    "email_status": "E-mail status",
}
"""What the values that are compared are called."""
_NOW = ("category", "phone", "email", "email_status", "website", "address", "opening_hours")
TITLES = (
    *("Difference", "Name", "Value", "Before", "Now", "Why gone"),
    *(LABELS[name] for name in _NOW),
    *("Attribution", "Simulated"),
)
_WITHHELD = "left out: its source's terms restrict exporting it"
_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class _Taking:
    """What every row of the file depends on. ``kept_here`` are origins whose values stay."""

    runs: Runs
    later: CampaignRow
    kept_here: frozenset[str]
    is_simulated: bool


def differences_csv(
    person: Person, campaign_id: UUID, other_id: UUID, show: Show | None = None, value: str | None = None
) -> ExportFile:
    """Every difference of two runs, or one kind of them, as CSV: a company has a row, and one for each value that
    changed. Written as the person's spreadsheet wants it. Raises NotAllowed, NotFound, and Invalid for a campaign and
    itself.

    Values whose provider's terms restrict exports are left out unless an administrator decided otherwise.
    """
    require(person, Right.EXPORT_LEADS)
    value = value if value in MARKED else None
    with transaction(Role.WEB, proof=person.proof) as conn:
        earlier, later = in_order(conn, person, campaign_id, other_id)
        kept_here = export_terms.withheld_as_of(conn)
        runs = Runs(workspace_id=person.workspace_id, earlier=earlier.id, later=later.id)
        taking = _Taking(runs, later, kept_here, earlier.simulated or later.simulated)
        pairs = [(each, chosen(conn, runs, each, value)) for each in ([show] if show else Show)]
        lines = [line for kind, found in pairs for line in _lines(conn, taking, kind, found)]
        _, spelling = export_presets.choices(conn, person.workspace_id, person.id)
        data = csv.table(TITLES, lines, Spelling.model_validate(spelling))
        _record(conn, person, runs, (show, value), [pair for _, found in pairs for pair in found], data)
        day = clock.now(conn).date()
    return ExportFile(
        filename=comparison_name(later, day, is_simulated=taking.is_simulated),
        mime=csv.FORMAT.mime,
        data=data,
        rows=len(lines),
    )


def comparison_name(later: CampaignRow, day: date, *, is_simulated: bool) -> str:
    """``differences-prospectpro-cafe-helsinki-20261124.csv``."""
    return f"differences-{file_name(later.spec, day, csv.FORMAT.extension, is_simulated=is_simulated)}"


def _record(
    conn: Connection,
    person: Person,
    runs: Runs,
    what: tuple[Show | None, str | None],
    pairs: Sequence[Pair],
    data: bytes,
) -> None:
    """In the log of each run whose leads are in the file: with how many, and which run they were compared with."""
    held = {
        runs.earlier: (runs.later, sum(pair.was is not None for pair in pairs)),
        runs.later: (runs.earlier, sum(pair.becomes is not None for pair in pairs)),
    }
    for campaign_id, (other, count) in held.items():
        where = {"compared_with": str(other), "show": what[0] or "all", "value": what[1]}
        if count:
            note = exports.Export(
                user_id=person.id,
                kind=csv.FORMAT.key,
                where=json.dumps(where),
                rows=count,
                data=data,
                leads=[id for pair in pairs if (id := pair.becomes or pair.was)],
            )
            exports.record(conn, (runs.workspace_id, campaign_id), note)


def _lines(
    conn: Connection, taking: _Taking, kind: Show, pairs: Sequence[Pair]
) -> Iterator[list[Cell | None]]:
    for start in range(0, len(pairs), _AT_ONCE):
        part = pairs[start : start + _AT_ONCE]
        ids = {id for pair in part for id in (pair.was, pair.becomes) if id}
        leads = differences.leads_of(conn, taking.runs.workspace_id, ids)
        gone = [leads[pair.was] for pair in part if kind is Show.GONE and pair.was in leads]
        why = whys(conn, taking.runs, taking.later, gone)
        for pair in part:
            was, now = (leads.get(id) if id else None for id in (pair.was, pair.becomes))
            yield from _of_company(taking, kind, pair, (was, now), why)


def _of_company(
    taking: _Taking,
    kind: Show,
    pair: Pair,
    sides: tuple[StoredLead | None, StoredLead | None],
    why: Mapping[UUID, str],
) -> Iterator[list[Cell | None]]:
    was, now = sides
    shown = now or was
    if shown is None:
        return
    row = row_that_leaves(shown, taking.kept_here, is_simulated=taking.is_simulated)
    values = [
        (LABELS[name], *(_leaving(side, name, taking.kept_here) for side in sides)) for name in pair.values
    ]
    for label, before, after in values or [("", None, None)]:
        yield [
            *(kind.value.capitalize(), row.shown_name, label, before, after, why.get(shown.id)),
            *(_cell(row, name) for name in _NOW),
            *(row.attribution, SIMULATED if row.is_simulated else None),
        ]


def _leaving(lead: StoredLead | None, name: str, kept_here: frozenset[str]) -> str | None:
    if lead is None:
        return None
    value = shown_value(lead, name)
    asked = "email" if name == "email_status" else name
    return _WITHHELD if value and asked in fields_that_stay(lead.business, kept_here) else value


def _cell(row: ExportRow, name: str) -> str | None:
    if name == "email_status":
        return row.email_status.value
    return row.category if name == "category" else row.values.get(name)
