"""An import as it goes: batches stored with the position reached, and at the end what the file lacks."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from itertools import islice

from pipeline.errors import SourceError
from pipeline.geo.localities import from_node
from pipeline.imports.record import Record
from pipeline.place import Place
from pipeline.place_address import country_of
from pipeline.words.closure import is_closed
from store import clock, closed_places, localities, place_imports, place_lacks, place_writing
from store.database import Role, transaction
from store.place_imports import ImportJob
from store.place_lacks import Box, Lacking

# Small enough to lose little on an interruption, large enough that commits do not dominate.
_BATCH = 4_000
_YOUNG_OBJECTS = 200_000
_LISTED_PROBLEMS = 100
_LISTED_KINDS = 10
# A newer file that lacks more of what is known than this is taken for an incomplete one. Our own choice: in a year
# about a tenth of the businesses of a city change.
_LACKS_AT_MOST, _LACKS_ANYWAY = 0.25, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What an import did, in all its runs; problems, odd values and kinds that are listed are those of the last.

    Of the ``updated`` places ``changed`` say something else than before; ``closed`` were shown, and their newer records
    say that they closed; ``hidden`` are gone from the file. ``apart`` records are no businesses, and ``most_apart``
    says what most of them are. ``problems`` lists the first of the ``bad_records`` by their position, ``odd`` those of
    the ``odd_values`` that were left out of places. ``kept`` places of earlier files stay although this one lacks them,
    for the reason ``why_kept``. ``unplaced`` businesses state no position, nor a postcode of which a point is known.
    """

    name: str
    was_known: bool = False
    added: int = 0
    updated: int = 0
    hidden: int = 0
    left_out: int = 0
    bad_records: int = 0
    problems: tuple[str, ...] = ()
    odd_values: int = 0
    odd: tuple[str, ...] = ()
    kept: int = 0
    why_kept: str = ""
    changed: int = 0
    closed: int = 0
    apart: int = 0
    most_apart: tuple[tuple[str, int], ...] = ()
    unplaced: int = 0


@dataclass(slots=True)
class Tally:
    """What this process did so far, and what it remembers of it; ``stored`` are places."""

    usable: int = 0
    stored: int = 0
    problems: list[str] = field(default_factory=list)
    odd_values: int = 0
    odd: list[str] = field(default_factory=list)
    apart: Counter[str] = field(default_factory=Counter)


def today() -> date:
    """The day by the database's clock."""
    with transaction(Role.IMPORTER) as conn:
        return clock.today(conn)


def read_all(
    job: ImportJob, records: Iterator[Record], tally: Tally, progress: Callable[[int], None]
) -> None:
    """Store the rest of the file in batches; when it breaks off, what was read before is stored first."""
    rest = (record for record in records if record.position > job.position)
    day = today()
    with _rare_collections(), ThreadPoolExecutor(max_workers=1) as beside:
        # While the database stores a batch the next one is read and made ready.
        storing: Future[int] | None = None
        while True:
            taken, failure = take(rest)
            batch = _ready(job, taken, day)
            if storing:
                progress(storing.result())
            storing = beside.submit(_store, job, batch, tally) if taken else None
            if failure or len(taken) < _BATCH:
                break
        if storing:
            progress(storing.result())
    if failure:
        with transaction(Role.IMPORTER) as conn:
            place_imports.stop(conn, job.id)
        raise failure


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Records and what is counted of them are millions of objects that refer to each other in no circles: looking for
    circles among them takes a third of the time there is."""
    usual = gc.get_threshold()
    gc.set_threshold(_YOUNG_OBJECTS, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def take(records: Iterable[Record]) -> tuple[list[Record], SourceError | None]:
    """The next batch of an import, and what its file broke off with, if it did."""
    batch: list[Record] = []
    try:
        batch.extend(islice(records, _BATCH))
    except SourceError as error:
        return batch, error
    return batch, None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Records that are stored together, as the database takes them."""

    position: int
    records: int
    usable: int
    held: Sequence[str]
    points: Sequence[Place]
    closed: Sequence[Place]
    open_: place_writing.Batch
    apart: Counter[str]
    bad: Sequence[str]
    odd: Sequence[str]
    counts: Mapping[str, int]


