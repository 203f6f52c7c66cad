"""The open-data catalogue: load it from files, say where it comes from, show what lies around.

An import is committed batch by batch with the position reached, so one that was interrupted goes on where it
stopped. Reading a file a second time changes nothing; a newer file of the same name updates what it still has
and hides what it no longer has.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

import settings
from pipeline.causes import Cause
from pipeline.errors import SourceError, SpecError
from pipeline.geo.countries import country_code
from pipeline.geo.localities import from_node
from pipeline.imports import osm_file, places_file
from pipeline.imports.record import Record
from pipeline.words.osm_tags import SOURCE, is_closed
from services.errors import Invalid
from store import clock, localities, place_imports, places
from store.database import Role, transaction
from store.ids import new_id
from store.place_imports import ImportJob, ImportRow

ATTRIBUTION = "© OpenStreetMap contributors, https://www.openstreetmap.org/copyright (ODbL 1.0)"
# Small enough to lose little on an interruption, large enough that commits do not dominate.
_BATCH = 2_000
_LISTED_PROBLEMS = 100
_MAX_NAME = 100
# The places that come with ProspectPro; data/PROVENANCE.md says where from.
_SHIPPED = ("helsinki-localities", "helsinki-core")
_SHIPPED_OBSERVED_ON = date(2019, 4, 21)
_SHIPPED_COUNTRY = "FI"

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A file to import. ``name`` says which earlier import it renews; by default the file's own name.

    ``country`` (ISO 3166 alpha-2 or a name) is that of places whose address has none.
    """

    path: Path
    name: str | None = None
    country: str | None = None
    observed_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What an import did. ``problems`` lists the first of the ``bad_records`` by their position."""

    name: str
    was_known: bool = False
    added: int = 0
    updated: int = 0
    hidden: int = 0
    left_out: int = 0
    bad_records: int = 0
    problems: tuple[str, ...] = ()


@dataclass(slots=True)
class _Tally:
    usable: int = 0
    added: int = 0
    updated: int = 0
    left_out: int = 0
    bad_records: int = 0
    problems: list[str] = field(default_factory=list)


def attribution() -> str:
    """The line that has to stand wherever the data is shown."""
    return ATTRIBUTION


def sources() -> tuple[ImportRow, ...]:
    """What the catalogue was filled from, by name."""
    with transaction(Role.WEB) as conn:
        return place_imports.newest(conn)


def backdrop(location: str, radius_km: float | None) -> tuple[tuple[float, float], ...]:
    """A few hundred points around a location, for a map; empty when nobody knows the place."""
    with transaction(Role.WEB) as conn:
        try:
            area = localities.locate(conn, location, radius_km)
        except SpecError:
            return ()
        return places.backdrop(conn, area) if area else ()


def import_places(order: Order, progress: Progress = lambda _: None) -> Summary:
    """Load a JSON-lines file of places. Raises Invalid with what is wrong with the file or the order."""
    return _import(order, places_file.read, progress)


def import_osm(order: Order, progress: Progress = lambda _: None) -> Summary:
    """Load an OpenStreetMap extract, closed businesses left out. Raises Invalid as ``import_places`` does."""
    return _import(order, osm_file.read, progress, osm_file.observed_on)


def ensure_first_fill() -> int:
    """Load the places that come with ProspectPro, once; returns how many were added."""
    return sum(
        import_places(
            Order(
                path=settings.PROJECT_ROOT / "data" / f"{name}.jsonl.gz",
                name=name,
                country=_SHIPPED_COUNTRY,
                observed_on=_SHIPPED_OBSERVED_ON,
            )
        ).added
        for name in _SHIPPED
    )


def _import(
    order: Order,
    read: Callable[[Path, date | None], Iterator[Record]],
    progress: Progress,
    date_of: Callable[[Path], date | None] = lambda _: None,
) -> Summary:
    tally = _Tally()
    try:
        job = _begin(order, date_of)
        if job.is_done:
            return Summary(name=job.name, was_known=True)
        _read_all(job, read(order.path, job.observed_on), tally, progress)
        if not job.position and not tally.usable:
            # Finishing would hide every place of the earlier file.
            raise SourceError(Cause.BAD_FILE, detail=_nothing(order.path, tally))
    except (SourceError, OSError) as error:
        raise Invalid({"path": _sentence(order.path, error, tally)}) from error
    return _finish(job, tally)


def _begin(order: Order, date_of: Callable[[Path], date | None]) -> ImportJob:
    name = (order.name or order.path.name.split(".")[0]).strip()
    if not 1 <= len(name) <= _MAX_NAME:
        raise Invalid({"name": f"Give the import a name of 1 to {_MAX_NAME} characters with --name."})
    country = country_code(order.country) if order.country else None
    if order.country and country is None:
        problem = f"“{order.country}” is no country. Use a name or a code, for example Finland or FI."
        raise Invalid({"country": problem})
    observed_on = order.observed_on
    if observed_on and observed_on > _today():
        raise Invalid({"observed_on": "The day of observation lies in the future."})
    job = ImportJob(
        id=new_id(),
        name=name,
        checksum=_checksum(order.path),
        source=SOURCE,
        observed_on=observed_on or date_of(order.path),
        country=country,
    )
    with transaction(Role.IMPORTER) as conn:
        return place_imports.begin(conn, job)


def _today() -> date:
    with transaction(Role.IMPORTER) as conn:
        return clock.today(conn)


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read_all(job: ImportJob, records: Iterator[Record], tally: _Tally, progress: Progress) -> None:
    """Store the rest of the file in batches; when it breaks off, what was read before is stored first."""
    rest = (record for record in records if record.position > job.position)
    while True:
        batch, failure = _take(rest)
        if batch:
            _store(job, batch, tally)
            progress(len(batch))
        if failure:
            with transaction(Role.IMPORTER) as conn:
                place_imports.stop(conn, job.id)
            raise failure
        if len(batch) < _BATCH:
            return


def _take(records: Iterable[Record]) -> tuple[list[Record], SourceError | None]:
    batch: list[Record] = []
    try:
        batch.extend(islice(records, _BATCH))
    except SourceError as error:
        return batch, error
    return batch, None


def _store(job: ImportJob, batch: list[Record], tally: _Tally) -> None:
    today = _today()
    found = [record.place for record in batch if record.place]
    points = [place for place in found if place.category.startswith("place=") and place.name]
    businesses = [place for place in found if not place.category.startswith("place=")]
    closed = [place for place in businesses if is_closed(place, today)]
    open_ = [place for place in businesses if place.name and not is_closed(place, today)]
    bad = [f"{record.position}: {record.problem}" for record in batch if record.problem]
    left_out = len(businesses) - len(open_)
    with transaction(Role.IMPORTER) as conn:
        stored = places.upsert(conn, job.id, open_)
        places.mark_gone(conn, closed)
        localities.add_nodes(conn, [from_node(place) for place in points])
        place_imports.advance(conn, job.id, batch[-1].position, left_out, len(bad))
    tally.usable += len(found)
    tally.added += stored.added
    tally.updated += stored.updated
    tally.left_out += left_out
    tally.bad_records += len(bad)
    tally.problems.extend(bad[: _LISTED_PROBLEMS - len(tally.problems)])


def _finish(job: ImportJob, tally: _Tally) -> Summary:
    with transaction(Role.IMPORTER) as conn:
        place_imports.lock(conn)
        hidden = place_imports.finish(conn, job)
        localities.renew(conn)
        place_imports.analyze(conn)
    return Summary(
        name=job.name,
        added=tally.added,
        updated=tally.updated,
        hidden=hidden,
        left_out=tally.left_out,
        bad_records=tally.bad_records,
        problems=tuple(tally.problems),
    )


def _nothing(path: Path, tally: _Tally) -> str:
    first = f" The first problem is in line {tally.problems[0]}." if tally.problems else ""
    return f"{path.name} holds no place that can be used.{first}"


def _sentence(path: Path, error: Exception, tally: _Tally) -> str:
    if isinstance(error, SourceError):
        kept = tally.added + tally.updated
        return f"{error} {kept:,} places were stored." if kept else str(error)
    reason = "is a folder" if path.is_dir() else "cannot be read" if path.exists() else "does not exist"
    return f"{path} {reason}."
