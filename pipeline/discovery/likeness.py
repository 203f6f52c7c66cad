"""How alike two records of different sources are: a sum of named parts, from their names, contacts and addresses.

The weights are those of a logistic regression over 3,000 labelled pairs of places of two sources, worldwide, rounded;
``python -m bench.merging FILE`` measures them on such a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from urllib.parse import urlsplit

from rapidfuzz import fuzz

from pipeline.discovery.records import Record
from pipeline.discovery.street_words import house_marks, street_words
from pipeline.words.text import folded

WEIGHTS: Mapping[str, float] = MappingProxyType(
    {
        "core": 2.3,
        "holds": 2.6,
        "within": 3.4,
        "equal": 1.6,
        "length": -2.0,
        "numbered": -3.3,
        "department": -3.7,
        "apart": -0.9,
        "phone": 1.4,
        "other phone": -0.7,
        "page": 0.7,
        "other page": -1.3,
        "house": 0.8,
        "other house": -1.7,
        "street": 1.9,
        "other postcode": -0.5,
    }
)
BIAS = -6.5
ONE_BUSINESS = 1.45
"""From this sum on two records are taken for one business: 97 of 100 pairs that reach it are (``bench.merging``)."""
_OTHER_STREET = 0.5
"""Streets less alike than this are two: "Pier Street" and "Pier St" are one, and "Market Square" is another."""

# What a business in a business, or a part of one, adds to the name of the whole.
_DEPARTMENTS = frozenset(
    (
        *(
            "atm",
            "atms",
            "auctions",
            "bakery",
            "bitcoin",
            "bus",
            "charging",
            "collision",
            "deli",
            "department",
            "dept",
        ),
        *(
            "emergency",
            "floral",
            "fuel",
            "garden",
            "geldautomat",
            "grooming",
            "icu",
            "imaging",
            "kiosk",
            "lab",
        ),
        *(
            "laboratory",
            "money",
            "mortgage",
            "multibanco",
            "optical",
            "parking",
            "parts",
            "pharmacy",
            "photo",
        ),
        *(
            "apotheke",
            "apteekki",
            "farmacia",
            "pharmacie",
            "radiology",
            "recharge",
            "tech",
            "tire",
            "training",
        ),
        *("vaccination", "vaccinations", "vision", "museokauppa", "giftshop"),
    )
)


def likeness(a: Record, b: Record) -> float:
    """The sum of the parts: the higher, the more likely two records of different sources are one business."""
    parts = {**_names(a, b), **_contacts(a, b), **_places(a, b)}
    return BIAS + sum(WEIGHTS[name] * value for name, value in parts.items())


def says_other_address(a: Record, b: Record) -> bool:
    """Whether two sources name different streets or houses for what has not even its phone number in common."""
    if a.value("phone") and a.value("phone") == b.value("phone"):
        return False
    places = _places(a, b)
    return places["other house"] > 0 or places["street"] < _OTHER_STREET


def has_other_page(a: Record, b: Record) -> bool:
    """Whether each has a page of its own on one company's site: two branches, or the café and the restaurant of one
    house."""
    pages = _page(a), _page(b)
    if not all(pages) or a.value("domain") is None or a.value("domain") != b.value("domain"):
        return False
    hosts = {(page or "").partition("/")[0] for page in pages}
    return pages[0] != pages[1] and (len(hosts) == 2 or all("/" in (page or "") for page in pages))


def _names(a: Record, b: Record) -> Mapping[str, float]:
    """How alike the names are, less the words that say where it is."""
    where = set(folded(" ".join(filter(None, (*_where(a), *_where(b))))).split())
    left, right = a.name_key, b.name_key
    joined = "".join(left), "".join(right)
    cores = tuple(" ".join([word for word in key if word not in where] or key) for key in (left, right))
    more, fewer = set(left) - set(right), set(right) - set(left)
    return {
        "core": fuzz.token_sort_ratio(*cores) / 100,
        "holds": fuzz.token_set_ratio(*cores) / 100,
        "within": fuzz.partial_ratio(*joined) / 100,
        "equal": float(cores[0].replace(" ", "") == cores[1].replace(" ", "")),
        "length": min(len(left), len(right)) / max(len(left), len(right)),
        "numbered": float(any(map(_is_mark, more - where)) and any(map(_is_mark, fewer - where))),
        "department": float(bool((more | fewer) & _DEPARTMENTS)),
        "apart": float(min(_foreign(more - where, joined[1]), _foreign(fewer - where, joined[0]))),
    }


def _foreign(words: set[str], name: str) -> int:
    """How many of the words are in no way part of a name."""
    return sum(word not in name for word in words)


def _where(record: Record) -> tuple[str | None, ...]:
    return record.place.city, record.place.street, record.place.postcode


def _is_mark(word: str) -> bool:
    """A number or a letter that tells one of several."""
    return word.isdigit() or len(word) == 1


def _contacts(a: Record, b: Record) -> Mapping[str, float]:
    phones = a.value("phone"), b.value("phone")
    pages = _page(a), _page(b)
    return {
        "phone": float(all(phones) and phones[0] == phones[1]),
        "other phone": float(all(phones) and phones[0] != phones[1]),
        "page": float(all(pages) and pages[0] == pages[1]),
        "other page": float(has_other_page(a, b)),
    }


def _page(record: Record) -> str | None:
    """The web page without what does not tell pages apart."""
    url = record.value("website")
    parts = urlsplit(url) if url else None
    return f"{(parts.hostname or '').removeprefix('www.')}{parts.path.rstrip('/').lower()}" if parts else None


def _places(a: Record, b: Record) -> Mapping[str, float]:
    left, right = street_words(a.place), street_words(b.place)
    houses = [house_marks(record.place) for record in (a, b)]
    names = [" ".join(word for word in words if not word[0].isdigit()) for words in (left, right)]
    codes = [(record.place.postcode or "").replace(" ", "")[:5].casefold() for record in (a, b)]
    return {
        "house": float(all(houses) and houses[0][0] == houses[1][0]),
        "other house": float(all(houses) and not set(houses[0]) & set(houses[1])),
        "street": fuzz.token_sort_ratio(*names) / 100 if all(names) else 0.5,
        "other postcode": float(all(codes) and codes[0] != codes[1]),
    }
