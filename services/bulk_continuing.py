"""Going on with a bulk order that has ended: its campaigns do what they left undone, with a higher cap or without."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from pipeline.bulk_rows import MAX_ORDERS
from pipeline.campaign import MICROS_PER_USD, CampaignStatus
from services import guests, limits
from services.bulk_orders import MAX_CAP_USD, owned
from services.campaigns import CampaignView, view_of
from services.errors import Conflict, Invalid
from services.identity import Person
from services.permissions import Right, require
from store import bulk_steering, campaigns, jobs
from store.campaigns import Which
from store.database import Role, transaction

_RUNS = "This bulk order has not ended yet."
_NOTHING = "Nothing is left undone that could go on. Campaigns whose own budget is used up take more money one by one."


def go_on(person: Person, bulk_id: UUID, amount_usd: Decimal, idem_key: str) -> int:
    """Let its campaigns that failed, were cut short or stopped take turns again, and raise the cap by so much; returns
    how many. The same ``idem_key`` raises it once. Those whose own budget is used up are left alone.

    Raises NotAllowed, NotFound, Invalid for an amount that cannot be, and Conflict while it runs, when nothing is left
    to do, or when a money limit leaves too little.
    """
    require(person, Right.RUN_CAMPAIGNS)
    if not 0 <= amount_usd <= MAX_CAP_USD:
        raise Invalid({"add_cap_usd": f"Add at least $0 and at most ${MAX_CAP_USD:,}."})
    with limits.opening(), guests.ordering(person), transaction(Role.WEB, proof=person.proof) as conn:
        found = owned(conn, person, bulk_id)
        if not found.status.is_final:
            raise Conflict(_RUNS)
        rows = campaigns.page(conn, person.workspace_id, Which(bulk_id=bulk_id), None, MAX_ORDERS)
        undone = [view for view in map(view_of, rows) if _is_undone(view)]
        if not undone:
            raise Conflict(_NOTHING)
        amount, most = int(amount_usd * MICROS_PER_USD), int(MAX_CAP_USD * MICROS_PER_USD)
        if amount and not bulk_steering.raise_cap(conn, bulk_id, amount, idem_key[:200], most):
            raise Conflict("The cap was raised by this already, or cannot be raised so far.")
        bulk_steering.resume(conn, person.workspace_id, bulk_id)
        again = [view.job_id for view in undone if jobs.reopen(conn, person.workspace_id, view.job_id)]
        if not again:
            raise Conflict(_RUNS)
        for job_id in again:
            bulk_steering.hold(conn, person.workspace_id, job_id)
    return len(again)


def _is_undone(view: CampaignView) -> bool:
    """Whether it has something left to do, and money of its own for it."""
    never_began = view.status is CampaignStatus.CANCELLED and view.started_at is None
    return never_began or (bool(view.can_continue) and not view.lacks_budget)
