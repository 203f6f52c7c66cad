"""What a typed location means to the catalogue: an area, several to choose from, or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.errors import SpecError
from pipeline.geo import near_misses
from pipeline.geo.countries import whole_country
from pipeline.geo.localities import Locality
from pipeline.geo.location import DEFAULT_POINT_RADIUS_KM, KM_PER_DEGREE, Coordinates
from pipeline.geo.meaning import MOST_OFFERED, Meaning, distinct, meaning, with_larger_namesakes
from pipeline.geo.typed import TypedName, coordinates_of, parse_location
from pipeline.output.notices import several_places
from pipeline.place import Area
from store import localities


@dataclass(frozen=True, slots=True)
class Found:
    """The area a location means, None where that is not certain; ``means`` says what it may be then."""

    area: Area | None
    means: Meaning

    @property
    def offers(self) -> tuple[str, ...]:
        """What it may mean, in words: ``Springfield, Illinois, United States (50 businesses)``."""
        return tuple(map(_offer, self.means.candidates))

    @property
    def is_ambiguous(self) -> bool:
        return self.area is None and bool(self.means.candidates) and not self.means.is_near


def find(conn: Connection, location: str, radius_km: float | None, *, with_near: bool = True) -> Found:
    """What a typed location means; of one that nobody knows, what comes near, unless that is not wanted.

    Raises SpecError for coordinates that are not on Earth and for text that names nothing.
    """
    typed = parse_location(location)
    if isinstance(typed, Coordinates):
        return Found(_circle(conn, typed, radius_km), Meaning())
    means = _meaning(conn, typed, with_near)
    if typed.may_be_point and means.chosen is None:
        point = coordinates_of(location)
        if point:
            return Found(_circle(conn, point, radius_km), Meaning())
    chosen = means.chosen
    return Found(chosen.area(radius_km) if chosen else None, means)


def locate(conn: Connection, location: str, radius_km: float | None) -> Area | None:
    """The area a typed location means, or None when the catalogue does not know it.

    Raises SpecError as ``find`` does, and for a name that several places bear.
    """
    return one(conn, location, radius_km, with_near=False).area


def one(conn: Connection, location: str, radius_km: float | None, *, with_near: bool = True) -> Found:
    """What a typed location means, unless several places bear the name; raises SpecError as ``locate`` does."""
    found = find(conn, location, radius_km, with_near=with_near)
    if found.is_ambiguous:
        raise SpecError(several_places(location, found.offers))
    return found


def _offer(item: Locality) -> str:
    counted = "1 business" if item.places == 1 else f"{item.places:,} businesses"
    return f"{item.label} ({counted})"


def _meaning(conn: Connection, typed: TypedName, with_near: bool) -> Meaning:
    known = localities.with_keys(conn, sorted({key for span in typed.spans() for key in span.keys}))
    found = meaning(typed, known)
    if found.chosen and typed.near is None:
        return with_larger_namesakes(found, typed, localities.with_pieces(conn, sorted(typed.whole.keys)))
    if (found.candidates and not found.is_near) or not with_near:
        return found
    near = distinct([*_misspelt(conn, typed), *localities.with_pieces(conn, sorted(typed.whole.keys))])
    country = whole_country(typed.whole.text)
    towns = localities.in_country(conn, country, MOST_OFFERED) if country else []
    offered = near or [*towns, *found.candidates]
    return Meaning(tuple(offered[:MOST_OFFERED]), is_near=True)


def _misspelt(conn: Connection, typed: TypedName) -> Iterator[Locality]:
    """What the text means with one of its names put right."""
    texts = [span.text for span in near_misses.spans(typed)]
    if not texts:
        return
    lengths = [len(text) for text in texts]
    names = localities.keys_like(
        conn, min(lengths) - near_misses.LONGEST_EDIT, max(lengths) + near_misses.LONGEST_EDIT, texts
    )
    tried = list(near_misses.corrected(typed, names))
    keys = {key for text in tried for span in text.spans() for key in span.keys}
    known = localities.with_keys(conn, sorted(keys)) if keys else []
    for text in tried:
        found = meaning(text, known)
        yield from () if found.is_near else found.candidates


def _circle(conn: Connection, point: Coordinates, radius_km: float | None) -> Area:
    return Area(
        label=point.label,
        lat=point.lat,
        lon=point.lon,
        radius_km=radius_km or DEFAULT_POINT_RADIUS_KM,
        country=_country_near(conn, point),
    )


def _country_near(conn: Connection, point: Coordinates) -> str | None:
    """The country of the nearest locality whose circle reaches twice as far as the point."""
    return conn.execute(
        sa.text("""
            select country
            from (
                select country, radius_km,
                    cast(:km_per_degree as double precision)
                        * sqrt((lat - :lat) ^ 2 + ((lon - :lon) * cos(radians(:lat))) ^ 2) as km
                from localities
            ) as l
            where km <= 2 * radius_km and country is not null
            order by km
            limit 1
        """),
        {"lat": point.lat, "lon": point.lon, "km_per_degree": KM_PER_DEGREE},
    ).scalar()
