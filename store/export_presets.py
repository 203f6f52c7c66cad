"""Columns of exports that a workspace saved under names, and how a person wants text tables spelled."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPreset:
    """A saved choice of columns, by their headings, for a format; ``may_remove``: whoever asks may delete it."""

    id: UUID
    name: str
    format: str
    columns: tuple[str, ...]
    may_remove: bool


def choices(
    conn: Connection, workspace_id: UUID, user_id: UUID
) -> tuple[list[StoredPreset], Mapping[str, Any]]:
    """The presets of a workspace by name, and the spelling of a person, empty where they chose none."""
    rows = conn.execute(
        sa.text("""
            select u.export_spelling, p.id, p.name, p.format, p.columns,
                p.made_by = u.id or p.workspace_id in (select app_workspaces_as('admin')) as may_remove
            from users u
            left join export_presets p on p.workspace_id = :workspace
            where u.id = :user
            order by lower(p.name)
        """),
        {"workspace": workspace_id, "user": user_id},
    ).all()
    presets = [
        StoredPreset(
            id=row.id,
            name=row.name,
            format=row.format,
            columns=tuple(row.columns),
            may_remove=row.may_remove,
        )
        for row in rows
        if row.id is not None
    ]
    return presets, rows[0].export_spelling if rows else {}


def add(
    conn: Connection, workspace_id: UUID, user_id: UUID, preset: tuple[UUID, str, str], columns: Sequence[str]
) -> bool:
    """Keep a preset (id, name and format); False when the workspace has one of that name, in any letter case."""
    preset_id, name, format = preset
    added = conn.execute(
        sa.text("""
            insert into export_presets (workspace_id, id, name, format, columns, made_by)
            values (:workspace, :id, :name, :format, cast(:columns as jsonb), :user)
            on conflict (workspace_id, lower(name)) do nothing
        """),
        {
            "workspace": workspace_id,
            "id": preset_id,
            "name": name,
            "format": format,
            "columns": json.dumps(columns),
            "user": user_id,
        },
    )
    return added.rowcount == 1


def remove(conn: Connection, workspace_id: UUID, preset_id: UUID) -> bool:
    """Delete a preset; False when there is none, or it is not for whoever asks to delete."""
    removed = conn.execute(
        sa.text("delete from export_presets where workspace_id = :workspace and id = :id"),
        {"workspace": workspace_id, "id": preset_id},
    )
    return removed.rowcount == 1


def choose_spelling(conn: Connection, user_id: UUID, spelling: str) -> None:
    """Keep how a person wants text tables spelled, as JSON; for the person alone."""
    conn.execute(
        sa.text("update users set export_spelling = cast(:spelling as jsonb) where id = :id"),
        {"spelling": spelling, "id": user_id},
    )
