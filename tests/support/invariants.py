"""What must hold after whatever happened: the promises, asked of the database and of the providers' own bill."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from store import ledger
from store.database import Role, transaction
from tests.support import billing
from tests.support.providers import SECRETS
from tests.support.servers import Row, reader

_Rows = Callable[[str], list[Row]]
_ENDS = ("completed", "partial", "failed", "cancelled")
_LOOK_UPS = ("domain_search", "single_check", "jobs_create")
THREADS = 24
"""Leads a run looks up at a time, each with one call in flight at most."""
BESIDE = 20
"""Questions a run asks for many leads at a time, beside those."""


def violations(url: str, bill: Sequence[dict[str, Any]], kills: int) -> list[str]:
    """Every broken promise in words; ``url`` sees past row-level security.

    What may be uncertain is bounded by ``kills`` and by the answers the stand-in lost after it had billed them.
    """
    with reader(url) as rows:
        return [
            *_ended(rows),
            *_money(rows),
            *billing.unrecorded(url, bill),
            *billing.uncharged(url, bill),
            *_sent_once(rows, bill),
            *_leads(rows),
            *_uncertain(rows, kills * (THREADS + BESIDE) + billing.lost_answers(bill)),
            *_secrets(rows),
            *_strangers(),
        ]


def _ended(rows: _Rows) -> Iterator[str]:
    for campaign, status in rows("select id, status from campaigns"):
        if status not in _ENDS:
            yield f"{campaign} has not ended: {status}"
    for name, query in {
        "a lease after the end": "select id from discovery_jobs where ended_at is not null and lease_until is not null",
        "campaign and job disagree": "select c.id from campaigns c join discovery_jobs j on j.campaign_id = c.id"
        " where c.status <> j.status",
        # Only the line that puts an ended campaign in line again begins anew.
        "progress went back": "select job_id from (select job_id, progress, message,"
        " lag(progress) over (partition by job_id order by id) as before from job_events) e where progress < before"
        " and (progress > 0 or message is distinct from 'In line again, to do what was left undone.')",
        # The last line of the log is written in the transaction that ends the job, a moment after its clock.
        "something happened after the end": "select j.id from job_events e join discovery_jobs j on j.id = e.job_id"
        " where e.at > j.ended_at group by j.id having count(*) > 1",
        "a lead changed after the end": "select l.id from leads l join campaigns c on c.id = l.campaign_id"
        " where l.updated_at > c.ended_at",
        "not one mail for an end": "select j.id from discovery_jobs j where j.ended_at is not null and (select count(*)"
        " from outbox o where o.job_id = j.id and o.kind = 'campaign_ended' and o.attempt = j.attempt) <> 1",
    }.items():
        for (where,) in rows(query):
            yield f"{name}: {where}"


def wrong_counters(rows: _Rows) -> Iterator[str]:
    """Limits that count for their period what its calls do not sum up to."""
    for limit, used, ledger_says in rows(
        "select * from (select l.scope || ' ' || l.period, s.used_micros, (select coalesce(sum("
        "  case p.state when 'intent' then p.price_micros else p.cost_micros end), 0)"
        "  from provider_calls p join campaigns c on c.workspace_id = p.workspace_id and c.id = p.campaign_id"
        "  where coalesce(p.workspace_id = l.workspace_id, true) and coalesce(c.created_by = l.user_id, true)"
        "  and date_trunc(l.period, p.sent_at at time zone 'UTC')::date = s.starts) as summed"
        " from spend_limits l join spend_counters s on s.limit_id = l.id) counted where used_micros <> summed"
    ):
        yield f"the limit {limit} counts {used}, its calls sum up to {ledger_says}"


def _money(rows: _Rows) -> Iterator[str]:
    yield from wrong_counters(rows)
    with transaction(Role.SYSTEM) as conn:
        yield from (
            f"the sums of {campaign} do not follow from its calls" for campaign in ledger.wrong_sums(conn)
        )
    for workspace, told, summed in rows(
        "select c.workspace_id, sum(told), sum(summed) from ("
        "  select workspace_id, 0 as told, cost_micros + saved_micros as summed from call_sums"
        "  union all select workspace_id, cost_micros + saved_micros, 0 from running_sums"
        "  union all select workspace_id, cost_micros + saved_micros, 0 from spend_sums where day > '-infinity'"
        ") c where workspace_id <> '00000000-0000-0000-0000-000000000000' group by 1 having sum(told) <> sum(summed)"
    ):
        yield f"the Spend page of {workspace} sums up {told}, its calls {summed}"
    for campaign, reserved, spent, budget in rows(
        "select id, reserved_micros, spent_micros, budget_micros from campaigns"
    ):
        if reserved:
            yield f"{campaign} ended with {reserved} reserved"
        if int(str(spent)) > int(str(budget)):
            yield f"{campaign} spent {spent} of {budget}"
    ((of_leads,),) = rows(
        "select count(*) from campaigns c where spent_micros < (select coalesce(sum(cost_micros), 0) from leads l"
        " where l.campaign_id = c.id)",
    )
    if of_leads:
        yield f"the leads of {of_leads} campaigns cost more than was spent"
    for campaign, spent, leads, overhead in rows(
        "select c.id, c.spent_micros, (select coalesce(sum(cost_micros), 0) from leads l where l.campaign_id = c.id),"
        " (select coalesce(sum(cost_micros), 0) from provider_calls p where p.campaign_id = c.id"
        "  and p.operation in ('text_search', 'geocode')) from campaigns c where c.status = 'completed'",
    ):
        if int(str(spent)) != int(str(leads)) + int(str(overhead)):
            yield f"{campaign} spent {spent}, its leads {leads} and the searches {overhead}"


def _sent_once(rows: _Rows, bill: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Each question a provider answered stands in the ledger, and each look-up of a campaign stands there once."""
    calls = rows(
        "select campaign_id, operation, arguments from provider_calls where state not in ('held', 'spared')",
    )
    asked = Counter(
        (_kind(str(operation)), argument)
        for _, operation, arguments in calls
        for argument in _arguments(arguments)
    )
    of_campaigns = Counter(
        (campaign, _kind(str(operation)), argument)
        for campaign, operation, arguments in calls
        for argument in _arguments(arguments)
    )
    yield from (f"asked {times} times: {question}" for question, times in of_campaigns.items() if times > 1)
    answered = [line for line in bill if line["outcome"] == "answered"]
    sent = Counter(
        (_kind(line["operation"]), line["argument"]) for line in answered if line["operation"] in _LOOK_UPS
    )
    for question, times in sent.items():
        if times > asked[question]:
            yield f"{question} was answered {times} times, the ledger knows of {asked[question]}"


