"""What of an order's businesses the workspace's book holds or its lists of customers name, for its plan."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from pipeline.campaign import CampaignSpec
from pipeline.discovery.customers import Customers as CustomerLists
from pipeline.discovery.familiar import Familiar
from pipeline.lead import Business
from pipeline.money.in_book import Customers, InBook
from pipeline.money.orders import Order
from pipeline.money.shares import EVEN, SELDOM, Share
from services.survey import Survey
from store import customers, known_companies
from store.database import Connection


def among(conn: Connection, workspace_id: UUID, businesses: Sequence[Business]) -> frozenset[str] | None:
    """The ``key`` of each business that is in the book; None while the book is empty."""
    if not known_companies.is_any(conn, workspace_id):
        return None
    return Familiar(partial(known_companies.stands, conn, workspace_id)).among(businesses)


def told(order: Order, looked: Survey, known: frozenset[str] | None) -> InBook | None:
    """What the plan says of the book; None where there is nothing to compare, or everybody was chosen from it."""
    asked = _asked_later(order, looked)
    if order.spec.is_of_book or known is None or not (looked.businesses or asked):
        return None
    return InBook(known=len(known), of=len(looked.businesses), is_whole=looked.is_whole, asked=asked)


def customers_among(
    conn: Connection, workspace_id: UUID, businesses: Sequence[Business]
) -> frozenset[str] | None:
    """The ``key`` of each business that is a customer; None while there is no list of customers."""
    if not customers.are_any(conn, workspace_id):
        return None
    named = partial(customers.named, conn, workspace_id)
    return CustomerLists(named, partial(customers.stands, conn, workspace_id)).among(businesses)


def told_of_customers(order: Order, looked: Survey, known: frozenset[str] | None) -> Customers | None:
    """What the plan says of customers; None where there is nothing to compare. ``looked`` is with them."""
    asked = _asked_later(order, looked)
    if known is None or not (looked.businesses or asked):
        return None
    return Customers(number=len(known), of=len(looked.businesses), is_whole=looked.is_whole, asked=asked)


def left_out(
    spec: CampaignSpec, known: frozenset[str] | None, listed: frozenset[str] | None, *, was_there: bool
) -> Share | None:
    """Of businesses nobody knows yet the share that the order leaves out: anything for new ones where campaigns of the
    workspace have been, and otherwise few."""
    if known is not None and spec.skips_known:
        return EVEN if known or was_there else SELDOM
    return SELDOM if listed is not None and spec.skip_customers else None


def _asked_later(order: Order, looked: Survey) -> tuple[str, ...]:
    return tuple(source.order_label for source in order.sources if not looked.is_held.get(source.key))
