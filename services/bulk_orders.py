"""What a person can do with bulk orders: order many campaigns at once, watch, pause, stop and delete them together."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from uuid import UUID

from jobs import endings
from pipeline import events
from pipeline.bulk_rows import MAX_ORDERS, TOO_MANY, title_of
from pipeline.campaign import MAX_BUDGET_USD, MICROS_PER_USD, CampaignSpec
from services import bulk_checks, campaigns, guests, limits, paging, plan_limits
from services.errors import Conflict, Invalid, NotAllowed, NotFound
from services.identity import Person
from services.permissions import NEEDS_ACCOUNT, Right, require
from store import bulk_children, bulk_orders, bulk_steering, crash_points, progress
from store.bulk_children import ChildRow as ChildRow
from store.bulk_orders import BulkRow
from store.database import Connection, Role, transaction
from store.ids import new_id

log = logging.getLogger(__name__)

MAX_CAP_USD = MAX_BUDGET_USD * MAX_ORDERS
MOST_LISTED = 200
_GONE = "We can't find that bulk order. It may have been deleted, or the link is incomplete."


class BadOrders(Invalid):
    """Some of the orders cannot be placed; ``rows`` says why, by their index."""

    def __init__(self, rows: dict[int, str]) -> None:
        super().__init__({f"orders/{index}": problem for index, problem in rows.items()})
        self.rows = rows


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkView(BulkRow):
    """A bulk order as its owner sees it; ``remaining_s`` is an estimate, None until there is ground for one."""

    remaining_s: int | None

    @property
    def ended(self) -> int:
        return self.total - self.open

    @property
    def percent(self) -> int:
        return 100 * self.ended // self.total


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPage:
    """A part of the bulk orders of the workspace, newest first; ``total`` counts all."""

    rows: tuple[BulkView, ...]
    next_cursor: str | None
    total: int


def submit(
    person: Person,
    orders: Sequence[CampaignSpec],
    cap_usd: Decimal | None,
    idem_key: str,
    quoted: tuple[int, int] | None = None,
) -> UUID:
    """Order many campaigns at once, which together never spend more than the cap, by itself the sum of their budgets;
    returns the id of the bulk order, the same for the same ``idem_key``. ``quoted`` is what they were told to cost.

    All of them are taken or none. Raises NotAllowed, BadOrders, Invalid for a cap that cannot be, and Conflict when the
    key was used for another order or a money limit leaves too little.
    """
    require(person, Right.RUN_CAMPAIGNS)
    if person.guest_until is not None:
        raise NotAllowed(NEEDS_ACCOUNT)
    specs = _checked(orders, cap_usd)
    most = sum(spec.budget_micros for spec in specs)
    cap = most if cap_usd is None else min(int(cap_usd * MICROS_PER_USD), most)
    new = bulk_orders.NewBulkOrder(
        workspace_id=person.workspace_id,
        id=new_id(),
        created_by=person.id,
        idem_key=idem_key[:200],
        fingerprint=_fingerprint(specs, cap),
        title=title_of(specs),
        cap_micros=cap,
        quoted=quoted,
    )
    children = [bulk_children.Child(campaign_id=new_id(), job_id=new_id(), spec=spec) for spec in specs]
    with limits.opening(), guests.ordering(person), transaction(Role.WEB, proof=person.proof) as conn:
        if not bulk_orders.insert(conn, new):
            return _earlier(conn, new)
        plan_limits.check_leads(conn, person.workspace_id, sum(spec.max_results for spec in specs))
        bulk_children.insert(conn, new, children)
        crash_points.here("submit.committing")
    events.info(log, "bulk_ordered", bulk_id=new.id, campaigns=len(children))
    return new.id


def get(person: Person, bulk_id: UUID) -> BulkView:
    """One of the workspace's bulk orders. Raises NotFound, also for somebody else's."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return _view(owned(conn, person, bulk_id))


def listing(person: Person, cursor: str | None = None, limit: int = 25) -> BulkPage:
    """The workspace's bulk orders, newest first."""
    limit = max(1, min(limit, MOST_LISTED))
    with transaction(Role.WEB, proof=person.proof) as conn:
        rows = bulk_orders.page(conn, person.workspace_id, paging.after(cursor), limit + 1)
        total = bulk_orders.count(conn, person.workspace_id)
    shown = rows[:limit]
    last = paging.following(shown[-1].created_at, shown[-1].id) if len(rows) > limit else None
    return BulkPage(rows=tuple(map(_view, shown)), next_cursor=last, total=total)