def _kind(operation: str) -> str:
    """An address is checked once, alone or in a list."""
    return "check" if operation in ("single_check", "jobs_create") else operation


def _arguments(arguments: Any) -> list[str]:  # noqa: ANN401 - JSON
    if "emails" in arguments:
        return [str(email) for email in arguments["emails"]]
    return [str(arguments[name]) for name in ("domain", "email") if name in arguments]


def _leads(rows: _Rows) -> Iterator[str]:
    for name, query in {
        "a business is a lead twice": "select campaign_id from leads group by campaign_id, name, lat"
        " having count(*) > 1",
        "the number of leads is wrong": "select id from campaigns c where deleted_at is null and lead_count <>"
        " (select count(*) from leads l where l.campaign_id = c.id)",
        "a paid answer is on no lead": "select p.campaign_id from provider_calls p"
        " join campaigns c on c.id = p.campaign_id"
        " join businesses b on b.campaign_id = c.id and b.match_key = p.subject"
        " where p.operation = 'domain_search' and p.state = 'done' and p.done_at <= c.ended_at"
        " and c.status in ('completed', 'partial')"
        " and not exists (select from leads l, jsonb_array_elements(l.steps) s where l.business_id = b.id"
        " and l.campaign_id = c.id and s ->> 'step' = 'hunter' and s ->> 'outcome' in ('found', 'not_found'))",
    }.items():
        for (where,) in rows(query):
            yield f"{name}: {where}"


def _uncertain(rows: _Rows, most: int) -> Iterator[str]:
    ((uncertain,),) = rows("select count(*) from provider_calls where state = 'unknown'")
    if int(str(uncertain)) > most:
        yield f"{uncertain} calls are uncertain, at most {most} answers can have been lost"


def _secrets(rows: _Rows) -> Iterator[str]:
    """No row of any table holds a key of a provider."""
    keys = ", ".join(f"'%{key}%'" for key in SECRETS)
    tables = rows("select table_name from information_schema.tables where table_schema = 'public'")
    looks = (
        f"(select '{table}' from {table} t where t::text like any (array[{keys}]) limit 1)"
        for (table,) in tables
    )
    for (table,) in rows(" union all ".join(looks)):
        yield f"a key of a provider stands in {table}"


_OF_A_WORKSPACE = (
    "campaigns", "discovery_jobs", "job_events", "businesses", "leads", "provider_calls", "outbox",
)  # fmt: skip


def _strangers() -> Iterator[str]:
    """Somebody who owns nothing sees nothing."""
    with transaction(Role.WEB, proof=uuid4().hex * 2) as conn:
        for table in _OF_A_WORKSPACE:
            if conn.execute(sa.text(f"select exists (select from {table})")).scalar_one():
                yield f"a stranger sees {table}"
