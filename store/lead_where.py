"""Which leads: one set of conditions, for the book of a workspace and for the leads of one campaign."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from pipeline.geo.box import Box
from pipeline.lead import EmailStatus
from store.conditions import contains, is_given, within
from store.lead_kinds import EmailKind as EmailKind
from store.lead_kinds import FollowUp as FollowUp
from store.lead_kinds import TeamStatus as TeamStatus
from store.lead_kinds import is_followed_up, is_found_by, is_kind, is_open_now, is_ruled_out
from store.lead_marks import Between, Mark, Marked, among, probed, those_asked_for
from store.lead_search import Near as Near
from store.lead_search import begins_words, is_placed, is_within, typed_words, words_of
from store.tables import companies, leads

_SEARCHED = (leads.c.name, leads.c.address, leads.c.phone, leads.c.website, leads.c.email)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadWhere:
    """Which leads: every part that is set must hold, and a lead of which nobody knows it does not match. Of a part with
    several values one has to.

    ``place`` asks that every word begins one of the address, the postcode or the city. ``has_email`` asks for an
    address that may reach somebody: one whose mailbox does not exist is none. ``is_open`` is about this moment, in a
    week like most others. ``source`` is one the business was found in, ``campaign`` one that found the company, or a
    bulk order one of whose campaigns did. ``found_since`` and ``found_before`` are about the first time it was found,
    ``seen_since`` and ``seen_before`` about the last. ``owner`` is a person of the workspace, ``has_owner`` False asks
    for companies without one. ``today`` is what a follow-up is due by, of the database where it is None.
    ``is_customer``: the company stands on a list of customers. ``is_exported``: it was in a file, the last one at or
    after ``exported_since`` and before ``exported_before``; ``is_suppressed``: it is on the suppression list. ``box``
    is an area of the map, ``ids`` are rows that were chosen one by one: leads of a campaign, companies of the book.
    """

    text: str | None = None
    place: str | None = None
    near: Near | None = None
    box: Box | None = None
    category: tuple[str, ...] = ()
    min_confidence: int = 0
    min_reach: int = 0
    has_phone: bool | None = None
    has_mobile: bool | None = None
    has_website: bool | None = None
    has_email: bool | None = None
    has_hours: bool | None = None
    is_open: bool | None = None
    has_profile: bool | None = None
    status: tuple[EmailStatus, ...] = ()
    email_kind: EmailKind | None = None
    is_chain: bool | None = None
    is_ruled_out: bool | None = None
    is_customer: bool | None = None
    is_exported: bool | None = None
    exported_since: datetime | None = None
    exported_before: datetime | None = None
    is_suppressed: bool | None = None
    source: str | None = None
    campaign: UUID | None = None
    found_since: datetime | None = None
    found_before: datetime | None = None
    seen_since: datetime | None = None
    seen_before: datetime | None = None
    min_cost_micros: int | None = None
    max_cost_micros: int | None = None
    team_status: tuple[TeamStatus, ...] = ()
    owner: UUID | None = None
    has_owner: bool | None = None
    tag: tuple[str, ...] = ()
    follow_up: FollowUp | None = None
    today: date | None = None
    ids: tuple[UUID, ...] = ()

    @property
    def exported(self) -> Between | None:
        """When the company last left in a file, if that is asked for."""
        since, before = self.exported_since, self.exported_before
        return Between(since, before) if since or before else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A list of leads: its tables, what holds of every row, what a row is known by, where the list keeps what the team
    says of a company, and how marks of companies are asked for.

    The book finds words by their beginnings in its index; a campaign is small and finds text anywhere.
    """

    workspace_id: UUID
    tables: sa.FromClause
    every: tuple[sa.ColumnElement[bool], ...]
    id: sa.ColumnElement[UUID]
    team: Any
    status: sa.ColumnElement[str]
    marked: Marked
    searched: Callable[[str], sa.ColumnElement[bool]]
    placed: Callable[[str], sa.ColumnElement[bool]]

    @property
    def is_book(self) -> bool:
        return self.tables is leads


def of_book(workspace_id: UUID) -> Scope:
    """The newest lead of every company."""
    return Scope(
        workspace_id=workspace_id,
        tables=leads,
        every=(leads.c.workspace_id == workspace_id, leads.c.is_current),
        id=leads.c.company_id,
        team=leads.c,
        status=leads.c.team_status,
        marked=among(workspace_id),
        searched=lambda text: begins_words(workspace_id, typed_words(text)),
        placed=lambda text: sa.and_(begins_words(workspace_id, words_of(text)), is_placed(text)),
    )


