"""Loads of places that administrators asked for: how each stands, for the page; and the places people miss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection


class LoadKind(StrEnum):
    """What is done: a city fetched from a server, a file of some kind read, an import removed."""

    CITY = "city"
    OSM = "osm"
    PLACES = "places"
    OVERTURE = "overture"
    FOURSQUARE = "foursquare"
    ALLTHEPLACES = "alltheplaces"
    PRH = "prh"
    COMPANIES_HOUSE = "companies_house"
    REMOVE = "remove"


class LoadState(StrEnum):
    """How a load stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLoad:
    """What an administrator asks for. ``name`` is the import it makes, renews or removes; ``place`` a city as typed,
    ``data`` an uploaded file under its ``file_name``. ``country`` is an ISO 3166 alpha-2 code."""

    id: UUID
    kind: LoadKind
    name: str
    place: str | None = None
    file_name: str | None = None
    country: str | None = None
    observed_on: date | None = None
    is_complete: bool = False
    data: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadRow:
    """A load as administrators see it. ``done`` of ``total`` is in what ``stage`` counts; ``counts`` what it came to,
    by name; ``said`` why it failed or what there is to know; ``has_file``: what was fetched or uploaded is there."""

    id: UUID
    kind: LoadKind
    name: str
    place: str | None
    file_name: str | None
    state: LoadState
    asked_by: str | None
    asked_at: datetime
    ended_at: datetime | None
    stage: str
    done: int
    total: int
    counts: Mapping[str, int]
    said: str
    has_file: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A place that so many people asked for, first at ``asked_at``."""

    place: str
    people: int
    asked_at: datetime


def ask(conn: Connection, new: NewLoad) -> bool:
    """Have a worker do it, on record; False while another one of the name is under way."""
    asked = conn.execute(
        sa.text("""
            select place_load_ask(
                :id, :kind, :name, :place, :file_name, :country, cast(:observed_on as date), :is_complete, :data
            )
        """),
        {name: getattr(new, name) for name in NewLoad.__dataclass_fields__},
    )
    return bool(asked.scalar_one())


def stop(conn: Connection, load_id: UUID) -> bool:
    """Stop one that waits or runs, on record; False when there is none."""
    return bool(conn.execute(sa.text("select place_load_stop(:id)"), {"id": load_id}).scalar_one())


def go_on(conn: Connection, load_id: UUID) -> bool:
    """Have one that ended early go on, on record; False when it cannot."""
    return bool(conn.execute(sa.text("select place_load_again(:id)"), {"id": load_id}).scalar_one())


def newest(conn: Connection, limit: int) -> tuple[LoadRow, ...]:
    """Loads, newest first."""
    rows = conn.execute(
        sa.text("""
            select l.id, l.kind, l.name, l.place, l.file_name, l.state, u.email as asked_by, l.asked_at, l.ended_at,
                l.stage, l.done, l.total, l.counts, l.said,
                exists (select p.load_id from place_load_parts p where p.load_id = l.id) as has_file
            from place_loads l
            left join users u on u.id = l.asked_by
            order by l.asked_at desc, l.id desc
            limit :limit
        """),
        {"limit": limit},
    )
    return tuple(_load(dict(row._mapping)) for row in rows)


def cities(conn: Connection) -> dict[str, str]:
    """The place of each import whose newest load fetched a city, by the import's name."""
    rows = conn.execute(
        sa.text("""
            select distinct on (name) name, kind, place
            from place_loads
            where kind <> 'remove'
            order by name, asked_at desc
        """)
    )
    return {row.name: row.place for row in rows if row.kind == LoadKind.CITY}


def wish(conn: Connection, place: str) -> bool:
    """Note that the person misses a place; False when there is no room for it."""
    return bool(conn.execute(sa.text("select place_wish(:place)"), {"place": place}).scalar_one())


def settle(conn: Connection, place: str) -> None:
    """The wish was granted or will not be."""
    conn.execute(sa.text("select place_wish_settle(:place)"), {"place": place})


def wishes(conn: Connection, limit: int) -> tuple[Wish, ...]:
    """The places people miss, those of most people first."""
    rows = conn.execute(
        sa.text("""
            select place, count(*) as people, min(asked_at) as asked_at
            from place_wishes
            group by place
            order by people desc, asked_at
            limit :limit
        """),
        {"limit": limit},
    )
    return tuple(Wish(**row._mapping) for row in rows)


def _load(row: Mapping[str, Any]) -> LoadRow:
    return LoadRow(**{**row, "kind": LoadKind(row["kind"]), "state": LoadState(row["state"])})
