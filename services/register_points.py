"""Points for businesses whose register states an address and no position: the middles of their postcodes, as places of
the catalogue that have positions of their own state them, or as an administrator gave them in a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from pathlib import Path

from pipeline.errors import SourceError
from pipeline.imports import postcodes_file
from pipeline.imports.postcodes_file import postcode_key
from pipeline.imports.record import Record
from services.importing import take
from store import place_imports, postcode_points
from store.database import Role, transaction
from store.postcode_points import PostcodePoint

_AT_ONCE = 2_000


def prepare(country: str, given: Path | None) -> str:
    """Make ready what is known of the postcodes of a country (ISO 3166 alpha-2); returns what changes when that does.

    Those of a file take the place of those given earlier. Raises SourceError for a file that cannot be read and OSError
    for one that is not there; then all stays as it was.
    """
    with transaction(Role.IMPORTER) as conn:
        place_imports.lock(conn)
        postcode_points.forget(conn, country, are_given=False)
        if given:
            postcode_points.forget(conn, country, are_given=True)
            positions = postcodes_file.read(given, country)
            while some := [
                PostcodePoint(one.postcode, one.lat, one.lon) for one in islice(positions, _AT_ONCE)
            ]:
                postcode_points.give(conn, country, some)
        postcode_points.work_out(conn, country)
        return postcode_points.fingerprint(conn, country)


def located(records: Iterator[Record], country: str) -> Iterator[Record]:
    """The records, those of businesses with a postcode of the country whose middle is known with that as their
    point. Raises SourceError where their file breaks off, behind what came before."""
    failure: SourceError | None = None
    while failure is None:
        some, failure = take(records)
        wanted = {postcode_key(place.postcode or "") for record in some if (place := record.place)}
        with transaction(Role.IMPORTER) as conn:
            points = postcode_points.known(conn, country, wanted - {""})
        yield from (_at(record, country, points) for record in some)
        if not some:
            break
    if failure:
        raise failure


def _at(record: Record, country: str, points: Mapping[str, tuple[float, float]]) -> Record:
    place = record.place
    point = points.get(postcode_key(place.postcode or "")) if place else None
    if place is None or point is None or place.country not in (country, None):
        return record
    return replace(record, place=replace(place, lat=point[0], lon=point[1]))
