"""The address of a Google place as its country writes it.

``addressComponents`` has a part for each thing Google knows, and none for what it only wrote down in
``formattedAddress``: a house with a name often comes without its route and house number. What the parts lack is then
read from the written address, less everything that is known to be something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from pipeline.geo.addresses import NUMBER_FIRST, names_state
from pipeline.geo.countries import country_code

# No real value is longer; an endless one would make a page that was paid for too large to keep.
Line = Annotated[str, AfterValidator(lambda text: text[:300])]

# In Great Britain and Sweden letters go to the post town, in Brooklyn to a part of a city that is not named itself.
_CITY = ("postal_town", "locality", "administrative_area_level_3", "sublocality_level_1", "sublocality")
_HOUSE = re.compile("premise|subpremise|floor|room|post_box|point_of_interest|establishment|landmark")
_QUARTER = re.compile("sublocality.*|neighborhood")
_REGION = re.compile("locality|postal_.*|administrative_area_.*|country|continent|plus_code|colloquial_area")
# The alphabet of Open Location Codes: github.com/google/open-location-code, specification.
_PLUS_CODE = re.compile(r"\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b")
_WORD = r"\w+"
_NUMBER = r"\d+\s?[A-Za-z]?(?:[-/–]\d+\s?[A-Za-z]?)?"
_FIRST = re.compile(rf"({_NUMBER})\s+(\D.*)")
_LAST = re.compile(rf"(.*\D)\s+({_NUMBER})")


class Component(BaseModel):
    """One part of an address: its names and what it is."""

    model_config = ConfigDict(extra="ignore")
    longText: Line = ""
    shortText: Line = ""
    types: list[Line] = Field(default=[], max_length=50)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The parts a place is stored with; ``country`` is an ISO 3166 alpha-2 code."""

    street: str | None
    housenumber: str | None
    city: str | None
    postcode: str | None
    country: str | None
    state: str | None = None


def address_of(components: Sequence[Component], written: str | None, region: str | None = None) -> Address:
    """The address that the components and ``formattedAddress`` make; nothing in it is guessed.

    ``region`` is the country whose order one without a country is read in.
    """
    parts = {kind: part for part in reversed(components) for kind in part.types if part.longText.strip()}
    country = parts["country"].shortText if "country" in parts else None
    route = parts.get("route") or parts.get("street_address")
    if route:
        number = parts.get("street_number")
        street: str | None = route.longText
        housenumber = number.longText if number else None
    else:
        here = country or region
        street, housenumber = _parted(_street_line(components, written or "", here), here)
    postcode = parts.get("postal_code")
    return Address(
        street=street,
        housenumber=housenumber,
        city=_city([parts[kind].longText for kind in _CITY if kind in parts], written or ""),
        postcode=postcode.longText if postcode else None,
        country=country,
        state=_state(parts, country),
    )


def _state(parts: Mapping[str, Component], country: str | None) -> str | None:
    """The state in the short form ("MD"), where the country writes it."""
    area = parts.get("administrative_area_level_1")
    return (area.shortText or area.longText) if area and names_state(country) else None


def _city(candidates: Sequence[str], written: str) -> str | None:
    """The first that stands in the written address, else the first."""
    return next((name for name in candidates if name in written), next(iter(candidates), None))


def _street_line(components: Sequence[Component], written: str, country: str | None) -> str | None:
    """The piece of the written address that is the street: one with a number before one without, and the name of a
    house only where there is nothing else."""
    places, houses = _names(components, _REGION), _names(components, _HOUSE)
    pieces = [piece for piece in _pieces(components, written, country) if _is_left(piece, places)]
    streets = [piece for piece in pieces if piece.casefold() not in houses]
    exact = [piece for piece in streets if _is_left(piece, _names(components, _QUARTER))] or streets
    numbered = [piece for piece in exact if any(char.isdigit() for char in piece)]
    # Where the number comes first, so do the names of houses; elsewhere the street does.
    is_first = country in NUMBER_FIRST
    order = _FIRST if is_first else _LAST
    usual = [piece for piece in numbered if country and order.fullmatch(piece)] or numbered
    if usual:
        return usual[-1 if is_first else 0]
    # Without components nothing tells a street from a town.
    return next(iter([*exact, *pieces]), None) if components else None


def _pieces(components: Sequence[Component], written: str, country: str | None) -> list[str]:
    """The written address without postcodes and country; a house number behind a comma belongs to its street."""
    pieces: list[str] = []
    for piece in re.split(r"[,、，\n]", written):
        text = _without_postcode(piece, components)
        if pieces and country not in NUMBER_FIRST and re.fullmatch(_NUMBER, text):
            pieces[-1] = f"{pieces[-1]} {text}"
        elif text and not _is_country(text, country):
            pieces.append(text)
    return pieces


def _is_country(text: str, country: str | None) -> bool:
    named = country_code(text)
    return named is not None and country in (None, named)


def _without_postcode(piece: str, components: Sequence[Component]) -> str:
    for part in components:
        if "postal_code" in part.types and part.longText.strip():
            piece = piece.replace(f"〒{part.longText}", "").replace(part.longText, "")
    return " ".join(_PLUS_CODE.sub("", piece).split())


def _is_left(piece: str, names: set[str]) -> bool:
    """Whether a piece says more than these names: something with a letter in it."""
    words = _spaced(piece)
    for name in sorted(names, key=len, reverse=True):
        words = words.replace(_spaced(name), " ")
    return any(char.isalpha() for char in words)


def _spaced(text: str) -> str:
    """The words of a text with blanks around each."""
    return f" {' '.join(re.findall(_WORD, text.casefold()))} "


def _names(components: Sequence[Component], kinds: re.Pattern[str]) -> set[str]:
    """What the components of these kinds are called, in lower case."""

    def all_names() -> Iterator[str]:
        for part in components:
            if any(kinds.fullmatch(kind) for kind in part.types):
                yield from (part.longText.strip().casefold(), part.shortText.strip().casefold())

    return {name for name in all_names() if name}


def _parted(line: str | None, country: str | None) -> tuple[str | None, str | None]:
    """Street and house number of a line that puts the number where its country does; else the line as it is."""
    if line is None or country is None:
        return line, None
    if country in NUMBER_FIRST:
        found = _FIRST.fullmatch(line)
        return (found[2], found[1]) if found else (line, None)
    found = _LAST.fullmatch(line)
    return (found[1], found[2]) if found else (line, None)
