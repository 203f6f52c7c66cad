"""Whether a record says that its business is gone, is not there yet, or may be gone: one rule for every source.

Meanings: https://wiki.openstreetmap.org/wiki/Lifecycle_prefix, Key:opening_hours, Key:end_date and Key:opening_date
there. What is plain leaves a business out; what is only written in words for people is a doubt that is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from pipeline.place import Place
from pipeline.words.closing_words import AGAIN, CLOSING, UNSURE, WHOLE
from pipeline.words.dates import span
from pipeline.words.hours import is_never_open, is_readable
from pipeline.words.text import folded, one_line

_STATES = (
    *("abandoned", "closed", "demolished", "destroyed", "disused", "permanently_closed", "razed", "removed"),
    *("construction", "planned", "proposed"),
)
"""What a tag of its own says, and what stands before the key of something that is gone or is not there yet."""
_FLAGS = frozenset({*_STATES, "vacant"})
_PREFIXES = tuple(f"{state}:" for state in (*_STATES, "ruins", "was"))
_STATUS = frozenset({"operational_status", "status", "business_status"})
_WORDS = frozenset(
    {
        *_FLAGS,
        *("closed permanently", "permanently closed", "closed temporarily", "temporarily closed"),
        *("defunct", "empty", "inactive", "no longer operating", "none", "out of business", "out of order"),
    }
)
_NO = frozenset({"", "0", "false", "minor", "no", "none"})
_ENDS = ("end_date", "closing_date", "closed_date")
_OTHER_HOURS = "contact:opening_hours"
_STARTS = ("opening_date", "start_date")
_NOTES = re.compile(
    r"(fixme|note|description|comment|remark|opening_hours:note|source:note)(:[a-z_-]+)?", re.IGNORECASE
)
_ADDED = re.compile(r"[(\[]([^)\]]+)[)\]]|\s[-–—]\s(.+)$")
_SHOWN = 120


def is_closed(place: Place, today: date) -> bool:
    """Whether the record itself says that the business is no longer there, or that it is still being built."""
    category, _, value = place.category.partition("=")
    tags = place.tags
    if not place.opening_hours and _word(value) not in _WORDS and _telling_keys(category).isdisjoint(tags):
        # The same by a quicker way: most records say nothing of it.
        return False
    if _word(value) in _WORDS or any(_word(tags[key]) in _WORDS for key in _STATUS & tags.keys()):
        return True
    if any(tags[flag].strip().casefold() not in _NO for flag in _FLAGS & tags.keys()):
        return True
    if any(_names(tags[gone], value) for gone in _gone_keys(category) & tags.keys()):
        return True
    if any(_is_closing(text, today) for text in _hours(place)):
        return True
    end = ends_on(tags)
    return end is not None and end < today


def is_ahead(place: Place, today: date) -> bool:
    """Whether the record says that the business opens on a later day."""
    starts = (span(place.tags.get(key, "")) for key in _STARTS)
    return any(meant is not None and meant[0] is not None and meant[0] > today for meant in starts)


def ends_on(tags: Mapping[str, str]) -> date | None:
    """The last day that ``end_date`` may mean: of its year or month too; None when absent or not a date."""
    if tags.keys().isdisjoint(_ENDS):
        return None
    spans = [meant for key in _ENDS if key in tags and (meant := span(tags[key].strip()))]
    last = [day for _, day in spans if day]
    return min(last, default=None)


def doubt(place: Place) -> str | None:
    """What the record says in words that makes it doubtful whether the business is still there, quoted; or None."""
    quoted = (
        f"{key}: {_shown(value)}" for key, value in _said(place) if key == "name" or _is_doubtful(value)
    )
    dated = (f"{key}: {_shown(text)}" for key in _ENDS if _is_open_ended(text := place.tags.get(key, "")))
    return next(quoted, None) or next(dated, None)


@lru_cache(maxsize=128)
def _gone_keys(category: str) -> frozenset[str]:
    """The keys under which a business of a category stands when it is gone or not there yet."""
    return frozenset(f"{prefix}{category}" for prefix in _PREFIXES)


@lru_cache(maxsize=128)
def _telling_keys(category: str) -> frozenset[str]:
    """Every key that may say of a business of a category that it is gone or not there yet."""
    return _gone_keys(category) | _STATUS | _FLAGS | {*_ENDS, _OTHER_HOURS}


def _names(said: str, value: str) -> bool:
    """Whether a tag with a prefix is about this kind of business: another one may have been here before."""
    return bool({part.strip() for part in said.split(";")} & {value, "yes"})


def _hours(place: Place) -> Iterator[str]:
    yield from (text.strip() for text in (place.opening_hours, place.tags.get(_OTHER_HOURS)) if text)


def _is_closing(text: str, today: date) -> bool:
    return folded(text) in CLOSING | WHOLE or _word(text) in _WORDS or is_never_open(text, today)


def _said(place: Place) -> Iterator[tuple[str, str]]:
    """What people wrote to people."""
    # Names hold such words of their own; what was added to one stands in brackets or behind a dash.
    yield from (("name", place.name) for added in _ADDED.findall(place.name) if _is_doubtful(" ".join(added)))
    yield from ((key, value) for key, value in place.tags.items() if _NOTES.fullmatch(key))
    yield from (("opening_hours", text) for text in _hours(place) if '"' in text or not is_readable(text))


def _is_doubtful(text: str) -> bool:
    said = f" {folded(text)} "
    if said.strip() in WHOLE:
        return True
    if any(f" {phrase} " in said for phrase in UNSURE):
        return True
    return any(f" {word} " in said for word in CLOSING) and not any(f" {word}" in said for word in AGAIN)


def _is_open_ended(text: str) -> bool:
    """An end that is no day: "yes", "soon", "after 2019"."""
    if text.strip().casefold() in _NO:
        return False
    meant = span(text)
    return meant is None or meant[1] is None


@lru_cache(maxsize=4096)
def _word(text: str) -> str:
    bare = text.strip().casefold()
    return bare if bare in _WORDS else folded(text.replace("_", " "))


def _shown(text: str) -> str:
    line = one_line(text)
    return f"“{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}”"
