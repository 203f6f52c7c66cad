"""How a workspace stands, decided from all that its customer subscribes to at this moment: so it does not matter in
which order, how late or how often anybody was told of changes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from pipeline.billing.plans import FREE, rank

GRACE: Final = timedelta(days=14)
"""How long a plan is kept while a payment is missing; our own choice, as long as Stripe usually tries again."""
_PAID = frozenset({"active", "trialing"})
_MISSING = "past_due"


class Status(StrEnum):
    """``none``: never subscribed; ``ended``: not any more; ``gone``: Stripe does not know the customer."""

    NONE = "none"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    ENDED = "ended"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What Stripe says of one. ``cancels_at``: it was cancelled and runs until then; ``unpaid_since``: the day of the
    bill that is open, None when none is."""

    id: str
    item_id: str
    price: str
    status: str
    renews_at: datetime
    cancels_at: datetime | None = None
    unpaid_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Which plan is paid for. ``grace_until``: so long it holds although a payment is missing; ``running``: how many
    subscriptions are paid for."""

    plan: str = FREE.key
    status: Status = Status.NONE
    subscription_id: str | None = None
    item_id: str | None = None
    renews_at: datetime | None = None
    ends_at: datetime | None = None
    grace_until: datetime | None = None
    running: int = 0


def standing_of(subscriptions: Iterable[Subscription], plans: Mapping[str, str]) -> Standing:
    """``plans``: which plan each price is that of; subscriptions of other prices are none of ours."""
    ours = [each for each in subscriptions if each.price in plans]
    live = [each for each in ours if each.status in _PAID or each.status == _MISSING]
    if not live:
        return Standing(status=Status.ENDED if ours else Status.NONE)
    best = max(
        live, key=lambda each: (each.status in _PAID, rank(plans[each.price]), each.renews_at, each.id)
    )
    is_missing = best.status == _MISSING
    return Standing(
        plan=plans[best.price],
        status=Status.PAST_DUE if is_missing else Status.ACTIVE,
        subscription_id=best.id,
        item_id=best.item_id,
        renews_at=best.renews_at,
        ends_at=best.cancels_at,
        grace_until=(best.unpaid_since or best.renews_at) + GRACE if is_missing else None,
        running=len(live),
    )
