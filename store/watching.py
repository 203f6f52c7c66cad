"""A campaign as its page shows it while it runs, in one round trip, and whether there is anything new of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import campaign_rows, progress, spend_sums, spending, workers
from store.campaign_rows import CampaignRow
from store.progress import EventRow
from store.spend_sums import Sum
from store.spent_where import Where
from store.tables import campaigns
from store.users import WhoRow, who_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Who looked, and the campaign they saw, if there is one; ``state`` stands for all of it."""

    who: WhoRow
    state: str
    campaign: CampaignRow | None
    _events: str
    _costs: str
    _moments: str

    def events(self) -> list[EventRow]:
        """The story, oldest first. It is read from its text only here, as most of those who look know it already."""
        return [
            progress.event_of(
                datetime.fromisoformat(each["at"]),
                each["stage"],
                each["progress"],
                each["message"],
                each["metrics"],
            )
            for each in json.loads(self._events)
        ]

    def costs(self) -> list[Sum]:
        """Sums by provider."""
        return [Sum(**each) for each in json.loads(self._costs)]

    def moments(self) -> list[tuple[datetime, str, int]]:
        """When each provider's money was spent: moment, provider, micro-dollars; oldest first."""
        return [
            (datetime.fromisoformat(each["at"]), each["provider"], each["cost_micros"])
            for each in json.loads(self._moments)
        ]


# Asked each second for everybody who watches: reading the statement for its parameters takes as long as asking it.
_STATE = sa.text("select app_watch(:proof, :campaign, :gone)")


def state(conn: Connection, proof: str, campaign_id: UUID) -> str | None:
    """What stands for all that is to be seen of a campaign; empty when there is no such campaign where the person
    works, None when their session is over. A transaction of its own, which brings its proof along."""
    found: str | None = conn.execute(
        _STATE, {"proof": proof, "campaign": campaign_id, "gone": workers.GONE_AFTER_S}
    ).scalar_one()
    return found


def look(conn: Connection, workspace_id: UUID, campaign_id: UUID) -> Seen | None:
    """The campaign with its story and its costs, for whoever works in its workspace; None when nobody has proved to be
    somebody."""
    row = conn.execute(_statement(), {"workspace": workspace_id, "campaign": campaign_id}).one_or_none()
    if row is None:
        return None
    said = row._asdict()
    campaign = _part(said, "campaign_")
    return Seen(
        who=WhoRow(**_part(said, "who_")),
        state=row.state or "",
        campaign=campaign_rows.row_of(campaign) if campaign["id"] else None,
        _events=row.events,
        _costs=row.costs,
        _moments=row.moments,
    )


@lru_cache(maxsize=1)
def _statement() -> sa.Select[Any]:
    workspace = sa.bindparam("workspace", type_=sa.Uuid())
    campaign_id = sa.bindparam("campaign", type_=sa.Uuid())
    who = sa.func.auth_who().table_valued(*who_columns()).alias("who")
    chosen = campaign_rows.single().where(
        campaigns.c.workspace_id == workspace, campaigns.c.id == campaign_id, campaigns.c.deleted_at.is_(None)
    )
    campaign = chosen.subquery("campaign")
    calls = Where(workspace_id=workspace, campaign_id=campaign_id)
    state = sa.func.app_campaign_state(campaign.c.home, campaign.c.id, workers.GONE_AFTER_S)
    return sa.select(
        *(column.label(f"who_{column.name}") for column in who.c),
        *(column.label(f"campaign_{column.name}") for column in campaign.c),
        state.label("state"),
        _as_json(progress.HISTORY.subquery("told")).label("events"),
        _as_json(spend_sums.sums_of(calls, "provider").subquery("summed")).label("costs"),
        _as_json(spending.moments_of(calls).subquery("spent")).label("moments"),
    ).select_from(who.outerjoin(campaign, campaign.c.home == who.c.workspace_id))


def _as_json(rows: sa.Subquery) -> sa.ScalarSelect[Any]:
    """All rows as the text of one list of objects, in their order."""
    found = sa.cast(sa.func.json_agg(sa.func.to_json(rows.table_valued())), sa.Text)
    return sa.select(sa.func.coalesce(found, "[]")).select_from(rows).scalar_subquery()


def _part(said: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    return {name.removeprefix(prefix): value for name, value in said.items() if name.startswith(prefix)}
