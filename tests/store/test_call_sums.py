"""The sums of calls by day are those of the ledger, whatever becomes of a call."""

from __future__ import annotations

import random
from contextlib import closing
from datetime import UTC, datetime, timedelta

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


def _values(chance: random.Random) -> tuple[object, ...]:
    price = chance.randrange(50_000)
    sent = datetime(2026, 11, 20, tzinfo=UTC) + timedelta(minutes=chance.randrange(4_000))
    found = chance.choice((True, False, None))
    return chance.choice(_STATES), price, chance.randrange(price + 1), chance.randrange(9_000), found, sent


def _agree(cursor: Cursor) -> None:
    cursor.execute("select * from call_sums")
    kept = {row[:4]: tuple(int(each) for each in row[4:]) for row in cursor.fetchall()}
    cursor.execute(_OF_LEDGER)
    summed = {row[:4]: tuple(int(each) for each in row[4:]) for row in cursor.fetchall()}
    nothing = (0,) * 7
    groups = kept.keys() | summed.keys()
    assert {one: kept.get(one, nothing) for one in groups} == {
        one: summed.get(one, nothing) for one in groups
    }


def test_sums_are_those_of_the_ledger(database: Database, redis_url: str) -> None:
    owner, chance = person("owner"), random.Random(39)  # noqa: S311 - the same calls in each run
    campaigns = [submitted(owner) for _ in range(3)]
    with closing(psycopg2.connect(database.superuser_url)) as conn, conn.cursor() as cursor:
        keys: list[bytes] = []
        for _ in range(400):
            act = chance.random()
            if act < 0.5 or not keys:
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
        cursor.execute("delete from campaigns where id = %s", (str(campaigns[0]),))
        _agree(cursor)
        cursor.execute("select count(*) from call_sums where campaign_id <> %s", (str(campaigns[0]),))
        assert cursor.fetchone()[0] > 0
