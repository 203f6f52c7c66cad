"""Filling what leads can be filtered by since schema 0040 in a database of before: mobile numbers, and who of the book
is on the suppression list. It takes numbers and hashes that only Python reads, so it is no migration."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from pipeline.contact.contacts import is_mobile
from store import tables
from store.bulk import insert_rows
from store.filling import as_owner, parts
from store.suppressed_companies import COLUMNS, hashes_of

SINCE = "0040"
_TABLES = ("leads", "companies", "company_edits", "suppressions", "suppressed_companies")
# What a lead carries and what was done about its company stay as they are.
_TRIGGERS = {"leads": "book_carries", "company_edits": "book_edited"}


def fill(conn: Connection) -> None:
    """Do it, as the owner of the tables, in memory that does not grow with them."""
    with as_owner(conn, _TABLES, _TRIGGERS):
        _fill_mobile(conn)
        _fill_typed(conn)
        _fill_covered(conn)
        listing = sa.text("select distinct workspace_id from suppressions")
        for workspace in conn.execute(listing).scalars().all():
            _mark_suppressed(conn, workspace)


def _fill_mobile(conn: Connection) -> None:
    """Each number is read once, and its leads are changed together."""
    conn.exec_driver_sql("create temporary table mobile_numbers (phone text primary key) on commit drop")
    for part in parts(conn, sa.text("select distinct phone from leads where phone is not null")):
        mobile = [row.phone for row in part if is_mobile(row.phone)]
        conn.exec_driver_sql("insert into mobile_numbers select unnest(%s::text[])", (mobile,))
    conn.exec_driver_sql("analyze mobile_numbers")
    conn.exec_driver_sql(
        "update leads l set phone_is_mobile = true from mobile_numbers m where m.phone = l.phone"
    )


def _fill_typed(conn: Connection) -> None:
    """What people typed."""
    query = sa.text("select distinct typed ->> 'phone' as phone from company_edits where field = 'phone'")
    update = sa.text("""
        update company_edits e
        set typed = e.typed || jsonb_build_object('phone_is_mobile', m.is_mobile)
        from unnest(cast(:numbers as text[]), cast(:mobile as boolean[])) as m (phone, is_mobile)
        where e.field = 'phone' and coalesce(e.typed ->> 'phone', '') = m.phone
    """)
    for part in parts(conn, query):
        conn.execute(update, _told_apart(part))


def _fill_covered(conn: Connection) -> None:
    """What sources gave where a person's value stands."""
    query = sa.text("select distinct found #>> '{phone,value}' as phone from leads where found ? 'phone'")
    update = sa.text("""
        update leads l
        set found = l.found || jsonb_build_object('phone_is_mobile', jsonb_build_object('value', m.is_mobile))
        from unnest(cast(:numbers as text[]), cast(:mobile as boolean[])) as m (phone, is_mobile)
        where l.found ? 'phone' and coalesce(l.found #>> '{phone,value}', '') = m.phone
    """)
    for part in parts(conn, query):
        conn.execute(update, _told_apart(part))


def _told_apart(part: list[Row[Any]]) -> dict[str, list[Any]]:
    numbers = [row.phone or "" for row in part]
    return {"numbers": numbers, "mobile": [is_mobile(number) for number in numbers]}


def _mark_suppressed(conn: Connection, workspace_id: UUID) -> None:
    """Companies whose values stand on the list of their workspace."""
    query = sa.text("""
        select company_id, name, category, chain, domain, phone, email, city, postcode, details
        from leads
        where workspace_id = :workspace and is_current
    """)
    listed = sa.text("""
        select value_hash
        from suppressions
        where workspace_id = :workspace and value_hash = any(:hashes)
    """)
    for part in parts(conn, query, workspace=workspace_id):
        pairs = {(row.company_id, hash) for row in part for hash in hashes_of(row)}
        given = {"workspace": workspace_id, "hashes": list({hash for _, hash in pairs})}
        there = {bytes(row.value_hash) for row in conn.execute(listed, given)}
        marks = [
            {"workspace_id": workspace_id, "company_id": company, "value_hash": hash}
            for company, hash in pairs
            if hash in there
        ]
        insert_rows(conn, tables.suppressed_companies, COLUMNS, marks)
