"""Somebody who runs any SQL as one of our roles, a victim to try it on, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from decimal import Decimal
from uuid import UUID

import psycopg2
import sqlalchemy as sa

from pipeline.delivery.places import Target
from pipeline.output.export import USUAL_SPELLING
from pipeline.output.webhook_message import new_secret
from services import (
    api_keys,
    assigning,
    client_links,
    crm,
    crm_runs,
    installation_keys,
    place_loading,
    scheduled_exports,
    schedules,
    webhooks,
)
from services.api_keys import Scope
from services.client_links import Wish
from services.lead_filter import LeadFilter
from services.place_loading import FileLoad, LoadKind
from services.results import LeadSort
from services.scheduled_exports import Delivery
from services.schedules import Recurrence
from store.database import Role, engine
from tests.store.attempts import Attempt
from tests.support.book_files import asked, made
from tests.support.campaigns import SPEC, claimed, finished, lead, spent, store_leads, submitted
from tests.support.people import person
from tests.support.servers import Database, change, rows

MORNINGS = Recurrence(
    name="canary.example.com",
    cron="0 8 * * *",
    time_zone="UTC",
    budget_usd=Decimal(0),
    month_usd=None,
    only_new=False,
)
SENT = Delivery(
    name="canary.example.com",
    cron="0 8 * * *",
    time_zone="UTC",
    format="csv",
    columns=(),
    spelling=USUAL_SPELLING,
    target=Target.WEBHOOK,
    place={"url": "https://canary.example.com/"},
    secret=new_secret(),
)
SHARED = "seven purple walking trams"
CANARIES = ("victim@example.com", "info@canary.example.com", "Cafe 001", "canary.example.com", "$argon2id$")
# A row that holds one of these is the victim's, whatever else it says.
_IDS = ("user", "workspace", "campaign", "job", "session", "key")
# Counting an attempt, and forgetting old ones, is what the functions for signing in are there for.
_MAY_CHANGE = {"sign_in_throttle", "sign_in_tickets"}


def victim_of(database: Database) -> dict[str, object]:
    """Somebody with one campaign that has ended and one that runs, a session and a key."""
    owner = person("victim", is_admin=True)
    finished(owner, [lead(1, email="info@canary.example.com")])
    lease = claimed(owner, submitted(owner, SPEC.model_copy(update={"budget_usd": Decimal(3)})))
    store_leads(lease, [lead(1, email="info@canary.example.com")])
    spent(lease, "canary.example.com", 1000)
    webhooks.send_test(owner, webhooks.add(owner, "https://canary.example.com/", webhooks.events(owner)).id)
    crm.connect(owner, "hubspot", {"token": "canary.example.com"})
    ((company,),) = rows(database.superuser_url, "select id from companies limit 1")
    crm_runs.look(owner, "hubspot", [UUID(str(company))])
    # As with leases below: what waits is anybody's to take who does the system's work.
    change(database.superuser_url, "update crm_runs set due_at = now() + interval '1 hour'")
    change(database.superuser_url, "update crm_connections set check_due_at = null")
    change(
        database.superuser_url,
        "insert into crm_states (workspace_id, crm, company_id, their_id)"
        " select workspace_id, 'hubspot', company_id, 'canary.example.com' from crm_items",
    )
    change(
        database.superuser_url,
        "insert into billing_accounts (workspace_id, customer_id, due_at)"
        f" values ('{owner.workspace_id}', 'canary.example.com', now() + interval '1 hour')",
    )
    change(
        database.superuser_url,
        "insert into plan_leads (workspace_id, month, campaign_id, base, promised)"
        f" values ('{owner.workspace_id}', current_date, '{lease.campaign_id}', 0, 25)",
    )
    change(
        database.superuser_url,
        f"insert into wallets (workspace_id, balance_micros) values ('{owner.workspace_id}', 5000000)",
    )
    change(
        database.superuser_url,
        "insert into wallet_entries (workspace_id, kind, micros, charge_id)"
        f" values ('{owner.workspace_id}', 'top_up', 5000000, 'canary.example.com')",
    )
    change(
        database.superuser_url,
        "insert into billing_mails (workspace_id, user_id, kind, due_at)"
        f" values ('{owner.workspace_id}', '{owner.id}', 'wallet_low', null)",
    )
    schedules.add(owner, lease.campaign_id, MORNINGS)
    scheduled_exports.add(owner, LeadFilter(), LeadSort.NAME, SENT)
    assigning.take_turns(owner, [owner.id])
    client_links.make_for_campaign(owner, lease.campaign_id, Wish(name="canary.example.com", password=SHARED))
    change(
        database.superuser_url,
        "insert into activities (workspace_id, company_id, user_id, kind, detail)"
        f" select workspace_id, id, '{owner.id}', 'note', '{{\"text\": \"canary.example.com\"}}' from companies",
    )
    change(
        database.superuser_url,
        "insert into mentions (workspace_id, activity_id, user_id, author_id, mail_due_at)"
        " select workspace_id, id, user_id, user_id, null from activities where kind = 'note'",
    )
    change(database.superuser_url, "update schedules set next_at = now() - interval '1 minute'")
    place_loading.load_file(
        owner, FileLoad(kind=LoadKind.PLACES, file_name="canary.example.com.jsonl"), b"{}"
    )
    place_loading.wish(owner, "canary.example.com")
    # As above: what waits is anybody's who does the system's work.
    change(
        database.superuser_url,
        "update place_loads set state = 'running', worked_at = now() + interval '1 hour'",
    )
    api_keys.create(owner, "A program", Scope.ADMIN, 9)
    installation_keys.keep_keys(owner, "hunter", {"HUNTER_IO_API_KEY": "canary.example.com"})
    made(owner)
    asked(owner)
    # A lapsed lease would be anybody's to take, and rightly.
    change(database.superuser_url, "update discovery_jobs set lease_until = now() + interval '1 hour'")
    change(
        database.superuser_url,
        "update export_files set state = 'making', lease_until = now() + interval '1 hour' where state = 'waiting'",
    )
    ((call,),) = rows(database.superuser_url, "select key from provider_calls")
    return {
        "user": str(owner.id), "email": owner.email, "workspace": str(owner.workspace_id),
        "campaign": str(lease.campaign_id),
        "job": str(lease.job_id), "session": str(owner.session_id), "key": str(api_keys.listing(owner)[0].id),
        "call": call, "token": str(lease.token),
    }  # fmt: skip


def state_of(database: Database) -> dict[str, object]:
    """Every table with a checksum of what it holds."""
    with closing(psycopg2.connect(database.superuser_url)) as conn, conn.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'"
        )
        names = sorted({name for (name,) in cursor.fetchall()} - _MAY_CHANGE)
        found: dict[str, object] = {}
        for name in names:
            cursor.execute(
                f"select md5(coalesce(string_agg(t::text, chr(10) order by t::text), '')) from \"{name}\" t"
            )
            found[name] = cursor.fetchone()
        cursor.execute("select string_agg(polname || polrelid::text, ',' order by 1) from pg_policy")
        found["policies"] = cursor.fetchone()
        cursor.execute("select string_agg(r::text, ',' order by r::text) from pg_roles r")
        found["roles"] = cursor.fetchone()
    return found


def bound(attempt: Attempt, about: dict[str, object]) -> tuple[str, dict[str, object]]:
    """The attempt as the driver takes it."""
    compiled = sa.text(attempt.sql.replace("::", "\\:\\:")).compile(dialect=engine(Role.WEB).dialect)
    return str(compiled), {name: about[name] for name in compiled.params}


def succeeds(role: Role, attempt: Attempt, about: dict[str, object]) -> bool:
    """Whether the attempt, made with as much of the victim's identity as can be known, brought anything."""
    with closing(engine(role).raw_connection()) as raw:
        cursor = raw.cursor()
        try:
            for name, value in (
                ("user_id", about["user"]),
                ("job_id", about["job"]),
                ("lease_token", about["token"]),
            ):
                cursor.execute("select set_config(%s, %s, true)", (f"app.{name}", value))
            cursor.execute(*bound(attempt, about))
            found = cursor.fetchall() if cursor.description else []
            raw.commit()
        except psycopg2.Error:
            raw.rollback()
            return False
    shown = repr([row for row in found if any(value is not None and value != "" for value in row)])
    is_read = attempt.sql.startswith("select to_jsonb") or " from " in attempt.sql
    return holds_the_victims(found, about) if is_read and "returning" not in attempt.sql else shown != "[]"


def holds_the_victims(told: Sequence[object], about: dict[str, object]) -> bool:
    """Whether what was told names the victim, or is a row of theirs."""
    shown = repr(told)
    return any(mark in shown for mark in (*CANARIES, *(str(about[name]) for name in _IDS)))
