"""Leads by what people type: words, a place, or the distance from one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from pipeline.geo.location import EARTH_RADIUS_KM, bounding_box
from store.tables import leads

_WORD = re.compile(r"[^\W_]+")
_LEAST_PHONE_DIGITS = 5
_HALF_ROUND = 180


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Within so many kilometres of a point, WGS 84 degrees."""

    lat: float
    lon: float
    km: float


def words_of(text: str) -> list[str]:
    """The words of a text, letter case and accents aside."""
    return _WORD.findall(_plain(text))


def typed_words(text: str) -> list[str]:
    """The words of a text; digits of a phone number count as one."""
    digits = re.sub(r"[\s()+./-]", "", _plain(text))
    return [digits] if digits.isdecimal() and len(digits) >= _LEAST_PHONE_DIGITS else words_of(text)


def begins_words(workspace_id: UUID, words: Sequence[str]) -> sa.ColumnElement[bool]:
    """Each of the words begins a word of the lead, by the index of the book; no words find nothing."""
    if not words:
        return sa.false()
    query = query_of(workspace_id, words)
    return leads.c.words.op("@@", is_comparison=True)(sa.func.to_tsquery("simple", query))


def query_of(workspace_id: UUID, words: Sequence[str]) -> str:
    """What finds the beginnings of words in the index of the book."""
    return " & ".join(f"'{str(workspace_id)[:8]}{word}':*" for word in words)


def is_placed(text: str) -> sa.ColumnElement[bool]:
    """Each word of the text begins a word of the address, the postcode or the city; no words find nothing."""
    where = sa.func.book_plain(sa.func.concat_ws(" ", leads.c.address, leads.c.postcode, leads.c.city))
    words = words_of(text)
    # A word holds letters and digits alone, so that none of it means anything to a pattern. One pattern for all of
    # them, as what it is compared with is made each time.
    begins = "".join(rf"(?=(?:.*[^[:alnum:]])?{word})" for word in words)
    return where.op("~", is_comparison=True)(f"^{begins}") if words else sa.false()


def is_within(near: Near) -> Iterator[sa.ColumnElement[bool]]:
    """By the haversine formula; first the box around the circle, which an index finds."""
    box = bounding_box(near.lat, near.lon, near.km)
    yield leads.c.lat.between(box.south, box.north)
    if box.west >= -_HALF_ROUND and box.east <= _HALF_ROUND:
        yield leads.c.lon.between(box.west, box.east)
    half_up = sa.func.sin(0.5 * sa.func.radians(leads.c.lat - near.lat))
    half_across = sa.func.sin(0.5 * sa.func.radians(leads.c.lon - near.lon))
    shrink = sa.func.cos(sa.func.radians(near.lat)) * sa.func.cos(sa.func.radians(leads.c.lat))
    chord = sa.func.sqrt(sa.func.power(half_up, 2) + shrink * sa.func.power(half_across, 2))
    yield 2 * EARTH_RADIUS_KM * sa.func.asin(sa.func.least(1, chord)) <= near.km


def _plain(text: str) -> str:
    # As book_plain has it in migrations/sql/0027_book.sql.
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not "\u0300" <= c <= "\u036f").lower()
