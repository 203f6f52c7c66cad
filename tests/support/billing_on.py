"""Plans are sold, by an account at Stripe that stands on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

import settings
from store import migrate
from tests.support.stripe_account import BUSINESS, KEY, OLD_TEAM, SECRET, TEAM, StripeAccount, stripe_account


@contextmanager
def sold(monkeypatch: pytest.MonkeyPatch, *, wallets: bool = False) -> Iterator[StripeAccount]:
    """The settings name it, and the database knows of the plans as after a start."""
    with stripe_account() as account:
        for name, value in {
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "STRIPE_PRICE_TEAM": f"{TEAM}, {OLD_TEAM}",
            "STRIPE_PRICE_BUSINESS": BUSINESS,
            "STRIPE_GATEWAY": account.url,
            "STRIPE_WALLET": str(wallets),
        }.items():
            monkeypatch.setenv(name, value)
        settings.get.cache_clear()
        migrate.upgrade()
        yield account
    settings.get.cache_clear()
