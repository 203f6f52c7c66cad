"""A wallet never spends what is not in it; what Stripe says of payments counts, whenever it is told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

import settings
from jobs import housekeeping, notifications
from jobs import schedules as placing
from pipeline.billing.wallet import LOW_MICROS, payment
from pipeline.campaign import CampaignSpec, CampaignStatus
from pipeline.errors import LimitReached
from pipeline.money.calls import Answer, Call
from pipeline.output import billing_mail
from services import billing_events, billing_work, bulk_orders, campaigns, continuing, schedules, wallet
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.roles import MemberRole
from services.schedules import Recurrence
from services.wallet import WalletView
from store import ledger, migrate, standing
from store.database import Role, transaction
from store.leases import Lease
from tests.support.billing_on import sold
from tests.support.campaigns import PAID, claimed, end, spent
from tests.support.mail_server import mail_server
from tests.support.people import joins, person
from tests.support.servers import Database, change, rows
from tests.support.stripe_account import StripeAccount, event, signature

_ORDERS, _EVENTS = itertools.count(), itertools.count()
DAY_S = 86_400
CENT = 10_000


@pytest.fixture
def stripe(keys: None, database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[StripeAccount]:
    with sold(monkeypatch, wallets=True) as account:
        yield account


@pytest.fixture
def owner(stripe: StripeAccount) -> Person:
    made = person("owner")
    wallet.top_up(made, Decimal(10))
    return made


@pytest.fixture(autouse=True)
def every_cent_is_accounted_for(database: Database) -> Iterator[None]:
    """Each balance, less what is owed, is the sum of its entries; what was spent is what the ledger of calls says."""
    yield
    assert (
        rows(
            database.superuser_url,
            "select w.workspace_id from wallets w left join wallet_entries e using (workspace_id)"
            " group by w.workspace_id having w.balance_micros - w.owed_micros <> coalesce(sum(e.micros), 0)",
        )
        == []
    )
    assert (
        rows(
            database.superuser_url,
            "select p.id from provider_calls p join wallet_entries e on e.call_id = p.id group by p.id, p.state,"
            " p.price_micros, p.cost_micros having -sum(e.micros)"
            " <> case p.state when 'intent' then p.price_micros else p.cost_micros end",
        )
        == []
    )


def tell(kind: str, name: str = "", age_s: int = 0, **about: object) -> None:
    body = event(kind, {"object": "charge", **about}, name or f"evt_{next(_EVENTS)}", age_s)
    billing_events.told(body, signature(body))


def worked() -> None:
    list(billing_work.run_due())


def paid_in(stripe: StripeAccount, cents: int) -> dict[str, object]:
    charge = stripe.pay_in("cus_1", cents)
    tell("charge.succeeded", customer="cus_1")
    worked()
    return charge


def look(owner: Person) -> WalletView:
    view = wallet.look(owner)
    assert view is not None
    return view


def order(owner: Person, cents: int) -> UUID:
    return campaigns.submit(owner, costing(cents), f"order {next(_ORDERS)}")


def costing(cents: int) -> CampaignSpec:
    return PAID.model_copy(update={"budget_usd": Decimal(cents) / 100})


def test_paying_in(owner: Person, stripe: StripeAccount) -> None:
    (form,) = (form for _, path, form in stripe.asked if path == "/v1/checkout/sessions")
    assert (form["mode"], form["line_items[0][price_data][unit_amount]"]) == ("payment", "1000")
    assert form["payment_intent_data[metadata][purpose]"] == "wallet"
    for wrong in ("9.99", "5000.01", "10.005"):
        with pytest.raises(Invalid, match=r"\$10 to \$5,000"):
            wallet.top_up(owner, Decimal(wrong))
    assert look(owner) == WalletView(balance_micros=0, promised_micros=0, owed_micros=0, is_used=False)
    stripe.pay_in("cus_1", 700, purpose="something else")
    stripe.pay_in("cus_1", 800)["status"] = "pending"
    paid_in(stripe, 5_000)
    view = look(owner)
    assert (view.balance_micros, view.is_low) == (5_000 * CENT, False)
    assert [(row.kind, row.micros) for row in wallet.entries(owner)] == [("top_up", 5_000 * CENT)]


def test_orders_fit_into_the_wallet_several_at_once_too(owner: Person, stripe: StripeAccount) -> None:
    with pytest.raises(Conflict, match=r"wallet of the workspace leaves \$0\.00.*top it up under Billing"):
        order(owner, 100)
    assert wallet.refusal(owner, 100 * CENT)
    order(owner, 0)
    paid_in(stripe, 1_000)
    assert wallet.refusal(owner, 1_000 * CENT) is None
    with ThreadPoolExecutor(4) as pool:
        tries = [pool.submit(order, owner, 400) for _ in range(4)]
    assert sum(each.exception() is None for each in tries) == 2
    assert look(owner).left_micros == 200 * CENT
    with pytest.raises(Conflict, match=r"leaves \$2\.00"):
        bulk_orders.submit(owner, [costing(150)] * 3, Decimal(3), "many")
    bulk_orders.submit(owner, [costing(150)] * 3, Decimal(2), "fewer")
    assert look(owner).left_micros == 0


def test_calls_take_their_price_before_they_are_sent(owner: Person, stripe: StripeAccount) -> None:
    paid_in(stripe, 1_000)
    lease = claimed(owner, order(owner, 500))
    key = begin(lease, "one.test")
    assert look(owner).balance_micros == 1_000 * CENT - 24_500
    assert look(owner).promised_micros == 500 * CENT - 24_500
    with transaction(Role.WORKER, lease=lease) as conn:
        ledger.settle(
            conn, lease.workspace_id, key, Answer(http_status=200, body={}, cost_micros=0, found=False)
        )
    assert look(owner).balance_micros == 1_000 * CENT
    spent(lease, "two.test", 20_000)
    with transaction(Role.WORKER, lease=lease) as conn:
        lost = ledger.begin(conn, lease, call("three.test"), 1)
        ledger.fail(conn, lease.workspace_id, lost, "No answer", billed=True)
        ledger.settle(
            conn, lease.workspace_id, lost, Answer(http_status=200, body={}, cost_micros=10_000, found=True)
        )
        free = ledger.begin(conn, lease, call("four.test"), 1)
        ledger.fail(conn, lease.workspace_id, free, "Refused", billed=False)
    begin(lease, "five.test")
    end(lease)
    view = look(owner)
    assert (view.balance_micros, view.promised_micros) == (1_000 * CENT - 20_000 - 10_000 - 24_500, 0)
    newest, _ = wallet.entries(owner)
    assert (newest.kind, newest.micros) == ("spend", -54_500)


def call(domain: str) -> Call:
    return Call(
        provider="hunter", operation="domain_search", arguments={"domain": domain}, price_micros=24_500
    )


def begin(lease: Lease, domain: str) -> bytes:
    with transaction(Role.WORKER, lease=lease) as conn:
        return ledger.begin(conn, lease, call(domain), 1)


def test_money_that_is_taken_back_ends_what_runs_and_what_is_gone_is_owed(
    owner: Person, stripe: StripeAccount
) -> None:
    charge = paid_in(stripe, 1_000)
    campaign = order(owner, 900)
    lease = claimed(owner, campaign)
    spent(lease, "one.test", 24_500)
    stripe.dispute(charge)
    # It names no customer.
    tell("charge.dispute.created", object="dispute", charge=charge["id"])
    worked()
    view = look(owner)
    assert (view.balance_micros, view.owed_micros) == (0, 24_500)
    with pytest.raises(LimitReached, match="The wallet of the workspace"):
        begin(lease, "two.test")
    end(lease)
    with pytest.raises(Conflict, match=r"Nothing that costs money starts.*owed"):
        continuing.add_budget(owner, campaign, Decimal(1), "more")
    order(owner, 0)
    stripe.disputes[0]["status"] = "won"
    tell("charge.dispute.closed", object="dispute", charge={"id": charge["id"]})
    worked()
    assert (look(owner).balance_micros, look(owner).owed_micros) == (1_000 * CENT - 24_500, 0)
    charge["amount_refunded"] = 1_000
    tell("charge.refunded", customer="cus_1")
    worked()
    assert look(owner).owed_micros == 24_500
    paid_in(stripe, 1_000)
    assert (look(owner).balance_micros, look(owner).owed_micros) == (1_000 * CENT - 24_500, 0)
    assert campaigns.get(owner, campaign).status is CampaignStatus.PARTIAL


def test_order_duplicates_and_delay_of_events_do_not_matter(owner: Person, stripe: StripeAccount) -> None:
    known = 0
    kinds = ("charge.succeeded", "charge.refunded", "charge.dispute.funds_withdrawn")
    others = itertools.product((1, 3), (0, 3 * DAY_S), (False, True))
    for order_of, (times, age_s, asks_between) in zip(
        itertools.cycle(itertools.permutations(kinds)), others, strict=False
    ):
        charge = stripe.pay_in("cus_1", 1_000)
        charge["amount_refunded"] = 300
        stripe.dispute(charge, "needs_response")["amount"] = 200
        for kind in order_of:
            name = f"evt_{next(_EVENTS)}"
            for _ in range(times):
                tell(kind, name, age_s, customer="cus_1")
            if asks_between:
                worked()
        worked()
        known += 500 * CENT
        assert look(owner).balance_micros == known, (order_of, times, age_s)
    stripe.customers.clear()
    tell("customer.deleted", object="customer", id="cus_1")
    worked()
    assert look(owner).balance_micros == known, "money stays here when the customer goes there"


@pytest.mark.parametrize(
    ("refunded", "disputes", "left"),
    [
        (0, [], 1_000),
        (1_000, [], 0),
        (2_000, [], 0),
        *((0, [(status, 1_000)], 0) for status in ("needs_response", "under_review", "lost")),
        *(
            (0, [(status, 1_000)], 1_000)
            for status in (
                "won",
                "prevented",
                "warning_needs_response",
                "warning_under_review",
                "warning_closed",
            )
        ),
        (600, [("lost", 1_000)], 0),
        (0, [("won", 500), ("lost", 400)], 600),
    ],
)
def test_what_is_left_of_a_payment(refunded: int, disputes: list[tuple[str, int]], left: int) -> None:
    found = payment("ch_1", 1_000, refunded, disputes)
    assert found.paid_micros - found.refunded_micros - found.disputed_micros == left * CENT


def test_a_schedule_says_that_the_wallet_was_empty(
    owner: Person, stripe: StripeAccount, database: Database
) -> None:
    paid_in(stripe, 1_000)
    mornings = Recurrence(
        name="Mornings",
        cron="0 8 * * *",
        time_zone="UTC",
        budget_usd=Decimal(6),
        month_usd=None,
        only_new=False,
    )
    schedule = schedules.add(owner, order(owner, 600), replace(mornings))
    change(database.superuser_url, "update schedules set next_at = now()")
    placing.place_due()
    assert [run.outcome for run in schedules.runs(owner, schedule)] == ["wallet_empty"]


def test_without_wallets_money_is_spent_as_before(
    keys: None, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = person("owner")
    before = claimed(owner, order(owner, 500))
    open_call = begin(before, "one.test")
    with sold(monkeypatch):
        assert wallet.look(owner) is None
        with pytest.raises(NotFound):
            wallet.top_up(owner, Decimal(50))
        spent(before, "two.test", 20_000)
    with sold(monkeypatch, wallets=True):
        with transaction(Role.WORKER, lease=before) as conn:
            answer = Answer(http_status=200, body={}, cost_micros=10_000, found=True)
            ledger.settle(conn, before.workspace_id, open_call, answer)
        assert look(owner).balance_micros == 0
        with pytest.raises(LimitReached):
            begin(before, "three.test")
    assert rows(database.superuser_url, "select id from wallet_entries") == []


def test_what_was_paid_in_while_testing_is_no_money(
    owner: Person, stripe: StripeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid_in(stripe, 1_000)
    migrate.upgrade()
    assert look(owner).balance_micros == 1_000 * CENT
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_right")
    settings.get.cache_clear()
    for _ in range(2):
        migrate.upgrade()
        assert (look(owner).balance_micros, look(owner).owed_micros) == (0, 0)


def mailed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """To whom mails are sent now, and what they say."""
    with mail_server() as server:
        for name, value in server.settings().items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        list(notifications.send_due())
    return sorted((str(mail["To"]), mail.get_body(("plain",)).get_content()) for mail in server.mails)  # type: ignore[union-attr]


def test_owner_and_admins_are_mailed_once_when_it_is_low_unless_it_is_filled_before(
    owner: Person, stripe: StripeAccount, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = joins(database, person("admin"), owner, MemberRole.ADMIN)
    joins(database, person("member"), owner, MemberRole.MEMBER)
    charge = paid_in(stripe, 1_000)

    def refunded_to(left_micros: int) -> None:
        charge["amount_refunded"] = 1_000 - left_micros // CENT
        tell("charge.refunded", customer="cus_1")
        worked()

    refunded_to(LOW_MICROS)
    assert mailed(monkeypatch) == []
    refunded_to(LOW_MICROS - 5 * CENT)
    (to_admin, said), (to_owner, _) = mailed(monkeypatch)
    assert (to_admin, to_owner) == (admin.email, owner.email)
    assert f"The wallet of “{owner.workspace_name}” has $4.95 left." in said
    assert "/billing" in said
    assert "has $4.999999 left" in billing_mail.wallet_low("Workspace", LOW_MICROS - 1).said
    paid_in(stripe, 1_000)
    refunded_to(0)
    assert mailed(monkeypatch) == [], "it is above the mark"
    change(database.superuser_url, "update billing_mails set at = at - interval '2 days'")
    spend_all = (
        "select wallet_move(workspace_id, 'dispute', -9000000, 'ch_x', null, null, false) from wallets"
    )
    change(database.superuser_url, spend_all)
    assert rows(database.superuser_url, "select count(*) from billing_mails where due_at is not null") == [
        (2,)
    ]
    paid_in(stripe, 1_000)
    assert mailed(monkeypatch) == [], "it is filled by now"
    change(database.superuser_url, spend_all)
    assert [to for to, _ in mailed(monkeypatch)] == [admin.email, owner.email], "and low after all"
    paid_in(stripe, 1_000)
    change(database.superuser_url, spend_all)
    assert mailed(monkeypatch) == [], "they were told today"


def test_a_balance_that_does_not_follow_from_its_entries_is_seen_and_told(
    owner: Person, stripe: StripeAccount, database: Database
) -> None:
    paid_in(stripe, 1_000)
    assert "wallet" not in housekeeping.check_sums()
    change(database.superuser_url, "update wallets set balance_micros = balance_micros + 1")
    assert "The balance of 1 wallet does not follow from its entries." in housekeeping.check_sums()
    with transaction(Role.SYSTEM) as conn:
        assert standing.now(conn).wrong_wallets == 1
    change(database.superuser_url, "update wallets set balance_micros = balance_micros - 1")
    housekeeping.check_sums()
    with transaction(Role.SYSTEM) as conn:
        assert standing.now(conn).wrong_wallets == 0
