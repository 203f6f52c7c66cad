"""Taking the list of calls away: noted in the export log, without what a provider's terms keep here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from pipeline.lead import Business
from pipeline.output.export import Cell
from pipeline.output.formats import csv
from services import export_terms, spend_sums, spending
from services.exporting import ExportFile
from services.identity import Person
from services.leaving import fields_that_stay, tells_what_stays
from services.permissions import Right, require
from services.spend_sums import ALL, Chosen, usd
from store import businesses, clock, exports
from store import spending as stored
from store.database import Connection, Role, transaction
from store.spending import CallRow

KIND = "calls_csv"
"""What the export log calls it; a list over several campaigns has a row there for each of them."""
_TITLES = (
    "Time (UTC)", "Provider", "What", "Asked for", "Campaign", "Business", "Outcome", "Price (USD)", "Cost (USD)",
    "Saved (USD)", "HTTP status",
)  # fmt: skip
_Businesses = Mapping[tuple[UUID, str], Business]


def calls_csv(
    person: Person, campaign_id: UUID | None = None, provider: str | None = None, chosen: Chosen = ALL
) -> ExportFile:
    """Every call of the workspace as CSV. Raises NotAllowed, and NotFound for a campaign that is not the person's.

    Values whose provider's terms restrict exports are left out unless an administrator decided otherwise.
    """
    require(person, Right.EXPORT_LEADS)
    kept_here = export_terms.withheld_origins()
    with transaction(Role.WEB, proof=person.proof) as conn:
        where = spend_sums.where(conn, person, chosen, campaign_id, provider)
        rows = stored.calls(conn, where, None, None)
        known = (
            businesses.of_campaigns(conn, person.workspace_id, (row.campaign_id for row in rows))
            if kept_here
            else {}
        )
        left = [_row_that_leaves(row, known, kept_here) for row in rows]
        data = csv.table(_TITLES, [_cells(row) for row, _ in left])
        _record(conn, person, rows, _asked_for(provider, chosen), data)
        today = clock.today(conn)
    withheld = sum(is_less for _, is_less in left)
    name = f"prospectpro-calls-{today:%Y%m%d}.{csv.FORMAT.extension}"
    return ExportFile(filename=name, mime=csv.FORMAT.mime, data=data, rows=len(rows), withheld=withheld)


def _asked_for(provider: str | None, chosen: Chosen) -> str:
    days = {"since": chosen.since, "until": chosen.until}
    narrower = {name: str(day) for name, day in days.items() if day}
    return json.dumps({"provider": provider, **narrower, **({"only_own": True} if chosen.only_own else {})})


def _row_that_leaves(row: CallRow, known: _Businesses, kept_here: frozenset[str]) -> tuple[CallRow, bool]:
    """A call as it may leave, and whether it says less than it knows."""
    business = known.get((row.campaign_id, row.subject or ""))
    if business is None:
        return row, False
    name = None if "name" in fields_that_stay(business, kept_here) else row.business
    is_told = tells_what_stays(spending.asked_for(row), business, kept_here)
    left = replace(row, business=name, arguments={} if is_told else row.arguments)
    return left, left != row


def _cells(row: CallRow) -> Sequence[Cell | None]:
    return (
        f"{row.at:%Y-%m-%d %H:%M:%S}", spending.label_of(row.provider), spending.what(row), spending.asked_for(row),
        row.campaign, row.business, spending.outcome(row), usd(row.price_micros), usd(row.cost_micros),
        usd(row.saved_micros), str(row.http_status or ""),
    )  # fmt: skip


def _record(conn: Connection, person: Person, rows: Sequence[CallRow], where: str, data: bytes) -> None:
    for campaign_id, count in Counter(row.campaign_id for row in rows).items():
        taken = exports.Export(user_id=person.id, kind=KIND, where=where, rows=count, data=data)
        exports.record(conn, (person.workspace_id, campaign_id), taken)
