"""What a place says of its address, part by part.

Names of the parts: https://wiki.openstreetmap.org/wiki/Key:addr
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.campaign import clean_text
from pipeline.contact.contacts import NOTHING, Reading
from pipeline.geo.addresses import address_line, has_lost_zeros, street_line
from pipeline.geo.countries import country_code, country_name
from pipeline.place import Place
from pipeline.words.register_tags import REGISTERS

_MAX_TEXT = 300


def text(value: str | None) -> str | None:
    """One clean line of at most 300 characters, or None when nothing readable is left."""
    try:
        line = str(clean_text(value or ""))
    except ValueError:
        return None
    return line[:_MAX_TEXT].rstrip() or None


def country_of(place: Place) -> str | None:
    """The country a place names, by a code or a name ("UK" is GB), as a code of ISO 3166 alpha-2."""
    return _country(place.country) if place.country else None


@lru_cache(maxsize=1024)
def _country(named: str) -> str | None:
    return next((code for part in re.split(r"[;,/|]", named) if (code := country_code(part))), None)


def house_number(place: Place) -> str | None:
    """The house number, several of them parted by slashes."""
    number = text(place.housenumber)
    return re.sub(r"\s*;\s*", "/", number) if number else None


def street(place: Place, region: str | None) -> Reading:
    """The street line alone, in the order of the country, with what tells the house, the unit and the floor."""
    line = text(place.street) or text(place.tags.get("addr:full"))
    number = house_number(place) if text(place.street) else None
    house = text(place.tags.get("addr:housename") or place.tags.get("contact:housename"))
    if house and house.casefold() in {(number or "").casefold(), (line or "").casefold()}:
        house = None
    return Reading(street_line(line, number, region, house=house, inside=_inside(place)))


def _inside(place: Place) -> str | None:
    """Where in the house: "unit 4, floor 2"; a text of its own stays as it is."""
    said: list[str] = []
    for name in ("unit", "suite", "door", "floor"):
        value = text(place.tags.get(f"addr:{name}"))
        if value:
            said.append(
                value if any(len(word) > 3 for word in re.findall(r"[^\W\d_]+", value)) else f"{name} {value}"
            )
    return ", ".join(said) or None


def registered_office(place: Place, region: str | None) -> Reading:
    """The whole address a register states, which is where a company can be served and often not where it works."""
    if place.source not in REGISTERS:
        return NOTHING
    where = country_of(place) or region
    parts = street(place, where).value, postcode(place, where).value, city(place, where).value
    return Reading(address_line(*parts, country=where))


def postcode(place: Place, region: str | None) -> Reading:
    """The postcode, unless it was cut short on its way."""
    code = text(place.postcode) or text(place.tags.get("postal_code"))
    if code and has_lost_zeros(code, region):
        where = country_name(region or "")
        return Reading(
            reason=f"The listed postcode “{code}” is none of {where}: it seems to lack zeros in front."
        )
    return Reading(code)


def city(place: Place, region: str | None) -> Reading:
    """A city's name holds a letter; the data also has floor numbers in this field."""
    named = (place.city, *(place.tags.get(f"addr:{kind}") for kind in ("town", "village", "hamlet")))
    cities = (city for name in named if (city := text(name)) and any(char.isalpha() for char in city))
    return Reading(next(cities, None))


def state(place: Place, region: str | None) -> Reading:
    """The state or province as it is written there."""
    return Reading(text(place.tags.get("addr:state")) or text(place.tags.get("addr:province")))
