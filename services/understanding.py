"""What the types of business of an order are understood as, with the places of the catalogue, before it is placed."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.campaign import CampaignSpec
from pipeline.discovery.discover import MAX_CANDIDATES
from pipeline.errors import SpecError
from pipeline.output import type_words
from pipeline.place import Area, PlaceQuery, TypeMatch
from pipeline.words.meanings import Choice
from pipeline.words.text import folded
from pipeline.words.understanding import How, Understood, understood_types
from store import place_meaning, places
from store.database import Connection, Role, transaction

_COUNTED = 3
"""Alternatives whose businesses are counted, and which are offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Something else a typed word may mean, and how many such businesses are known; None without the place."""

    label: str
    tags: tuple[str, ...]
    known: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One typed type of business as it was understood; ``told`` says so in a sentence, ``problem`` why it cannot be
    ordered so."""

    understood: Understood
    known: int | None
    offers: tuple[Offer, ...]
    told: str
    problem: str | None


def readings(spec: CampaignSpec) -> tuple[Reading, ...]:
    """How each type of an order is understood, how many such businesses are known in its place, and what else it may
    mean; nothing of an own list, whose rows name no type."""
    if spec.own_list:
        return ()
    with transaction(Role.WEB) as conn:
        area = _area(conn, spec.location, spec.radius_km)
        return tuple(_reading(conn, found, area, spec) for found in _understood(conn, spec))


def ordered(spec: CampaignSpec) -> CampaignSpec:
    """The order without words that say nothing and without the place it names twice: ``best restaurants in Helsinki``,
    in Helsinki, asks for ``restaurants``."""
    if spec.own_list:
        return spec
    with transaction(Role.WEB) as conn:
        texts = [_as_ordered(conn, text, spec) for text in spec.business_types]
    return spec.model_copy(
        update={"business_types": tuple({text.casefold(): text for text in texts}.values())}
    )


def place_within(typed: str) -> tuple[str, str] | None:
    """The type and the place of a text that names both; None of any other."""
    with transaction(Role.WEB) as conn:
        found = understood_types([typed], is_place=lambda text: _is_place(conn, text))
    one = found[0] if len(found) == 1 else None
    return (one.bare, one.place) if one and one.place else None


def refusal(spec: CampaignSpec) -> str | None:
    """Why an order cannot be placed as it is typed: a word nobody understands, or two places."""
    if spec.own_list:
        return None
    with transaction(Role.WEB) as conn:
        problems = (_problem(conn, one, spec) for one in _understood(conn, spec))
        return next(filter(None, problems), None)


def _problem(conn: Connection, one: Understood, spec: CampaignSpec) -> str | None:
    if one.how is How.UNKNOWN:
        return type_words.unknown(one)
    if one.place and not _is_same(conn, one.place, spec):
        return type_words.two_places(one.typed, one.place, spec.location)
    return None


def _understood(conn: Connection, spec: CampaignSpec) -> tuple[Understood, ...]:
    return understood_types(spec.business_types, spec.by_name, lambda text: _is_place(conn, text))


def _as_ordered(conn: Connection, text: str, spec: CampaignSpec) -> str:
    """A typed text as it is ordered; unchanged when there is nothing to leave out, or something to ask first."""
    found = understood_types([text], spec.by_name, lambda part: _is_place(conn, part))
    if all(one.bare == one.typed for one in found) or any(_problem(conn, one, spec) for one in found):
        return text
    return ", ".join(one.bare for one in found)


def _is_same(conn: Connection, place: str, spec: CampaignSpec) -> bool:
    """Whether a place typed into a type is the one the order names."""
    if f" {folded(place)} " in f" {folded(spec.location)} ":
        return True
    found, wanted = _area(conn, place, None), _area(conn, spec.location, None)
    return found is not None and wanted is not None and (found.lat, found.lon) == (wanted.lat, wanted.lon)


def _is_place(conn: Connection, text: str) -> bool:
    """Whether a text names a place, or several of one name."""
    if not any(char.isalpha() for char in text):
        return False
    try:
        found = place_meaning.find(conn, text, None, with_near=False)
    except SpecError:
        return False
    return found.area is not None or found.is_ambiguous


def _area(conn: Connection, location: str, radius_km: float | None) -> Area | None:
    try:
        return place_meaning.locate(conn, location, radius_km)
    except SpecError:
        return None


def _reading(conn: Connection, found: Understood, area: Area | None, spec: CampaignSpec) -> Reading:
    known = None if found.how is How.UNKNOWN else _count(conn, found.match, area)
    offers = tuple(_offer(conn, choice, area) for choice in found.alternatives[:_COUNTED])
    return Reading(
        understood=found,
        known=known,
        offers=offers,
        told=type_words.told(found, known),
        problem=_problem(conn, found, spec),
    )


def _offer(conn: Connection, choice: Choice, area: Area | None) -> Offer:
    match = TypeMatch(typed=choice.label, tags=choice.tags)
    return Offer(label=choice.label, tags=choice.tags, known=_count(conn, match, area))


def _count(conn: Connection, match: TypeMatch, area: Area | None) -> int | None:
    if area is None:
        return None
    return places.count(conn, PlaceQuery(types=(match,), area=area, limit=MAX_CANDIDATES))
