"""Money limits of a person, a workspace and the installation hold, whoever orders, pays or writes at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import psycopg2
import pytest

import settings
from pipeline.campaign import MICROS_PER_USD, CampaignStatus
from pipeline.causes import Cause
from pipeline.errors import BudgetReached, LimitReached
from pipeline.money.calls import Answer, Call
from services import campaigns, continuing, limits, operations
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.limits import Period, Scope
from services.roles import MemberRole
from store import ledger
from store.database import Role, transaction, url_for
from store.leases import Lease
from tests.support.campaigns import PAID, claimed, end, submitted
from tests.support.invariants import wrong_counters
from tests.support.people import person
from tests.support.servers import Database, change, reader, rows

PRICE = 24_500
CAP = Decimal("10")


@pytest.fixture
def owner(keys: None, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """The owner of a workspace; whatever the test did, its counters follow from the ledger."""
    monkeypatch.setenv("LEASE_S", "300")
    settings.get.cache_clear()
    yield person("owner")
    with reader(database.superuser_url) as answers:
        assert list(wrong_counters(answers)) == []
    with transaction(Role.SYSTEM) as conn:
        assert ledger.wrong_sums(conn) == []


@pytest.fixture
def boss(owner: Person) -> Person:
    return person("boss", is_admin=True)


def joined(database: Database, owner: Person, mailbox: str, role: MemberRole) -> Person:
    """Somebody with a role in the owner's workspace, who works there."""
    who = person(mailbox)
    change(
        database.superuser_url,
        f"insert into memberships (workspace_id, user_id, role) values ('{owner.workspace_id}', '{who.id}', '{role}')",
    )
    change(database.superuser_url, f"update sessions set workspace_id = '{owner.workspace_id}'"
           f" where user_id = '{who.id}'")  # fmt: skip
    return replace(who, workspace_id=owner.workspace_id, role=role)


def order(who: Person, budget: str) -> UUID:
    return submitted(who, PAID.model_copy(update={"budget_usd": Decimal(budget)}))


def look_up(domain: str, price: int) -> Call:
    return Call(
        provider="hunter", operation="domain_search", arguments={"domain": domain}, price_micros=price
    )


def pays(lease: Lease, domain: str, cost: int = PRICE, price: int = PRICE) -> bool:
    """Whether a call of this price is begun; it costs ``cost``."""
    try:
        with transaction(Role.WORKER, lease=lease) as conn:
            key = ledger.begin(conn, lease, look_up(domain, price), 1)
    except BudgetReached:
        return False
    with transaction(Role.WORKER, lease=lease) as conn:
        ledger.settle(conn, lease.workspace_id, key, Answer(http_status=200, body={}, cost_micros=cost))
    return True


def spent_in_all(database: Database) -> int:
    ((total,),) = rows(database.superuser_url, "select coalesce(sum(cost_micros), 0) from provider_calls")
    return int(str(total))


Setter = Callable[[Person, Person, Decimal | None], None]
SCOPES: dict[Scope, Setter] = {
    Scope.INSTALLATION: lambda _, boss, usd: limits.set_installation_limit(boss, Period.DAY, usd),
    Scope.WORKSPACE: lambda owner, _, usd: limits.set_limit(owner, Period.DAY, usd),
    Scope.PERSON: lambda owner, _, usd: limits.set_limit(owner, Period.MONTH, usd, owner.id),
}


@pytest.mark.parametrize("scope", SCOPES)
def test_orders_sent_at_once_never_promise_more_than_a_limit(
    owner: Person, boss: Person, scope: Scope
) -> None:
    SCOPES[scope](owner, boss, CAP)

    def try_one(number: int) -> bool:
        with suppress(Conflict):
            order(owner, "3")
            return True
        return False

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(try_one, range(8))) == 3
    assert limits.standing(owner)[0].left_micros == MICROS_PER_USD
    # Another key of the same form, or the same one again: what was ordered is not ordered twice.
    again = campaigns.list_mine(owner).rows[0]
    assert campaigns.submit(owner, PAID.model_copy(update={"budget_usd": Decimal(0)}), "free") != again.id


@pytest.mark.parametrize("scope", SCOPES)
def test_calls_of_several_campaigns_at_once_never_spend_more_than_a_limit(
    owner: Person, boss: Person, database: Database, scope: Scope
) -> None:
    leases = [claimed(owner, order(owner, "2")) for _ in range(4)]
    assert pays(leases[0], "before.test")
    # Lower than what runs has been promised already, and what was spent before counts.
    SCOPES[scope](owner, boss, Decimal(PRICE * 7 + 1) / MICROS_PER_USD)
    with ThreadPoolExecutor(8) as threads:
        paid = list(threads.map(lambda number: pays(leases[number % 4], f"{number}.test"), range(24)))
    assert sum(paid) == 6
    assert spent_in_all(database) == PRICE * 7
    with pytest.raises(LimitReached) as reached, transaction(Role.WORKER, lease=leases[0]) as conn:
        ledger.begin(conn, leases[0], look_up("x.test", PRICE), 1)
    assert reached.value.cause is Cause.LIMIT_REACHED
    assert reached.value.cause.leaves_open
    assert "leaves too little for the next paid call." in str(reached.value)


