"""What the states of a bulk order are called on the pages, and its figures in a line."""

from __future__ import annotations

from pipeline.bulk_status import BulkStatus
from services.bulk_orders import BulkView
from ui.format import ago, counted, duration, money, number, ranged
from ui.viewer_time import local
from ui.words import STATUS, Colour

BULK_STATUS: dict[BulkStatus, tuple[str, Colour]] = {
    **{BulkStatus(status.value): words for status, words in STATUS.items()},
    BulkStatus.PAUSED: ("Paused", "orange"),
    BulkStatus.PARTIAL: ("Ended with gaps", "orange"),
}


def figures(order: BulkView) -> str:
    """How far it is and what came of it."""
    parts = [
        f"{number(order.ended)} of {counted(order.total, 'campaign')} ended",
        counted(order.leads, "lead"),
        f"{money(order.spent_micros)} of at most {money(order.cap_micros)}" if order.cap_micros else "free",
        f"about {duration(order.remaining_s)} left" if order.remaining_s else "",
        ago(local(order.created_at)),
    ]
    return " · ".join(part for part in parts if part)


def by_status(order: BulkView) -> str:
    """How many of its campaigns are in each state, those there are."""
    counts = {status: getattr(order, status.value) for status in STATUS}
    return " · ".join(f"{STATUS[status][0]}: {number(count)}" for status, count in counts.items() if count)


def against_quote(order: BulkView) -> str:
    """What was expected, beside what it cost; empty without a quote."""
    low, high = order.cost_low_micros, order.cost_high_micros
    if low is None or high is None or not (order.cap_micros or high):
        return ""
    return f"Quoted {ranged(money(low), money(high))}."
