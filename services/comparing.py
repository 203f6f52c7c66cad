"""Two runs beside each other: which companies are new, which are gone and why, which values changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from pipeline.lead import Business
from pipeline.suppression import keys_of
from pipeline.words.categories import label_for
from services import gone_reasons, paging
from services.campaigns import CampaignView, owned, view_of
from services.errors import Invalid
from services.identity import Person
from services.lead_rows import LeadRow, row_of
from store import differences, suppressions
from store.campaign_rows import CampaignRow
from store.database import Connection, Role, transaction
from store.differences import MARKED, Counts, Pair, Runs
from store.leads import StoredLead

_MAX_PAGE = 200
SAME_RUN = "These are the same run. Choose another one to compare it with."


class Show(StrEnum):
    """Which differences to look at."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What to look at: without ``show`` the first kind of difference there is. ``value`` is one of the values that are
    compared and narrows what changed; any other one counts as none. ``offset`` companies are left out before."""

    show: Show | None = None
    value: str | None = None
    offset: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedValue:
    """A value that is another one in the later run; None where a run has none."""

    field: str
    was: str | None
    now: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One company: its lead of the later run, or of the earlier one when it is gone, and the campaign of that lead.

    ``why`` says why it is gone, as far as that is known.
    """

    campaign_id: UUID
    lead: LeadRow
    changes: tuple[ChangedValue, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two runs, the earlier one first, with a page of what was to be shown; ``matching`` counts all of that."""

    earlier: CampaignView
    later: CampaignView
    counts: Counts
    show: Show
    value: str | None
    rows: tuple[Difference, ...]
    matching: int


def compare(person: Person, campaign_id: UUID, other_id: UUID, look: Look) -> Comparison:
    """Set two campaigns beside each other, whichever of them ran first. Raises NotFound, and Invalid for a campaign and
    itself."""
    value = look.value if look.value in MARKED else None
    with transaction(Role.WEB, proof=person.proof) as conn:
        earlier, later = in_order(conn, person, campaign_id, other_id)
        runs = Runs(workspace_id=person.workspace_id, earlier=earlier.id, later=later.id)
        counts = differences.counts(conn, runs)
        show = look.show or _first(counts)
        pairs = chosen(
            conn, runs, show, value, paging.offset(look.offset), max(1, min(look.limit, _MAX_PAGE))
        )
        rows = _rows(conn, runs, later, pairs)
    return Comparison(
        earlier=view_of(earlier),
        later=view_of(later),
        counts=counts,
        show=show,
        value=value,
        rows=rows,
        matching=matching(counts, show, value),
    )


def in_order(
    conn: Connection, person: Person, campaign_id: UUID, other_id: UUID
) -> tuple[CampaignRow, CampaignRow]:
    """Two of the person's campaigns, the earlier one first. Raises NotFound, and Invalid for the same one twice."""
    one, other = owned(conn, person, campaign_id), owned(conn, person, other_id)
    if one.id == other.id:
        raise Invalid(SAME_RUN)
    return (one, other) if (one.created_at, one.id) < (other.created_at, other.id) else (other, one)


def chosen(
    conn: Connection, runs: Runs, show: Show, value: str | None, offset: int = 0, limit: int | None = None
) -> list[Pair]:
    """The pairs of leads to be shown, the best first."""
    if show is Show.NEW:
        return differences.new(conn, runs, offset, limit)
    if show is Show.GONE:
        return differences.gone(conn, runs, offset, limit)
    return differences.changed(conn, runs, value, offset, limit)


def matching(counts: Counts, show: Show, value: str | None) -> int:
    """How many companies there are to be shown."""
    if show is Show.CHANGED and value is not None:
        return counts.values.get(value, 0)
    return {Show.NEW: counts.new, Show.GONE: counts.gone, Show.CHANGED: counts.changed}[show]


def whys(conn: Connection, runs: Runs, later: CampaignRow, gone: Sequence[StoredLead]) -> Mapping[UUID, str]:
    """Why each of these leads of the earlier run is none of the later one, as far as that is known."""
    if not gone:
        return {}
    again = differences.found_again(conn, runs, [lead.id for lead in gone])
    known_as = {lead.id: [*keys_of(lead.business), *filter(None, [lead.business.email])] for lead in gone}
    listed = suppressions.found(
        conn, runs.workspace_id, list(dict.fromkeys(key for keys in known_as.values() for key in keys))
    )
    return {
        lead.id: gone_reasons.ON_THE_LIST
        if listed.intersection(known_as[lead.id]) and lead.id not in again
        else gone_reasons.why(later, again.get(lead.id))
        for lead in gone
    }


def shown_value(lead: StoredLead, field: str) -> str | None:
    """One of the values that are compared."""
    business: Business = lead.business
    if field == "email_status":
        return lead.lead.email_status.value
    return label_for(business.category) if field == "category" else business.value(field)


def _first(counts: Counts) -> Show:
    return next((show for show in Show if matching(counts, show, None)), Show.NEW)


def _rows(conn: Connection, runs: Runs, later: CampaignRow, pairs: Sequence[Pair]) -> tuple[Difference, ...]:
    ids = {id for pair in pairs for id in (pair.was, pair.becomes) if id}
    leads = differences.leads_of(conn, runs.workspace_id, ids) if ids else {}
    lost = [leads[pair.was] for pair in pairs if pair.was in leads and pair.becomes is None]
    why = whys(conn, runs, later, lost)
    found = (_difference(runs, pair, leads, why) for pair in pairs)
    return tuple(row for row in found if row)


def _difference(
    runs: Runs, pair: Pair, leads: Mapping[UUID, StoredLead], why: Mapping[UUID, str]
) -> Difference | None:
    """None for a lead that went while the others were read."""
    was = leads.get(pair.was) if pair.was else None
    now = leads.get(pair.becomes) if pair.becomes else None
    shown = now or was
    if shown is None:
        return None
    changes = tuple(
        ChangedValue(field=field, was=shown_value(was, field), now=shown_value(now, field))
        for field in pair.values
        if was and now
    )
    return Difference(
        campaign_id=runs.later if now else runs.earlier,
        lead=row_of(shown),
        changes=changes,
        why=why.get(shown.id, ""),
    )
