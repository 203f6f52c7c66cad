"""What Stripe says of bills, prices and events, as we go on with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """A bill as it is listed: ``total`` in the smallest unit of ``currency``; ``url`` is its page at Stripe, None for
    one that has none."""

    number: str
    status: str
    made_at: datetime
    total: int
    currency: str
    url: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a plan costs: ``amount`` in the smallest unit of ``currency``, None where it is not one figure; ``every`` is
    ``month``, ``year`` and so on."""

    amount: int | None
    currency: str
    every: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventHead:
    """What is kept of an event: that something happened to a customer, or to a payment, and who is asked about."""

    id: str
    kind: str
    made_at: datetime
    customer_id: str | None
    charge_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """A payment into a wallet, in micro-dollars: what was paid, given back, and taken by a dispute that is open or
    lost. ``is_test``: no money moved."""

    charge_id: str
    paid_micros: int
    refunded_micros: int = 0
    disputed_micros: int = 0
    is_test: bool = False
