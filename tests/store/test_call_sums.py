"""The sums of calls by day, and those of campaigns that ended, are those of the ledger, whatever becomes of a call, a
campaign or a workspace."""

from __future__ import annotations

import random
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg2
from psycopg2.extensions import cursor as Cursor

from store.ids import new_id
from tests.support.campaigns import submitted
from tests.support.people import person
from tests.support.servers import Database

_STATES = ("intent", "done", "failed_free", "unknown", "held", "spared")
_OF_LEDGER = """
    select workspace_id, (sent_at at time zone 'UTC')::date, campaign_id, provider,
        count(*) filter (where state in ('done', 'unknown')), count(*) filter (where state = 'done'),
        count(*) filter (where state = 'done' and found), sum(cost_micros), sum(saved_micros),
        coalesce(sum(cost_micros) filter (where state = 'done' and found is false), 0),
        coalesce(sum(cost_micros) filter (where state = 'unknown'), 0)
    from provider_calls
    group by 1, 2, 3, 4
"""

_OF_ENDED = """
    with summed as (
        select p.provider, p.workspace_id, c.created_by, (p.sent_at at time zone 'UTC')::date as day,
            (p.state in ('done', 'unknown'))::int as calls, (p.state = 'done')::int as asked,
            (p.state = 'done' and coalesce(p.found, false))::int as hits, p.cost_micros, p.saved_micros,
            case when p.state = 'done' and p.found is false then p.cost_micros else 0 end as missed,
            case when p.state = 'unknown' then p.cost_micros else 0 end as uncertain, 0 as ordered, 0 as usable
        from provider_calls p
        join campaigns c on c.id = p.campaign_id
        union all
        select '', workspace_id, created_by, (created_at at time zone 'UTC')::date, 0, 0, 0, 0, 0, 0, 0, spent_micros,
            emails_verified
        from campaigns
    )
    select coalesce(workspace_id, cast('00000000-0000-0000-0000-000000000000' as uuid)),
        coalesce(day, '-infinity')::text, coalesce(created_by, '00000000-0000-0000-0000-000000000000'), provider,
        sum(calls), sum(asked), sum(hits), sum(cost_micros), sum(saved_micros), sum(missed), sum(uncertain),
        sum(ordered), sum(usable)
    from summed
    group by grouping sets (
        (provider, workspace_id, created_by, day), (provider, workspace_id, created_by), (provider, day), (provider)
    )
"""
_KEPT_OF_ENDED = """
    with kept as (
        select workspace_id, day, user_id, provider, calls, asked, hits, cost_micros, saved_micros, missed_micros,
            uncertain_micros, ordered_micros, usable
        from spend_sums
        union all
        select o.workspace_id, d.day, o.user_id, r.provider, calls, asked, hits, cost_micros, saved_micros,
            missed_micros, uncertain_micros, ordered_micros, usable
        from running_sums r,
            lateral (
                values (r.workspace_id, r.user_id), (
                    '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000'
                )
            ) as o (workspace_id, user_id),
            lateral (values (r.day), ('-infinity')) as d (day)
    )
    select workspace_id, day::text, user_id, provider, sum(calls), sum(asked), sum(hits), sum(cost_micros),
        sum(saved_micros), sum(missed_micros), sum(uncertain_micros), sum(ordered_micros), sum(usable)
    from kept
    group by 1, 2, 3, 4
"""


def _values(chance: random.Random) -> tuple[object, ...]:
    price = chance.randrange(50_000)
    sent = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(minutes=chance.randrange(4_000))
    found = chance.choice((True, False, None))
    return chance.choice(_STATES), price, chance.randrange(price + 1), chance.randrange(9_000), found, sent


def _agree(cursor: Cursor) -> None:
    for kept, ledger in (("select * from call_sums", _OF_LEDGER), (_KEPT_OF_ENDED, _OF_ENDED)):
        assert _groups(cursor, kept) == _groups(cursor, ledger)


def _groups(cursor: Cursor, query: str) -> dict[tuple[object, ...], tuple[int, ...]]:
    cursor.execute(query)
    groups = {row[:4]: tuple(int(each) for each in row[4:]) for row in cursor.fetchall()}
    return {group: sums for group, sums in groups.items() if any(sums)}


def _turn(cursor: Cursor, chance: random.Random, campaign: UUID, people: Sequence[UUID]) -> None:
    """A campaign ends, goes on, changes hands or gets another leads' count."""
    cursor.execute(
        chance.choice(
            (
                "update campaigns set status = 'completed', ended_at = now() where id = %(id)s",
                "update campaigns set status = 'processing', ended_at = null where id = %(id)s",
                "update campaigns set spent_micros = %(number)s, emails_verified = %(number)s where id = %(id)s",
                "update campaigns set created_by = %(user)s where id = %(id)s",
                "select spend_sums_compact()",
            )
        ),
        {"id": str(campaign), "number": chance.randrange(1000), "user": str(chance.choice(people))},
    )


def test_sums_are_those_of_the_ledger(database: Database, redis_url: str) -> None:
    owner, chance = person("owner"), random.Random(39)  # noqa: S311 - the same calls in each run
    campaigns = [submitted(owner) for _ in range(3)]
    people = (owner.id, person("other").id)
    with closing(psycopg2.connect(database.superuser_url)) as conn, conn.cursor() as cursor:
        cursor.execute("update campaigns set budget_micros = 1000")
        keys: list[bytes] = []
        for _ in range(400):
            act = chance.random()
            if act < 0.2:
                _turn(cursor, chance, chance.choice(campaigns), people)
            elif act < 0.6 or not keys:
                keys.append(chance.randbytes(16))
                cursor.execute(
                    "insert into provider_calls (workspace_id, id, key, campaign_id, provider, operation, arguments,"
                    " lease_token, state, price_micros, cost_micros, saved_micros, found, sent_at)"
                    " values (%s, %s, %s, %s, %s, 'ask', '{}', 1, %s, %s, %s, %s, %s, %s)",
                    (
                        *(str(owner.workspace_id), str(new_id()), keys[-1], str(chance.choice(campaigns))),
                        *(chance.choice(("hunter", "snov")), *_values(chance)),
                    ),
                )
            elif act < 0.9:
                cursor.execute(
                    "update provider_calls set state = %s, price_micros = %s, cost_micros = %s, saved_micros = %s,"
                    " found = %s, sent_at = %s where key = %s",
                    (*_values(chance), chance.choice(keys)),
                )
            else:
                cursor.execute(
                    "delete from provider_calls where key = %s", (keys.pop(chance.randrange(len(keys))),)
                )
        _agree(cursor)
        for number, campaign in enumerate(campaigns[:2]):
            state = ("processing", "null") if number else ("completed", "now()")
            cursor.execute(
                f"update campaigns set status = '{state[0]}', ended_at = {state[1]} where id = %s",
                (str(campaign),),
            )
            cursor.execute("delete from campaigns where id = %s", (str(campaign),))
            _agree(cursor)
        cursor.execute("select count(*) from call_sums")
        assert cursor.fetchone()[0] > 0
        cursor.execute("update campaigns set status = 'completed', ended_at = now()")
        cursor.execute("delete from workspaces where id = %s", (str(owner.workspace_id),))
        _agree(cursor)
        cursor.execute("select spend_sums_compact()")
        cursor.execute("select count(*) from spend_sums")
        assert cursor.fetchone()[0] == 0
