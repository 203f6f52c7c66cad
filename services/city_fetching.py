"""Having the places of a city here: where it is by Nominatim, what is there by an Overpass server, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline.causes import Cause
from pipeline.errors import SourceError
from pipeline.imports import osm_city
from pipeline.imports.osm_file import Box
from pipeline.network.http import ProviderHttp, Timeouts
from pipeline.providers import nominatim, overpass
from pipeline.providers.registry import registry
from services.place_load_steps import Steps
from store import place_load_work, provider_setup, provider_stops
from store.database import Role, transaction
from store.place_load_work import LoadWork

_PARTS = 10_000
"""What the whole area counts."""
_PATIENCE = Timeouts(connect_s=5.0, read_s=100.0, total_s=150.0)


def fetched(work: LoadWork, pause: Callable[[float], object]) -> tuple[str, str | None]:
    """Have all parts of a city here; what the place was taken for, in words, and its country."""
    found = _found(work.place or work.name)
    south, north, west, east = found.boundingbox
    box: Box = (south, west, north, east)
    if osm_city.km2(box) > osm_city.MOST_KM2:
        raise SourceError(Cause.BAD_FILE, detail=_too_large(found.display_name))
    with transaction(Role.SYSTEM) as conn:
        done = place_load_work.parts(conn, work)
    steps = Steps(work, "fetching", _PARTS)
    steps.add(round(_PARTS * sum(map(osm_city.share_of, done))))

    def wait(seconds: float) -> None:
        pause(seconds)
        steps.say()

    limit = provider_setup.endpoints()[overpass.KEY].limits[0]
    gap_s = limit.window_s / limit.calls
    with _client(overpass.KEY) as http:
        for part in osm_city.parts(http, box, done, wait):
            with transaction(Role.SYSTEM) as conn:
                place_load_work.add_part(conn, work, part.path, part.lines, part.observed_on)
            steps.add(round(_PARTS * part.share))
            wait(gap_s)
    return f"{found.display_name}. ", found.country or work.country


def _found(place: str) -> nominatim.Hit:
    with _client(nominatim.KEY) as http:
        hit, _ = nominatim.first_hit(http, place)
    if hit is None:
        detail = f"OpenStreetMap knows no place called “{place}”. Write it with its country, such as Tampere, Finland."
        raise SourceError(Cause.BAD_FILE, detail=detail)
    return hit


def _too_large(label: str) -> str:
    return (
        f"{label} is too large to be asked for at once. Load a city of it, or an extract of the country with"
        " manage.py import-osm."
    )


@contextmanager
def _client(key: str) -> Iterator[ProviderHttp]:
    """A client of an open server, unless administrators stopped asking it."""
    label = registry().providers[key].label
    with transaction(Role.SYSTEM) as conn:
        if key in provider_stops.stopped(conn):
            raise SourceError(Cause.STOPPED, label)
    http = ProviderHttp(
        label,
        provider_setup.endpoints()[key],
        user_agent=provider_setup.user_agent(),
        timeouts=_PATIENCE,
        most_bytes=osm_city.ANSWER_BYTES,
    )
    try:
        yield http
    finally:
        http.close()