def of_campaign(campaign: tuple[UUID, UUID]) -> Scope:
    """The leads of a campaign, given by workspace and id."""
    workspace_id, campaign_id = campaign
    is_of = sa.and_(companies.c.workspace_id == leads.c.workspace_id, companies.c.id == leads.c.company_id)
    return Scope(
        workspace_id=workspace_id,
        # Each lead has its company, and Postgres passes over one that is joined like this where nothing asks for it.
        tables=leads.outerjoin(companies, is_of),
        every=(leads.c.workspace_id == workspace_id, leads.c.campaign_id == campaign_id),
        id=leads.c.id,
        team=companies.c,
        status=companies.c.status,
        marked=probed(workspace_id),
        searched=lambda text: contains(sa.func.concat_ws(" ", *_SEARCHED), text),
        placed=is_placed,
    )


def conditions(scope: Scope, where: LeadWhere) -> Iterator[sa.ColumnElement[bool]]:
    """What has to hold of a lead of the list, one condition for each part that is set."""
    yield from scope.every
    yield from asked(scope, where)


def asked(scope: Scope, where: LeadWhere) -> Iterator[sa.ColumnElement[bool]]:
    """The same without what holds of every lead of the list."""
    if where.text:
        yield scope.searched(where.text)
    if where.place:
        yield scope.placed(where.place)
    if where.near:
        yield from is_within(where.near)
    if where.box:
        yield within(leads.c.lat, leads.c.lon, where.box)
    if where.ids:
        yield scope.id.in_(where.ids)
    yield from _of_business(where)
    yield from _given(where)
    yield from _found(scope, where)
    yield from _of_team(scope, where)
    exported = (Mark.EXPORTED, where.is_exported), (Mark.EXPORTED, where.exported)
    yield from those_asked_for(scope.marked, (*exported, (Mark.SUPPRESSED, where.is_suppressed)))


def _of_business(where: LeadWhere) -> Iterator[sa.ColumnElement[bool]]:
    if where.category:
        yield leads.c.category.in_(where.category)
    if where.min_confidence:
        yield leads.c.confidence >= where.min_confidence
    if where.min_reach:
        yield leads.c.reach >= where.min_reach
    if where.status:
        yield leads.c.email_status.in_(where.status)
    if where.email_kind:
        yield is_kind(where.email_kind)
    if where.is_chain is not None:
        yield is_given(leads.c.chain, where.is_chain)


def _given(where: LeadWhere) -> Iterator[sa.ColumnElement[bool]]:
    given = (
        (leads.c.phone, where.has_phone),
        (leads.c.website, where.has_website),
        (leads.c.opening_hours, where.has_hours),
    )
    for column, wanted in given:
        if wanted is not None:
            yield is_given(column, wanted)
    if where.has_mobile is not None:
        yield leads.c.phone_is_mobile if where.has_mobile else sa.not_(leads.c.phone_is_mobile)
    if where.is_ruled_out is not None:
        yield is_ruled_out() if where.is_ruled_out else sa.not_(is_ruled_out())
    if where.is_open is not None:
        yield is_open_now() if where.is_open else sa.not_(is_open_now())
    if where.has_email is not None:
        reaches = sa.and_(is_given(leads.c.email, True), leads.c.email_status != EmailStatus.INVALID)
        yield reaches if where.has_email else sa.not_(reaches)
    if where.has_profile is not None:
        has = sa.or_(leads.c.profiles != [], leads.c.details.has_key("profiles"))
        yield has if where.has_profile else sa.not_(has)


def _found(scope: Scope, where: LeadWhere) -> Iterator[sa.ColumnElement[bool]]:
    if where.source:
        yield leads.c.origins.contains([{"source": where.source}])
    if where.campaign:
        yield is_found_by(scope.workspace_id, where.campaign)
    first, last, cost = scope.team.first_seen_at, leads.c.updated_at, leads.c.cost_micros
    bounds = (
        (first, where.found_since, where.found_before),
        (last, where.seen_since, where.seen_before),
    )
    for moment, since, before in bounds:
        if since is not None:
            yield moment >= since
        if before is not None:
            yield moment < before
    if where.min_cost_micros is not None:
        yield cost >= where.min_cost_micros
    if where.max_cost_micros is not None:
        yield cost <= where.max_cost_micros


def _of_team(scope: Scope, where: LeadWhere) -> Iterator[sa.ColumnElement[bool]]:
    team = scope.team
    today = sa.literal(where.today, sa.Date()) if where.today else sa.func.current_date()
    if where.is_customer is not None:
        yield team.is_customer if where.is_customer else sa.not_(team.is_customer)
    if where.team_status:
        yield scope.status.in_(where.team_status)
    if where.owner:
        yield team.owner_id == where.owner
    if where.has_owner is not None:
        yield is_given(team.owner_id, where.has_owner)
    if where.tag:
        yield team.tags.overlap(where.tag)
    if where.follow_up:
        yield is_followed_up(team.follow_up_on, where.follow_up, today)
