"""Leads on a map: what is in the view that is looked at, however many leads there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from uuid import UUID

import settings
from pipeline.geo.box import Box
from pipeline.providers.google.places import CAP, PAGE
from pipeline.providers.registry import registry
from services.campaigns import owned
from services.identity import Person
from services.lead_filter import LeadFilter
from store import coverage as searches
from store import lead_map, provider_setup
from store.coverage import Rectangle
from store.database import Role, transaction
from store.lead_map import MOST_PLACED as MOST_PLACED
from store.lead_map import ColourBy as ColourBy
from store.lead_map import Extent as Extent
from store.lead_map import Some, Square

# So many single points can be told apart; more are put together, three squares of the grid by three.
_FEW = 60
_COARSER = 3
# Of a view: what is asked for beyond each of its edges, so that a small move shows no gaps.
_MARGIN = 0.25
_MOST_ZOOM = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Streets:
    """Whether the operator named a tile server, and what the map says and does with it."""

    are_there: bool
    attribution: str
    most_zoom: int


class Found(StrEnum):
    """What the search of a rectangle came to. ``CAPPED``: the source has more there than it shows."""

    SOME = "some"
    CAPPED = "capped"
    NOTHING = "nothing"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Searched:
    """A rectangle that a campaign searched."""

    box: Box
    found: Found


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is looked at: a box and a zoom of Web Mercator."""

    box: Box
    zoom: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Leads that lie close together: how many of each kind, their middle and the box around them. One alone has
    ``lead_id`` and ``name``; of the book ``lead_id`` is its company's."""

    lat: float
    lon: float
    box: Box
    kinds: tuple[int, ...]
    lead_id: UUID | None
    name: str

    @property
    def count(self) -> int:
        return sum(self.kinds)


def streets() -> Streets:
    """What is drawn beneath the leads."""
    ours = settings.get()
    return Streets(
        are_there=bool(ours.map_tiles_url.get_secret_value()),
        attribution=ours.map_attribution,
        most_zoom=ours.map_max_zoom,
    )


def user_agent() -> str:
    """How this installation introduces itself to the tile server."""
    return provider_setup.user_agent()


def extent(person: Person, campaign_id: UUID | None, filter: LeadFilter, today: date) -> Extent:
    """Where the leads lie, at most ``MOST_PLACED`` of them: a campaign's, or with None every company of the book.
    Raises NotFound.

    A source whose terms keep its content off other maps may not place a lead here, so such leads are left out.
    """
    with transaction(Role.WEB, proof=person.proof) as conn:
        if campaign_id is not None:
            owned(conn, person, campaign_id)
        matching = _matching(person, campaign_id, filter, today)
        return lead_map.extent(conn, matching, registry().restricted_maps())


def clusters(
    person: Person, campaign_id: UUID | None, filter: LeadFilter, today: date, view: View, colour: ColourBy
) -> tuple[Cluster, ...]:
    """Those of ``extent`` in and around the view; single ones where they are few. None of an unknown campaign."""
    zoom = max(0, min(view.zoom, _MOST_ZOOM))
    hidden = registry().restricted_maps()
    with transaction(Role.WEB, proof=person.proof) as conn:
        matching = _matching(person, campaign_id, filter, today)
        found = lead_map.squares(conn, matching, hidden, around(view.box), zoom, colour)
    if len(found) > _FEW:
        found = list(_coarser(found))
    return tuple(_cluster(square, is_book=campaign_id is None) for square in found)


def coverage(person: Person, campaign_id: UUID) -> tuple[Searched, ...]:
    """The rectangles a campaign searched, the largest first; of a campaign whose sources know none, or that was cleared
    away since, nothing. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, campaign_id)
        found = searches.rectangles(conn, person.workspace_id, campaign_id)
    return tuple(Searched(each.box, _found(each)) for each in found)


def _found(each: Rectangle) -> Found:
    if each.has_failed:
        return Found.FAILED
    if not each.found:
        return Found.NOTHING
    # Where the answers are gone, the last page there can be tells.
    is_capped = each.listed >= CAP if each.listed else each.last_page == CAP // PAGE - 1
    return Found.CAPPED if is_capped else Found.SOME


def around(box: Box) -> Box:
    """The box with the margin that ``clusters`` looks at as well."""
    across, down = (box.east - box.west) * _MARGIN, (box.north - box.south) * _MARGIN
    return Box(
        max(-180.0, box.west - across),
        max(-90.0, box.south - down),
        min(180.0, box.east + across),
        min(90.0, box.north + down),
    )


def _matching(person: Person, campaign_id: UUID | None, filter: LeadFilter, today: date) -> Some:
    if campaign_id is not None:
        return lead_map.of_campaign((person.workspace_id, campaign_id), filter.where(today))
    return lead_map.of_book(person.workspace_id, filter.where(today))


def _coarser(squares: Sequence[Square]) -> Iterator[Square]:
    """The same leads on a grid whose squares are larger."""

    def place(square: Square) -> tuple[int, int]:
        return square.column // _COARSER, square.row // _COARSER

    for (column, row), some in groupby(sorted(squares, key=place), key=place):
        yield _together(column, row, list(some))


def _together(column: int, row: int, some: Sequence[Square]) -> Square:
    counts = [sum(square.kinds) for square in some]
    total = sum(counts)
    boxes = [square.box for square in some]
    return Square(
        column=column,
        row=row,
        lat=sum(square.lat * count for square, count in zip(some, counts, strict=True)) / total,
        lon=sum(square.lon * count for square, count in zip(some, counts, strict=True)) / total,
        box=Box(
            min(box.west for box in boxes),
            min(box.south for box in boxes),
            max(box.east for box in boxes),
            max(box.north for box in boxes),
        ),
        kinds=tuple(map(sum, zip(*(square.kinds for square in some), strict=True))),
        id=some[0].id,
        company_id=some[0].company_id,
        name=some[0].name,
    )


def _cluster(square: Square, *, is_book: bool) -> Cluster:
    is_one = sum(square.kinds) == 1
    lead = square.company_id if is_book else square.id
    return Cluster(
        lat=square.lat,
        lon=square.lon,
        box=square.box,
        kinds=square.kinds,
        lead_id=lead if is_one else None,
        name=square.name if is_one else "",
    )
