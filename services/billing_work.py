"""Asks Stripe how customers stand whose standing may have changed, and writes that down: what was told is never taken
for the truth, so that it does not matter in which order, how often or how late it came."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.billing.standing import Standing, Status, standing_of
from services import billing_setup
from services.billing_setup import BillingError, CustomerGone
from store import billing
from store.database import Role, transaction

if TYPE_CHECKING:
    from pipeline.billing.stripe_api import StripeApi

# Above what the questions about one customer may take.
_HOLD_S = 120
_WAIT_S = 120
_ROUND_S = 60.0


def are_due() -> bool:
    """Whether Stripe is to be asked about anybody."""
    if not billing_setup.is_on():
        return False
    with transaction(Role.SYSTEM) as conn:
        return billing.are_due(conn)


def run_due() -> Iterator[str]:
    """Ask about who is due, for a minute at most; yields a line on each. Raises BillingError when Stripe does not
    answer, which is tried again after two minutes."""
    until_s = time.monotonic() + _ROUND_S
    try:
        with billing_setup.stripe_api() as api:
            while time.monotonic() < until_s and (said := _ended(api) or _asked(api)):
                yield said
    except BillingError:
        with transaction(Role.SYSTEM) as conn:
            billing.wait(conn, _WAIT_S)
        raise
    with transaction(Role.SYSTEM) as conn:
        paused = billing.settle(conn)
    if paused:
        yield f"{paused} schedules beyond a plan paused."


def _asked(api: StripeApi) -> str | None:
    with transaction(Role.SYSTEM) as conn:
        taken = billing.take(conn, _HOLD_S)
    if taken is None:
        return None
    try:
        standing = standing_of(api.subscriptions(taken.customer_id), billing_setup.plans())
        payments = api.payments(taken.customer_id) if billing_setup.keeps_wallets() else ()
    except CustomerGone:
        standing, payments = Standing(status=Status.GONE), ()
    with transaction(Role.SYSTEM) as conn:
        billing.keep_payments(conn, taken, payments)
        billing.keep(conn, taken, standing)
    return f"Customer {taken.customer_id}: plan {standing.plan}, {standing.status}."


def _ended(api: StripeApi) -> str | None:
    """A workspace that was deleted pays for nothing any more."""
    with transaction(Role.SYSTEM) as conn:
        customer = billing.parting(conn, _HOLD_S)
    if customer is None:
        return None
    try:
        ended = api.end_all(customer, billing_setup.plans().keys())
    except CustomerGone:
        ended = 0
    with transaction(Role.SYSTEM) as conn:
        billing.parted(conn, customer)
    return f"Customer {customer} of a deleted workspace: {ended} subscriptions ended."