def _ready(job: ImportJob, records: Sequence[Record], day: date) -> _Batch:
    found = [_in_country(record.place, job.country) for record in records if record.place]
    businesses = [place for place in found if not place.category.startswith("place=")]
    closed, named = _parted(businesses, day)
    open_ = [place for place in named if place.lat is not None]
    bad = [f"{record.position}: {record.problem}" for record in records if record.problem]
    apart = Counter(record.apart for record in records if record.apart)
    # What cannot be read, or found, stays as an earlier file said it: this one has it.
    unread = [record.ref for record in records if record.ref]
    unplaced = [place.source_ref for place in named if place.lat is None]
    return _Batch(
        position=records[-1].position if records else job.position,
        records=len(records),
        usable=len(found),
        held=[*unread, *unplaced],
        points=[place for place in found if place.category.startswith("place=") and place.name],
        closed=closed,
        open_=place_writing.batch(job.id, open_),
        apart=apart,
        bad=bad,
        odd=[f"{record.position}: {why}" for record in records for why in record.odd],
        counts={
            "apart": apart.total(),
            "left_out": len(businesses) - len(named),
            "unplaced": len(unplaced),
            "bad_records": len(bad),
            "lost_records": sum(record.is_lost for record in records),
        },
    )


def _store(job: ImportJob, batch: _Batch, tally: Tally) -> int:
    """Store a batch, and return how many records it has."""
    with transaction(Role.IMPORTER) as conn:
        place_imports.in_bulk(conn)
        stored = place_writing.upsert(conn, batch.open_)
        gone = closed_places.mark_gone(conn, batch.closed)
        closed_places.keep(conn, job.id, batch.closed)
        place_writing.keep(conn, job.id, job.source, batch.held)
        localities.add_nodes(conn, [from_node(place) for place in batch.points])
        done = {"added": stored.added, "updated": stored.updated, "changed": stored.changed, "closed": gone}
        place_imports.advance(conn, job.id, batch.position, {**batch.counts, **done})
    tally.usable += batch.usable
    tally.stored += stored.added + stored.updated
    tally.apart.update(batch.apart)
    tally.problems.extend(batch.bad[: _LISTED_PROBLEMS - len(tally.problems)])
    tally.odd_values += len(batch.odd)
    tally.odd.extend(batch.odd[: _LISTED_PROBLEMS - len(tally.odd)])
    return batch.records


def _parted(businesses: Iterable[Place], day: date) -> tuple[list[Place], list[Place]]:
    """Those that closed, and those that are there and have a name."""
    closed: list[Place] = []
    open_: list[Place] = []
    for place in businesses:
        if is_closed(place, day):
            closed.append(place)
        elif place.name:
            open_.append(place)
    return closed, open_


def _in_country(place: Place, country: str | None) -> Place:
    """The place with the country it names, or, when it names none that is one, that of the import."""
    known = country_of(place) or country or place.country
    return place if known == place.country else replace(place, country=known)


def finish(job: ImportJob, tally: Tally, box: Box | None, *, is_complete: bool) -> Summary:
    """End an import: hide what its file lacks within ``box``, unless it may not be whole, and say what was done."""
    with _rare_collections(), transaction(Role.IMPORTER) as conn:
        place_imports.lock(conn)
        lacking = place_lacks.lacking(conn, job, box)
        why_kept = "" if is_complete else _why_kept(lacking)
        hidden = 0 if why_kept else place_lacks.hide_lacking(conn, job, box)
        totals = place_imports.finish(conn, job, hidden)
        localities.renew(conn)
        place_imports.analyze(conn)
    return Summary(
        name=job.name,
        **asdict(totals),
        most_apart=tuple(tally.apart.most_common(_LISTED_KINDS)),
        hidden=hidden,
        problems=tuple(tally.problems),
        odd_values=tally.odd_values,
        odd=tuple(tally.odd),
        kept=lacking.places if why_kept else 0,
        why_kept=why_kept,
    )


def _why_kept(lacking: Lacking) -> str:
    """Why a file must not hide what it lacks; empty when it may."""
    if not lacking.places:
        return ""
    if lacking.lost_records:
        return f"{lacking.lost_records:,} of its records cannot be told apart, so it may hold them"
    known = lacking.places + lacking.held
    if lacking.places > max(_LACKS_ANYWAY, _LACKS_AT_MOST * known):
        return "it lacks so many that it may not be whole"
    return ""
