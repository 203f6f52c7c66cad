"""The status of what mail servers accept, in a database that is in use: what stands there stays, and it fits."""

from __future__ import annotations

import uuid

import psycopg2
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory

from pipeline.lead import EmailStatus
from store import migrate
from store.database import owner_url
from store.roles import ensure_roles
from tests.support.servers import Database, change, rows

_LEAD = """
    set session_replication_role = replica;
    insert into workspaces (id, name) values ('{id}', 'A workspace');
    insert into leads (
        workspace_id, campaign_id, id, {company}, name, category, confidence, email_status, is_role_address,
        score_breakdown, empty_reasons, provenance, origins, steps
    )
    values (
        '{id}', '{id}', '{id}', {of_company}, 'Anchor', 'amenity=cafe', 50, '{status}', false,
        '[]', '{{}}', '{{}}', '[]', '[]'
    )
"""


def upgraded_to(revision: str) -> None:
    """The schema as a version before had it."""
    engine = sa.create_engine(owner_url(), poolclass=sa.NullPool)
    with engine.begin() as conn:
        ensure_roles(conn, is_ours=False)
        config = migrate.alembic_config()
        config.attributes["connection"] = conn
        command.upgrade(config, revision)


def stored(database: Database, status: str, *, has_company: bool = False) -> None:
    """A lead as a version before had it, or as it is kept since there are companies."""
    key = str(uuid.uuid4())
    names = "business_id, company_id" if has_company else "business_id"
    values = ", ".join(f"'{key}'" for _ in names.split(","))
    statement = _LEAD.format(id=key, status=status, company=names, of_company=values)
    change(database.superuser_url, statement)


def test_a_status_that_is_new_fits_beside_those_that_stand_there(schemaless: Database) -> None:
    added = ScriptDirectory.from_config(migrate.alembic_config()).get_revision("0013")
    upgraded_to(str(added.down_revision))
    came_later = (EmailStatus.ACCEPTED, EmailStatus.TYPED)
    before = [status.value for status in EmailStatus if status not in came_later]
    for status in before:
        stored(schemaless, status)
    with pytest.raises(psycopg2.errors.CheckViolation):
        stored(schemaless, EmailStatus.ACCEPTED.value)
    migrate.upgrade()
    stored(schemaless, EmailStatus.ACCEPTED.value, has_company=True)
    kept = rows(schemaless.superuser_url, "select email_status from leads")
    assert sorted(str(status) for (status,) in kept) == sorted([*before, EmailStatus.ACCEPTED.value])
    with pytest.raises(psycopg2.errors.CheckViolation):
        stored(schemaless, "sure", has_company=True)
