"""Are the fields of a business kept and right, and is it found? Every value against the raw tags, read a second way.

``python -m bench.quality [FILE …]`` takes JSON-lines files of places (the shipped ones without any). What a row holds
is read here by rules of their own: numbers by digits, addresses by their parts, in the order of their country; and each
value a business has or lacks is held against it. Then what a search finds, by category and place. A country given as
``FILE=GB`` is that of the file.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import phonenumbers

import settings
from bench import _recall
from pipeline.discovery.businesses import from_records
from pipeline.discovery.records import is_open, read
from pipeline.imports import places_file
from pipeline.lead import Business

LEAST_RIGHT = 0.995
_SHIPPED = (f"{settings.PROJECT_ROOT / 'data' / 'helsinki-core.jsonl.gz'}=FI",)
_TODAY = date(2019, 4, 21)
# Written down by hand for the countries whose files are at hand: https://www.upu.int, postal addressing systems.
_NUMBER_FIRST = {"GB", "IM", "JE", "GG", "US", "CA", "AU", "IE", "FR", "LU", "MC", "NZ"}
_CODE_LAST = {"GB", "IM", "JE", "GG", "US", "CA", "AU", "IE", "NZ"}

Tags = Mapping[str, str]
Judged = Iterator[tuple[str, bool, str]]
"""The kind of a field, whether it is right, and what to show of one that is not."""


def main(arguments: list[str]) -> int:
    right: Counter[str] = Counter()
    all_: Counter[str] = Counter()
    wrong: dict[str, list[str]] = defaultdict(list)
    files = [
        (Path(path), country or None)
        for path, _, country in (a.partition("=") for a in arguments or _SHIPPED)
    ]
    for path, country in files:
        if not path.is_file():
            print(f"There is no file {path}.", file=sys.stderr)
            return 2
        for kind, is_right, shown in _judged(path, country):
            all_[kind] += 1
            right[kind] += is_right
            if not is_right:
                wrong[kind].append(shown)
    for kind, number in sorted(all_.items()):
        print(f"{kind:<16} {right[kind]:6,} of {number:6,}  {right[kind] / number:.4f}")
        for shown in wrong[kind][:3]:
            print(f"    {shown}")
    share = sum(right.values()) / max(1, sum(all_.values()))
    print(f"fields kept and right  {share:.4f}  (bar {LEAST_RIGHT})")
    is_missed = _recall.is_missed((path, country, list(_rows(path))) for path, country in files)
    return int(is_missed or share < LEAST_RIGHT)


def _judged(path: Path, country: str | None) -> Judged:
    raw = {tags["osm_id"]: tags for tags in _rows(path)}
    for record in places_file.read(path):
        place = record.place
        if place is None or place.category.startswith("place=") or not is_open(place, _TODAY):
            continue
        (business,) = from_records([read(place, country)])
        tags = raw[place.source_ref]
        yield from _contacts(business, tags, tags.get("country") or country)
        yield from _address(business, tags, tags.get("country") or country)


def _rows(path: Path) -> Iterator[Tags]:
    raw = path.read_bytes()
    for line in (gzip.decompress(raw) if path.suffix == ".gz" else raw).splitlines():
        row = json.loads(line)
        flat = {key: value for key, value in row.items() if isinstance(value, str)}
        yield {**{key: str(value) for key, value in (row.get("tags") or {}).items()}, **flat}


def _contacts(business: Business, tags: Tags, country: str | None) -> Judged:
    yield from _phones(business, tags, country)
    yield from _websites(business, tags)
    for key in ("email", "contact:email"):
        if re.fullmatch(r"[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+", tags.get(key, "")):
            kept = f"{business.email} {business.details.get('other_emails', '')}"
            yield "e-mail", tags[key].casefold() in kept.casefold(), f"{tags[key]} is not in {kept}"
    if hours := " ".join(tags.get("opening_hours", "").split()):
        yield "opening hours", business.opening_hours == hours, f"{hours} is {business.opening_hours}"


def _phones(business: Business, tags: Tags, country: str | None) -> Judged:
    kept = {business.phone, *business.details.get("other_phones", "").split("; ")}
    for key in ("phone", "contact:phone", "contact:mobile", "mobile"):
        for text in tags.get(key, "").split(";"):
            if number := _number(text, country):
                yield "phone", number in kept, f"{number} of {key}={text} is not among {kept}"


def _websites(business: Business, tags: Tags) -> Judged:
    profiles = business.details.get("profiles", "")
    kept = " ".join(filter(None, (business.website, business.details.get("other_websites"), profiles)))
    for key in ("website", "contact:website", "url"):
        host = re.fullmatch(
            r"https?://(?:www\.)?([a-z0-9.-]+\.[a-z]{2,})(?:[/?#][\x21-\x7e]*)?", tags.get(key, "")
        )
        if host:
            yield "website", host[1] in kept, f"{tags[key]} is not in {kept}"
    for key in ("contact:facebook", "contact:instagram", "contact:twitter"):
        name = re.sub(r"^@|^.*/(?=[^/]+/?$)|/$", "", tags.get(key, "").partition("?")[0].strip())
        if re.fullmatch(r"[\w.-]+", name):
            yield "profile", name in profiles, f"{key}={tags[key]} is not in {profiles}"


def _number(text: str, country: str | None) -> str | None:
    """A plain number in E.164, by its digits alone."""
    if not re.fullmatch(r"\s*\+?[\d\s()./-]+", text):
        return None
    digits = re.sub(r"\(0\)|\D", "", text)
    if not text.strip().startswith(("+", "00")):
        code = phonenumbers.country_code_for_region(country or "")
        if not code or country in ("IT", "AD", "PT", "ES", "MC"):
            digits = f"{code}{digits}" if code else ""
        else:
            digits = f"{code}{digits[1:]}" if digits.startswith("0") else f"{code}{digits}"
    number = f"+{digits[2:] if digits.startswith('00') else digits}"
    try:
        is_valid = phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None
    return number if is_valid else None


def _address(business: Business, tags: Tags, country: str | None) -> Judged:
    street, number, city, code = (
        tags.get(key, "").strip() for key in ("street", "housenumber", "city", "postcode")
    )
    line = business.address or ""
    if street:
        yield "street", " ".join(street.split()) in line, f"{street} is not in {line}"
    if street and number and ";" not in number:
        pair = f"{number} {street}" if country in _NUMBER_FIRST else f"{street} {number}"
        yield "house number", pair in " ".join(line.split()), f"{pair} is not in {line}"
    if street and city and code and any(map(str.isalpha, city)) and code not in street:
        first, last = (city, code) if country in _CODE_LAST else (code, city)
        at = line.rfind(last)
        yield "order", 0 <= line.rfind(first, 0, at) < at, f"{first} does not stand before {last} in {line}"
    for key in ("addr:housename", "addr:unit", "addr:floor", "addr:state"):
        value = tags.get(key, "").strip()
        if value and (street or key == "addr:housename"):
            kept = f"{line} {business.details.get('state', '')}"
            yield key, value in kept, f"{value} is not in {kept}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
