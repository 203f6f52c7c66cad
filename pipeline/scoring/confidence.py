"""How sure one can be that a business is real, is what was asked for, and is still there: the rules of each part.

Evidence repeats no value of a source: some may be kept for a while only, and what was said of them stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from pipeline.fields import BY_NAME
from pipeline.lead import BOOK_COMPANY, Business, Origin
from pipeline.scoring.figures import Rule, Share, Subject
from pipeline.words.categories import BUSINESS_KEYS, label_for
from pipeline.words.text import folded

_NO_NAMES = frozenset(
    {"test", "unnamed", "no name", "noname", "unknown", "todo", "fixme", "na", "none", "name"}
)
_RECORDED = ("address", "phone", "website", "email", "opening_hours")
_DOUBT = "doubt"
"""The detail of a business that quotes what its records say of a closure in words."""
_DAYS_PER_YEAR = 365.25
_FRESHNESS = ((1, 100), (2, 80), (3, 60), (5, 35), (8, 15))
"""Not older than so many years: so many percent; our own choice."""
_UNDATED = 25
"""What nobody dated may be of any age: less than what is five years old, never like what is fresh."""


def category(subject: Subject) -> Share:
    """Whether it is what was asked for."""
    business, types = subject.business, subject.context.types
    label = f"{label_for(business.category)} ({business.category})"
    if BOOK_COMPANY in business.details:
        return 100, f"It was chosen from your book itself; recorded as {label}."
    tagged = [match.typed for match in types if business.category in match.tags]
    if tagged:
        return 100, f"Recorded as {label}, which “{tagged[0]}” asks for."
    by_words = [match for match in types if match.words and not match.tags]
    name = f" {folded(business.name)} "
    in_name = [match.typed for match in by_words if all(f" {word}" in name for word in match.words)]
    if in_name:
        return 80, f"The name holds “{in_name[0]}”; recorded as {label}."
    if by_words:
        return 50, f"Found by the words “{by_words[0].typed}” in its record; recorded as {label}."
    if business.category.partition("=")[0] not in BUSINESS_KEYS:
        # A type that only its source knows; the source gave it as an answer to what was asked for.
        return 50, f"{business.origins[0].label} lists it for what was asked for; recorded as {label}."
    return 0, f"Recorded as {label}, which was not asked for."


def name(subject: Subject) -> Share:
    """Whether it carries a name of its own."""
    business = subject.business
    plain = folded(business.name)
    if plain in _NO_NAMES:
        return 0, "Its name is a placeholder."
    if not any(char.isalpha() for char in plain) or len(plain) < 2:
        return 30, "Its name is hardly one."
    if plain == folded(label_for(business.category)):
        return 50, "Its name only says what kind of business it is."
    return 100, "It has a name of its own."


def corroboration(subject: Subject) -> Share:
    """How many sources agree; its own website counts as one when it names the business."""
    business = subject.business
    labels = _labels(business)
    if len(labels) > 1:
        return 100, f"{_joined(labels)} agree on this business."
    if len(business.origins) > 1:
        return 60, f"{len(business.origins)} records of {labels[0]} agree on this business."
    return 0, f"One record of {labels[0]} holds this business."


def _record(subject: Subject) -> Share:
    """A record that says little is often one that nobody looks after."""
    there = [field for field in _RECORDED if subject.business.value(field)]
    missing = [BY_NAME[field].label for field in _RECORDED if field not in there]
    share = 100 * len(there) // len(_RECORDED)
    if not there:
        return 0, "Nothing but its name and kind is recorded."
    said = f"Recorded: {_listed([BY_NAME[field].label for field in there])}"
    return share, f"{said}; missing: {_listed(missing)}." if missing else f"{said}."


def _freshness(subject: Subject) -> Share:
    business = subject.business
    if doubt := business.value(_DOUBT):
        return 0, f"When it was seen says little: it may have closed ({doubt})."
    days = {origin.observed_on: origin.label for origin in _witnesses(business) if origin.observed_on}
    if not days:
        return _UNDATED, "Nobody says when this was observed, so it may be of any age."
    newest = max(days)
    years = (subject.context.today - newest).days / _DAYS_PER_YEAR
    share = next((percent for limit, percent in _FRESHNESS if years <= limit), 0)
    age = "less than a year ago" if years < 1 else f"{years:.0f} {'year' if years < 1.5 else 'years'} ago"
    return share, f"Last observed on {newest} ({days[newest]}), {age}."


def _closing(subject: Subject) -> Share:
    doubt = subject.business.value(_DOUBT)
    if doubt:
        return 0, f"It may have closed ({doubt})."
    return 100, "Nothing in its records says that it closed."


def _witnesses(business: Business) -> tuple[Origin, ...]:
    """Who says that it exists: its records, and its own website where that names it."""
    named = business.provenance.get("name")
    return (*business.origins, named) if named else business.origins


def _labels(business: Business) -> list[str]:
    return list(dict.fromkeys(origin.label for origin in _witnesses(business)))


def _joined(labels: Sequence[str]) -> str:
    return " and ".join(labels)


def _listed(words: Sequence[str]) -> str:
    return ", ".join(word if word == "E-mail" else word.lower() for word in words).replace("E-mail", "e-mail")


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "category": category,
        "name": name,
        "record": _record,
        "corroboration": corroboration,
        "freshness": _freshness,
        "closing": _closing,
    }
)
