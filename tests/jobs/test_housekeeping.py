"""What is looked after beside the campaigns."""

from __future__ import annotations

import pytest

import settings
from jobs import duties, list_work, notifications, reconciler
from pipeline.lead import Origin
from services import book_export, exporting, operations
from services.identity import Person
from services.results import LeadFilter, LeadSort
from store import businesses
from store import database as store_database
from store.database import Role, transaction
from tests.support.campaigns import (
    PAID,
    TODAY,
    business,
    claimed,
    end,
    finished,
    lead,
    spent,
    store_leads,
    submitted,
)
from tests.support.copies import multiplied
from tests.support.people import person
from tests.support.servers import Database, change, rows
from tests.support.workers import eventually


def test_sums_that_do_not_follow_from_the_calls_are_shown_to_administrators(
    database: Database, redis_url: str
) -> None:
    admin = person("admin", is_admin=True)
    campaign = finished(admin, [lead(1)])
    right = finished(admin, [lead(2)])
    change(
        database.superuser_url,
        f"update campaigns set budget_micros = 10, spent_micros = 5 where id = '{campaign}'",
    )
    assert "The sums of 1 campaign do not follow from their calls." in list(duties.run_all())
    problems = {row.campaign_id: row.error for row in operations.jobs(admin).rows}
    assert problems == {campaign: "The sums do not follow from the calls.", right: None}


# Rows that are not due any more, or not yet, and how many of each table may be read to find the few that are.
_ROWS, _READ = 2_000, 500
_Table = tuple[str, dict[str, str]]
_OF_WORKSPACE: _Table = ("workspace_id", {})
_OLD: dict[str, _Table] = {
    "provider_calls": _OF_WORKSPACE,
    "discovery_jobs": ("workspace_id", {"campaign_id": "gen_random_uuid()"}),
    "exports": _OF_WORKSPACE,
    "users": ("id", {}),
    "campaigns": ("workspace_id", {"spent_micros": "0"}),
}
_NEW: dict[str, _Table] = {
    **dict.fromkeys(("leads", "businesses", "companies", "provider_calls"), _OF_WORKSPACE),
    **dict.fromkeys(("job_events", "outbox", "exports"), _OF_WORKSPACE),
    "provider_cache": ("", {}),
    "audit_log": ("actor_id", {}),
}
# A thousand campaigns are looked at in turn.
_CAMPAIGNS, _CAMPAIGNS_READ = 20_000, 6_000
# A month ago, so that all of it is due; Google's leads as well.
_LONG_AGO = """
    update provider_calls set done_at = done_at - interval '31 days' where workspace_id = '{due}';
    update job_events set at = at - interval '31 days' where workspace_id = '{due}';
    update outbox set created_at = created_at - interval '31 days', sent_at = now() where workspace_id = '{due}';
    update discovery_jobs set ended_at = ended_at - interval '31 days' where workspace_id = '{due}';
    update campaigns set ended_at = ended_at - interval '31 days' where workspace_id = '{due}';
    update leads set retain_until = retain_until - 40 where workspace_id = '{due}';
    update businesses set retain_until = retain_until - 40 where workspace_id = '{due}';
    update exports set created_at = created_at - interval '31 days' where workspace_id = '{due}';
    insert into audit_log (actor_id, action) values ('{due}', 'signed_in');
    update audit_log set at = now() - interval '9 years' where actor_id = '{due}';
"""


def _campaign(who: Person) -> None:
    """A campaign with a paid call, a lead of Google's and another, a business that became none, and a file of them."""
    lease = claimed(who, submitted(who, PAID.model_copy(update={"waterfall": ("hunter",)})))
    google = Origin(source="google_places", ref="place-1", observed_on=TODAY)
    store_leads(lease, [lead(1, origins=(google,), provenance={"name": google}), lead(2)])
    spent(lease, f"{who.email}.test", 24_500)
    with transaction(Role.WORKER, lease=lease) as conn:
        only_found = [business(3, origins=(google,), provenance={"name": google})]
        businesses.save(conn, lease, only_found, TODAY, {"google_places": 30})
    end(lease)
    exporting.export(who, lease.campaign_id, LeadFilter(), LeadSort.NAME, "csv")
    book_export.export(who, LeadFilter(), LeadSort.NAME, "csv")


def _read(database: Database) -> dict[str, int]:
    """How many rows of each table that grows were read: everybody says so when they leave."""
    ours = "from pg_stat_activity where datname = current_database() and starts_with(usename, 'pp_')"
    store_database.dispose()
    change(database.superuser_url, f"select pg_terminate_backend(pid) {ours}")
    nobody = f"select not exists (select {ours})"
    eventually(lambda: rows(database.superuser_url, nobody) == [(True,)], "others are still connected")
    read = "select relname, seq_tup_read + coalesce(idx_tup_fetch, 0) from pg_stat_user_tables"
    return {str(name): int(str(count)) for name, count in rows(database.superuser_url, read)}


def test_only_what_is_due_is_read(
    database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It comes by every few minutes, and tables may have millions of rows."""
    monkeypatch.setenv("LEAD_RETENTION_DAYS", "30")
    monkeypatch.setenv("HUNTER_IO_API_KEY", "a key")
    monkeypatch.setenv("SMTP_HOST", "mail.test")
    monkeypatch.setenv("MAIL_FROM", "leads@example.com")
    settings.get.cache_clear()
    owner = {name: person(name) for name in ("old", "new", "due")}
    _campaign(owner["old"])
    change(database.superuser_url, _LONG_AGO.format(due=owner["old"].workspace_id))
    list(duties.run_all())
    _campaign(owner["new"])
    change(database.superuser_url, "update outbox set sent_at = now()")
    change(
        database.superuser_url,
        f"insert into audit_log (actor_id, action) values ('{owner['new'].id}', 'signed_in')",
    )
    for whose, tables in (("old", _OLD), ("new", _NEW)):
        for table, (column, changed) in tables.items():
            its = owner[whose].workspace_id if column == "workspace_id" else owner[whose].id
            where = f"{column} = '{its}'" if column else "true"
            multiplied(database, table, _ROWS if table != "campaigns" else _CAMPAIGNS, where, **changed)
    _campaign(owner["due"])
    change(database.superuser_url, _LONG_AGO.format(due=owner["due"].workspace_id))
    change(database.superuser_url, "analyze")
    before = _read(database)
    said = list(duties.run_all())
    assert "2 leads older than leads are kept here were removed." in said
    # What comes by every few seconds as well.
    reconciler.tick()
    assert not any(are_due() for are_due in (notifications.are_due, list_work.are_due))
    read = {table: count - before[table] for table, count in _read(database).items()}
    grown = {*_OLD, *_NEW} - {"campaigns"}
    assert {table: read[table] for table in grown if read[table] > _READ} == {}
    assert read["campaigns"] < _CAMPAIGNS_READ
