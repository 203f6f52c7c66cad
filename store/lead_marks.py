"""Marks of companies as conditions on their leads: that one was in a file, that it is on the suppression list.

They are no columns of leads, each row of which stands in an index for every order. Postgres may begin with the
companies that are marked, or be made to look each lead up as it meets it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from store.conditions import is_given
from store.tables import companies, leads, suppressed_companies, suppressions


class Mark(Enum):
    """What a company is marked with."""

    EXPORTED = auto()
    SUPPRESSED = auto()


@dataclass(frozen=True, slots=True)
class Between:
    """Marked at or after one moment and before another, as far as they are given."""

    since: datetime | None
    before: datetime | None


Wanted = bool | Between
"""Of a mark: that there is one or none, or when it was made, which is known of exports alone."""
Marked = Callable[[Mark, Wanted], sa.ColumnElement[bool]]
"""The condition that the company of a lead is marked so."""


def having(workspace_id: UUID, mark: Mark, wanted: Wanted) -> sa.Select[Any]:
    """The companies that are marked so; of the suppression list those on it."""
    if mark is Mark.SUPPRESSED:
        return (
            _suppressed(workspace_id)
            .with_only_columns(suppressed_companies.c.company_id.label("id"))
            .distinct()
        )
    is_it = _is(companies.c.exported_at, wanted)
    return sa.select(companies.c.id).where(companies.c.workspace_id == workspace_id, is_it)


def among(workspace_id: UUID) -> Marked:
    """Postgres chooses where to begin."""

    def condition(mark: Mark, wanted: Wanted) -> sa.ColumnElement[bool]:
        if mark is Mark.SUPPRESSED and not wanted:
            return sa.not_(_of_lead(_suppressed(workspace_id), suppressed_companies.c.company_id).exists())
        return leads.c.company_id.in_(having(workspace_id, mark, wanted))

    return condition


def probed(workspace_id: UUID) -> Marked:
    """Each lead is looked up when it is met: a subquery of one value is never joined."""

    def condition(mark: Mark, wanted: Wanted) -> sa.ColumnElement[bool]:
        if mark is Mark.SUPPRESSED:
            found = _of_lead(_suppressed(workspace_id), suppressed_companies.c.company_id).limit(1)
            return _is(found.scalar_subquery(), wanted)
        moment = sa.select(companies.c.exported_at).where(companies.c.workspace_id == workspace_id)
        return _is(_of_lead(moment, companies.c.id).scalar_subquery(), wanted)

    return condition


def _is(mark: sa.ColumnElement[Any], wanted: Wanted) -> sa.ColumnElement[bool]:
    if isinstance(wanted, bool):
        return is_given(mark, wanted)
    since = [mark >= wanted.since] if wanted.since else []
    return sa.and_(*since, *([mark < wanted.before] if wanted.before else []))


def _of_lead(query: sa.Select[Any], company: sa.ColumnElement[UUID]) -> sa.Select[Any]:
    return query.where(company == leads.c.company_id).correlate(leads)


def _suppressed(workspace_id: UUID) -> sa.Select[Any]:
    on_list = sa.and_(
        suppressions.c.workspace_id == suppressed_companies.c.workspace_id,
        suppressions.c.value_hash == suppressed_companies.c.value_hash,
    )
    return (
        sa.select(sa.literal(1))
        .select_from(suppressed_companies.join(suppressions, on_list))
        .where(suppressed_companies.c.workspace_id == workspace_id)
    )


def those_asked_for(
    marked: Marked, asked: Iterable[tuple[Mark, Wanted | None]]
) -> Iterator[sa.ColumnElement[bool]]:
    """What has to hold of each mark that is asked for."""
    return (marked(mark, wanted) for mark, wanted in asked if wanted is not None)
