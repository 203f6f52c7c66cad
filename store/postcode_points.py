"""Middles of postcodes, by which businesses are found whose source states an address and no position."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from store import tables
from store.bulk import insert_rows

# Beside postcodes places have other texts in that column, and an index takes none as long as those may be.
_LONGEST = 20


@dataclass(frozen=True, slots=True)
class PostcodePoint:
    """The middle of a postcode (capitals, no blanks) in degrees."""

    postcode: str
    lat: float
    lon: float


def forget(conn: Connection, country: str, *, are_given: bool) -> None:
    """Forget the middles of a country's postcodes: those an administrator gave, or those that were worked out."""
    conn.execute(
        sa.text("delete from postcode_points where country = :country and is_given = :are_given"),
        {"country": country, "are_given": are_given},
    )


def work_out(conn: Connection, country: str) -> None:
    """Work out the middles of a country's postcodes that nobody gave, from places that state one and a position of
    their own."""
    conn.execute(
        sa.text("""
            insert into postcode_points (country, postcode, lat, lon)
            select :country, s.postcode, percentile_cont(0.5) within group (order by s.lat),
                percentile_cont(0.5) within group (order by s.lon)
            from (
                select upper(regexp_replace(p.postcode, '\\s', '', 'g')) as postcode, p.lat, p.lon
                from places p
                join place_imports i on i.id = p.import_id
                where p.postcode is not null
                    and not p.is_by_postcode
                    and p.gone_at is null
                    and coalesce(p.country, i.country) = :country
            ) s
            where length(s.postcode) between 1 and :longest
            group by s.postcode
            on conflict do nothing
        """),
        {"country": country, "longest": _LONGEST},
    )


def give(conn: Connection, country: str, points: Sequence[PostcodePoint]) -> None:
    """Keep middles that an administrator gives; of a postcode that is there twice the first counts."""
    rows = [
        {"country": country, "postcode": point.postcode, "lat": point.lat, "lon": point.lon, "is_given": True}
        for point in points
    ]
    insert_rows(conn, tables.postcode_points, ("country", "postcode", "lat", "lon", "is_given"), rows)


def known(conn: Connection, country: str, postcodes: Collection[str]) -> Mapping[str, tuple[float, float]]:
    """Latitude and longitude of the middle of each of these postcodes that is known."""
    rows = conn.execute(
        sa.text("""
            select postcode, lat, lon
            from postcode_points
            where country = :country and postcode = any(cast(:postcodes as text[]))
        """),
        {"country": country, "postcodes": list(postcodes)},
    )
    return {row.postcode: (row.lat, row.lon) for row in rows}


def fingerprint(conn: Connection, country: str) -> str:
    """Changes whenever what is known of a country's postcodes does."""
    return str(
        conn.execute(
            sa.text("""
                select concat_ws(' ', count(*), sum(hashtextextended(said, 0)))
                from (
                    select concat_ws(' ', postcode, round(lat * 1000), round(lon * 1000)) as said
                    from postcode_points
                    where country = :country
                ) s
            """),
            {"country": country},
        ).scalar_one()
    )
