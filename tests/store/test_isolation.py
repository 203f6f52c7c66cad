"""Nobody who runs plain SQL as one of our roles becomes somebody, reads a workspace or changes it."""

from __future__ import annotations

from contextlib import closing
from itertools import product

import psycopg2
import pytest
import sqlalchemy as sa

from services import campaigns
from store.database import Role, transaction, url_for
from tests.store.attempts import ATTEMPTS
from tests.support.campaigns import finished, lead, submitted
from tests.support.intruder import bound, state_of, succeeds, victim_of
from tests.support.people import person
from tests.support.servers import Database, change


@pytest.fixture
def victim(database: Database, redis_url: str) -> dict[str, object]:
    return victim_of(database)


def test_every_attempt_says_something_to_postgres(victim: dict[str, object], database: Database) -> None:
    """No attempt is refused only because it is misspelt: the superuser gets past names and types with each."""
    misspelt = []
    with closing(psycopg2.connect(database.superuser_url)) as conn, conn.cursor() as cursor:
        for attempt in ATTEMPTS:
            try:
                cursor.execute(*bound(attempt, victim))
            except psycopg2.Error as error:
                # Syntax, undefined column, table or function: PostgreSQL documentation, appendix A.
                if error.pgcode in ("42601", "42703", "42P01", "42883"):
                    misspelt.append(f"{attempt.sql}: {error}")
            conn.rollback()
    assert misspelt == []


def test_every_attempt_as_every_role_is_refused(victim: dict[str, object], database: Database) -> None:
    before = state_of(database)
    tried = [(attempt, role) for attempt, role in product(ATTEMPTS, Role) if role not in attempt.work_of]
    succeeded = [f"{role}: {attempt.sql}" for attempt, role in tried if succeeds(role, attempt, victim)]
    assert succeeded == []
    assert state_of(database) == before
    print(f"{len(ATTEMPTS)} attempts as {len(Role)} roles: {len(tried)} tried, {len(tried)} refused")  # noqa: T201


_FUNCTION = "create or replace function {} language sql stable security definer as $$ {} $$"
_TOLD = "nullif(current_setting('app.{}', true), '')::uuid"
DEFENCES = {
    "leads are shown to everybody": "create policy open on leads for select to pp_web using (true)",
    "a lease needs no secret": _FUNCTION.format(
        "app_job_id() returns uuid", f"select id from discovery_jobs where id = {_TOLD.format('job_id')}"
    ),
    "the web role reads accounts": "grant select on users to pp_web;"
    " create policy open on users to pp_web using (true)",
    "the web role reads sessions": "grant select on sessions to pp_web;"
    " create policy open on sessions to pp_web using (true)",
    "who asks is believed": _FUNCTION.format(
        "app_asker() returns table (user_id uuid, only_workspace uuid, most integer)",
        f"select {_TOLD.format('user_id')}, null::uuid, 4",
    ),
    "the ledger closes for anybody": _FUNCTION.format(
        "ledger_is_open(workspace uuid) returns boolean", "select true"
    ),
}


@pytest.mark.parametrize("name", DEFENCES)
def test_a_missing_defence_is_noticed(victim: dict[str, object], database: Database, name: str) -> None:
    change(database.superuser_url, DEFENCES[name])
    before = state_of(database)
    tried = [
        (attempt, role)
        for attempt, role in product(ATTEMPTS, (Role.WEB, Role.WORKER))
        if role not in attempt.work_of
    ]
    succeeded = [attempt.sql for attempt, role in tried if succeeds(role, attempt, victim)]
    assert succeeded or state_of(database) != before


def test_a_thousand_requests_of_two_people_over_one_connection_never_mix(
    database: Database, redis_url: str
) -> None:
    people = [person("one"), person("two")]
    own = {each.id: {submitted(each) for _ in range(2)} for each in people}
    alone = sa.create_engine(url_for(Role.WEB), pool_size=1, max_overflow=0)
    wrong = 0
    try:
        for number in range(1000):
            asking = people[number * 7 % 3 % 2]
            try:
                with alone.begin() as conn:
                    conn.execute(
                        sa.text("select set_config('app.proof', :proof, true)"), {"proof": asking.proof}
                    )
                    seen = set(conn.execute(sa.text("select id from campaigns")).scalars())
                    wrong += seen != own[asking.id]
                    if number % 5 == 0:
                        conn.execute(sa.text("select 1 / 0"))
                    if number % 11 == 0:
                        raise KeyboardInterrupt
            except (sa.exc.DBAPIError, KeyboardInterrupt):
                pass
            with alone.connect() as conn:
                wrong += conn.execute(sa.text("select count(*) from campaigns")).scalar_one()
    finally:
        alone.dispose()
    assert wrong == 0


def test_a_viewer_writes_nothing_by_hand(database: Database, redis_url: str) -> None:
    owner, viewer = person("owner"), person("viewer")
    campaign = finished(owner, [lead(1)])
    change(
        database.superuser_url,
        f"insert into memberships values ('{owner.workspace_id}', '{viewer.id}', 'viewer')",
    )
    with transaction(Role.WEB, proof=viewer.proof) as conn:
        assert campaign in conn.execute(sa.text("select id from campaigns")).scalars().all()
        for statement in (
            "update campaigns set title = 'x'", "delete from leads", "delete from businesses", "delete from job_events",
            "update discovery_jobs set cancel_requested_at = now()", "update outbox set sent_at = now()",
        ):  # fmt: skip
            assert conn.execute(sa.text(statement)).rowcount == 0
    for statement in (
        "insert into campaigns (workspace_id, id, created_by, idem_key, title, spec, budget_micros)"
        f" values ('{owner.workspace_id}', gen_random_uuid(), '{viewer.id}', 'x', 'x', '{{}}', 1)",
        "insert into exports (workspace_id, id, campaign_id, user_id, format, filter, row_count, sha256)"
        f" values ('{owner.workspace_id}', gen_random_uuid(), '{campaign}', '{viewer.id}', 'csv', '{{}}', 1, '')",
    ):
        with (
            pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
            transaction(Role.WEB, proof=viewer.proof) as conn,
        ):
            conn.execute(sa.text(statement.replace(":", "\\:")))
    assert campaigns.get(owner, campaign).title


def test_nobody_acts_under_the_name_of_a_colleague(database: Database, redis_url: str) -> None:
    owner, member = person("owner"), person("member")
    change(
        database.superuser_url,
        f"insert into memberships values ('{owner.workspace_id}', '{member.id}', 'member')",
    )
    statement = (
        "insert into campaigns (workspace_id, id, created_by, idem_key, title, spec, budget_micros)"
        f" values ('{owner.workspace_id}', gen_random_uuid(), '{owner.id}', 'x', 'x', '{{}}', 1)"
    )
    with (
        pytest.raises(sa.exc.ProgrammingError, match="row-level security"),
        transaction(Role.WEB, proof=member.proof) as conn,
    ):
        conn.execute(sa.text(statement.replace(":", "\\:")))
