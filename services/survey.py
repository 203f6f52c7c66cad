"""What is known of an order's businesses without asking anybody: the catalogue, and answers that are held already.

The sources that cost nothing are built and searched as a campaign does it, over calls that only give out what is
held; so the plan finds the very businesses the campaign will choose.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

import settings
from pipeline.campaign import OPEN_DATA, CampaignSpec
from pipeline.discovery.again import place_again
from pipeline.discovery.businesses import from_records
from pipeline.discovery.discover import MAX_CANDIDATES
from pipeline.discovery.records import is_open, read
from pipeline.discovery.silence import Silence
from pipeline.errors import SourceError
from pipeline.imports.own_list import OwnList
from pipeline.lead import Business
from pipeline.money.orders import Order
from pipeline.money.outlook import Candidate
from pipeline.place import Area, Place, PlaceQuery, TypeMatch
from pipeline.ports import PlaceSearch
from pipeline.providers.context import Locate, RunContext
from pipeline.providers.declaration import ProviderSpec
from pipeline.providers.registry import registry
from pipeline.scoring.figures import ScoreContext
from pipeline.scoring.score import qualified, ranked, scored
from services.held_calls import HeldCalls
from services.identity import Person
from services.plan_sources import Catalogue, Silent
from store import clock, own_lists, place_imports, place_meaning, places, provider_setup, suppressions
from store.database import Connection, Role, transaction

MOST_RECORDS = 600
"""Records that are merged and scored for a plan, which takes about a quarter of a second; of more, the nearest tell
of the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What was found: the area (None where nobody at hand knows the place), places that come ``near`` an unknown one,
    matching records of the catalogue (None without the place), the businesses best first, whether these are all there
    are, and which free sources' answers are at hand."""

    area: Area | None
    known: int | None
    today: date
    near: tuple[str, ...] = ()
    businesses: tuple[Business, ...] = ()
    is_whole: bool = True
    is_held: Mapping[str, bool] = field(default_factory=dict)


def survey(person: Person, order: Order, types: tuple[TypeMatch, ...]) -> Survey:
    """Look at everything at hand. Raises SpecError for a location that cannot be one."""
    spec = order.spec
    if spec.own_list:
        return _of_own_list(person, order, spec.own_list, types)
    with transaction(Role.WEB, proof=person.proof) as conn:
        located = place_meaning.one(conn, spec.location, spec.radius_km)
        area = located.area
        query = PlaceQuery(types=types, area=area, limit=MAX_CANDIDATES) if area and types else None
        known = places.count(conn, query) if query else None
        version, today = place_imports.version(conn), clock.today(conn)
        free = [source for source in order.sources if not source.paid]
        if [source.order_key for source in free] != [OPEN_DATA]:
            begun = Survey(area=area, near=located.offers, known=known, today=today)
            everybody = _of_all(conn, order, types, begun)
            return replace(everybody, businesses=_heard(conn, person, everybody.businesses))
    found = _of_catalogue(replace(query, limit=MOST_RECORDS), today, version) if query and known else ()
    with transaction(Role.WEB, proof=person.proof) as conn:
        businesses = _heard(conn, person, found)
    is_whole = (known or 0) <= MOST_RECORDS
    held = {free[0].key: True}
    return Survey(
        area=area,
        near=located.offers,
        known=known,
        today=today,
        businesses=businesses,
        is_whole=is_whole,
        is_held=held,
    )


def _of_own_list(person: Person, order: Order, list_id: UUID, types: tuple[TypeMatch, ...]) -> Survey:
    """The companies of a list, all of which are at hand."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        today = clock.today(conn)
        own = own_lists.read(conn, person.workspace_id, list_id)
        number, everybody = _of_list(conn, person, own, types, today) if own else (None, ())
        businesses = _heard(conn, person, everybody)
    area = own.area if own else None
    held = {source.key: True for source in order.sources}
    return Survey(area=area, known=number, today=today, businesses=businesses, is_held=held)


def _of_list(
    conn: Connection, person: Person, own: OwnList, types: tuple[TypeMatch, ...], today: date
) -> tuple[int, tuple[Business, ...]]:
    """How many companies a list names and what they make."""
    if not own.is_of_book:
        return _of_rows(own, types, today)
    again = own_lists.chosen(conn, person.workspace_id, own.companies).businesses
    records = [(place_again(business), own.area) for business in again]
    return len(records), _businesses(records, types, own.area, today)


@lru_cache(maxsize=4)
def _of_rows(own: OwnList, types: tuple[TypeMatch, ...], today: date) -> tuple[int, tuple[Business, ...]]:
    """How many rows can be used and what they make. Kept for the next change of the form: a thousand take seconds."""
    records = [(place, own.area) for place in own.places()]
    return len(records), _businesses(records, types, own.area, today)


def _heard(conn: Connection, person: Person, businesses: Sequence[Business]) -> tuple[Business, ...]:
    """Those that are not on the workspace's suppression list, as a campaign leaves the others out."""
    return tuple(Silence(partial(suppressions.listed, conn, person.workspace_id)).kept(businesses))


