"""A bulk order as programs see it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from api.v1.bodies import Body
from api.v1.orders import EXAMPLE as ORDER
from api.v1.orders import Order
from api.v1.paging import Page
from api.v1.problems import PREFIX
from pipeline.bulk_rows import MAX_ORDERS
from pipeline.bulk_status import BulkStatus
from services.bulk_orders import MAX_CAP_USD, BulkView
from services.plan_facts import usd
from services.plan_model import Usd

_ORDERS: Any = [ORDER, {**ORDER, "location": "Espoo"}]
_COUNTS = {
    **{"pending": 400, "processing": 2, "completed": 95, "partial": 2, "failed": 1, "cancelled": 0},
    "total": 500,
}
EXAMPLE: dict[str, Any] = {
    "id": "01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e91",
    "url": "/api/v1/bulk-orders/01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e91",
    "campaigns_url": "/api/v1/campaigns?bulk_order=01932f5e-8a4b-7c1d-9e2f-3a4b5c6d7e91",
    "title": "Cafe, bakery in 250 places",
    "status": "processing",
    "is_final": False,
    "progress": 19,
    "campaigns": _COUNTS,
    "leads": 2310,
    "emails_found": 940,
    "emails_verified": 0,
    "cap_usd": "25",
    "used_usd": "0",
    "spent_usd": "0",
    "saved_usd": "0",
    "uncertain_usd": "0",
    "simulated": False,
    "ordered_by": "sales@example.com",
    "created_at": "2026-11-27T09:00:00Z",
    "started_at": "2026-11-27T09:00:02Z",
    "ended_at": None,
    "elapsed_s": 180,
    "remaining_s": 730,
}


class Orders(Body):
    """Many orders; each is as for a single campaign."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"orders": _ORDERS}]})

    orders: Annotated[tuple[Order, ...], Field(min_length=1, max_length=MAX_ORDERS)]


class BulkOrder(Orders):
    """Many orders that together may spend at most ``cap_usd``, or where that is null the sum of their budgets. With
    ``skip_bad`` those that cannot be placed are left out; without, nothing is ordered. With ``skip_duplicates`` those
    are left out that look for the same as another one of them or as a campaign that runs; without, they are ordered,
    too."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"orders": _ORDERS, "cap_usd": "25"}]})

    cap_usd: Annotated[Decimal, Field(ge=0, le=int(MAX_CAP_USD), decimal_places=6)] | None = None
    skip_bad: bool = False
    skip_duplicates: bool = False


class Further(Body):
    """By how much to raise the cap, if at all."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"add_cap_usd": "5"}]})

    add_cap_usd: Annotated[Decimal, Field(ge=0, le=int(MAX_CAP_USD), decimal_places=6)] = Decimal(0)


class Noted(BaseModel):
    """Something about one of the orders, by its place among them, from 0; ``same_as`` is the place of an earlier one
    that it repeats."""

    index: int
    said: str
    same_as: int | None = None


class BulkPlan(BaseModel):
    """What many orders would find, cost and take together, without the ``bad`` ones, from low to high. A company that
    several of them find counts for each. ``duration_low_s`` and ``duration_high_s`` are one after the other."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    **{
                        "orders": 2,
                        "leads_low": 20,
                        "leads_high": 50,
                        "cost_low_usd": "0",
                        "cost_high_usd": "0",
                    },
                    **{"duration_low_s": 10, "duration_high_s": 40, "bad": [], "duplicates": []},
                }
            ]
        }
    )

    orders: int
    leads_low: int
    leads_high: int
    cost_low_usd: Usd
    cost_high_usd: Usd
    duration_low_s: int
    duration_high_s: int
    bad: tuple[Noted, ...]
    duplicates: tuple[Noted, ...]


class Counts(BaseModel):
    """How many of its campaigns are in each state."""

    pending: int
    processing: int
    completed: int
    partial: int
    failed: int
    cancelled: int
    total: int


class Bulk(BaseModel):
    """A bulk order. ``used_usd`` is what counts against the cap: what was spent, and the price of calls on their way.
    ``remaining_s`` is an estimate."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    id: UUID
    url: str
    campaigns_url: str
    title: str
    status: BulkStatus
    is_final: bool
    progress: Annotated[int, Field(ge=0, le=100)]
    campaigns: Counts
    leads: int
    emails_found: int
    emails_verified: int
    cap_usd: Usd
    used_usd: Usd
    spent_usd: Usd
    saved_usd: Usd
    uncertain_usd: Usd
    simulated: bool
    ordered_by: str | None
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    elapsed_s: int
    remaining_s: int | None


class Ordered(Bulk):
    """The same, with the orders that were left out."""

    model_config = ConfigDict(json_schema_extra={"examples": [{**EXAMPLE, "left_out": []}]})

    left_out: tuple[Noted, ...]


class Bulks(Page):
    """Bulk orders, newest first; ``total`` counts all."""

    items: tuple[Bulk, ...]
    total: int


_SAME = (
    *("id", "title", "status", "leads", "emails_found", "emails_verified", "simulated", "ordered_by"),
    *("created_at", "elapsed_s", "remaining_s"),
)


def values(view: BulkView) -> dict[str, Any]:
    """What a program is told of a bulk order."""
    return {
        **{name: getattr(view, name) for name in _SAME},
        "url": f"{PREFIX}/bulk-orders/{view.id}",
        "campaigns_url": f"{PREFIX}/campaigns?bulk_order={view.id}",
        "is_final": view.status.is_final,
        "progress": view.percent,
        "campaigns": Counts(**{name: getattr(view, name) for name in Counts.model_fields}),
        **{f"{name}_usd": usd(getattr(view, f"{name}_micros")) for name in ("cap", "used", "spent", "saved")},
        "uncertain_usd": usd(view.uncertain_micros),
        "started_at": view.begun_at,
        "ended_at": view.over_at,
    }
