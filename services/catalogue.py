"""The open-data catalogue: load it from files, say where it comes from, show what lies around.

An import is committed batch by batch with the position reached, so one that was interrupted goes on where it
stopped. Reading a file a second time changes nothing; a newer file of the same name updates what it still has
and hides what it no longer has, unless it shows signs of not being whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import settings
from pipeline.causes import Cause
from pipeline.errors import SourceError, SpecError
from pipeline.geo.countries import country_code
from pipeline.imports import overture_release
from pipeline.imports.remote_file import Remote
from pipeline.output.notices import counted
from services import file_kinds
from services.errors import Invalid
from services.file_kinds import Kind
from services.file_kinds import Order as Order
from services.importing import Summary, Tally, finish, read_all, today
from store import place_imports, place_meaning, place_removal, places
from store.database import Role, transaction
from store.ids import new_id
from store.place_imports import ImportJob, ImportRow
from store.place_lacks import Box

_MAX_NAME = 100
# The places that come with ProspectPro; data/PROVENANCE.md says where from.
_SHIPPED = ("helsinki-localities", "helsinki-core")
_SHIPPED_OBSERVED_ON = date(2019, 4, 21)
_SHIPPED_COUNTRY = "FI"

Progress = Callable[[int], None]
"""Is told how many more records were read."""


_QUIET: Progress = lambda _: None  # noqa: E731 - a default, not a function of its own


def sources() -> tuple[ImportRow, ...]:
    """What the catalogue was filled from, by name."""
    with transaction(Role.WEB) as conn:
        return place_imports.newest(conn)


def backdrop(location: str, radius_km: float | None) -> tuple[tuple[float, float], ...]:
    """A few hundred points around a location, for a map; empty when nobody knows the place."""
    with transaction(Role.WEB) as conn:
        try:
            area = place_meaning.locate(conn, location, radius_km)
        except SpecError:
            return ()
        return places.backdrop(conn, area) if area else ()


def import_places(order: Order, progress: Progress = _QUIET, expect: Progress = _QUIET) -> Summary:
    """Load a JSON-lines file of places; ``expect`` is told how many records it has. Raises Invalid with what is wrong
    with the file or the order."""
    return _import(order, file_kinds.PLACES, progress, expect)


def import_osm(order: Order, progress: Progress = _QUIET, expect: Progress = _QUIET) -> Summary:
    """Load an OpenStreetMap extract, closed businesses left out. Raises Invalid as ``import_places`` does."""
    return _import(order, file_kinds.OSM, progress, expect)


def import_overture(order: Order, progress: Progress = _QUIET, expect: Progress = _QUIET) -> Summary:
    """Load places of Overture from its GeoParquet files. Raises Invalid as ``import_places`` does."""
    return _import(order, file_kinds.OVERTURE, progress, expect)


def release_of_overture(release: str, endpoint: str) -> tuple[Remote, ...]:
    """The files of a release on Overture's own server, or one that speaks as it does. Raises Invalid when there are
    none, or it does not answer."""
    try:
        return overture_release.files(release, endpoint, settings.get().outbound_proxy.get_secret_value())
    except SourceError as error:
        raise Invalid({"release": str(error)}) from error


def import_foursquare(order: Order, progress: Progress = _QUIET, expect: Progress = _QUIET) -> Summary:
    """Load open places of Foursquare from its Parquet files. Raises Invalid as ``import_places`` does."""
    return _import(order, file_kinds.FOURSQUARE, progress, expect)


def import_alltheplaces(order: Order, progress: Progress = _QUIET, expect: Progress = _QUIET) -> Summary:
    """Load the places of AllThePlaces from its zip or GeoJSON files. Raises Invalid as ``import_places`` does."""
    return _import(order, file_kinds.ALLTHEPLACES, progress, expect)


def import_prh(order: Order, progress: Progress = _QUIET, expect: Progress = _QUIET) -> Summary:
    """Load companies of the Finnish register from its open data. Raises Invalid as ``import_places`` does."""
    return _import(order, file_kinds.PRH, progress, expect)


def import_companies_house(order: Order, progress: Progress = _QUIET, expect: Progress = _QUIET) -> Summary:
    """Load companies of UK Companies House from its basic data. Raises Invalid as ``import_places`` does."""
    return _import(order, file_kinds.COMPANIES_HOUSE, progress, expect)


def ensure_first_fill() -> int:
    """Load the places that come with ProspectPro, once, and not when somebody removed them; returns how many were
    added."""
    with transaction(Role.IMPORTER) as conn:
        wanted = [name for name in _SHIPPED if not place_removal.is_removed(conn, name)]
    return sum(
        import_places(
            Order(
                path=settings.PROJECT_ROOT / "data" / f"{name}.jsonl.gz",
                name=name,
                country=_SHIPPED_COUNTRY,
                observed_on=_SHIPPED_OBSERVED_ON,
            )
        ).added
        for name in wanted
    )


def _import(order: Order, kind: Kind, progress: Progress, expect: Progress) -> Summary:
    tally = Tally()
    try:
        job = _begin(order, kind)
        if job.is_done and not order.is_complete:
            return Summary(name=job.name, was_known=True)
        if not job.is_done:
            _say_how_far(job, order, kind, progress, expect)
            read_all(job, kind.read(order, job), tally, progress)
        if not job.position and not tally.usable:
            # Finishing would hide every place of the earlier file.
            raise SourceError(Cause.BAD_FILE, detail=_nothing(order.title, tally))
        box = kind.box(order)
    except (SourceError, OSError) as error:
        raise Invalid({"path": _sentence(order, error, tally)}) from error
    return finish(job, tally, box, is_complete=order.is_complete)


def _is_box(box: Box) -> bool:
    south, west, north, east = box
    return -90 <= south < north <= 90 and -180 <= west < east <= 180


def _say_how_far(job: ImportJob, order: Order, kind: Kind, progress: Progress, expect: Progress) -> None:
    with suppress(SourceError):
        # A damaged file is read as far as it goes; how much it held nobody knows.
        expect(kind.count(order))
    if job.position:
        progress(job.position)


def _begin(order: Order, kind: Kind) -> ImportJob:
    name = (order.name or order.title.split(".")[0]).strip()
    if not 1 <= len(name) <= _MAX_NAME:
        raise Invalid({"name": f"Give the import a name of 1 to {_MAX_NAME} characters with --name."})
    country = country_code(order.country) if order.country else None
    if order.country and country is None:
        problem = f"“{order.country}” is no country. Use a name or a code, for example Finland or FI."
        raise Invalid({"country": problem})
    if order.box and not _is_box(order.box):
        raise Invalid(
            {"bbox": "Give --bbox as west,south,east,north in degrees, such as 24.8,60.1,25.1,60.3."}
        )
    observed_on = order.observed_on
    if observed_on and observed_on > today():
        raise Invalid({"observed_on": "The day of observation lies in the future."})
    job = ImportJob(
        id=new_id(),
        name=name,
        checksum=_checksum(order, kind.prepare(order)),
        source=kind.source,
        observed_on=observed_on or _not_ahead(kind.date_of(order)),
        country=country,
    )
    with transaction(Role.IMPORTER) as conn:
        return place_imports.begin(conn, job)


def _not_ahead(day: date | None) -> date | None:
    """Nobody observed anything tomorrow: with such a day no later file would count as newer."""
    return min(day, today()) if day else None


def _checksum(order: Order, prepared: str) -> str:
    """Of the file; of several, or a part of them, or with something ``prepared``, of that as well. Those on a server
    are told by when they were written there."""
    if order.published:
        return hashlib.sha256(repr((order.published, order.box)).encode()).hexdigest()
    digests = []
    for path in order.paths:
        with path.open("rb") as file:
            digests.append(hashlib.file_digest(file, "sha256").hexdigest())
    if not order.more and not order.box and not prepared:
        return digests[0]
    told = (digests, order.box, prepared) if prepared else (digests, order.box)
    return hashlib.sha256(repr(told).encode()).hexdigest()


def _nothing(title: str, tally: Tally) -> str:
    first = f" The first problem is in line {tally.problems[0]}." if tally.problems else ""
    return f"{title} holds no place that can be used.{first}"


def _sentence(order: Order, error: Exception, tally: Tally) -> str:
    if isinstance(error, SourceError):
        return (
            f"{error} {counted(tally.stored, 'place')} {'was' if tally.stored == 1 else 'were'} stored."
            if tally.stored
            else str(error)
        )
    given = order.postcodes
    path = given if given and isinstance(error, OSError) and error.filename == str(given) else order.path
    reason = "is a folder" if path.is_dir() else "cannot be read" if path.exists() else "does not exist"
    return f"{path} {reason}."
