"""Which of everybody's jobs, and in which order: as expressions over jobs, campaigns, owners and workspaces."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from pipeline.campaign import CampaignStatus
from store import tables
from store.conditions import contains, is_stuck
from store.keyset import Key

_C, _J, _U, _W, _S = (
    tables.campaigns.c,
    tables.discovery_jobs.c,
    tables.users.c,
    tables.workspaces.c,
    tables.call_sums.c,
)
WITHOUT_OWNER = sa.join(
    tables.discovery_jobs,
    tables.campaigns,
    sa.and_(_C.workspace_id == _J.workspace_id, _C.id == _J.campaign_id),
).join(tables.workspaces, _W.id == _J.workspace_id)
"""A job with its campaign and where that was ordered."""
FROM = WITHOUT_OWNER.join(tables.users, _U.id == _C.created_by)
"""The same with who ordered it."""
CAUSE = sa.func.coalesce(_C.outcome_cause, _J.error)
"""Why a job failed: the cause, or the error where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobWhere:
    """Which jobs; everything that is set must hold. ``person`` is looked for in the owner's address, ``workspace`` in
    its name, ``text`` in title and error, or it is an id; ``provider`` was asked by the job; ``cause`` is why it ended.
    """

    status: CampaignStatus | None = None
    only_suspicious: bool = False
    only_stuck: bool = False
    person: str | None = None
    workspace: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    provider: str | None = None
    cause: str | None = None
    text: str | None = None

    def conditions(self, *, any_state: bool = False) -> Iterator[sa.ColumnElement[bool]]:
        """One condition for each part that is set; not the state's when ``any_state``. Deleted campaigns are gone."""
        yield _C.deleted_at.is_(None)
        if not any_state:
            yield from self._of_state()
        yield from self._of_order()
        if self.provider:
            asked = sa.select(_S.provider).where(
                _S.workspace_id == _J.workspace_id,
                _S.campaign_id == _J.campaign_id,
                _S.provider == self.provider,
            )
            yield asked.exists()
        if self.cause:
            yield sa.or_(
                _C.outcome_cause == self.cause, sa.and_(_C.outcome_cause.is_(None), _J.error == self.cause)
            )
        if self.text:
            yield self._says(self.text)

    def _of_order(self) -> Iterator[sa.ColumnElement[bool]]:
        if self.person:
            yield contains(_U.email, self.person)
        if self.workspace:
            yield contains(_W.name, self.workspace)
        if self.since:
            yield _J.created_at >= self.since
        if self.before:
            yield _J.created_at < self.before

    def _of_state(self) -> Iterator[sa.ColumnElement[bool]]:
        if self.status:
            yield _J.status == self.status
        if self.only_suspicious:
            yield _C.suspicion.is_not(None)
        if self.only_stuck:
            yield is_stuck()

    @staticmethod
    def _says(text: str) -> sa.ColumnElement[bool]:
        try:
            asked = UUID(text)
        except ValueError:
            return sa.or_(contains(_C.title, text), contains(_J.error, text))
        return sa.or_(_J.id == asked, _C.id == asked)


class JobSort(StrEnum):
    """In which order."""

    NEWEST = "newest"
    OLDEST = "oldest"
    ENDED = "ended"
    LONGEST = "longest"
    DEAREST = "dearest"
    TITLE = "title"
    STATE = "state"
    OWNER = "owner"

    @property
    def only_ended(self) -> bool:
        """Whether jobs that still run have no place in it."""
        return self in (JobSort.ENDED, JobSort.LONGEST, JobSort.DEAREST)


@dataclass(frozen=True, slots=True)
class Order:
    """The keys of an order, who has a place in it, and how the texts of a position are read but for that of the last
    key, an id."""

    keys: tuple[Key, ...]
    has_place: sa.ColumnElement[bool]
    read: tuple[Callable[[str], Any], ...]


_EVERY = sa.true()
_TOOK = _J.ended_at - _J.started_at
_WAS_RUN = sa.and_(_J.ended_at.is_not(None), _J.started_at.is_not(None))
_JOB, _CAMPAIGN = Key(_J.id, descending=True), Key(_C.id, descending=True)
BY_OWNER = sa.func.lower(_U.email)
_time = datetime.fromisoformat


def _interval(text: str) -> timedelta:
    return timedelta(microseconds=int(text))


ORDERS: dict[JobSort, Order] = {
    JobSort.NEWEST: Order((Key(_J.created_at, descending=True), _JOB), _EVERY, (_time,)),
    JobSort.OLDEST: Order((Key(_J.created_at), Key(_J.id)), _EVERY, (_time,)),
    JobSort.ENDED: Order((Key(_C.ended_at, descending=True), _CAMPAIGN), _C.ended_at.is_not(None), (_time,)),
    JobSort.LONGEST: Order((Key(_TOOK, descending=True), _JOB), _WAS_RUN, (_interval,)),
    JobSort.DEAREST: Order(
        (Key(_C.ended_micros, descending=True), _CAMPAIGN), _C.ended_at.is_not(None), (int,)
    ),
    JobSort.TITLE: Order((Key(_C.title), Key(_C.id)), _EVERY, (str,)),
    # Backwards those that run come first, then those that wait, then those that failed or ended early.
    JobSort.STATE: Order(
        (Key(_J.status, descending=True), Key(_J.created_at, descending=True), _JOB), _EVERY, (str, _time)
    ),
    JobSort.OWNER: Order((Key(BY_OWNER), _CAMPAIGN), _EVERY, (str,)),
}


def position(values: Sequence[object]) -> tuple[str, ...]:
    """Where a row stands in an order, as text, from its keys."""
    return tuple(_as_text(value) for value in values)


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value // timedelta(microseconds=1))
    return str(value)


def place(sort: JobSort, at: tuple[str, ...] | None) -> tuple[Any, ...] | None:
    """What ``position`` gave, as the order compares it; None for anything else."""
    if at is None:
        return None
    *texts, row_id = at
    try:
        return (*(read(text) for read, text in zip(ORDERS[sort].read, texts, strict=True)), UUID(row_id))
    except (ValueError, OverflowError):
        return None
