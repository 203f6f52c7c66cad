"""Localities: the places people name when they say where. Renewed after each import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.geo.gazetteer import derive
from pipeline.geo.localities import Locality
from pipeline.geo.location import SQUARES_PER_DEGREE
from pipeline.geo.place_words import pieces_of
from pipeline.geo.recorded import GridCount
from pipeline.place import PART_TAGS, Level
from store import tables
from store.bulk import arrays, insertion, taken_over

_PLAIN = (
    *("name", "kind", "keys", "lat", "lon", "radius_km", "country", "region", "county", "parent"),
    *("places", "label"),
)
_NAMED = ("level", "spellings", "outer", "reach_km", "ceded")
_COLUMNS = ("source_ref", *_PLAIN, "pieces", "named")


def names(conn: Connection, limit: int) -> tuple[str, ...]:
    """What localities that hold places are called, those with most first; postcodes are typed, not offered."""
    rows = conn.execute(
        sa.text("""
            select label
            from (
                select coalesce(label, name) as label, places
                from localities
                where places > 0 and kind <> 'postcode'
                order by places desc, name
                limit :largest
            ) l
            group by label
            order by max(places) desc, label
            limit :limit
        """),
        # Few share a label; so many are read by the index on their size, whatever else there is.
        {"limit": limit, "largest": 2 * limit},
    )
    return tuple(rows.scalars())


def with_keys(conn: Connection, keys: Sequence[str]) -> list[Locality]:
    """Every locality that bears one of these names."""
    rows = conn.execute(
        sa.text("select * from localities where keys && cast(:keys as text[])"), {"keys": list(keys)}
    )
    return [_locality(row) for row in rows]


def with_pieces(conn: Connection, keys: Sequence[str]) -> list[Locality]:
    """Every locality whose name begins or ends with one of these rows of words."""
    rows = conn.execute(
        sa.text("select * from localities where pieces && cast(:keys as text[])"), {"keys": list(keys)}
    )
    return [_locality(row) for row in rows]


def in_country(conn: Connection, country: str, limit: int) -> list[Locality]:
    """The largest towns of a country (ISO 3166 alpha-2)."""
    rows = conn.execute(
        sa.text("""
            select *
            from localities
            where country = :country and places > 0 and named ->> 'level' = 'city'
            order by places desc, name
            limit :limit
        """),
        {"country": country, "limit": limit},
    )
    return [_locality(row) for row in rows]


def keys_like(conn: Connection, shortest: int, longest: int, texts: Sequence[str]) -> list[str]:
    """Names of so many letters, and longer ones with one of these texts in them, of the largest localities first."""
    rows = conn.execute(
        sa.text("""
            select key
            from (
                select key, max(places) as places, bool_or(pieces && cast(:texts as text[])) as is_longer
                from localities
                cross join unnest(keys) as key
                where places > 0
                group by key
            ) k
            where key !~ '[0-9]'
                and (length(key) between :shortest and :longest or is_longer or key ^@ any(cast(:texts as text[])))
            order by places desc, key
            limit 50000
        """),
        {"shortest": shortest, "longest": longest, "texts": list(texts)},
    )
    return list(rows.scalars())


def add_nodes(conn: Connection, nodes: Sequence[Locality]) -> None:
    """Store localities' own points, over what is stored of them."""
    _insert(conn, list({node.ref: node for node in nodes}.values()))


def renew(conn: Connection) -> None:
    """Work out every locality again from the places there are now."""
    nodes = [_locality(row) for row in conn.execute(sa.text("select * from localities")) if row.source_ref]
    derived = derive(_grid_counts(conn), nodes)
    conn.execute(sa.text("delete from localities"))
    _insert(conn, derived)


def forget_empty(conn: Connection, box: tuple[float, float, float, float]) -> None:
    """Forget the points of localities within a box (south, west, north, east) that hold no place."""
    conn.execute(
        sa.text("""
            delete from localities
            where places = 0 and lat between :south and :north and lon between :west and :east
        """),
        dict(zip(("south", "west", "north", "east"), box, strict=True)),
    )


def are_worked_out(conn: Connection) -> bool:
    """Whether every locality says how records name it; those of earlier versions do not."""
    return not conn.execute(
        sa.text("select exists (select from localities where label is null)")
    ).scalar_one()


def _grid_counts(conn: Connection) -> list[GridCount]:
    rows = conn.execute(
        sa.text("""
            select n.level, n.name, avg(p.lat) as lat, avg(p.lon) as lon, count(*) as places, n.parent,
                coalesce(p.tags ->> 'addr:state', p.tags ->> 'addr:province') as region,
                coalesce(p.country, i.country) as country
            from places p
            join place_imports i on i.id = p.import_id
            cross join lateral (
                select 'city' as level, p.city as name, cast(null as text) as parent
                union all
                select 'postcode', p.postcode, p.city where p.postcode is not null
                union all
                select 'state', coalesce(p.tags ->> 'addr:state', p.tags ->> 'addr:province'), p.city
                where p.tags ?| array['addr:state', 'addr:province']
                union all
                select 'county', p.tags ->> 'addr:county', p.city where p.tags ? 'addr:county'
                union all
                select distinct 'part', p.tags ->> tag, p.city
                from unnest(cast(:part_tags as text[])) as tag
                where p.tags ?| cast(:part_tags as text[]) and p.tags ? tag
            ) n
            where p.gone_at is null
            group by n.level, n.name, n.parent, 7, 8, floor(p.lat * :grid), floor(p.lon * :grid)
        """),
        {"grid": SQUARES_PER_DEGREE, "part_tags": list(PART_TAGS)},
    )
    return [GridCount(**{**row._mapping, "level": Level(row.level)}) for row in rows]


def _insert(conn: Connection, localities: Sequence[Locality]) -> None:
    if not localities:
        return
    rows = [_values(item) for item in localities]
    new = insertion(tables.localities, _COLUMNS)
    merged = new.on_conflict_do_update(index_elements=["source_ref"], set_=taken_over(new, _COLUMNS[1:]))
    conn.execute(merged, arrays(tables.localities, _COLUMNS, rows))


def _values(item: Locality) -> dict[str, Any]:
    plain = {name: getattr(item, name) for name in _PLAIN}
    named = {name: getattr(item, name) for name in _NAMED}
    return {
        **plain,
        "label": item.label or None,
        "source_ref": item.ref,
        "pieces": pieces_of(item.keys),
        "named": named,
    }


def _locality(row: Row[Any]) -> Locality:
    fields = {name: row._mapping[name] for name in _PLAIN}
    named: dict[str, Any] = row.named or {}
    told: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in named.items()
    }
    known = {"keys": tuple(fields["keys"]), "label": row.label or row.name, "ref": row.source_ref}
    return Locality(**{**fields, **known, **told, "level": Level(named.get("level", Level.CITY))})
