"""Who belongs to a named area, for a source that searches a circle: what a record says decides, as in a search of the
catalogue (``store.place_members``), and its point where it says nothing.

Only for records in the words of the map: other sources write names in a language of their own.
"""

from __future__ import annotations

from collections.abc import Callable

from pipeline.geo.place_words import place_key
from pipeline.geo.postcodes import code_keys
from pipeline.geo.recorded import city_names
from pipeline.place import PART_TAGS, Area, Level, Place

_ON_THE_MAP = "openstreetmap"
_Keys = frozenset[str]


def elsewhere(area: Area) -> Callable[[Place], bool]:
    """Tells of a record whether it names another place than ``area``."""
    named = area.named
    if named is None:
        return lambda place: False
    level = named.level
    names = _Keys().union(*(_keys(level, spelling) for spelling in named.spellings))
    outer = _Keys().union(*(_keys(Level.CITY, name) for name in named.outer))

    def says_another(place: Place) -> bool:
        if place.source != _ON_THE_MAP:
            return False
        cities, said = _keys(Level.CITY, place.city), _said(place, level)
        if names & (said | cities if level is Level.PART else said):
            return False
        return bool(names and said) or bool(outer and cities and not outer & cities)

    return says_another


def _said(place: Place, level: Level) -> _Keys:
    """What a record says at a level; nothing at those whose names have too many forms: counties, states, countries."""
    if level is Level.PART:
        return _Keys().union(*(_keys(level, place.tags.get(tag)) for tag in PART_TAGS))
    texts = {Level.CITY: place.city, Level.POSTCODE: place.postcode}
    return _keys(level, texts.get(level))


def _keys(level: Level, text: str | None) -> _Keys:
    if level is Level.POSTCODE:
        return _Keys(code_keys(text)) if text else _Keys()
    return _Keys(place_key(name) for name in city_names(text))
