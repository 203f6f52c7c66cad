"""What a workspace pays for: seen by everybody in it, chosen and paid by its owner at Stripe."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import settings
from pipeline import events
from pipeline.billing.plans import FREE, PAID, Plan, plan_of
from pipeline.billing.records import Invoice, Price
from pipeline.billing.standing import Status as Status
from services import billing_setup
from services.billing_setup import BillingError, CustomerGone
from services.errors import Conflict, NotAllowed, NotFound
from services.identity import Person
from services.permissions import NEEDS_ACCOUNT, Right, require
from store import billing
from store.billing import PayingRow as PayingRow
from store.database import Role, transaction

if TYPE_CHECKING:
    from pipeline.billing.stripe_api import StripeApi

log = logging.getLogger(__name__)

PATH: Final = "/billing"
SOLD: Final = PAID
_OFF = "There is nothing here."
_MOST_PAYING = 500
_RUNNING = (Status.ACTIVE, Status.PAST_DUE)
_GONE = "Stripe does not know this workspace as a customer any more. Reload the page in a minute, then choose a plan."


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """The plan of a workspace and what it has of it: ``leads`` of this month, people with those invited, schedules that
    are not paused. ``bought`` is the plan that is paid for, another one than ``plan`` while a payment is missing for
    too long. ``is_asking``: Stripe is asked how it stands, within moments; ``doubled``: more than one subscription is
    paid for; ``is_test``: no money moves."""

    plan: Plan
    bought: Plan
    leads: int
    members: int
    schedules: int
    status: Status
    renews_at: datetime | None
    ends_at: datetime | None
    grace_until: datetime | None
    is_customer: bool
    is_asking: bool
    doubled: bool
    is_test: bool

    @property
    def subscribes(self) -> bool:
        """Whether a plan is paid for, or meant to be."""
        return self.status in _RUNNING

    @property
    def overs(self) -> tuple[str, ...]:
        """What the workspace has more of than its plan allows, in words; it keeps all of it."""
        said = (
            (self.leads > self.plan.leads, "leads this month"),
            (self.members > self.plan.members, "people"),
        )
        return tuple(words for is_over, words in said if is_over)


def is_on() -> bool:
    """Whether plans are sold here."""
    return billing_setup.is_on()


def is_test() -> bool:
    """Whether it is done with a key for testing: no money moves."""
    return billing_setup.is_test()


def look(person: Person) -> View:
    """How the workspace stands. Raises NotFound where plans are not sold, and NotAllowed for guests."""
    _check_on()
    if person.guest_until is not None:
        raise NotAllowed(NEEDS_ACCOUNT)
    with transaction(Role.WEB, proof=person.proof) as conn:
        row, used = billing.account(conn, person.workspace_id), billing.used(conn, person.workspace_id)
    if used is None:
        raise NotFound(_OFF)
    return View(
        plan=plan_of(used.plan),
        bought=plan_of(row.plan) if row else FREE,
        leads=used.leads,
        members=used.members,
        schedules=used.schedules,
        status=row.status if row else Status.NONE,
        renews_at=row.renews_at if row else None,
        ends_at=row.ends_at if row else None,
        grace_until=row.grace_until if row else None,
        is_customer=row is not None and row.status is not Status.GONE,
        is_asking=row is not None and row.is_due,
        doubled=row is not None and row.running > 1,
        is_test=billing_setup.is_test(),
    )


def prices() -> dict[str, Price]:
    """What each plan that is sold costs, by its key. Raises NotFound, and Conflict when Stripe does not say."""
    _check_on()
    with _asked() as api:
        return {plan.key: api.price(billing_setup.price_of(plan.key)) for plan in PAID}


def checkout(person: Person, plan: str) -> str:
    """Where the owner subscribes to a plan. Raises NotAllowed, NotFound, and Conflict when the workspace subscribes to
    one already, or Stripe refuses."""
    require(person, Right.PAY)
    _check_sold(plan)
    row = _account(person)
    if row is not None and row.status in _RUNNING:
        raise Conflict("The workspace has a plan already. Change that one.")
    with _asked(person) as api:
        customer = _customer_for(person, api, row)
        return api.checkout(customer, billing_setup.price_of(plan), str(person.workspace_id), _back())


def pay_in(person: Person, cents: int) -> str:
    """Where the owner pays so many cents of a dollar into the wallet. Raises NotAllowed, NotFound and Conflict."""
    require(person, Right.PAY)
    _check_on()
    row = _account(person)
    with _asked(person) as api:
        customer = _customer_for(person, api, row)
        return api.top_up(customer, cents, str(person.workspace_id), _back())


def change(person: Person, plan: str) -> str:
    """Where the owner confirms another plan, with what Stripe counts for the rest of the time. Raises NotAllowed,
    NotFound, and Conflict when there is no plan to change, it is this one, or Stripe refuses."""
    require(person, Right.PAY)
    _check_sold(plan)
    row = _account(person)
    if row is None or row.status not in _RUNNING or not row.subscription_id or not row.item_id:
        raise Conflict("The workspace has no plan that could be changed. Choose one.")
    if row.plan == plan:
        raise Conflict(f"The workspace has the plan {plan_of(plan).label} already.")
    with _asked(person) as api:
        price = billing_setup.price_of(plan)
        return api.change(row.customer_id, row.subscription_id, row.item_id, price, _back())


def portal(person: Person) -> str:
    """Where the owner sees to cards, address, bills and cancelling. Raises NotAllowed, NotFound and Conflict."""
    require(person, Right.PAY)
    customer = _customer(person)
    with _asked(person) as api:
        return api.portal(customer, _back())


def invoices(person: Person) -> tuple[Invoice, ...]:
    """The workspace's newest bills; none before it went to Stripe. Raises NotAllowed, NotFound and Conflict."""
    require(person, Right.PAY)
    _check_on()
    row = _account(person)
    if row is None or row.status is Status.GONE:
        return ()
    with _asked(person) as api:
        return api.invoices(row.customer_id)