def _of_all(conn: Connection, order: Order, types: tuple[TypeMatch, ...], begun: Survey) -> Survey:
    """Every free source of the order, as far as its answer is at hand."""
    context = _context(conn, order.spec, begun.today)
    area, known = begun.area, begun.known
    free = [source for source in order.sources if not source.paid]
    records: list[tuple[Place, Area]] = []
    held: dict[str, bool] = {}
    for source in free:
        found = _searched(source, context, types)
        held[source.key] = found is not None
        records += found or []
        area = area or (found[0][1] if found else None)
    area = area or _located(context)
    businesses = _businesses(records[:MOST_RECORDS], types, area, begun.today) if area else ()
    return Survey(
        area=area,
        near=begun.near,
        today=begun.today,
        known=max(known or 0, len(records)) or known,
        businesses=businesses,
        is_whole=len(records) <= MOST_RECORDS,
        is_held=held,
    )


@lru_cache(maxsize=32)
def _of_catalogue(query: PlaceQuery, today: date, version: str) -> tuple[Business, ...]:
    """What the catalogue makes of a question; ``version`` is that of its content."""
    with transaction(Role.WEB) as conn:
        found, _ = places.search(conn, query, places.Cursor(), query.limit)
    return _businesses([(place, query.area) for place in found], query.types, query.area, today)


def _businesses(
    records: Sequence[tuple[Place, Area]], types: tuple[TypeMatch, ...], area: Area, today: date
) -> tuple[Business, ...]:
    """Merged, rated and ranked as a campaign does it."""
    readable = [read(place, where.country) for place, where in records if is_open(place, today)]
    context = ScoreContext(types=types, today=today)
    return tuple(ranked([scored(business, context) for business in from_records(readable, types)], area))


def _searched(
    source: ProviderSpec, context: RunContext, types: tuple[TypeMatch, ...]
) -> list[tuple[Place, Area]] | None:
    """What a source answers from what is held, or None when it would have to ask."""
    search: Any = source.build(context)
    try:
        area = search.locate(context.spec.location, context.spec.radius_km)
        if area is None:
            return []
        found: list[tuple[Place, Area]] = []
        for batch in search.search(PlaceQuery(types=types, area=area, limit=MAX_CANDIDATES)):
            found += [(place, area) for place in batch]
            if len(found) > MOST_RECORDS:
                break
    except SourceError:
        return None
    return found


def _located(context: RunContext) -> Area | None:
    """The area a free locator made of the place before, as far as that is held."""
    for locate in context.locators():
        try:
            area = locate(context.spec.location, context.spec.radius_km)
        except SourceError:
            continue
        if area:
            return area
    return None


def _context(conn: Connection, spec: CampaignSpec, today: date) -> RunContext:
    """What sources of a plan are built from: all that could ask, pay or write is silent."""
    silent: Any = Silent()
    catalogue: PlaceSearch = Catalogue(conn, MOST_RECORDS)
    locators: list[Locate] = []
    context = RunContext(
        spec=spec,
        values=settings.get().provider_values(),
        calls=HeldCalls(conn),
        http=lambda key: silent,
        memory=silent,
        suppressions=silent,
        checks=silent,
        catalogue=catalogue,
        own_list=silent,
        known_locality=catalogue.locate,
        locators=lambda: locators,
        is_online=lambda: False,
        mark_simulated=lambda: None,
        close_later=lambda close: None,
        user_agent=provider_setup.user_agent(),
        today=today,
    )
    for provider in registry().locators:
        if not provider.paid:
            locator: Any = provider.build(context)
            locators.append(locator.locate)
    return context


def candidates(
    found: Survey, spec: CampaignSpec, types: tuple[TypeMatch, ...], in_book: Container[str]
) -> tuple[Candidate, ...]:
    """Those that meet what the order asks for, best first; ``in_book`` are those the book holds, by ``key``."""
    kept = qualified(found.businesses, spec, ScoreContext(types=types, today=found.today))
    return tuple(
        Candidate(
            domain=business.domain,
            email=business.email,
            has_phone=business.phone is not None,
            is_in_book=business.key in in_book,
        )
        for business in kept
    )
