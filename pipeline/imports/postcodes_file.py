"""Reads files of postcodes with their positions: CSV with titles, such as the ONS Postcode Directory, and the postal
files of GeoNames, which have none and are parted by tabs."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.geo.countries import country_code
from pipeline.imports.packed_file import Broken, Member, members, refused

_NEEDED = ("postcode", "lat", "lon")
_TITLES: Mapping[str, tuple[str, ...]] = {
    "postcode": ("postcode", "pcds", "pcd", "pcd7", "pcd8", "postal code", "postal_code", "post code", "zip"),
    "lat": ("latitude", "lat"),
    "lon": ("longitude", "long", "lon", "lng"),
    "country": ("country_code", "country code", "country", "iso2"),
}
"""What the columns are called; ``pcds`` and ``long`` are those of the ONS."""
# Country, postcode, six names and codes of what it lies in, latitude, longitude: https://download.geonames.org/export/zip/
_GEONAMES: Mapping[str, int] = {"country": 0, "postcode": 1, "lat": 9, "lon": 10}
_POSTCODE = re.compile(r"[0-9A-Z-]{2,12}")
_LONGEST_LINE = 1 << 16
_LACKING = "holds no CSV or text file of postcodes"


@dataclass(frozen=True, slots=True)
class Position:
    """Where a postcode (capitals, no blanks) is, in degrees."""

    postcode: str
    lat: float
    lon: float


def postcode_key(text: str) -> str:
    """A postcode as it is compared: ``EC1N 2LL`` and ``ec1n2ll`` are one."""
    return "".join(text.split()).upper()


def read(path: Path, country: str) -> Iterator[Position]:
    """The postcodes of a country (ISO 3166 alpha-2) that have a position. Raises SourceError for a file without the
    columns, or of whose rows none can be used."""
    found = 0
    for member in members(path, (".csv", ".txt"), _LACKING):
        if member.info and "readme" in member.name.casefold():
            continue
        for position in _positions(member, country):
            found += 1
            yield position
    if not found:
        raise refused(path, f"holds no postcode of {country} with a latitude and a longitude")


def _positions(member: Member, country: str) -> Iterator[Position]:
    try:
        with member.opened() as file:
            texts = (
                line.decode("utf-8-sig", errors="replace")
                for line in iter(lambda: file.readline(_LONGEST_LINE), b"")
            )
            first = next(texts, "")
            separator = (
                "\t" if first.count("\t") >= max(map(first.count, ",;")) else max(",;", key=first.count)
            )
            # GeoNames writes quotation marks as they are.
            quote = None if separator == "\t" else '"'
            titles = next(csv.reader([first], delimiter=separator, quotechar=quote), [])
            columns = _columns(member, titles)
            lines = _all(first, texts) if columns is _GEONAMES else texts
            for cells in csv.reader(lines, delimiter=separator, quotechar=quote):
                if position := _position(cells, columns, country):
                    yield position
    except (Broken, csv.Error) as error:
        raise refused(Path(member.name), f"cannot be read: {error}") from error


def _all(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _columns(member: Member, titles: Sequence[str]) -> Mapping[str, int]:
    plain = [title.strip().casefold() for title in titles]
    found = {
        name: place
        for name, called in _TITLES.items()
        if (place := next((plain.index(title) for title in called if title in plain), None)) is not None
    }
    if all(name in found for name in _NEEDED):
        return found
    if len(plain) > max(_GEONAMES.values()) and len(plain[0]) == 2:
        return _GEONAMES
    raise refused(Path(member.name), "has no columns postcode, latitude and longitude")


def _position(cells: Sequence[str], columns: Mapping[str, int], country: str) -> Position | None:
    """None for a row that has none, or is of another country. What a file calls by a code of its own is none."""
    if len(cells) <= max(columns.values()):
        return None
    if "country" in columns and country_code(cells[columns["country"]]) not in (country, None):
        return None
    try:
        lat, lon = (float(cells[columns[name]]) for name in ("lat", "lon"))
    except ValueError:
        return None
    postcode = postcode_key(cells[columns["postcode"]])
    # The ONS writes 99.999999 for one without a position.
    is_there = -90 <= lat <= 90 and -180 <= lon <= 180
    return Position(postcode, lat, lon) if _POSTCODE.fullmatch(postcode) and is_there else None
