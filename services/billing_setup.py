"""Whether plans are sold here, by which account at Stripe and at which prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from importlib import import_module
from typing import TYPE_CHECKING

import settings
from pipeline.billing.errors import BadEvent as BadEvent
from pipeline.billing.errors import BillingError as BillingError
from pipeline.billing.errors import CustomerGone as CustomerGone
from pipeline.billing.plans import BUSINESS, TEAM

if TYPE_CHECKING:
    from pipeline.billing.stripe_api import StripeApi


def is_on() -> bool:
    """Whether plans are sold; where they are not, nothing says that they could be."""
    return settings.get().sells_plans


def keeps_wallets() -> bool:
    """Whether paid providers are paid from wallets."""
    return settings.get().keeps_wallets


def is_test() -> bool:
    """Whether the key is one for testing, with which no money moves."""
    return settings.get().is_test_of_stripe


def price_of(plan: str) -> str:
    """The price a plan is sold for now."""
    return _prices(plan)[0]


def plans() -> Mapping[str, str]:
    """Which plan each price is that of, those it was sold for before included."""
    return {price: plan for plan in (TEAM.key, BUSINESS.key) for price in _prices(plan)}


@contextmanager
def stripe_api() -> Iterator[StripeApi]:
    """The account at Stripe. Raises whatever is asked of it raises."""
    config = settings.get()
    # The library takes a quarter of a second to load, and most installations sell nothing.
    module = import_module("pipeline.billing.stripe_api")
    access = module.Access(
        key=config.stripe_secret_key.get_secret_value(),
        webhook_secret=config.stripe_webhook_secret.get_secret_value(),
        gateway=config.stripe_gateway,
        proxy=config.outbound_proxy.get_secret_value(),
    )
    with closing(module.StripeApi(access)) as api:
        yield api


def _prices(plan: str) -> list[str]:
    config = settings.get()
    said = config.stripe_price_team if plan == TEAM.key else config.stripe_price_business
    return [each.strip() for each in said.split(",")]