def open_ones(person: Person, limit: int = 5) -> tuple[BulkView, ...]:
    """The newest of those that have campaigns to run."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return tuple(map(_view, bulk_orders.open_ones(conn, person.workspace_id, limit)))


def watch(person: Person, bulk_id: UUID) -> tuple[BulkView, tuple[ChildRow, ...]]:
    """A bulk order with all of its campaigns. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = _view(owned(conn, person, bulk_id))
        return found, tuple(bulk_children.of(conn, person.workspace_id, bulk_id))


def pause(person: Person, bulk_id: UUID) -> None:
    """Let no further campaign of it begin; those that run go on to their end. Raises NotAllowed, NotFound and Conflict
    when all have ended."""
    require(person, Right.RUN_CAMPAIGNS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if owned(conn, person, bulk_id).status.is_final:
            raise Conflict("This bulk order has ended already.")
        bulk_steering.pause(conn, person.workspace_id, bulk_id)


def resume(person: Person, bulk_id: UUID) -> None:
    """Let its campaigns begin again; of one that is not paused nothing changes. Raises NotAllowed and NotFound."""
    require(person, Right.RUN_CAMPAIGNS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        owned(conn, person, bulk_id)
        bulk_steering.resume(conn, person.workspace_id, bulk_id)


def cancel(person: Person, bulk_id: UUID) -> None:
    """Stop all of its campaigns; what they found stays. Of one that has ended nothing changes. Raises NotAllowed and
    NotFound."""
    require(person, Right.RUN_CAMPAIGNS)
    with transaction(Role.WEB, proof=person.proof) as conn:
        if owned(conn, person, bulk_id).status.is_final:
            return
        begun = bulk_steering.stop(conn, person.workspace_id, bulk_id, endings.never_begun())
        for job_id, is_running in begun:
            if not is_running:
                progress.finish(conn, person.workspace_id, job_id, endings.cancelled())


def delete(person: Person, bulk_id: UUID) -> None:
    """Remove an ended bulk order with its campaigns, as each would be removed by itself; what they cost stays.

    Each goes in a transaction of its own, so that one that breaks off can be done again. Raises NotAllowed, NotFound,
    and Conflict while one of them runs.
    """
    require(person, Right.DELETE_CAMPAIGNS)
    found, children = watch(person, bulk_id)
    if not found.status.is_final:
        raise Conflict("This bulk order is still running. Stop it first, then delete it.")
    for child in children:
        campaigns.delete(person, child.id)
    with transaction(Role.WEB, proof=person.proof) as conn:
        bulk_orders.delete(conn, bulk_id)


def _checked(orders: Sequence[CampaignSpec], cap_usd: Decimal | None) -> tuple[CampaignSpec, ...]:
    if not orders:
        raise Invalid({"orders": "There is no order. Give at least one."})
    if len(orders) > MAX_ORDERS:
        raise Invalid({"orders": f"These are {len(orders):,} campaigns. {TOO_MANY}"})
    if cap_usd is not None and not 0 <= cap_usd <= MAX_CAP_USD:
        raise Invalid({"cap_usd": f"The cap is at least $0 and at most ${MAX_CAP_USD:,}."})
    specs, wrong = bulk_checks.refused(orders)
    if wrong:
        raise BadOrders(wrong)
    return specs


def _fingerprint(specs: Sequence[CampaignSpec], cap_micros: int) -> bytes:
    said = "\n".join([str(cap_micros), *(spec.model_dump_json() for spec in specs)])
    return hashlib.sha256(said.encode()).digest()


def _earlier(conn: Connection, new: bulk_orders.NewBulkOrder) -> UUID:
    bulk_id, fingerprint = bulk_orders.by_idem_key(conn, new.workspace_id, new.idem_key)
    if fingerprint != new.fingerprint:
        raise Conflict("This form was already sent with other values. Reload the page and try again.")
    return bulk_id


def owned(conn: Connection, person: Person, bulk_id: UUID) -> BulkRow:
    """One of the workspace's, inside a transaction of theirs. Raises NotFound."""
    row = bulk_orders.get(conn, person.workspace_id, bulk_id)
    if row is None:
        raise NotFound(_GONE)
    return row


def _view(row: BulkRow) -> BulkView:
    values = {field.name: getattr(row, field.name) for field in fields(BulkRow)}
    return BulkView(**values, remaining_s=_remaining_s(row))


def _remaining_s(row: BulkRow) -> int | None:
    """What is left at the pace so far; nothing is claimed before a tenth is done, nor while nothing moves."""
    ended = row.total - row.open
    if row.status.value != "processing" or ended * 10 < row.total:
        return None
    return max(1, row.elapsed_s * row.open // ended)
