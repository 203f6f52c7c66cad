"""Bulk orders: many campaigns planned, ordered, read, paused, stopped and deleted together."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from api.v1 import answers, bulk_model, paging, replays
from api.v1.bulk_model import Bulk, BulkOrder, BulkPlan, Bulks, Further, Noted, Ordered, Orders
from api.v1.door import Asking, IdempotencyKey
from api.v1.paging import Part
from pipeline.bulk_rows import BulkRow
from services import bulk_checks, bulk_continuing, bulk_drafts, bulk_orders
from services.bulk_checks import CheckedRow
from services.identity import Person
from services.plan_facts import usd

router = APIRouter(prefix="/bulk-orders", tags=["bulk-orders"])
_MISSING = answers.problems(404, 409)


@router.post("/plan", summary="Plan many orders")
def plan(person: Asking, orders: Orders) -> BulkPlan:
    """What many orders would find, cost and take together. Nothing is started, asked, kept or paid. With hundreds of
    them it takes some seconds. Any key may ask."""
    return planned(person, orders)


def planned(person: Person, orders: Orders) -> BulkPlan:
    """The plans of all orders put together. Nothing is kept or paid."""
    rows = _checked(person, orders)
    specs = [row.spec for row in rows if row.spec]
    quote = bulk_drafts.quote([*bulk_drafts.estimates(person, specs)])
    return BulkPlan(
        orders=quote.orders,
        leads_low=quote.leads[0],
        leads_high=quote.leads[1],
        cost_low_usd=usd(quote.cost_micros[0]),
        cost_high_usd=usd(quote.cost_micros[1]),
        duration_low_s=quote.duration_s[0],
        duration_high_s=quote.duration_s[1],
        bad=tuple(_bad(rows)),
        duplicates=tuple(_duplicates(rows)),
    )


@router.post(
    "",
    summary="Order many campaigns",
    status_code=201,
    response_model=Ordered,
    responses=answers.created("The bulk order, whose campaigns begin in turns."),
)
def submit(
    request: Request, person: Asking, order: BulkOrder, idempotency_key: IdempotencyKey = None
) -> Response:
    """Order many campaigns at once: all that are not left out, or none. Needs `submit`."""
    return replays.once(request, person, idempotency_key, order, partial(ordered, person, order))


def ordered(person: Person, order: BulkOrder, made_id: UUID) -> Ordered:
    """Place a bulk order under an id that is the same each time it is tried. Raises as ``bulk_orders.submit`` does."""
    left_out: list[Noted] = []
    specs = [each.spec() for each in order.orders]
    if order.skip_bad or order.skip_duplicates:
        rows = _checked(person, order)
        left_out += _bad(rows) if order.skip_bad else ()
        left_out += _duplicates(rows) if order.skip_duplicates else ()
        without = {noted.index for noted in left_out}
        specs = [spec for index, spec in enumerate(specs) if index not in without]
    made = bulk_orders.submit(person, specs, order.cap_usd, replays.key_of(made_id))
    return Ordered(**bulk_model.values(bulk_orders.get(person, made)), left_out=tuple(left_out))


@router.get(
    "", summary="List bulk orders", responses=answers.page("Bulk orders of the workspace, newest first.")
)
def listing(request: Request, response: Response, person: Asking, asked: Annotated[Part, Query()]) -> Bulks:
    """The bulk orders of the workspace."""
    found = part(person, asked)
    paging.link(request, response, found.next_cursor)
    return found


def part(person: Person, asked: Part) -> Bulks:
    """A part of the bulk orders of the workspace."""
    found = bulk_orders.listing(person, asked.begins(), asked.limit)
    items = tuple(Bulk(**bulk_model.values(row)) for row in found.rows)
    return Bulks(items=items, next_cursor=found.next_cursor, total=found.total)


@router.get("/{bulk_id}", summary="Read a bulk order", responses=answers.problems(404))
def read(person: Asking, bulk_id: UUID) -> Bulk:
    """One bulk order; its campaigns are at `campaigns_url`, its leads those of the book with `campaign` as its id."""
    return _told(person, bulk_id)


@router.delete("/{bulk_id}", summary="Delete a bulk order", status_code=204, responses=_MISSING)
def delete(person: Asking, bulk_id: UUID) -> None:
    """Remove an ended bulk order with its campaigns and their leads; what they cost stays. Needs `submit`."""
    bulk_orders.delete(person, bulk_id)


@router.post("/{bulk_id}/pause", summary="Pause a bulk order", responses=_MISSING)
def pause(person: Asking, bulk_id: UUID) -> Bulk:
    """Let no further campaign of it begin; those that run go on to their end. Needs `submit`."""
    bulk_orders.pause(person, bulk_id)
    return _told(person, bulk_id)


@router.post("/{bulk_id}/resume", summary="Resume a bulk order", responses=_MISSING)
def resume(person: Asking, bulk_id: UUID) -> Bulk:
    """Let its campaigns begin again; of one that is not paused nothing changes. Needs `submit`."""
    bulk_orders.resume(person, bulk_id)
    return _told(person, bulk_id)


@router.post("/{bulk_id}/cancel", summary="Stop a bulk order", responses=_MISSING)
def cancel(person: Asking, bulk_id: UUID) -> Bulk:
    """Stop all of its campaigns; what they found stays. Of one that has ended nothing changes. Needs `submit`."""
    bulk_orders.cancel(person, bulk_id)
    return _told(person, bulk_id)


@router.post("/{bulk_id}/continue", summary="Go on with a bulk order", responses=_MISSING)
def go_on(
    person: Asking, bulk_id: UUID, further: Further, request: Request, idempotency_key: IdempotencyKey = None
) -> Bulk:
    """Let campaigns that failed, were cut short or stopped do what they left undone. Needs `submit`."""
    return continued(person, bulk_id, further, idempotency_key or request.state.request_id)


def continued(person: Person, bulk_id: UUID, further: Further, key: str) -> Bulk:
    """Go on with it; the same key raises the cap once. Raises as ``bulk_continuing.go_on`` does."""
    bulk_continuing.go_on(person, bulk_id, further.add_cap_usd, key)
    return _told(person, bulk_id)


def _checked(person: Person, given: Orders) -> tuple[CheckedRow, ...]:
    specs = [order.spec() for order in given.orders]
    rows = [BulkRow(row=index, written=spec.title, spec=spec) for index, spec in enumerate(specs)]
    return bulk_checks.checked(person, rows)


def _bad(rows: Iterable[CheckedRow]) -> list[Noted]:
    return [Noted(index=row.row, said=row.problem) for row in rows if not row.is_good]


def _duplicates(rows: Iterable[CheckedRow]) -> list[Noted]:
    return [
        Noted(
            index=row.row,
            said="A campaign for the same runs already."
            if row.same_as is None
            else f"It looks for the same as the order at {row.same_as}.",
            same_as=row.same_as,
        )
        for row in rows
        if row.is_duplicate
    ]


def _told(person: Person, bulk_id: UUID) -> Bulk:
    return Bulk(**bulk_model.values(bulk_orders.get(person, bulk_id)))
