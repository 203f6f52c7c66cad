"""Many campaigns ordered at once by an agent: planned, started with a cap, followed, paused, stopped, gone on with."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from mcp.server.mcpserver import Context
from pydantic import Field

from api.agents.telling import COSTS, KEEPS, LOOKS, Asking, OnceKey, Tool, refusals_told
from api.v1 import bulk_orders, campaigns, replays
from api.v1.bulk_model import Bulk, BulkOrder, BulkPlan, Bulks, Further, Ordered, Orders
from api.v1.campaign_model import Campaigns
from api.v1.campaigns import Which
from api.v1.orders import Order
from api.v1.paging import Part
from pipeline.bulk_rows import MAX_ORDERS
from services.bulk_orders import MAX_CAP_USD

_Orders = Annotated[tuple[Order, ...], Field(min_length=1, max_length=MAX_ORDERS)]
_Bulk = Annotated[UUID, Field(description="The id of a bulk order of the workspace.")]
_Cursor = Annotated[str | None, Field(max_length=1000, description="The next_cursor of the part before.")]
_Limit = Annotated[int, Field(ge=1, le=50)]
_Usd = Annotated[Decimal, Field(ge=0, le=int(MAX_CAP_USD), decimal_places=6)]


class BulkTools:
    """The tools, for whoever ``asking`` says."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def all(self) -> tuple[Tool, ...]:
        """Each with what is said about it."""
        looks = (self.bulk_plan, self.bulk_list, self.bulk_progress, self.bulk_campaigns)
        keeps = (self.bulk_pause, self.bulk_resume, self.bulk_stop)
        costs = (self.bulk_start, self.bulk_continue)
        return (
            *((tool, LOOKS) for tool in looks),
            *((tool, KEEPS) for tool in keeps),
            *((tool, COSTS) for tool in costs),
        )

    @refusals_told
    def bulk_plan(self, orders: _Orders, ctx: Context[Any, Any]) -> BulkPlan:
        """What up to 1,000 orders would find, cost and take together; which cannot be placed (bad) and which look for
        the same (duplicates), by their index from 0. Nothing is started, asked or paid."""
        return bulk_orders.planned(self._asking(ctx), Orders(orders=orders))

    @refusals_told
    def bulk_start(
        self,
        orders: _Orders,
        cap_usd: Annotated[_Usd, Field(description="The most all of them together may ever cost.")],
        idempotency_key: OnceKey,
        ctx: Context[Any, Any],
        skip_bad: Annotated[bool, Field(description="Leave out those that cannot be placed.")] = False,
        skip_duplicates: Annotated[
            bool, Field(description="Leave out those that look for the same as another or as what runs.")
        ] = False,
    ) -> Ordered:
        """Order all of them, once somebody has seen what bulk_plan says and agreed to its cost: all that are not left
        out, or none. This may cost money, never more than the cap."""
        person = self._asking(ctx)
        order = BulkOrder(orders=orders, cap_usd=cap_usd, skip_bad=skip_bad, skip_duplicates=skip_duplicates)
        make = partial(bulk_orders.ordered, person, order)
        told, _ = replays.made_once(person, idempotency_key, "bulk_start", order, make)
        return Ordered.model_validate_json(told.body)

    @refusals_told
    def bulk_list(self, ctx: Context[Any, Any], cursor: _Cursor = None, limit: _Limit = 20) -> Bulks:
        """The bulk orders of the workspace, newest first."""
        return bulk_orders.part(self._asking(ctx), Part(cursor=cursor, limit=limit))

    @refusals_told
    def bulk_progress(self, bulk_id: _Bulk, ctx: Context[Any, Any]) -> Bulk:
        """How far a bulk order is, how its campaigns ended, and what it cost so far."""
        return bulk_orders.read(self._asking(ctx), bulk_id)

    @refusals_told
    def bulk_campaigns(
        self, bulk_id: _Bulk, ctx: Context[Any, Any], cursor: _Cursor = None, limit: _Limit = 20
    ) -> Campaigns:
        """The campaigns of a bulk order, to read the leads of each by its id."""
        person = self._asking(ctx)
        bulk_orders.read(person, bulk_id)
        return campaigns.part(person, Which(bulk_order=bulk_id, cursor=cursor, limit=limit))

    @refusals_told
    def bulk_pause(self, bulk_id: _Bulk, ctx: Context[Any, Any]) -> Bulk:
        """Let no further campaign of it begin; those that run go on to their end."""
        return bulk_orders.pause(self._asking(ctx), bulk_id)

    @refusals_told
    def bulk_resume(self, bulk_id: _Bulk, ctx: Context[Any, Any]) -> Bulk:
        """Let its campaigns begin again, within the cap there is."""
        return bulk_orders.resume(self._asking(ctx), bulk_id)

    @refusals_told
    def bulk_stop(self, bulk_id: _Bulk, ctx: Context[Any, Any]) -> Bulk:
        """Stop all of its campaigns; what they found stays."""
        return bulk_orders.cancel(self._asking(ctx), bulk_id)

    @refusals_told
    def bulk_continue(
        self,
        bulk_id: _Bulk,
        add_cap_usd: Annotated[
            _Usd, Field(description="By how much to raise the cap, once that was agreed to.")
        ],
        idempotency_key: OnceKey,
        ctx: Context[Any, Any],
    ) -> Bulk:
        """Let campaigns of an ended one that failed, were cut short or stopped do what they left undone. This may cost
        money, never more than the cap and what is added to it."""
        person = self._asking(ctx)
        further = Further(add_cap_usd=add_cap_usd)

        def go_on(made_id: UUID) -> Bulk:
            return bulk_orders.continued(person, bulk_id, further, replays.key_of(made_id))

        told, _ = replays.made_once(person, idempotency_key, f"bulk_continue {bulk_id}", further, go_on)
        return Bulk.model_validate_json(told.body)
