"""Views of leads that people saved: what the address of a list holds, under a name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

Query = Mapping[str, Sequence[str]]
"""What an address holds: each name with its values."""


class NameTaken(Exception):
    """There is a view of that name, in any letter case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A view as somebody sees it; ``may_change``: they may rename, overwrite and delete it. ``is_default``: their list
    opens with it."""

    id: UUID
    name: str
    query: Query
    is_shared: bool
    is_mine: bool
    may_change: bool
    is_default: bool


def views(conn: Connection, workspace_id: UUID, user_id: UUID, of: str) -> list[SavedView]:
    """The views of a list that a person sees, their own first, by name."""
    rows = conn.execute(
        sa.text("""
            select v.id, v.name, v.query, v.owner_id is null as is_shared, v.made_by = :user as is_mine,
                v.owner_id is not null
                    or v.workspace_id in (select app_workspaces_as('admin'))
                    or v.made_by = :user and v.workspace_id in (select app_workspaces_as('member'))
                    as may_change,
                d.view_id is not null as is_default
            from saved_views v
            left join default_views d on d.workspace_id = v.workspace_id
                and d.user_id = :user
                and d.view_id = v.id
            where v.workspace_id = :workspace
                and v.list = :list
            order by v.owner_id is null, lower(v.name), v.id
        """),
        {"workspace": workspace_id, "user": user_id, "list": of},
    )
    return [SavedView(**row._mapping) for row in rows]


def add(
    conn: Connection, workspace_id: UUID, user_id: UUID, view: tuple[UUID, str, str], query: Query, most: int
) -> bool:
    """Keep a view (id, list and name) of a person's own; False when they have ``most`` already. Raises NameTaken."""
    view_id, of, name = view
    added = _kept(
        conn,
        sa.text("""
            insert into saved_views (workspace_id, id, list, name, query, owner_id, made_by)
            select :workspace, :id, :list, :name, cast(:query as jsonb), :user, :user
            where :most > (
                select count(*)
                from saved_views
                where workspace_id = :workspace and list = :list and owner_id = :user
            )
        """),
        {
            "workspace": workspace_id,
            "id": view_id,
            "list": of,
            "name": name,
            "query": json.dumps(query),
            "user": user_id,
            "most": most,
        },
    )
    return added == 1


def rename(conn: Connection, workspace_id: UUID, view_id: UUID, name: str) -> bool:
    """Give a view another name; False when there is none that whoever asks may change. Raises NameTaken."""
    statement = sa.text("""
        update saved_views
        set name = :name, changed_at = now()
        where workspace_id = :workspace and id = :id
    """)
    return _kept(conn, statement, {"workspace": workspace_id, "id": view_id, "name": name}) == 1


def overwrite(conn: Connection, workspace_id: UUID, view_id: UUID, query: Query) -> bool:
    """Have a view hold something else; False when there is none that whoever asks may change."""
    changed = conn.execute(
        sa.text("""
            update saved_views
            set query = cast(:query as jsonb), changed_at = now()
            where workspace_id = :workspace and id = :id
        """),
        {"workspace": workspace_id, "id": view_id, "query": json.dumps(query)},
    )
    return changed.rowcount == 1


def give_to(conn: Connection, workspace_id: UUID, view_id: UUID, owner_id: UUID | None) -> bool:
    """Make a view a person's own, or everybody's; False when whoever asks may not. Raises NameTaken."""
    statement = sa.text("""
        update saved_views
        set owner_id = :owner, changed_at = now()
        where workspace_id = :workspace
            and id = :id
            and (cast(:owner as uuid) is null or made_by = :owner)
    """)
    return _kept(conn, statement, {"workspace": workspace_id, "id": view_id, "owner": owner_id}) == 1


def remove(conn: Connection, workspace_id: UUID, view_id: UUID) -> bool:
    """Delete a view; False when there is none that whoever asks may delete."""
    removed = conn.execute(
        sa.text("delete from saved_views where workspace_id = :workspace and id = :id"),
        {"workspace": workspace_id, "id": view_id},
    )
    return removed.rowcount == 1


def set_default(conn: Connection, workspace_id: UUID, user_id: UUID, view_id: UUID) -> bool:
    """Have a person's list open with a view; False when they see none of that id."""
    changed = conn.execute(
        sa.text("""
            insert into default_views (workspace_id, user_id, list, view_id)
            select workspace_id, :user, list, id
            from saved_views
            where workspace_id = :workspace and id = :id
            on conflict (workspace_id, user_id, list) do update set view_id = excluded.view_id
        """),
        {"workspace": workspace_id, "user": user_id, "id": view_id},
    )
    return changed.rowcount == 1


def drop_default(conn: Connection, workspace_id: UUID, user_id: UUID, view_id: UUID) -> None:
    """Have a person's list open without this view."""
    conn.execute(
        sa.text("""
            delete from default_views
            where workspace_id = :workspace and user_id = :user and view_id = :id
        """),
        {"workspace": workspace_id, "user": user_id, "id": view_id},
    )


def _kept(conn: Connection, statement: sa.TextClause, values: Mapping[str, object]) -> int:
    try:
        return conn.execute(statement, values).rowcount
    except IntegrityError as error:
        if getattr(error.orig, "pgcode", None) != _UNIQUE:
            raise
        raise NameTaken from None


_UNIQUE = "23505"
