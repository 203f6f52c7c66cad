"""People never see each other's rows, even through a query somebody wrote by hand on our own connection."""

from __future__ import annotations

from contextlib import closing

import psycopg2
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from services.identity import Person
from store.database import Role, engine, transaction
from store.readiness import TENANT_FREE
from tests.support.campaigns import claimed, finished, lead, submitted
from tests.support.people import person
from tests.support.servers import Database

TENANT_TABLES = (
    "campaigns", "discovery_jobs", "job_events", "businesses", "leads", "provider_calls", "outbox", "exports",
)  # fmt: skip


@pytest.fixture
def owner(database: Database, redis_url: str) -> Person:
    return person("owner")


@pytest.fixture
def stranger(owner: Person) -> Person:
    return person("stranger")


def rows(table: str, role: Role, proof: str = "") -> int:
    with transaction(role, proof=proof) as conn:
        return int(conn.execute(sa.select(sa.func.count()).select_from(sa.table(table))).scalar_one())


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_stranger_and_nobody_see_no_row(owner: Person, stranger: Person, table: str) -> None:
    finished(owner, [lead(1), lead(2)])
    assert rows(table, Role.WEB, proof=stranger.proof) == 0
    assert rows(table, Role.WEB) == 0
    if table not in ("provider_calls", "exports"):
        assert rows(table, Role.WEB, proof=owner.proof) > 0


def test_a_row_in_somebody_elses_workspace_is_refused(owner: Person, stranger: Person) -> None:
    campaign = submitted(owner)
    statement = sa.text(
        "insert into exports (workspace_id, id, campaign_id, user_id, format, filter, row_count, sha256)"
        " values (:workspace, gen_random_uuid(), :campaign, :user, 'csv', '{}', 1, '')"
    )
    values = {"workspace": owner.workspace_id, "campaign": campaign, "user": stranger.id}
    with (
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction(Role.WEB, proof=stranger.proof) as conn,
    ):
        conn.execute(statement, values)


def test_changing_somebody_elses_campaign_changes_nothing(owner: Person, stranger: Person) -> None:
    campaign = submitted(owner)
    with transaction(Role.WEB, proof=stranger.proof) as conn:
        changed = conn.execute(
            sa.text("update campaigns set status = 'failed', ended_at = now() where id = :id"),
            {"id": campaign},
        )
    assert changed.rowcount == 0


def test_the_web_role_cannot_touch_money_or_passwords(owner: Person) -> None:
    for statement in (
        "update campaigns set spent_micros = 0",
        "update campaigns set budget_micros = 1",
        "select password_hash from users",
        "select * from sessions",
        "set role pp_owner",
    ):
        with (
            pytest.raises(ProgrammingError, match="permission denied"),
            transaction(Role.WEB, proof=owner.proof) as conn,
        ):
            conn.execute(sa.text(statement))


def test_the_identity_ends_with_its_transaction(owner: Person) -> None:
    submitted(owner)
    for _ in range(50):
        with pytest.raises(ZeroDivisionError), transaction(Role.WEB, proof=owner.proof):
            raise ZeroDivisionError
        with engine(Role.WEB).connect() as conn:
            assert conn.execute(sa.text("select count(*) from campaigns")).scalar_one() == 0


def test_a_worker_sees_the_workspace_of_its_lease_and_nothing_after_losing_it(
    owner: Person, stranger: Person
) -> None:
    theirs = finished(stranger, [lead(3)])
    lease = claimed(owner, submitted(owner))
    with transaction(Role.WORKER, lease=lease) as conn:
        seen = conn.execute(sa.text("select id from campaigns")).scalars().all()
    assert seen == [lease.campaign_id]
    assert theirs not in seen
    assert rows("campaigns", Role.WORKER) == 0


def test_the_system_role_never_reads_leads(owner: Person) -> None:
    finished(owner, [lead(1)])
    assert rows("discovery_jobs", Role.SYSTEM) == 1
    for table in ("leads", "businesses"):
        with pytest.raises(ProgrammingError, match="permission denied"):
            rows(table, Role.SYSTEM)


def test_the_administrators_connection_shows_nothing_to_others(owner: Person) -> None:
    submitted(owner)
    admin = person("admin", is_admin=True)
    for table in ("discovery_jobs", "workers", "audit_log"):
        assert rows(table, Role.ADMIN, proof=owner.proof) == 0
    assert rows("discovery_jobs", Role.ADMIN, proof=admin.proof) == 1
    with pytest.raises(ProgrammingError, match="permission denied"):
        rows("leads", Role.ADMIN, proof=admin.proof)


def test_every_tenant_table_forces_row_level_security(database: Database) -> None:
    with closing(psycopg2.connect(database.superuser_url)) as conn, conn.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
            " and not relforcerowsecurity"
        )
        unforced = {name for (name,) in cursor.fetchall()}
    assert unforced <= TENANT_FREE
