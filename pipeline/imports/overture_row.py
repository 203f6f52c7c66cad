"""One row of Overture's places: what it says of a business, checked as a row of every file of places is.

Schema: https://docs.overturemaps.org/schema/reference/places/place/
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Annotated

from pydantic import Field, ValidationError

from pipeline.imports.parquet_file import Point, Raw
from pipeline.imports.places_row import Columns, checked, reason
from pipeline.imports.record import Record
from pipeline.licences import together
from pipeline.place import Place
from pipeline.words.kinds import MOST_KINDS, NO_BUSINESS, together_as
from pipeline.words.overture import kind_of

SOURCE = "overture"
CREDIT = "Overture Maps Foundation, overturemaps.org"
OWN_NAME = "overture:category"
"""The tag that keeps what Overture calls it: finer than our kinds, and words may look for it."""
_ID = re.compile(r"^[\w.:-]{8,100}$")
# Where a row does not say its licence: that of its data set, https://docs.overturemaps.org/attribution/
_THEME = "CDLA-Permissive-2.0"
_DATASETS: Mapping[str, tuple[str, str]] = {
    "meta": ("Meta", _THEME),
    "msft": ("Microsoft", _THEME),
    "microsoft": ("Microsoft", _THEME),
    "brightquery": ("BrightQuery", _THEME),
    "foursquare": ("© Foursquare Labs, Inc.", "Apache-2.0"),
    "fsq": ("© Foursquare Labs, Inc.", "Apache-2.0"),
    "alltheplaces": ("AllThePlaces", "CC0-1.0"),
}
_NETWORKS: Mapping[str, str] = {
    "facebook.com": "facebook",
    "fb.com": "facebook",
    "instagram.com": "instagram",
    "twitter.com": "twitter",
    "x.com": "x",
    "linkedin.com": "linkedin",
    "tiktok.com": "tiktok",
    "youtube.com": "youtube",
    "pinterest.com": "pinterest",
    "vk.com": "vk",
    "threads.net": "threads",
}
_HOST = re.compile(r"https?://([\w.-]+)", re.IGNORECASE)
_OPEN, _CLOSED = "open", ("permanently_closed", "temporarily_closed")


class OvertureRow(Columns):
    """What a row says, in the columns of places."""

    ID = _ID

    id: Annotated[str, Field(pattern=_ID.pattern)]


def record(position: int, raw: Raw, point: Point | None, observed_on: date | None) -> Record:
    """A row as a record; ``point`` is its longitude and latitude."""
    if point is None:
        return _bad(position, raw, "geometry: not a point")
    told = _kinds(raw)
    if isinstance(told, str):
        return Record(position=position, apart=told)
    category, tags = told
    odd = _further(raw, tags)
    try:
        columns, wrong = checked(OvertureRow, _columns(raw, category, tags, point))
    except ValidationError as error:
        return _bad(position, raw, reason(error))
    licence, attribution = _terms(_sources(raw))
    place = Place(
        source=SOURCE,
        source_ref=columns.pop("id"),
        observed_on=observed_on,
        licence=licence,
        attribution=attribution,
        **columns,
    )
    return Record(position=position, place=place, odd=(*odd, *wrong))


def _bad(position: int, raw: Raw, why: str) -> Record:
    ref = raw["id"] if isinstance(raw["id"], str) and _ID.fullmatch(raw["id"]) else None
    return Record(position=position, problem=why, ref=ref, is_lost=ref is None)


def _columns(raw: Raw, category: str, tags: dict[str, str], point: tuple[float, float]) -> dict[str, object]:
    said = _address(raw)
    names, brand = raw["names"] or {}, raw.get("brand") or {}
    return {
        "id": raw["id"],
        "name": names.get("primary"),
        "category": category,
        "lon": point[0],
        "lat": point[1],
        "street": said.get("freeform"),
        "city": said.get("locality"),
        "postcode": said.get("postcode"),
        "country": said.get("country"),
        "phone": raw.get("phones") or None,
        "website": raw.get("websites") or None,
        "email": raw.get("emails") or None,
        "brand": (brand.get("names") or {}).get("primary"),
        "tags": tags,
    }


def _address(raw: Raw) -> Mapping[str, str | None]:
    """The first address, which is where the place is."""
    return next(filter(None, raw.get("addresses") or ()), {})


def _sources(raw: Raw) -> tuple[tuple[str | None, str | None], ...]:
    return tuple((said.get("dataset"), said.get("license")) for said in raw.get("sources") or () if said)


def _kinds(raw: Raw) -> tuple[str, dict[str, str]] | str:
    """The category of a row and the tags that say what else and which finer kind it is; or why it is no business."""
    said = raw.get("taxonomy") or {}
    older = raw.get("categories") or {}
    primary, basic = said.get("primary") or older.get("primary") or "", raw.get("basic_category")
    names = tuple((said.get("alternates") or older.get("alternate") or ())[: MOST_KINDS - 1])
    told = _meant(primary, tuple(said.get("hierarchy") or ()), basic, names)
    return told if isinstance(told, str) else (told[0], dict(told[1]))


# Few of all the ways to put categories together are used; a file has millions of rows.
@lru_cache(maxsize=8192)
def _meant(
    primary: str, hierarchy: tuple[str, ...], basic: str | None, names: tuple[str | None, ...]
) -> tuple[str, dict[str, str]] | str:
    """What ``_kinds`` says of a row."""
    if not primary and not basic:
        return "without a category"
    told = _kind(primary, hierarchy, basic)
    if told is None:
        return f"of a category that is not known, {(primary or basic or '')[:60]!a}"
    if told == NO_BUSINESS:
        return (primary or basic or "").replace("_", " ")
    others = (_kind(name or "", (), None) for name in names)
    category, tags = together_as(told, (other for other in others if other and other != NO_BUSINESS))
    return category, {**tags, OWN_NAME: primary or basic or ""}


@lru_cache(maxsize=8192)
def _kind(primary: str, hierarchy: tuple[str, ...], basic: str | None) -> str | None:
    told = kind_of(primary, hierarchy, basic)
    return told[0] if told else None


def _further(raw: Raw, tags: dict[str, str]) -> list[str]:
    """What goes into tags beside the kinds; what of it could not be read."""
    odd = []
    status, said = raw.get("operating_status") or _OPEN, _address(raw)
    if status in _CLOSED:
        tags["operational_status"] = status
    elif status != _OPEN:
        odd.append(f"operating_status: {status[:40]!a} is none")
    if region := said.get("region"):
        tags["addr:state"] = region.removeprefix(f"{said.get('country')}-")
    if wikidata := (raw.get("brand") or {}).get("wikidata"):
        tags["brand:wikidata"] = wikidata
    for page in filter(None, raw.get("socials") or ()):
        network = _network(page)
        if network:
            tags.setdefault(f"contact:{network}", page)
        else:
            odd.append(f"socials: {page[:60]!a} is no network that is known")
    return odd


def _network(page: str) -> str | None:
    found = _HOST.match(page)
    return _NETWORKS.get(".".join(found[1].casefold().split(".")[-2:])) if found else None


@lru_cache(maxsize=1024)
def _terms(sources: tuple[tuple[str | None, str | None], ...]) -> tuple[str, str]:
    """The licence of a row and whom to credit for it, from the data sets it was made of and the licences they say."""
    names: dict[str, None] = {}
    licences = []
    for dataset, licence in sources:
        folded = (dataset or "").casefold().replace(" ", "")
        name, usual = next(
            (known for start, known in _DATASETS.items() if folded.startswith(start)), (dataset or "", _THEME)
        )
        names |= {name: None} if name else {}
        licences.append(licence or usual)
    credit = f"{CREDIT}: {', '.join(names)}" if names else CREDIT
    return together(licences) or _THEME, credit
