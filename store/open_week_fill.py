"""Filling the normal week of leads, known since schema 0044, in a database of before: it takes hours that only Python
reads, and time zones that only Python looks up, so it is no migration."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from pipeline.words.local_time import zone_of
from pipeline.words.normal_week import open_week
from store.filling import as_owner, parts

SINCE = "0044"
_TABLES = ("leads", "company_edits")
# What a lead carries and what was done about its company stay as they are.
_TRIGGERS = {"leads": "book_carries", "company_edits": "book_edited"}
# Of leads, of what people typed, and of what sources gave beneath that.
_HOURS = sa.text("""
    select opening_hours as hours from leads where opening_hours is not null
    union
    select found #>> '{opening_hours,value}' from leads where found #>> '{opening_hours,value}' is not null
    union
    select typed ->> 'opening_hours' from company_edits where typed ->> 'opening_hours' is not null
""")
# To the hundredth of a degree, as zones are looked up.
_CELLS = sa.text("""
    select distinct round(lat::numeric, 2) as lat, round(lon::numeric, 2) as lon
    from leads
    where lat is not null
        and lon is not null
        and (opening_hours is not null or found ? 'opening_hours')
""")


def fill(conn: Connection) -> None:
    """Do it, as the owner of the tables, in memory that does not grow with them."""
    with as_owner(conn, _TABLES, _TRIGGERS):
        _read_hours(conn)
        _look_zones_up(conn)
        _fill_leads(conn)
        _fill_typed(conn)


def _read_hours(conn: Connection) -> None:
    """The week of each text, once."""
    conn.exec_driver_sql("create temporary table weeks_read (hours text, week int4multirange) on commit drop")
    add = """
        insert into weeks_read
        select hours, week::int4multirange
        from unnest(%s::text[], %s::text[]) as read (hours, week)
    """
    for part in parts(conn, _HOURS):
        weeks = {row.hours: week for row in part if (week := open_week(row.hours)) is not None}
        conn.exec_driver_sql(add, ([*weeks], [*weeks.values()]))
    conn.exec_driver_sql("analyze weeks_read")


def _look_zones_up(conn: Connection) -> None:
    """The time zone of each square with a lead, where this Postgres knows it."""
    conn.exec_driver_sql(
        "create temporary table zones_read (lat numeric, lon numeric, zone text) on commit drop"
    )
    known = set(conn.exec_driver_sql("select name from pg_timezone_names").scalars())
    add = "insert into zones_read select * from unnest(%s::numeric[], %s::numeric[], %s::text[])"
    for part in parts(conn, _CELLS):
        zones = {(row.lat, row.lon): zone_of(float(row.lat), float(row.lon)) for row in part}
        told = [(*cell, zone) for cell, zone in zones.items() if zone in known]
        conn.exec_driver_sql(add, tuple([row[column] for row in told] for column in range(3)))
    conn.exec_driver_sql("analyze zones_read")


def _fill_leads(conn: Connection) -> None:
    conn.exec_driver_sql("""
        update leads l
        set open_week = w.week,
            time_zone = z.zone
        from weeks_read w, zones_read z
        where w.hours = l.opening_hours
            and z.lat = round(l.lat::numeric, 2)
            and z.lon = round(l.lon::numeric, 2)
            and not l.found ? 'opening_hours'
    """)
    # Those with a person's hours keep the week of what sources gave as well.
    conn.exec_driver_sql("""
        update leads l
        set open_week = w.week,
            time_zone = case when w.week is not null then z.zone end,
            found = l.found || jsonb_build_object(
                'open_week', jsonb_build_object('value', c.week::text),
                'time_zone', jsonb_build_object('value', case when c.week is not null then z.zone end))
        from leads o
        left join zones_read z on z.lat = round(o.lat::numeric, 2) and z.lon = round(o.lon::numeric, 2)
        left join weeks_read w on w.hours = o.opening_hours and z.zone is not null
        left join weeks_read c on c.hours = o.found #>> '{opening_hours,value}' and z.zone is not null
        where o.workspace_id = l.workspace_id
            and o.id = l.id
            and o.found ? 'opening_hours'
    """)


def _fill_typed(conn: Connection) -> None:
    """What people typed, at the place of the newest lead."""
    conn.exec_driver_sql("""
        update company_edits e
        set typed = e.typed || jsonb_build_object(
            'open_week', w.week::text,
            'time_zone', case when w.week is not null then z.zone end)
        from company_edits o
        join leads l on l.workspace_id = o.workspace_id and l.company_id = o.company_id and l.is_current
        left join zones_read z on z.lat = round(l.lat::numeric, 2) and z.lon = round(l.lon::numeric, 2)
        left join weeks_read w on w.hours = o.typed ->> 'opening_hours' and z.zone is not null
        where o.field = 'opening_hours'
            and e.workspace_id = o.workspace_id
            and e.company_id = o.company_id
            and e.field = o.field
    """)
