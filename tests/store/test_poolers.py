"""Behind a pooler that drops what a connection says of itself, a worker still proves its lease."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

import settings
from store import database as connections
from store.database import Role, statements
from tests.support.campaigns import claimed, submitted
from tests.support.people import person
from tests.support.pooler import pooler
from tests.support.servers import Database


def _sees(lease: connections.Held) -> object:
    """The workspace the database takes the holder of the lease for."""
    with statements(lease) as conn:
        return conn.execute(sa.text("select app_job_workspace()")).scalar_one()


def test_a_lease_is_proved_however_the_server_is_reached(
    database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = person("owner")
    lease = claimed(owner, submitted(owner))
    assert _sees(lease) == owner.workspace_id
    url = connections.url_for(Role.WORKER)
    folder = make_url(database.owner_url).query["host"]
    with pooler(f"{folder}/.s.PGSQL.5432") as port:
        direct = url.difference_update_query(["host", "port"]).set(host="127.0.0.1", port=port)
        monkeypatch.setenv("DATABASE_URL_WORKER", direct.render_as_string(hide_password=False))
        settings.get.cache_clear()
        connections.dispose()
        with connections.engine(Role.WORKER).connect() as conn:
            assert conn.execute(sa.text("show application_name")).scalar_one() == Role.WORKER
        assert _sees(lease) == owner.workspace_id
        connections.dispose()
