"""Whom new companies of a workspace are given to; the database gives them (``migrations/sql/0081_assignment.sql``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store.ids import as_array, new_id


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """Companies of a place are given to somebody."""

    id: UUID
    part: str
    place: str
    user_id: UUID
    email: str


def places(conn: Connection, workspace_id: UUID) -> list[PlaceRow]:
    """The places, the closest kind first: in this order they are asked."""
    rows = conn.execute(
        sa.text("""
            select p.id, p.part, p.place, p.user_id, u.email
            from assigned_places p
            join users u on u.id = p.user_id
            where p.workspace_id = :workspace
            order by array_position(array['postcode', 'city', 'country'], p.part), lower(p.place)
        """),
        {"workspace": workspace_id},
    )
    return [PlaceRow(**row._mapping) for row in rows]


def turns(conn: Connection, workspace_id: UUID) -> list[UUID]:
    """Who is given the rest in turns."""
    rows = conn.execute(
        sa.text("select user_id from assigned_turns where workspace_id = :workspace order by user_id"),
        {"workspace": workspace_id},
    )
    return list(rows.scalars())


def add_place(conn: Connection, workspace_id: UUID, part: str, place: str, user_id: UUID, most: int) -> bool:
    """Give a place to somebody; False when it is given already, or the workspace has as many as it may."""
    added = conn.execute(
        sa.text("""
            insert into assigned_places (workspace_id, id, part, place, user_id)
            select :workspace, :id, :part, :place, :user
            where (select count(*) from assigned_places where workspace_id = :workspace) < :most
            on conflict do nothing
        """),
        {
            "workspace": workspace_id,
            "id": new_id(),
            "part": part,
            "place": place,
            "user": user_id,
            "most": most,
        },
    )
    return added.rowcount == 1


def remove_place(conn: Connection, workspace_id: UUID, rule_id: UUID) -> bool:
    """Give a place to nobody; False when there is none."""
    gone = conn.execute(
        sa.text("delete from assigned_places where workspace_id = :workspace and id = :id"),
        {"workspace": workspace_id, "id": rule_id},
    )
    return gone.rowcount == 1


def take_turns(conn: Connection, workspace_id: UUID, people: Sequence[UUID]) -> None:
    """Have these take turns and nobody else; who did before keeps their place in the row."""
    given = {"workspace": workspace_id, "people": as_array(people)}
    conn.execute(
        sa.text("""
            delete from assigned_turns
            where workspace_id = :workspace and user_id <> all(cast(:people as uuid[]))
        """),
        given,
    )
    conn.execute(
        sa.text("""
            insert into assigned_turns (workspace_id, user_id)
            select :workspace, person
            from unnest(cast(:people as uuid[])) person
            on conflict do nothing
        """),
        given,
    )