def test_what_an_answer_did_not_cost_can_be_spent_again(owner: Person) -> None:
    lease = claimed(owner, order(owner, "2"))
    limits.set_limit(owner, Period.DAY, Decimal(PRICE) / MICROS_PER_USD)
    assert pays(lease, "free.test", cost=0)
    assert pays(lease, "whole.test")
    assert not pays(lease, "more.test", price=1)


def test_an_ended_campaign_gives_back_what_it_did_not_spend_and_has_to_fit_to_go_on(
    owner: Person, boss: Person
) -> None:
    limits.set_limit(owner, Period.MONTH, CAP)
    campaign = order(owner, "8")
    with pytest.raises(Conflict, match=r"leaves \$2.00, less than this may cost"):
        order(owner, "2.01")
    lease = claimed(owner, campaign)
    assert pays(lease, "a.test")
    end(lease)
    order(owner, "9")
    job = campaigns.get(owner, campaign).job_id
    key, refusal = "a key", "The workspace's limit for this month leaves"
    with pytest.raises(Conflict, match=refusal):
        continuing.add_budget(owner, campaign, Decimal(1), key)
    with pytest.raises(Conflict, match=refusal):
        operations.retry(boss, job)
    view = campaigns.get(owner, campaign)
    assert (view.status, view.budget_micros) == (CampaignStatus.PARTIAL, 8 * MICROS_PER_USD)
    limits.set_limit(owner, Period.MONTH, None)
    continuing.add_budget(owner, campaign, Decimal(1), key)
    assert campaigns.get(owner, campaign).status is CampaignStatus.PENDING


def test_a_call_counts_in_the_day_and_month_it_was_sent_in(owner: Person, database: Database) -> None:
    lease = claimed(owner, order(owner, "2"))
    assert pays(lease, "a.test")
    change(database.superuser_url, "update provider_calls set sent_at = now() - interval '1 day'")
    ((of_this_month,),) = rows(
        database.superuser_url, "select extract(day from now() at time zone 'UTC') > 1 from campaigns"
    )
    for period in Period:
        limits.set_limit(owner, period, CAP)
    used = {row.period: row.used_micros for row in limits.standing(owner)}
    assert used == {Period.DAY: 0, Period.MONTH: PRICE if of_this_month else 0}
    # A late answer to it changes what its own month counts, and never today.
    change(
        database.superuser_url,
        "update provider_calls set cost_micros = 0; update campaigns set spent_micros = 0",
    )
    assert {row.used_micros for row in limits.standing(owner)} == {0}


def test_nothing_that_costs_starts_when_a_limit_is_used_up_and_free_orders_do(owner: Person) -> None:
    assert limits.standing(owner) == ()
    assert limits.refusal((), 10**10) is None
    limits.set_limit(owner, Period.DAY, Decimal(0))
    said = "The workspace's limit for today is used up, so nothing that costs money starts. Ask the owner or an admin"
    with pytest.raises(Conflict, match=said):
        order(owner, "1")
    assert str(limits.refusal(limits.standing(owner), 1)).startswith(said)
    order(owner, "0")


def test_a_notice_comes_at_four_fifths_and_names_what_is_left(owner: Person) -> None:
    limits.set_limit(owner, Period.DAY, CAP)
    order(owner, "7.99")
    assert limits.notice(limits.standing(owner)) is None
    order(owner, "0.01")
    assert limits.notice(limits.standing(owner)) == (
        "The workspace's limit for today is nearly used up: $2.00 left. It renews at 00:00 UTC."
    )


def test_who_may_set_and_know_which_limit(owner: Person, boss: Person, database: Database) -> None:
    member = joined(database, owner, "member", MemberRole.MEMBER)
    admin = joined(database, owner, "admin", MemberRole.ADMIN)
    limits.set_installation_limit(boss, Period.DAY, Decimal(50))
    limits.set_limit(admin, Period.DAY, Decimal(20))
    limits.set_limit(admin, Period.DAY, Decimal(5), member.id)
    limits.set_limit(admin, Period.DAY, Decimal(6), owner.id)
    for too_much, who in ((Decimal(51), None), (Decimal(21), member.id)):
        with pytest.raises(Invalid, match="Set at most"):
            limits.set_limit(owner, Period.DAY, too_much, who)
    for wrong in (Decimal(-1), Decimal(1_000_001)):
        with pytest.raises(Invalid, match="at least"):
            limits.set_limit(owner, Period.DAY, wrong)
    with pytest.raises(NotFound):
        limits.set_limit(owner, Period.DAY, CAP, boss.id)
    with pytest.raises(NotAllowed):
        limits.set_limit(member, Period.DAY, CAP)
    known = {(row.scope, row.email, row.micros, row.left_micros, row.binds) for row in limits.listing(member)}
    assert known == {
        (Scope.INSTALLATION, None, None, 50_000_000, True),
        (Scope.WORKSPACE, None, 20_000_000, 20_000_000, True),
        (Scope.PERSON, "member@example.com", 5_000_000, 5_000_000, True),
    }
    assert [row.email for row in limits.listing(admin) if row.scope is Scope.PERSON] == [
        "member@example.com", "owner@example.com",
    ]  # fmt: skip
    # Another workspace knows of the installation's alone.
    assert [row.micros for row in limits.listing(boss)] == [50_000_000]
    noted = rows(database.superuser_url, "select count(*) from audit_log where action = 'limit_set'")
    assert noted == [(4,)]
    # The personal limit is that of who ordered.
    with pytest.raises(Conflict, match="The personal limit for today"):
        order(member, "5.01")
    order(admin, "5.01")


