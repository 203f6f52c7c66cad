"""Loads of places as a worker does them: a city fetched part by part, a file read, an import taken out.

One at a time in the whole installation. What is done stays done when the process dies, and another one goes on; one
that was stopped, or that another process has taken over, ends at its next step.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import settings
from pipeline.causes import Cause
from pipeline.errors import SourceError
from services import catalogue
from services.catalogue import Order, Progress
from services.city_fetching import fetched
from services.errors import Refused
from services.importing import Summary
from services.place_load_steps import Lost, Steps, alive
from store import place_load_work, place_removal
from store.database import DatabaseNotConfigured, Role, transaction
from store.place_load_work import LoadWork
from store.place_loads import LoadKind, LoadState

_MOST_TRIES = 5
_REMOVED_AT_ONCE = 5_000
_COUNTED = ("added", "changed", "closed", "hidden", "left_out", "apart", "unplaced", "bad_records", "kept")
_LOAD: dict[LoadKind, Callable[[Order, Progress, Progress], Summary]] = {
    LoadKind.CITY: catalogue.import_places,
    LoadKind.PLACES: catalogue.import_places,
    LoadKind.OSM: catalogue.import_osm,
    LoadKind.OVERTURE: catalogue.import_overture,
    LoadKind.FOURSQUARE: catalogue.import_foursquare,
    LoadKind.ALLTHEPLACES: catalogue.import_alltheplaces,
    LoadKind.PRH: catalogue.import_prh,
    LoadKind.COMPANIES_HOUSE: catalogue.import_companies_house,
}
_NO_CONNECTION = (
    "The worker that took it up may not write to the catalogue: it needs DATABASE_URL_IMPORTER. Set it, start the"
    " worker again, and go on."
)
Pause = Callable[[float], object]
_pause = threading.Event().wait


def run_due(pause: Pause = _pause) -> Iterator[str]:
    """Do loads as long as there are any; yields a line on each for people. ``pause`` waits so many seconds."""
    while True:
        with transaction(Role.SYSTEM) as conn:
            work = place_load_work.take(conn)
        if work is None:
            return
        yield f"{work.name}: {_done(work, pause)}"


def _done(work: LoadWork, pause: Pause) -> str:
    counts: dict[str, int] = {}
    state, said = LoadState.DONE, ""
    try:
        if work.tries > _MOST_TRIES:
            raise SourceError(Cause.BAD_FILE, detail=_given_up())
        with alive(work):
            counts, said = _removed(work) if work.kind is LoadKind.REMOVE else _loaded(work, pause)
    except Lost:
        return "stopped, or taken over."
    except (Refused, SourceError) as problem:
        state, said = LoadState.FAILED, str(problem)
    except (DatabaseNotConfigured, settings.SettingsError):
        state, said = LoadState.FAILED, _NO_CONNECTION
    with transaction(Role.SYSTEM) as conn:
        place_load_work.end(conn, work, state, counts, said)
    return said or "done."


def _given_up() -> str:
    return f"Its process ended {_MOST_TRIES} times before it was through; see the workers' log. Going on tries again."


def _loaded(work: LoadWork, pause: Pause) -> tuple[dict[str, int], str]:
    """Read the file, or fetch the city and read what came; what it came to, and what there is to know."""
    label, country = fetched(work, pause) if work.kind is LoadKind.CITY else ("", work.country)
    with transaction(Role.SYSTEM) as conn:
        parts = place_load_work.parts(conn, work)
    days = [day for day in parts.values() if day]
    steps = Steps(work, "storing")
    with TemporaryDirectory() as folder:
        path = Path(folder) / (work.file_name or "places.jsonl.gz")
        with path.open("wb") as file, transaction(Role.SYSTEM) as conn:
            for data in place_load_work.content(conn, work, iter(parts)):
                file.write(data)
        order = Order(
            path=path,
            name=work.name,
            country=country,
            observed_on=work.observed_on or (min(days) if days else None),
            is_complete=work.is_complete,
        )
        summary = _LOAD[work.kind](order, steps.add, steps.expect)
    return {name: getattr(summary, name) for name in _COUNTED}, f"{label}{_to_know(summary)}".strip()


def _to_know(summary: Summary) -> str:
    if summary.was_known:
        return "The catalogue holds exactly this already."
    said = [f"Could not be used: {problem}." for problem in summary.problems[:3]]
    if summary.why_kept:
        said.append(f"{summary.kept:,} places that it lacks stay: {summary.why_kept}.")
    return " ".join(said)


def _removed(work: LoadWork) -> tuple[dict[str, int], str]:
    """Take an import out of the catalogue."""
    with transaction(Role.IMPORTER) as conn:
        total, box = place_removal.number(conn, work.name)
    steps, removed = Steps(work, "removing", total), 0
    steps.say()
    while True:
        with transaction(Role.IMPORTER) as conn:
            gone = place_removal.remove_some(conn, work.name, _REMOVED_AT_ONCE)
        if not gone:
            break
        removed += gone
        steps.add(gone)
    with transaction(Role.IMPORTER) as conn:
        place_removal.finish(conn, work.name, box)
    return {"removed": removed}, ""
