"""Every function of the schema, called as every role it is not there for, gives nothing and changes nothing."""

from __future__ import annotations

import re

import pytest

from store.database import Role
from tests.store.attempts import Attempt
from tests.support.intruder import state_of, succeeds, victim_of
from tests.support.servers import Database, rows


@pytest.fixture
def victim(database: Database, redis_url: str) -> dict[str, object]:
    return victim_of(database)


# Functions whose work for a role needs nobody's proof: chores of the system, accounts by the operator, and what has to
# answer, and count, before anybody is known.
_WORK = {
    Role.SYSTEM: "forget_.*|alert_mail_.*|outbox_.*|account_mail_.*|invitation_.*|invitations_close|calls_forget"
    "|ledger_close|export_is_due|webhook_claim|webhook_done|spend_sums_compact|campaigns_to_check|api_keys_that_end"
    "|schedules_due|schedule_pause|schedule_order|schedule_send_is_due|crm_work_.*|mention_.*|billing_.*",
    Role.OPERATOR: "auth_create_user|auth_open_command_session|auth_ask_reset|.*reset.*",
    Role.WEB: "auth_begin_sign_in|auth_ask_reset|metrics_now",
    Role.WORKER: "call_answered|call_look|flight_claim|export_take|schedule_send_take",
    Role.IMPORTER: "analyze_places",
}
_VALUES = {
    "bytea": "sha256('guess')", "text": "'x'", "integer": "1", "bigint": "1", "boolean": "true", "jsonb": "'{}'",
    "timestamp with time zone": "now()", "date": "current_date", "double precision": "1", "numeric": "1",
}  # fmt: skip


def calls_of_functions(database: Database) -> list[tuple[str, Attempt]]:
    """Each function of the schema, called with what the victim has."""
    query = (
        "select proname, coalesce(proargnames, '{}'), coalesce(array(select format_type(t, null)"
        " from unnest(proargtypes) t), '{}') from pg_proc"
        " where pronamespace = 'public'::regnamespace and prorettype <> 'trigger'::regtype and prokind = 'f'"
    )
    found: list[tuple[str, Attempt]] = []
    for name, names, types in rows(database.superuser_url, query):
        assert isinstance(names, list)
        assert isinstance(types, list)
        values = ", ".join(_value(argument, kind) for argument, kind in zip(names, types, strict=False))
        found.append((str(name), Attempt(f"select * from {name}({values})")))
    return found


def _value(name: str, kind: str) -> str:
    if kind == "uuid":
        held = next(
            (held for held in ("workspace", "campaign", "job", "session", "key") if held in name), "user"
        )
        return f"cast(:{held} as uuid)"
    if kind == "text" and ("email" in name or name == "wanted"):
        return ":email"
    return "'{}'" if kind.endswith("[]") else _VALUES.get(kind, f"cast(null as {kind})")


def test_every_function_brings_a_stranger_nothing(victim: dict[str, object], database: Database) -> None:
    functions, tried = calls_of_functions(database), 0
    for role in Role:
        before = state_of(database)
        asked = [call for name, call in functions if not re.fullmatch(_WORK.get(role, ""), name)]
        assert [call.sql for call in asked if succeeds(role, call, victim)] == []
        after = state_of(database)
        assert {name for name in before if before[name] != after[name]} == set(), role
        tried += len(asked)
    print(f"{len(functions)} functions as {len(Role)} roles: {tried} calls, {tried} of no use")  # noqa: T201
