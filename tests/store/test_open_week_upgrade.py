"""A book of the version before: its hours are read, and its places have their time zones."""

from __future__ import annotations

import json
import uuid

from store import migrate
from tests.store.test_accepted_status import upgraded_to
from tests.support.servers import Database, change, rows

ALWAYS, MONDAYS = "{[0,10080)}", "{[480,540)}"
# Name: opening hours, position, and what sources gave beneath what a person typed.
GIVEN: dict[str, tuple[str | None, str, str | None]] = {
    "a": ("24/7", "60.17, 24.94", None),
    "b": ("24/7", "40.71, -74.0", None),
    "c": ("Mo 08:00-09:00", "60.171, 24.941", None),
    "d": ("in the mornings", "60.17, 24.94", None),
    "e": (None, "60.17, 24.94", None),
    "f": ("24/7", "null, null", None),
    "typed": ("24/7", "60.17, 24.94", "Mo 08:00-09:00"),
    "typed nothing": (None, "60.17, 24.94", "24/7"),
}
_LEAD = """
    insert into companies (workspace_id, id) values ('{home}', '{id}');
    insert into leads (
        workspace_id, campaign_id, business_id, company_id, id, name, category, confidence, email_status,
        is_role_address, score_breakdown, empty_reasons, provenance, origins, steps, opening_hours, lat, lon, found,
        is_current
    )
    values (
        '{home}', '{id}', '{id}', '{id}', '{id}', '{name}', 'amenity=cafe', 50, 'none', false, '[]', '{{}}',
        '{{}}', '[]', '[]', {hours}, {position}, '{found}', true
    );
"""
_TYPED = """
    insert into company_edits (workspace_id, company_id, field, typed, user_id)
    values ('{home}', '{id}', 'opening_hours', '{typed}', '{id}');
"""


def _filled(database: Database) -> None:
    home = str(uuid.uuid4())
    statement = f"set session_replication_role = replica; insert into workspaces values ('{home}', 'One');"
    for name, (hours, position, covered) in GIVEN.items():
        id, told = str(uuid.uuid4()), f"'{hours}'" if hours else "null"
        found = json.dumps({"opening_hours": {"value": covered}} if covered else {})
        statement += _LEAD.format(home=home, id=id, name=name, hours=told, position=position, found=found)
        if covered:
            statement += _TYPED.format(home=home, id=id, typed=json.dumps({"opening_hours": hours}))
    change(database.superuser_url, statement)


def test_weeks_of_before_are_known_afterwards(schemaless: Database) -> None:
    upgraded_to("0041")
    _filled(schemaless)
    assert migrate.upgrade() == "0041"
    known = rows(
        schemaless.superuser_url,
        "select name, open_week::text, time_zone from leads where open_week is not null or time_zone is not null"
        " order by name",
    )
    assert known == [
        ("a", ALWAYS, "Europe/Helsinki"),
        ("b", ALWAYS, "America/New_York"),
        ("c", MONDAYS, "Europe/Helsinki"),
        ("typed", ALWAYS, "Europe/Helsinki"),
    ]
    typed = "select typed ->> 'open_week', typed ->> 'time_zone', typed ? 'time_zone' from company_edits order by 1"
    assert rows(schemaless.superuser_url, typed) == [(ALWAYS, "Europe/Helsinki", True), (None, None, True)]
    assert rows(schemaless.superuser_url, "select count(*) from activities") == [(0,)]
    # What a person's value covers comes back as it is.
    change(schemaless.superuser_url, "delete from company_edits")
    back = "select name, open_week::text, time_zone from leads where name like 'typed%' order by name"
    assert rows(schemaless.superuser_url, back) == [
        ("typed", MONDAYS, "Europe/Helsinki"),
        ("typed nothing", ALWAYS, "Europe/Helsinki"),
    ]
    # And the row-level policies hold again.
    assert rows(
        schemaless.superuser_url,
        "select relforcerowsecurity from pg_class where oid in ('leads'::regclass, 'company_edits'::regclass)",
    ) == [(True,), (True,)]