def proved(role: Role, who: Person, lease: Lease) -> str:
    proofs = {Role.WEB: {"app.proof": who.proof}, Role.ADMIN: {"app.proof": who.proof}}
    worker = {"app.job_id": lease.job_id, "app.lease_token": lease.token, "app.lease_secret": lease.secret}
    settings_ = proofs.get(role, worker)
    return "".join(f"set {name} = '{value}';" for name, value in settings_.items())


BY_HAND = [
    *(
        (role, f"{verb} {table}{rest}", "permission denied")
        for role in (Role.WEB, Role.WORKER, Role.SYSTEM, Role.ADMIN)
        for table in ("spend_limits", "spend_counters")
        for verb, rest in (("delete from", ""), ("select * from", ""))
    ),
    (Role.WEB, "update spend_limits set micros = 1000000000", "permission denied"),
    (Role.WORKER, "update spend_counters set used_micros = 0", "permission denied"),
    (Role.WEB, "select spend_add(null, null, now(), -5)", "permission denied"),
    (Role.WORKER, "select spend_add(null, null, now(), -5)", "permission denied"),
    (Role.WORKER, "select app_set_limit(null, null, 'day', null)", "permission denied"),
    (Role.WEB, "select app_set_limit(null, null, 'day', null)", "set by others"),
    (Role.WEB, "{insert}", "money limit is reached"),
    (Role.WEB, "begin isolation level repeatable read; {insert}", "read committed"),
    (Role.WEB, "update campaigns set reserved_micros = budget_micros - spent_micros; {insert}", "money limit"),
    (Role.WORKER, "update campaigns set budget_micros = 9000000", "money limit is reached"),
    (Role.WORKER, "update campaigns set budget_micros = 10000000001", "budget_is_bounded"),
    (Role.WORKER, "insert into provider_calls (workspace_id, key, id, campaign_id, provider, operation, arguments,"
     " state, price_micros, lease_token) select workspace_id, 'k', id, id, 'hunter', 'domain_search', '{{}}',"
     " 'intent', 9000000, 0 from campaigns", "money limit is reached"),
]  # fmt: skip


def test_plain_statements_pass_no_limit(owner: Person, boss: Person, database: Database) -> None:
    """What somebody writes by hand on a connection of ours, with everything it proves."""
    limits.set_installation_limit(boss, Period.MONTH, Decimal(8))
    lease = claimed(owner, order(owner, "4"))
    insert = (
        "insert into campaigns (workspace_id, id, created_by, idem_key, title, spec, budget_micros)"
        f" select '{owner.workspace_id}', gen_random_uuid(), '{owner.id}', 'by hand', 't', spec, 5000000"
        " from campaigns limit 1"
    )
    for role, statement, refusal in BY_HAND:
        url = url_for(role).set(drivername="postgresql").render_as_string(hide_password=False)
        with closing(psycopg2.connect(url)) as conn, conn.cursor() as cursor:
            conn.autocommit = True
            cursor.execute(proved(role, owner, lease))
            with pytest.raises(psycopg2.Error, match=refusal):
                cursor.execute(statement.format(insert=insert))
    assert rows(database.superuser_url, "select budget_micros from campaigns") == [(4 * MICROS_PER_USD,)]


@pytest.mark.parametrize("trigger", ["spend_admits_new on campaigns", "spend_counts_new on provider_calls"])
def test_without_the_database_nothing_would_hold(owner: Person, database: Database, trigger: str) -> None:
    """The check that is looked for above is the one that refuses: taken away, everything passes."""
    limits.set_limit(owner, Period.DAY, Decimal(3))
    lease = claimed(owner, order(owner, "2"))
    limits.set_limit(owner, Period.DAY, Decimal(0))
    change(database.superuser_url, f"drop trigger {trigger}")
    if "campaigns" in trigger:
        order(owner, "9")
        return
    assert pays(lease, "a.test")
    limits.set_limit(owner, Period.DAY, Decimal(1))