def came_back(person: Person) -> None:
    """The owner returns from Stripe: it is asked at once what they did. Raises NotAllowed and NotFound."""
    require(person, Right.PAY)
    _check_on()
    with transaction(Role.WEB, proof=person.proof) as conn:
        billing.ask(conn, person.workspace_id)


def everybody(person: Person) -> tuple[PayingRow, ...]:
    """The workspaces that went to Stripe; none where plans are not sold. Raises NotAllowed."""
    require(person, Right.MANAGE_USERS)
    if not is_on():
        return ()
    with transaction(Role.ADMIN, proof=person.proof) as conn:
        return tuple(billing.paying(conn, _MOST_PAYING))


def _check_on() -> None:
    if not is_on():
        raise NotFound(_OFF)


def _check_sold(plan: str) -> None:
    _check_on()
    if plan not in {each.key for each in PAID}:
        raise NotFound("There is no such plan to choose.")


def _account(person: Person) -> billing.AccountRow | None:
    with transaction(Role.WEB, proof=person.proof) as conn:
        return billing.account(conn, person.workspace_id)


def _customer(person: Person) -> str:
    _check_on()
    row = _account(person)
    if row is None or row.status is Status.GONE:
        raise Conflict("The workspace has never paid. Choose a plan first.")
    return row.customer_id


def _customer_for(person: Person, api: StripeApi, row: billing.AccountRow | None) -> str:
    """The workspace's customer, or a new one: asked for twice at once, or after a lost answer, it is the same one."""
    if row is not None and row.status is not Status.GONE:
        return row.customer_id
    gone = row.customer_id if row else None
    about = f"{person.workspace_id} {gone} {person.email} {person.workspace_name}"
    key = f"customer {hashlib.sha256(about.encode()).hexdigest()}"
    made = api.new_customer(person.email, person.workspace_name, str(person.workspace_id), key)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return billing.connect(conn, person.workspace_id, made, gone)


def _back() -> str:
    return f"{settings.get().address()}{PATH}"


@contextmanager
def _asked(person: Person | None = None) -> Iterator[StripeApi]:
    try:
        with billing_setup.stripe_api() as api:
            yield api
    except CustomerGone:
        if person is not None:
            with transaction(Role.WEB, proof=person.proof) as conn:
                billing.ask(conn, person.workspace_id)
        raise Conflict(_GONE) from None
    except BillingError as error:
        events.warning(log, "stripe_refused", reason=error)
        raise Conflict(
            "Stripe did not do what it was asked. Nothing was changed; try again later, or tell whoever runs this."
        ) from None
