"""Leads on a map: where they lie in all, and how many are in each square of a grid, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.geo.box import Box
from store import lead_where
from store.book_search import MOST_COUNTED, BookSearch
from store.conditions import within
from store.lead_where import LeadWhere, TeamStatus
from store.tables import leads

MOST_PLACED = 100_000
"""More leads are not put on a map: it would take longer the more there are."""
SQUARE_PX = 16
_TILE_PX = 256
# Where the square of Web Mercator ends.
_MOST_LAT = 85.0511
_BANDS = (40, 70)
Condition = sa.ColumnElement[bool]
Some = Callable[..., sa.Select[Any]]
"""Columns of at most so many of the leads that match, in no order, and of which further conditions hold."""


class ColourBy(StrEnum):
    """What the colour of a lead says."""

    REACH = "reach"
    CONFIDENCE = "confidence"
    STATUS = "status"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """Where the leads lie: ``box`` holds all that may be drawn, None when there is none. ``drawn`` is their number,
    ``hidden`` that of those whose source forbids it, ``unplaced`` of those nobody has a place of; ``is_cut``: there are
    more, which are not counted."""

    box: Box | None
    drawn: int
    hidden: int
    unplaced: int
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """The leads in one square of the grid: how many of each kind, their middle and the box around them. A single one is
    told by ``id``, ``company_id`` and ``name``."""

    column: int
    row: int
    lat: float
    lon: float
    box: Box
    kinds: tuple[int, ...]
    id: UUID
    company_id: UUID
    name: str


def of_campaign(campaign: tuple[UUID, UUID], where: LeadWhere) -> Some:
    """The leads of ``campaign`` (workspace and id) that match."""
    scope = lead_where.of_campaign(campaign)
    found = sa.select(leads.c.id).select_from(scope.tables).where(*lead_where.conditions(scope, where))
    # What the team says stands beside the leads, which are all that a map reads.
    matching = leads.c.workspace_id == campaign[0], leads.c.id.in_(found.correlate(None))
    return lambda columns, limit, *more: sa.select(*columns).where(*matching, *more).limit(limit)


def of_book(workspace_id: UUID, where: LeadWhere, most: int = MOST_COUNTED) -> Some:
    """The leads of the book that match. As long as they are not more than ``most`` they are looked up, whatever is
    asked for; of many, those in view are met soon."""
    return BookSearch(workspace_id, where, most=most).some


def extent(conn: Connection, matching: Some, hidden: Collection[str]) -> Extent:
    """Where matching leads lie. What only a source of ``hidden`` gave is not drawn."""
    wanted = leads.c.lat, leads.c.lon, _may_be_drawn(hidden).label("is_drawn")
    found = matching(wanted, MOST_PLACED + 1).subquery()
    drawn = [sa.func.count().filter(found.c.is_drawn)]
    for side in (sa.func.min, sa.func.max):
        drawn += [side(found.c.lon).filter(found.c.is_drawn), side(found.c.lat).filter(found.c.is_drawn)]
    placed = sa.func.count(found.c.lat + found.c.lon)
    row = conn.execute(sa.select(sa.func.count(), placed, *drawn).select_from(found)).one()
    everything, with_place, count, *sides = row
    return Extent(
        box=Box(*sides) if count else None,
        drawn=count,
        hidden=with_place - count,
        unplaced=everything - with_place,
        is_cut=everything > MOST_PLACED,
    )


def squares(
    conn: Connection,
    matching: Some,
    hidden: Collection[str],
    view: Box,
    zoom: int,
    colour: ColourBy,
) -> list[Square]:
    """Matching leads within ``view``, by squares of ``SQUARE_PX`` at ``zoom``; at most ``MOST_PLACED`` leads count."""
    wanted = [leads.c[name] for name in ("id", "company_id", "name", "lat", "lon")]
    in_view = _may_be_drawn(hidden), within(leads.c.lat, leads.c.lon, view)
    some = matching([*wanted, _kind(colour).label("kind")], MOST_PLACED, *in_view).subquery()
    column, row = _square(some.c.lat, some.c.lon, zoom)
    grouped = sa.select(
        column.label("grid_x"),
        row.label("grid_y"),
        *(sa.func.avg(some.c[side]).label(side) for side in ("lat", "lon")),
        *(sa.func.min(some.c[side]).label(f"least_{side}") for side in ("lat", "lon")),
        *(sa.func.max(some.c[side]).label(f"most_{side}") for side in ("lat", "lon")),
        *(
            sa.func.count().filter(some.c.kind == kind).label(f"kind_{kind}")
            for kind in range(_kinds(colour))
        ),
        *(sa.func.min(sa.cast(some.c[name], sa.Text())).label(name) for name in ("id", "company_id", "name")),
    ).group_by("grid_x", "grid_y")
    return [_read(each, _kinds(colour)) for each in conn.execute(grouped)]


def _read(row: Row[Any], kinds: int) -> Square:
    return Square(
        column=row.grid_x,
        row=row.grid_y,
        lat=row.lat,
        lon=row.lon,
        box=Box(row.least_lon, row.least_lat, row.most_lon, row.most_lat),
        kinds=tuple(getattr(row, f"kind_{kind}") for kind in range(kinds)),
        id=UUID(row.id),
        company_id=UUID(row.company_id),
        name=row.name,
    )


def _square(lat: Any, lon: Any, zoom: int) -> tuple[sa.ColumnElement[int], sa.ColumnElement[int]]:  # noqa: ANN401
    """Column and row in Web Mercator (OpenStreetMap Wiki, "Slippy map tilenames")."""
    many = 2**zoom * _TILE_PX // SQUARE_PX
    north = sa.func.least(sa.func.greatest(lat, -_MOST_LAT), _MOST_LAT)
    across = (lon + 180.0) / 360.0
    down = (1.0 - sa.func.asinh(sa.func.tan(sa.func.radians(north))) / sa.func.pi()) / 2.0
    column, row = (sa.cast(sa.func.floor(part * many), sa.Integer()) for part in (across, down))
    return column, row


def _may_be_drawn(hidden: Collection[str]) -> Condition:
    first = leads.c.origins[0]["source"].astext
    return sa.and_(leads.c.lat.is_not(None), leads.c.lon.is_not(None), first.not_in(sorted(hidden)))


def _kinds(colour: ColourBy) -> int:
    return len(TeamStatus) if colour is ColourBy.STATUS else len(_BANDS) + 2


def _kind(colour: ColourBy) -> sa.ColumnElement[int]:
    """Which kind a lead is of: a status in their order, or of a figure 0 for low, 1, 2 for high, 3 for none."""
    if colour is ColourBy.STATUS:
        numbers = {status.value: number for number, status in enumerate(TeamStatus)}
        return sa.case(numbers, value=leads.c.team_status, else_=0)
    figure = leads.c.reach if colour is ColourBy.REACH else leads.c.confidence
    low, high = _BANDS
    return sa.case((figure.is_(None), 3), (figure < low, 0), (figure < high, 1), else_=2)
