"""Plans are sold: what Stripe says counts, whenever and however often it was told; limits are kept, nothing is lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from api.v1 import schedule_model
from jobs import schedules as placing
from pipeline.billing.plans import FREE, TEAM
from pipeline.billing.standing import Standing, Subscription, standing_of
from pipeline.campaign import CampaignStatus
from pipeline.output import billing_mail
from services import (
    api_access,
    api_keys,
    billing,
    billing_events,
    billing_work,
    bulk_orders,
    campaigns,
    continuing,
    duties,
    identity,
    invitations,
    permissions,
    plan_limits,
    schedules,
)
from services.api_keys import Scope
from services.billing import Status
from services.billing_setup import BillingError
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person, Visitor
from services.roles import MemberRole
from services.schedules import Recurrence
from store import billing as kept
from store import billing_mails
from store.database import Role, transaction
from tests.support import billing_on, stripe_account
from tests.support.campaigns import SPEC, claimed, end, lead, store_leads, submitted
from tests.support.people import person, signed_in
from tests.support.servers import Database, change, rows
from tests.support.stripe_account import StripeAccount, event, signature

DAY_S = 86_400
MORNINGS = Recurrence(
    name="Cafes, mornings",
    cron="0 8 * * *",
    time_zone="Europe/Helsinki",
    budget_usd=Decimal(0),
    month_usd=None,
    only_new=False,
)


@pytest.fixture
def stripe(database: Database, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeAccount]:
    with billing_on.sold(monkeypatch) as account:
        yield account


@pytest.fixture
def owner(stripe: StripeAccount) -> Person:
    person("owner")
    found = identity.who_is(signed_in("owner"))
    assert found is not None
    return found


def worked() -> list[str]:
    return list(billing_work.run_due())


def tell(kind: str, about: Mapping[str, object], name: str, age_s: int = 0) -> None:
    body = event(kind, about, name, age_s)
    billing_events.told(body, signature(body))


def customer(owner: Person) -> str:
    """The owner went to Stripe, and has not paid yet."""
    billing.checkout(owner, "team")
    worked()
    return "cus_1"


def subscribed(owner: Person, stripe: StripeAccount, price: str = stripe_account.TEAM) -> str:
    name = stripe.subscribe(customer(owner), price)
    billing.came_back(owner)
    worked()
    return name


def plan(owner: Person) -> str:
    return billing.look(owner).plan.key


def test_a_workspace_subscribes_changes_and_cancels(owner: Person, stripe: StripeAccount) -> None:
    assert plan(owner) == "free"
    with pytest.raises(Conflict, match="Choose one"):
        billing.change(owner, "business")
    with pytest.raises(Conflict, match="never paid"):
        billing.portal(owner)
    assert billing.checkout(owner, "team").endswith(stripe_account.TEAM)
    billing.checkout(owner, "business")
    assert len(stripe.customers) == 1
    _, path, form = stripe.asked[-1]
    assert (path, form["mode"], form["line_items[0][quantity]"]) == (
        "/v1/checkout/sessions",
        "subscription",
        "1",
    )
    assert (
        form["client_reference_id"]
        == form["subscription_data[metadata][workspace]"]
        == str(owner.workspace_id)
    )
    assert form["success_url"].endswith("/billing?came=paid")
    assert len(stripe.versions) == 1
    worked()
    name = stripe.subscribe("cus_1")
    billing.came_back(owner)
    assert billing.look(owner).is_asking
    worked()
    view = billing.look(owner)
    assert (view.plan, view.status, view.is_asking, view.is_test) == (TEAM, Status.ACTIVE, False, True)
    for refused in ("team", "business"):
        with pytest.raises(Conflict, match="already"):
            billing.checkout(owner, refused)
    with pytest.raises(Conflict, match="Team already"):
        billing.change(owner, "team")
    assert billing.change(owner, "business").endswith("subscription_update_confirm")
    form = stripe.asked[-1][2]
    update = "flow_data[subscription_update_confirm]"
    assert form[f"{update}[subscription]"] == name
    assert form[f"{update}[items][0][price]"] == stripe_account.BUSINESS
    stripe.subscriptions[name]["cancel_at_period_end"] = True
    billing.came_back(owner)
    worked()
    assert billing.look(owner).ends_at == billing.look(owner).renews_at
    stripe.subscriptions[name]["status"] = "canceled"
    tell("customer.subscription.deleted", {"object": "subscription", "customer": "cus_1"}, "evt_end")
    worked()
    assert (plan(owner), billing.look(owner).status) == ("free", Status.ENDED)
    assert billing.checkout(owner, "team")


@pytest.mark.parametrize(
    ("price", "status", "expected", "said"),
    [
        (stripe_account.TEAM, "trialing", "team", Status.ACTIVE),
        (stripe_account.OLD_TEAM, "active", "team", Status.ACTIVE),
        (stripe_account.BUSINESS, "past_due", "business", Status.PAST_DUE),
        ("price_of_another_product", "active", "free", Status.NONE),
        *((stripe_account.TEAM, status, "free", Status.ENDED)
          for status in ("incomplete", "incomplete_expired", "unpaid", "paused", "canceled")),
    ],
)  # fmt: skip
def test_what_a_subscription_is_worth(price: str, status: str, expected: str, said: Status) -> None:
    now = datetime(2026, 11, 28, tzinfo=UTC)
    one = Subscription(id="sub_1", item_id="si_1", price=price, status=status, renews_at=now)
    plans = {
        stripe_account.TEAM: "team",
        stripe_account.OLD_TEAM: "team",
        stripe_account.BUSINESS: "business",
    }
    standing = standing_of([one], plans)
    assert (standing.plan, standing.status) == (expected, said)
    paid = replace(one, id="sub_2", price=stripe_account.TEAM, status="active")
    both = standing_of([one, paid], plans)
    assert (both.plan, both.status) == ("team", Status.ACTIVE), "what is paid counts before what is not"


TOLD = (
    "checkout.session.completed",
    "customer.subscription.updated",
    "invoice.payment_failed",
)
"""What is told of what happened, in this order, when all goes well."""


def test_order_duplicates_and_delay_of_events_do_not_matter(owner: Person, stripe: StripeAccount) -> None:
    about = {"object": "subscription", "customer": customer(owner)}
    number = itertools.count()
    # Each order, and each of the others with each of them.
    others = itertools.product((1, 2), (0, 3 * DAY_S), (False, True))
    cases = zip(itertools.cycle(itertools.permutations(TOLD)), others, strict=False)
    for order, (times, age_s, asks_between) in cases:
        stripe.subscriptions.clear()
        name = stripe.subscribe("cus_1", stripe_account.BUSINESS)
        bill = stripe.bill("cus_1")
        stripe.subscriptions[name] |= {"status": "past_due", "latest_invoice": bill}
        for kind in order:
            event_name = f"evt_{next(number)}"
            for _ in range(times):
                tell(kind, about, event_name, age_s)
            if asks_between:
                worked()
        worked()
        view = billing.look(owner)
        assert (view.plan.key, view.status) == ("business", Status.PAST_DUE), (order, times, age_s)
        tell("customer.subscription.deleted", about, f"evt_{next(number)}", age_s)
        stripe.subscriptions[name]["status"] = "canceled"
        # An event of before comes once more, after the end.
        tell(order[0], about, f"evt_{next(number)}", 3 * DAY_S)
        worked()
        assert (plan(owner), billing.look(owner).status) == ("free", Status.ENDED), (order, times, age_s)


def test_an_event_is_kept_once_and_only_when_stripe_signed_it(
    owner: Person, stripe: StripeAccount, database: Database
) -> None:
    body = event("invoice.paid", {"object": "invoice", "customer": {"id": customer(owner)}})
    for signed in ("", signature(body, age_s=301), signature(body + b" ")):
        with pytest.raises(Invalid, match="signature"):
            billing_events.told(body, signed)
    assert rows(database.superuser_url, "select id from billing_events") == []
    assert not billing.look(owner).is_asking
    for _ in range(2):
        billing_events.told(body, signature(body))
    assert rows(database.superuser_url, "select id, kind, customer_id from billing_events") == [
        ("evt_1", "invoice.paid", "cus_1")
    ]
    assert billing.look(owner).is_asking
    for kind, about in (
        ("radar.rule.made_up", {}),
        ("customer.updated", {"object": "customer", "id": "cus_9"}),
    ):
        tell(kind, about, kind)
    assert len(rows(database.superuser_url, "select id from billing_events")) == 3


def test_what_comes_while_stripe_is_asked_is_asked_about_again(owner: Person, stripe: StripeAccount) -> None:
    subscribed(owner, stripe)
    billing.came_back(owner)
    with transaction(Role.SYSTEM) as conn:
        slow = kept.take(conn, 120)
    assert slow is not None
    tell("invoice.paid", {"object": "invoice", "customer": "cus_1"}, "evt_meanwhile")
    with transaction(Role.SYSTEM) as conn:
        assert kept.keep(conn, slow, Standing())
    assert plan(owner) == "free"
    worked()
    assert plan(owner) == "team"
    with transaction(Role.SYSTEM) as conn:
        assert not kept.keep(conn, slow, Standing()), "somebody asked after it"
    assert plan(owner) == "team"


def test_stripe_away_refusing_and_forgetting(
    owner: Person, stripe: StripeAccount, database: Database
) -> None:
    for fault, said in (
        ("lost", "Nothing was changed"),
        ("500 Internal Server Error", "Nothing was changed"),
    ):
        stripe.faults += [("/checkout/sessions", fault)] * 2
        with pytest.raises(Conflict, match=said):
            billing.checkout(owner, "team")
    stripe.faults = [("/customers", "lost")]
    subscribed(owner, stripe)
    assert len(stripe.customers) == 1, "an answer that was lost makes no second customer"
    stripe.faults = [("/subscriptions", "503 Service Unavailable")] * 2
    billing.came_back(owner)
    with pytest.raises(BillingError):
        worked()
    assert not billing_work.are_due(), "nobody is asked about for a while"
    assert plan(owner) == "team"
    change(database.superuser_url, "update billing_accounts set due_at = now()")
    stripe.customers["cus_1"] = {"id": "cus_1", "object": "customer", "deleted": True}
    worked()
    assert (plan(owner), billing.look(owner).status) == ("free", Status.GONE)
    stripe.customers.clear()
    stripe.customers["cus_other"] = {}
    assert billing.checkout(owner, "team")
    assert billing.look(owner).is_customer


def test_a_missing_payment_leaves_time_and_then_everything_is_kept(
    owner: Person, stripe: StripeAccount, database: Database
) -> None:
    name = subscribed(owner, stripe)
    campaign = submitted(owner)
    made = [
        schedules.add(owner, campaign, replace(MORNINGS, name=f"Schedule {number}")) for number in range(3)
    ]
    key = api_keys.create(owner, "A program", Scope.READ, 9)
    bill = stripe.bill("cus_1", age_s=13 * DAY_S)
    stripe.subscriptions[name] |= {"status": "past_due", "latest_invoice": bill}
    billing.came_back(owner)
    worked()
    assert plan(owner) == "team"
    promised = rows(database.superuser_url, "select user_id::text, kind from billing_mails")
    assert promised == [(str(owner.id), "payment_failed")]
    with transaction(Role.SYSTEM) as conn:
        mail = billing_mails.claim(conn, 60)
        assert mail is not None
        assert billing_mails.claim(conn, 60) is None, "somebody sends it"
        billing_mails.done(conn, mail, None, again=False)
    assert mail.grace_until == billing.look(owner).grace_until
    notice = billing_mail.payment_failed(mail.workspace_name, mail.grace_until, mail.claimed_at)
    assert "The plan is kept until" in notice.follows
    assert mail.grace_until
    late = billing_mail.payment_failed(mail.workspace_name, mail.grace_until, mail.grace_until)
    assert "and has been Free since. The owner can put this right" in late.follows
    assert (entry := api_access.enter(key))
    assert entry.closed is None
    bill["created"] -= 2 * DAY_S
    billing.came_back(owner)
    worked()
    view = billing.look(owner)
    assert (view.plan, view.bought) == (FREE, TEAM)
    stripe.subscriptions[name]["latest_invoice"] = stripe.bill("cus_1")
    billing.came_back(owner)
    worked()
    assert plan(owner) == "free", "the bill of another month leaves no more time"
    paused = {row.id: row.pause_cause for row in schedules.listing(owner)}
    assert paused == {made[0]: None, made[1]: "plan", made[2]: "plan"}
    assert [schedule_model.of(schedules.get(owner, one)).pause_cause for one in made] == [
        None,
        "limit",
        "limit",
    ]
    with pytest.raises(Conflict, match="1 schedule at work"):
        schedules.resume(owner, made[1])
    assert (entry := api_access.enter(key))
    assert entry.closed
    assert "Free has no API" in entry.closed
    stripe.subscriptions[name] |= {"status": "active", "latest_invoice": {**bill, "status": "paid"}}
    tell("invoice.paid", {"object": "invoice", "customer": "cus_1"}, "evt_paid")
    worked()
    assert plan(owner) == "team"
    schedules.resume(owner, made[1])
    assert (entry := api_access.enter(key))
    assert entry.closed is None
    noted = rows(
        database.superuser_url,
        "select detail ->> 'status' from audit_log where action = 'plan_changed' order by id",
    )
    assert noted == [("active",), ("past_due",), ("active",)]


def order(owner: Person, leads: int) -> None:
    campaigns.submit(owner, SPEC.model_copy(update={"max_results": leads}), f"order {next(_ORDERS)}")


_ORDERS = itertools.count()


def test_leads_of_a_month_are_counted_as_they_are(owner: Person, stripe: StripeAccount) -> None:
    running = submitted(owner, SPEC.model_copy(update={"max_results": 200}))
    assert billing.look(owner).leads == 200
    with pytest.raises(
        Conflict, match=r"Free gives 250 leads a month, and 50 are left: ask for 50 at most\. .*Billing"
    ):
        order(owner, 51)
    assert plan_limits.refusal(owner, SPEC.model_copy(update={"max_results": 51}))
    assert plan_limits.left_in_words(owner) == "50 leads this month in the plan Free"
    lease = claimed(owner, running)
    store_leads(lease, [lead(1), lead(2)])
    end(lease, CampaignStatus.FAILED)
    assert billing.look(owner).leads == 2, "what it did not find is free again"
    with ThreadPoolExecutor(2) as pool:
        tries = [pool.submit(order, owner, 200) for _ in range(2)]
    assert sorted(bool(each.exception()) for each in tries) == [False, True]
    with pytest.raises(Conflict, match="and 48 are left"):
        continuing.go_on(owner, running)
    half = SPEC.model_copy(update={"max_results": 25})
    with pytest.raises(Conflict, match="48 are left"):
        bulk_orders.submit(owner, [half, half], None, "many")
    order(owner, 48)
    with pytest.raises(Conflict, match="none is left until the 1st"):
        order(owner, 1)


def test_a_running_campaign_keeps_what_it_was_given(owner: Person, stripe: StripeAccount) -> None:
    name = subscribed(owner, stripe)
    running = submitted(owner, SPEC.model_copy(update={"max_results": 400}))
    stripe.subscriptions[name]["status"] = "canceled"
    billing.came_back(owner)
    worked()
    assert (plan(owner), billing.look(owner).leads) == ("free", 400)
    assert billing.look(owner).overs == ("leads this month",)
    lease = claimed(owner, running)
    store_leads(lease, [lead(number) for number in range(1, 4)])
    end(lease)
    assert campaigns.get(owner, running).lead_count == 3


def test_people_schedules_and_keys_of_a_plan(
    owner: Person, stripe: StripeAccount, database: Database
) -> None:
    link = invitations.invite(owner, "first@example.com", MemberRole.MEMBER).link
    with pytest.raises(Conflict, match="Free is for 2 people"):
        invitations.invite(owner, "second@example.com", MemberRole.MEMBER)
    (open_one,) = invitations.open_ones(owner)
    invitations.revoke(owner, open_one.id)
    link = invitations.invite(owner, "second@example.com", MemberRole.MEMBER).link
    change(
        database.superuser_url,
        "insert into memberships (workspace_id, user_id, role)"
        f" values ('{owner.workspace_id}', '{person('other').id}', 'viewer')",
    )
    with pytest.raises(Conflict, match="as many people as its plan allows"):
        invitations.join(
            "second@example.com", "a long enough password", link.rpartition("key=")[2], Visitor()
        )
    assert len(invitations.open_ones(owner)) == 1
    campaign = submitted(owner)
    schedules.add(owner, campaign, MORNINGS)
    with pytest.raises(Conflict, match="Free has 1 schedule at work"):
        schedules.add(owner, campaign, MORNINGS)
    with pytest.raises(Conflict, match="Free has no API keys"):
        api_keys.create(owner, "A program", Scope.READ, 9)
    order(owner, FREE.leads - billing.look(owner).leads)
    change(database.superuser_url, "update schedules set next_at = now()")
    placing.place_due()
    (only,) = schedules.listing(owner)
    (run,) = schedules.runs(owner, only.id)
    assert (run.outcome, schedule_model.run_of(run).outcome) == ("plan_reached", "limit_reached")


def test_a_deleted_workspace_pays_for_nothing_more(
    owner: Person, stripe: StripeAccount, database: Database
) -> None:
    name = subscribed(owner, stripe)
    change(database.superuser_url, f"delete from workspaces where id = '{owner.workspace_id}'")
    worked()
    assert stripe.subscriptions[name]["status"] == "canceled"
    assert not billing_work.are_due()
    late = stripe.subscribe("cus_1")
    tell("checkout.session.completed", {"object": "checkout.session", "customer": "cus_1"}, "evt_late")
    worked()
    assert stripe.subscriptions[late]["status"] == "canceled"


def test_bills_prices_and_who_sees_what(owner: Person, stripe: StripeAccount) -> None:
    assert billing.invoices(owner) == ()
    customer(owner)
    stripe.bill("cus_1", "paid")
    stripe.bill("cus_1", "draft")
    stripe.bill("cus_other")
    (only,) = billing.invoices(owner)
    assert (only.number, only.status, only.total, only.currency) == ("TEST-0001", "paid", 4900, "usd")
    assert {key: price.amount for key, price in billing.prices().items()} == {"team": 4900, "business": 19900}
    boss = person("boss", is_admin=True)
    (row,) = billing.everybody(boss)
    assert (row.workspace, row.plan) == (owner.workspace_name, "free")
    stripe.subscribe("cus_1")
    stripe.subscribe("cus_1", stripe_account.BUSINESS)
    billing.came_back(owner)
    worked()
    assert (plan(owner), billing.look(owner).doubled) == ("business", True)


def test_where_plans_are_not_sold_nothing_says_that_they_could_be(database: Database, redis_url: str) -> None:
    owner = person("owner", is_admin=True)
    assert not billing.is_on()
    for ask in (
        lambda: billing.look(owner),
        lambda: billing.checkout(owner, "team"),
        lambda: billing.portal(owner),
        lambda: billing_events.told(b"{}", ""),
        billing.prices,
    ):
        with pytest.raises(NotFound, match="nothing here"):
            ask()
    order(owner, 1000)
    for number in range(3):
        invitations.invite(owner, f"somebody{number}@example.com", MemberRole.VIEWER)
    said = [
        *(" ".join(row) for row in permissions.in_a_table(with_plans=billing.is_on())),
        *(f"{view.name} {view.label}" for view in duties.listing(owner)),
        *(schedules.IN_WORDS[outcome] for outcome in ("ordered", "limit_reached")),
        plan_limits.left_in_words(owner),
    ]
    assert [
        line for line in said if any(word in line.lower() for word in ("stripe", "billing", "plan ", "pay"))
    ] == []
    assert not billing_work.are_due()
