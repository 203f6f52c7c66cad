"""Facts of a business that only some sources state: how it is rated, when it was founded, how large it is.

Ratings stand among the tags of a place under the name of who states them, so that nobody else's tag is taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from pipeline.contact.contacts import NOTHING, Reading
from pipeline.place import Place
from pipeline.words.register_tags import FOUNDED, SIZE, SIZES

RATING, REVIEWS = "google:rating", "google:reviews"
_RATING = re.compile(r"[0-5](\.[0-9])?")
_NUMBER = re.compile(r"[0-9]{1,9}")
_DAY = re.compile(r"([0-9]{4})(-[0-9]{2}){0,2}")


def rating_tags(rating: float | None, reviews: int | None) -> Mapping[str, str]:
    """The tags of a place that is rated from 1 to 5 by so many reviews; none of one that is not rated."""
    if rating is None:
        return {}
    return {RATING: f"{rating:.1f}", **({} if reviews is None else {REVIEWS: str(reviews)})}


def rating(place: Place, region: str | None) -> Reading:
    """From 1 to 5, with one decimal."""
    return _said(place, RATING, _RATING.fullmatch)


def reviews(place: Place, region: str | None) -> Reading:
    """How many reviews the rating rests on."""
    return _said(place, REVIEWS, _NUMBER.fullmatch)


def founded(place: Place, region: str | None) -> Reading:
    """The day of the founding, or as much of it as is stated: an ISO date, its month or its year."""
    return _said(place, FOUNDED, _is_day)


def size(place: Place, region: str | None) -> Reading:
    """One of ``SIZES``."""
    return _said(place, SIZE, SIZES.__contains__)


def year_of(founded: str) -> int:
    """The year of a day as ``founded`` reads it."""
    return int(founded[:4])


def _said(place: Place, tag: str, is_one: Callable[[str], object]) -> Reading:
    """The value of a tag; one that is written otherwise says nothing."""
    value = place.tags.get(tag, "").strip()
    return Reading(value) if value and is_one(value) else NOTHING


def _is_day(value: str) -> bool:
    if not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value + "-01" * (2 - value.count("-")))
    except ValueError:
        return False
    return True
