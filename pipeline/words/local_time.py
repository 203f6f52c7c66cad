"""What time it is at a place, and whether it is open then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours, State

from pipeline.words.hours import is_readable, said_of

_AHEAD = timedelta(days=14)
"""How far ahead the next change is looked for; our own choice: of a later one nobody needs the time of day."""

# The parser tells the zone of a place only with a time there; any will do.
_ANY = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A place at one moment. ``local_time`` is in its own ``zone`` (a name of the IANA time zone database).

    ``is_open`` is None where its hours are not known, cannot be read, or depend on something; ``changes_at`` is when it
    closes or opens next within two weeks.
    """

    local_time: datetime
    zone: str
    is_open: bool | None = None
    changes_at: datetime | None = None


def opening_at(moment: datetime, lat: float, lon: float, hours: str | None) -> Opening | None:
    """A place, WGS 84 degrees, at a moment; ``hours`` are in OpenStreetMap's language. None outside of all zones."""
    zone = zone_of(lat, lon)
    if zone is None:
        return None
    there = moment.astimezone(ZoneInfo(zone))
    if not hours or not is_readable(hours):
        return Opening(local_time=there, zone=zone)
    # With the coordinates it knows public holidays and sunset, too.
    rules = OpeningHours(hours, ZoneInfo(zone), coords=(lat, lon))
    until, state = _first(rules, there, hours)
    is_open = {State.OPEN: True, State.CLOSED: False}.get(state)
    return Opening(
        local_time=there, zone=zone, is_open=is_open, changes_at=until if is_open is not None else None
    )


def _first(rules: OpeningHours, there: datetime, hours: str) -> tuple[datetime | None, State]:
    """The state of now, and its end within ``_AHEAD``."""
    end = there + _AHEAD
    _, until, state, comment = next(iter(rules.intervals(there, end)))
    return (until if until is not None and until < end else None), said_of(hours, state, comment)


def zone_of(lat: float, lon: float) -> str | None:
    """The zone of a place, WGS 84 degrees, to the hundredth of a degree, about a kilometre. None outside of all."""
    return _zone(round(lat, 2), round(lon, 2))


@lru_cache(maxsize=4096)
def _zone(lat: float, lon: float) -> str | None:
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        return None
    always = OpeningHours("24/7", coords=(lat, lon))
    start, *_ = next(iter(always.intervals(_ANY, _ANY + timedelta(hours=1))))
    return start.tzinfo.key if isinstance(start.tzinfo, ZoneInfo) else None
