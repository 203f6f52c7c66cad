"""What a workspace pays for, in words."""

from __future__ import annotations

from typing import Final

from pipeline.billing.amounts import in_words
from pipeline.billing.plans import Plan, plan_of
from pipeline.billing.records import Invoice, Price
from services.billing import PayingRow, Status, View
from ui.format import counted, day
from ui.viewer_time import local
from ui.words import Colour

TEST_MODE: Final[tuple[str, Colour]] = ("Test mode", "orange")
STATUS: Final = {
    Status.NONE: "Never paid",
    Status.ACTIVE: "Paid",
    Status.PAST_DUE: "A payment is missing",
    Status.ENDED: "Ended",
    Status.GONE: "Not known to Stripe any more",
}
_INVOICE: Final = {"open": "Open", "paid": "Paid", "uncollectible": "Given up", "void": "Void"}


def standing(view: View) -> str:
    """How the workspace stands, in a sentence; empty while it never paid."""
    if view.status is Status.PAST_DUE and view.grace_until:
        until = day(local(view.grace_until))
        if view.plan is view.bought:
            return (
                f"A payment is missing. The plan {view.plan.label} is kept until {until}; renew the card or pay the"
                " open invoice before then."
            )
        return (
            f"A payment was missing until {until}, so the plan is {view.plan.label} now. Nothing was removed: pay the"
            f" open invoice, and {view.bought.label} is back at once."
        )
    if view.subscribes and view.ends_at:
        ends = day(local(view.ends_at))
        return f"Cancelled: {view.plan.label} ends on {ends}, then the plan is Free. Nothing is removed."
    if view.subscribes and view.renews_at:
        return f"Renews on {day(local(view.renews_at))}."
    return "The plan that was paid for has ended. Nothing was removed." if view.status is Status.ENDED else ""


def over(view: View) -> str:
    """What there is more of than the plan allows; empty when nothing is."""
    if not view.overs:
        return ""
    return (
        f"There are more {' and '.join(view.overs)} than the plan {view.plan.label} allows. All of it is kept; nothing"
        " more of it is added until there is room."
    )


def allows(plan: Plan) -> list[str]:
    """What a plan allows, a line each."""
    return [
        f"{counted(plan.leads, 'lead')} a month",
        f"{plan.members:,} people",
        f"{counted(plan.schedules, 'schedule')} at work",
        "API keys and agents" if plan.api else "no API keys",
    ]


def price(found: Price | None) -> str:
    """``49.00 USD a month``; where Stripe does not say, that it will."""
    if found is None or found.amount is None:
        return "The price is shown at Stripe"
    amount = in_words(found.amount, found.currency)
    return f"{amount} a {found.every}" if found.every else amount


def invoice(each: Invoice) -> tuple[str, str, str]:
    """Day, amount and state of a bill."""
    state = _INVOICE.get(each.status, each.status.capitalize())
    return day(local(each.made_at)), in_words(each.total, each.currency), state


def paying(row: PayingRow) -> str:
    """A workspace that went to Stripe, on a line."""
    said = [row.workspace, plan_of(row.plan).label, STATUS[row.status]]
    if row.grace_until:
        said.append(f"kept until {day(local(row.grace_until))}")
    elif row.ends_at:
        said.append(f"ends on {day(local(row.ends_at))}")
    elif row.renews_at:
        said.append(f"renews on {day(local(row.renews_at))}")
    return " · ".join(said)
