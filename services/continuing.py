"""Going on with an ended campaign: more budget, or asking again what came to no certain answer."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from pipeline.campaign import MAX_BUDGET_USD, MICROS_PER_USD
from pipeline.providers.registry import registry
from services import guests, limits
from services.campaigns import owned, view_of, wake
from services.errors import Invalid
from services.identity import Person
from services.permissions import Right, require
from store import campaigns, jobs, outbox, provider_setup
from store.database import Connection, Role, transaction


def add_budget(person: Person, campaign_id: UUID, amount_usd: Decimal, idem_key: str) -> None:
    """Give an ended campaign more money and let it go on; nothing it holds is bought again.

    The same ``idem_key`` adds once. Raises NotFound, NotAllowed, Invalid with what to change, and Conflict when a money
    limit leaves too little, or for somebody who orders free campaigns alone.
    """
    require(person, Right.RUN_CAMPAIGNS)
    if not (0 < amount_usd <= MAX_BUDGET_USD):
        raise Invalid({"amount_usd": f"Add more than $0 and at most ${MAX_BUDGET_USD:,}."})
    with limits.opening(), guests.ordering(person), transaction(Role.WEB, proof=person.proof) as conn:
        row = owned(conn, person, campaign_id)
        if not row.status.is_final:
            return
        amount, most = int(amount_usd * MICROS_PER_USD), int(MAX_BUDGET_USD * MICROS_PER_USD)
        if row.budget_micros + amount > most:
            raise Invalid({"amount_usd": f"A campaign may have at most ${MAX_BUDGET_USD:,} in all."})
        if not campaigns.raise_budget(conn, campaign_id, amount, idem_key[:200], most):
            return
        promise = _go_on(conn, person.workspace_id, row.job_id)
    if promise:
        wake(person, promise)


def go_on(person: Person, campaign_id: UUID) -> None:
    """Let an ended campaign try again what it left undone, within the budget it has.

    Does nothing while it runs or when nothing is left to do. Raises NotFound, NotAllowed, and Conflict when a money
    limit leaves less than the budget does.
    """
    require(person, Right.RUN_CAMPAIGNS)
    with limits.opening(), transaction(Role.WEB, proof=person.proof) as conn:
        row = owned(conn, person, campaign_id)
        if not view_of(row).can_continue:
            return
        promise = _go_on(conn, person.workspace_id, row.job_id)
    if promise:
        wake(person, promise)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Look-ups that came to no certain answer, and the most that asking again can cost."""

    look_ups: int
    price_micros: int


def unanswered(person: Person, campaign_id: UUID) -> Unanswered:
    """What ``retry_unanswered`` would ask again. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, campaign_id)
        counts = campaigns.unanswered(conn, person.workspace_id, campaign_id)
    each = {spec.order_key: provider_setup.price_micros(spec) for spec in registry().steps}
    return Unanswered(
        look_ups=sum(counts.values()),
        price_micros=sum(each.get(step, 0) * number for step, number in counts.items()),
    )


def retry_unanswered(person: Person, campaign_id: UUID) -> None:
    """Ask again what came to no certain answer, within the budget that is left; the rest stays as it is.

    Does nothing while the campaign runs or when all is answered. Raises NotFound, NotAllowed, and Conflict when a money
    limit leaves less than the budget does.
    """
    require(person, Right.RUN_CAMPAIGNS)
    with limits.opening(), transaction(Role.WEB, proof=person.proof) as conn:
        row = owned(conn, person, campaign_id)
        if not row.status.is_final or not campaigns.retry_unanswered(conn, campaign_id):
            return
        promise = _go_on(conn, person.workspace_id, row.job_id)
    if promise:
        wake(person, promise)


def _go_on(conn: Connection, workspace_id: UUID, job_id: UUID) -> outbox.WakeUp | None:
    """The promise to wake it; None when it goes on already, or was deleted in this moment."""
    attempt = jobs.reopen(conn, workspace_id, job_id)
    return None if attempt is None else outbox.promise(conn, workspace_id, job_id, attempt)
