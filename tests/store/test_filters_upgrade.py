"""A book of the version before: its numbers are told apart, and who is on the suppression list is known."""

from __future__ import annotations

import json
import uuid

from store import migrate
from store.value_hashes import hashed
from tests.store.test_accepted_status import upgraded_to
from tests.support.servers import Database, change, rows

MOBILE, LANDLINE, EITHER = "+358401234567", "+358912345678", "+14155552671"
_LEAD = """
    insert into companies (workspace_id, id) values ('{home}', '{id}');
    insert into leads (
        workspace_id, campaign_id, business_id, company_id, id, name, category, confidence, email_status,
        is_role_address, score_breakdown, empty_reasons, provenance, origins, steps, phone, domain, found, is_current
    )
    values (
        '{home}', '{id}', '{id}', '{id}', '{id}', '{name}', 'amenity=cafe', 50, 'none', false, '[]', '{{}}',
        '{{}}', '[]', '[]', {phone}, '{name}.test', '{found}', true
    );
"""


def _filled(database: Database) -> dict[str, str]:
    """Companies by name; of the last a person typed a landline over a mobile number."""
    home = str(uuid.uuid4())
    given = {
        "mobile": MOBILE,
        "again": MOBILE,
        "landline": LANDLINE,
        "either": EITHER,
        "none": None,
        "typed": LANDLINE,
    }
    ids = {name: str(uuid.uuid4()) for name in given}
    statement = (
        f"set session_replication_role = replica; insert into workspaces values ('{home}', 'A workspace');"
    )
    for name, phone in given.items():
        found = json.dumps({"phone": {"value": MOBILE}}) if name == "typed" else "{}"
        told = f"'{phone}'" if phone else "null"
        statement += _LEAD.format(home=home, id=ids[name], name=name, phone=told, found=found)
    typed = json.dumps({"phone": LANDLINE})
    statement += f"""
        insert into company_edits (workspace_id, company_id, field, typed, user_id)
        values ('{home}', '{ids["typed"]}', 'phone', '{typed}', '{uuid.uuid4()}');
    """
    for value in (MOBILE, "landline.test", "elsewhere.test"):
        statement += f"""
            insert into suppressions (workspace_id, value_hash, kind, reason, source)
            values ('{home}', decode('{hashed(value).hex()}', 'hex'), 'phone', 'Asked us', 'typed');
        """
    change(database.superuser_url, statement)
    return ids


def test_numbers_and_marks_of_before_are_known_afterwards(schemaless: Database) -> None:
    upgraded_to("0039")
    ids = _filled(schemaless)
    assert migrate.upgrade() == "0039"
    assert rows(schemaless.superuser_url, "select name from leads where phone_is_mobile order by 1") == [
        ("again",),
        ("mobile",),
    ]
    assert rows(
        schemaless.superuser_url, "select typed ->> 'phone_is_mobile', user_id is null from company_edits"
    ) == [("false", False)]
    marked = rows(schemaless.superuser_url, "select company_id::text from suppressed_companies order by 1")
    assert marked == sorted((ids[name],) for name in ("mobile", "again", "landline"))
    assert rows(schemaless.superuser_url, "select count(*) from activities") == [(0,)]
    # What the person's value covers comes back as it is.
    change(schemaless.superuser_url, "delete from company_edits")
    back = rows(schemaless.superuser_url, "select phone, phone_is_mobile from leads where name = 'typed'")
    assert back == [(MOBILE, True)]
