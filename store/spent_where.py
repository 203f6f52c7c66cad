"""Which spending is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from store import tables

_P, _C, _S = tables.provider_calls.c, tables.campaigns.c, tables.call_sums.c
_Condition = sa.ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """Which calls: those of a workspace or of all, of a campaign, of a provider, of who ordered, from one day (UTC) up
    to another that is left out."""

    workspace_id: UUID | sa.BindParameter[UUID] | None
    campaign_id: UUID | sa.BindParameter[UUID] | None = None
    provider: str | None = None
    user_id: UUID | None = None
    since: date | None = None
    until: date | None = None

    def of_calls(self) -> Iterator[_Condition]:
        """What has to hold of a call and its campaign, one condition for each part that is set."""
        yield from self._of(_P)
        yield from during(_P.sent_at, self.since, self.until)

    def of_sums(self) -> Iterator[_Condition]:
        """The same of sums by day and campaign."""
        yield from self._of(_S)
        yield from during(_S.day, self.since, self.until)

    def of_campaigns(self) -> Iterator[_Condition]:
        """The same of a campaign, as far as it is about campaigns."""
        if self.workspace_id is not None:
            yield _C.workspace_id == self.workspace_id
        if self.user_id:
            yield _C.created_by == self.user_id

    def _of(self, columns: sa.ColumnCollection[str, Any]) -> Iterator[_Condition]:
        if self.workspace_id is not None:
            yield columns.workspace_id == self.workspace_id
        if self.campaign_id is not None:
            yield columns.campaign_id == self.campaign_id
        if self.provider:
            yield columns.provider == self.provider
        if self.user_id:
            yield _C.created_by == self.user_id


def during(moment: sa.ColumnElement[Any], since: date | None, until: date | None) -> Iterator[_Condition]:
    """From one day up to another that is left out; days are UTC's, as the connection's time zone is."""
    if since:
        yield moment >= since
    if until:
        yield moment < until
