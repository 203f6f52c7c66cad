"""Localities: the places people name when they say where. Found by name, renewed after each import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.geo.gazetteer import GRID_PER_DEGREE, GridCount, derive
from pipeline.geo.localities import Locality, choose
from pipeline.geo.location import (
    DEFAULT_POINT_RADIUS_KM,
    KM_PER_DEGREE,
    Coordinates,
    parse_location,
    without_trailing_country,
)
from pipeline.place import Area
from store import tables
from store.bulk import arrays, insertion, taken_over

_FIELDS = ("name", "kind", "keys", "lat", "lon", "radius_km", "country", "region", "places")


def locate(conn: Connection, location: str, radius_km: float | None) -> Area | None:
    """The area a typed location means, or None when the catalogue does not know it.

    Raises SpecError for coordinates that are not on Earth and for text that names nothing.
    """
    wanted = parse_location(location)
    if isinstance(wanted, Coordinates):
        return Area(
            label=wanted.label,
            lat=wanted.lat,
            lon=wanted.lon,
            radius_km=radius_km or DEFAULT_POINT_RADIUS_KM,
            country=_country_near(conn, wanted),
        )
    for name in filter(None, (wanted, without_trailing_country(wanted))):
        found = choose(_with_keys(conn, (name.key, *name.within)), name)
        if found:
            place, label = found
            return Area(
                label=label,
                lat=place.lat,
                lon=place.lon,
                radius_km=radius_km or place.radius_km,
                country=place.country,
            )
    return None


def names(conn: Connection, limit: int) -> tuple[str, ...]:
    """Names of localities that hold places, those with most first, each once."""
    rows = conn.execute(
        sa.text("""
            select name
            from localities
            where places > 0
            group by name
            order by max(places) desc, name
            limit :limit
        """),
        {"limit": limit},
    )
    return tuple(rows.scalars())


def add_nodes(conn: Connection, nodes: Sequence[Locality]) -> None:
    """Store localities' own points, over what is stored of them."""
    _insert(conn, list({node.ref: node for node in nodes}.values()))


def renew(conn: Connection) -> None:
    """Work out every locality again from the places there are now."""
    nodes = [_locality(row) for row in conn.execute(sa.text("select * from localities")) if row.source_ref]
    derived = derive(_grid_counts(conn), nodes)
    conn.execute(sa.text("delete from localities"))
    _insert(conn, derived)


def _grid_counts(conn: Connection) -> list[GridCount]:
    rows = conn.execute(
        sa.text("""
            select p.city, coalesce(p.country, i.country) as country, p.tags ->> 'addr:state' as region,
                avg(p.lat) as lat, avg(p.lon) as lon, count(*) as places
            from places p
            join place_imports i on i.id = p.import_id
            where p.gone_at is null
            group by 1, 2, 3, floor(p.lat * :grid), floor(p.lon * :grid)
        """),
        {"grid": GRID_PER_DEGREE},
    )
    return [GridCount(*row) for row in rows]


def _insert(conn: Connection, localities: Sequence[Locality]) -> None:
    if not localities:
        return
    rows = [
        {**{name: getattr(item, name) for name in _FIELDS}, "source_ref": item.ref} for item in localities
    ]
    columns = ("source_ref", *_FIELDS)
    new = insertion(tables.localities, columns)
    merged = new.on_conflict_do_update(index_elements=["source_ref"], set_=taken_over(new, _FIELDS))
    conn.execute(merged, arrays(tables.localities, columns, rows))


def _with_keys(conn: Connection, keys: Sequence[str]) -> list[Locality]:
    rows = conn.execute(
        sa.text("select * from localities where keys && cast(:keys as text[])"), {"keys": list(keys)}
    )
    return [_locality(row) for row in rows]


def _locality(row: Row[Any]) -> Locality:
    fields = {name: row._mapping[name] for name in _FIELDS}
    return Locality(**{**fields, "keys": tuple(fields["keys"])}, ref=row.source_ref)


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
