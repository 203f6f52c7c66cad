"""The campaigns of a workspace by order: every run of one order together, filtered and searched."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from uuid import UUID

from pipeline.campaign import MAX_TEXT
from pipeline.words.text import one_line
from services.campaigns import CampaignView, owned, view_of
from services.identity import Person
from store import campaign_orders, limits
from store.campaign_orders import CampaignWhere as CampaignWhere
from store.campaign_orders import Run as Run
from store.database import Role, transaction

_MOST_ROWS = 1000
_MOST_RUNS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """An order: ``head`` is its newest run of those looked for, ``newest`` are its newest runs of all, ``runs`` counts
    them."""

    head: CampaignView
    newest: tuple[CampaignView, ...]
    runs: int

    @property
    def before(self) -> CampaignView | None:
        """The run before the head, when that is known and both have ended."""
        ids = [run.id for run in self.newest]
        place = ids.index(self.head.id) + 1 if self.head.id in ids else len(ids)
        found = next(iter(self.newest[place:]), None)
        return found if found and found.status.is_final and self.head.status.is_final else None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPage:
    """The newest orders; ``total`` counts all that match, ``campaigns`` their runs that do."""

    rows: tuple[OrderView, ...]
    has_more: bool
    total: int
    campaigns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignChoices:
    """What a filter of campaigns can choose from: tags, and people by id."""

    tags: tuple[str, ...]
    people: tuple[tuple[UUID, str], ...]


def orders(person: Person, looked_for: CampaignWhere, limit: int = 25) -> OrderPage:
    """The orders with a run that is looked for, newest first; with an ``order`` each of its runs by itself."""
    limit = max(1, min(limit, _MOST_ROWS))
    text = unicodedata.normalize("NFC", one_line(looked_for.text or ""))[:MAX_TEXT] or None
    looked_for = replace(looked_for, text=text)
    with transaction(Role.WEB, proof=person.proof) as conn:
        of_orders, of_campaigns = campaign_orders.counts(conn, person.workspace_id, looked_for)
        if looked_for.order:
            alone = campaign_orders.single(conn, person.workspace_id, looked_for, limit + 1)
            rows = [OrderView(head=view_of(row), newest=(), runs=1) for row in alone]
        else:
            found = campaign_orders.page(conn, person.workspace_id, looked_for, limit + 1)
            rows = [_view(row) for row in found]
    return OrderPage(
        rows=tuple(rows[:limit]),
        has_more=len(rows) > limit,
        total=of_campaigns if looked_for.order else of_orders,
        campaigns=of_campaigns,
    )


def choices(person: Person) -> CampaignChoices:
    """What campaigns can be filtered by."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        tags = campaign_orders.tags(conn, person.workspace_id)
        people = limits.members(conn, person.workspace_id)
    return CampaignChoices(tags=tuple(tags), people=tuple(people))


def comparable(person: Person, campaign_id: UUID) -> tuple[Run, ...]:
    """The runs a campaign can be compared with, those of the same order first. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        campaign = owned(conn, person, campaign_id)
        return tuple(campaign_orders.comparable(conn, person.workspace_id, campaign, _MOST_RUNS))


def _view(row: campaign_orders.OrderRow) -> OrderView:
    return OrderView(head=view_of(row.head), newest=tuple(view_of(run) for run in row.newest), runs=row.runs)
