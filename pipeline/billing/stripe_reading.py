"""What Stripe's objects say, as records of ours. Raises what a missing or odd value raises."""

from __future__ import annotations

from datetime import UTC, datetime

import stripe

from pipeline.billing.records import Invoice
from pipeline.billing.standing import Subscription


def subscription(each: stripe.Subscription) -> Subscription:
    """A subscription, of which the first item counts: ours have one."""
    item = each["items"]["data"][0]
    bill = each.latest_invoice
    is_open = isinstance(bill, stripe.Invoice) and bill.status in ("open", "uncollectible")
    renews_at = moment(item["current_period_end"])
    cancels = each.cancel_at or (item["current_period_end"] if each.cancel_at_period_end else None)
    return Subscription(
        id=each.id,
        item_id=item["id"],
        price=item["price"]["id"],
        status=each.status,
        renews_at=renews_at,
        cancels_at=moment(cancels) if cancels else None,
        unpaid_since=moment(bill.created) if is_open and isinstance(bill, stripe.Invoice) else None,
    )


def invoice(each: stripe.Invoice) -> Invoice:
    """A bill."""
    return Invoice(
        number=each.number or each.id or "",
        status=each.status or "",
        made_at=moment(each.created),
        total=each.total,
        currency=each.currency,
        url=each.hosted_invoice_url,
    )


def moment(seconds: int) -> datetime:
    """A moment as Stripe counts it."""
    return datetime.fromtimestamp(seconds, UTC)
