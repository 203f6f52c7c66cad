"""What a company is known again by when another campaign finds it: hashes, so that one look finds it among millions.

The rules are those of ``discovery.duplicates``, as keys: a record of a source is the same company for good; one of the
same name at the same address is, and one of the same name with the same phone number close by. Branches of a chain
share a name and a domain, so a domain says something only of a company that stands nowhere. Rows of an uploaded list
say no more than that of most companies: they find who is no branch, wherever it stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.campaign import OWN_LIST
from pipeline.discovery.distances import NEAR_M
from pipeline.discovery.records import name_words
from pipeline.geo.location import distance_km
from pipeline.lead import Business
from pipeline.words.text import folded

_HASH_BYTES = 16
_BETWEEN = "\x1f"
_FAR = frozenset({"phone"})
_SITE = "site"


@dataclass(frozen=True, slots=True)
class CompanyKey:
    """A key of a company: ``hashed`` is 16 bytes; when it ``needs_nearness``, a match that stands elsewhere is none.

    One that is not ``is_sought`` finds nobody: it is kept for rows of lists that come later.
    """

    hashed: bytes
    needs_nearness: bool
    is_sought: bool = True


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a company of the book stands, in degrees; None where that is not known."""

    lat: float | None
    lon: float | None


def company_keys(business: Business) -> tuple[CompanyKey, ...]:
    """The keys of a company, the surest first."""
    is_row = any(origin.source == OWN_LIST for origin in business.origins)
    return tuple(
        dict.fromkeys(
            CompanyKey(_hash(parts), parts[0] in _FAR, parts[0] != _SITE or is_row)
            for parts in _keys(business)
        )
    )


def is_in_book(business: Business, book: Mapping[bytes, Stand]) -> bool:
    """Whether storing the business would find a company: ``book`` has those its keys lead to, by ``hashed``."""
    for key in company_keys(business):
        company = book.get(key.hashed) if key.is_sought else None
        if company is None:
            continue
        if not (key.needs_nearness and stand_apart(business.lat, business.lon, company.lat, company.lon)):
            return True
    return False


def stand_apart(lat_a: float | None, lon_a: float | None, lat_b: float | None, lon_b: float | None) -> bool:
    """Whether two positions, in degrees, cannot be those of one company; where one is unknown, they can."""
    if lat_a is None or lon_a is None or lat_b is None or lon_b is None:
        return False
    return distance_km(lat_a, lon_a, lat_b, lon_b) * 1000 > NEAR_M


def _keys(business: Business) -> Iterator[tuple[str, ...]]:
    for origin in business.origins:
        yield "record", origin.source, origin.ref
    name = " ".join(sorted(name_words(business.name)))
    street, place = folded(business.street or ""), folded(business.postcode or business.city or "")
    if street and place:
        yield "address", name, street, place
    if business.phone:
        yield "phone", name, business.phone
    if business.domain and business.lat is None:
        yield "domain", name, business.domain
    if business.domain and not business.chain:
        yield _SITE, name, business.domain


def _hash(parts: tuple[str, ...]) -> bytes:
    return hashlib.sha256(_BETWEEN.join(parts).encode()).digest()[:_HASH_BYTES]
