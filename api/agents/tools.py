"""What an agent can do here: plan, have a quote made, start what was quoted, follow it, and read what it found.

A campaign by itself starts by ``start`` alone, which takes a quote that holds, a cap within it and a key that makes it
safe to be called again; the limits of the workspace, of the person and of the key hold all the same. What starts many
stands in ``bulk_tools`` and ``schedule_tools``.
"""

from __future__ import annotations

from base64 import b64encode
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from mcp.server.mcpserver import Context
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import BaseModel, Field

from api.agents.telling import COSTS, KEEPS, LOOKS, Asking, OnceKey, Tool, refusals_told
from api.v1 import campaign_model, lead_model, plans, spend
from api.v1.campaign_model import Campaign
from api.v1.lead_model import Lead, Leads
from api.v1.lead_query import BodyFilter
from api.v1.orders import Order
from api.v1.plans import Quote
from api.v1.problems import PREFIX
from api.v1.spend import Spend, Sums
from services import campaigns, exporting, leads_that_leave, limits, plan_facts, planning, quoting
from services.identity import Person
from services.lead_filter import LeadFilter
from services.plan_model import Plan
from services.results import LeadSort

MOST_LEADS, MOST_BYTES = 50, 1_000_000
"""Leads a call may ask for, and bytes of a file it is given; our own choice, for the memory of whoever asks."""
_Campaign = Annotated[UUID, Field(description="The id of a campaign of the workspace.")]


class Exported(BaseModel):
    """A file of leads: as text, or in base 64 where it is none. Taking it is noted in the export log."""

    filename: str
    mime: str
    rows: int
    text: str | None = None
    base64: str | None = None


class Tools:
    """The tools, for whoever ``asking`` says."""

    def __init__(self, asking: Asking) -> None:
        self._asking = asking

    def all(self) -> tuple[Tool, ...]:
        """Each with what is said about it."""
        looks = (self.plan, self.progress, self.leads, self.lead, self.spend)
        return (
            *((tool, LOOKS) for tool in looks),
            (self.quote, KEEPS),
            (self.export, KEEPS),
            (self.stop, KEEPS),
            (self.start, COSTS),
        )

    @refusals_told
    def plan(self, order: Order, ctx: Context[Any, Any]) -> Plan:
        """What an order would find, cost and take, and what stands in its way. Nothing is started, asked or paid."""
        person, spec = self._asking(ctx), order.spec()
        bounds = limits.standing(person)
        expected = planning.estimate(person, spec)
        return plan_facts.facts(spec, expected, bounds, plan_facts.refusals(spec, bounds))

    @refusals_told
    def quote(self, order: Order, ctx: Context[Any, Any]) -> Quote:
        """Keep a plan for an hour, to start it by its id. Show its cost to whoever pays and ask them. Costs nothing."""
        person = self._asking(ctx)
        return plans.read_quote(person, quoting.quote(person, order.spec()).id)

    @refusals_told
    def start(
        self,
        quote_id: Annotated[UUID, Field(description="A quote that holds still.")],
        cap_usd: Annotated[
            Decimal,
            Field(
                ge=0,
                decimal_places=6,
                description="The most it may ever cost, at most the budget quoted for.",
            ),
        ],
        idempotency_key: OnceKey,
        ctx: Context[Any, Any],
    ) -> Campaign:
        """Start what was quoted, once somebody has agreed to its cost. This may cost money, never more than the cap."""
        person = self._asking(ctx)
        return self._campaign(person, quoting.order(person, quote_id, cap_usd, idempotency_key))

    @refusals_told
    def progress(self, campaign_id: _Campaign, ctx: Context[Any, Any]) -> Campaign:
        """How far a campaign is, what it cost so far, and once it has ended how."""
        return self._campaign(self._asking(ctx), campaign_id)

    @refusals_told
    def stop(self, campaign_id: _Campaign, ctx: Context[Any, Any]) -> Campaign:
        """Stop a campaign; what it found stays."""
        person = self._asking(ctx)
        campaigns.cancel(person, campaign_id)
        return self._campaign(person, campaign_id)

    @refusals_told
    def leads(
        self,
        campaign_id: _Campaign,
        ctx: Context[Any, Any],
        filter: BodyFilter = BodyFilter(),  # noqa: B008 - it cannot be changed
        sort: LeadSort = LeadSort.BEST,
        cursor: Annotated[str | None, Field(description="The next_cursor of the part before.")] = None,
        limit: Annotated[int, Field(ge=1, le=MOST_LEADS)] = 20,
    ) -> Leads:
        """Leads of a campaign in parts, the best first. Values that nobody knows are null, and why_empty says why."""
        found = leads_that_leave.of_campaign(self._asking(ctx), campaign_id, filter, sort, cursor, limit)
        return Leads(
            items=tuple(map(lead_model.of, found.rows)),
            next_cursor=found.next_cursor,
            matching=found.matching,
            total=found.total,
        )

    @refusals_told
    def lead(self, campaign_id: _Campaign, lead_id: UUID, ctx: Context[Any, Any]) -> Lead:
        """One lead of a campaign."""
        return lead_model.of(leads_that_leave.one(self._asking(ctx), campaign_id, lead_id))

    @refusals_told
    def export(
        self,
        campaign_id: _Campaign,
        format: Annotated[str, Field(description="The key of a format or preset of exports.")],
        ctx: Context[Any, Any],
    ) -> Exported:
        """Take all leads of a campaign as a file; that is noted in the export log of the workspace."""
        file = exporting.export(self._asking(ctx), campaign_id, LeadFilter(), LeadSort.BEST, format)
        if len(file.data) > MOST_BYTES:
            where = f"{PREFIX}/campaigns/{campaign_id}/file?format={format}"
            raise ToolError(f"The file is larger than a megabyte. Have it taken from {where} with the key.")
        is_text = file.mime.startswith(
            ("text/", "application/json", "application/x-ndjson", "application/geo")
        )
        text = file.data.decode("utf-8-sig") if is_text else None
        base64 = None if is_text else b64encode(file.data).decode()
        return Exported(filename=file.filename, mime=file.mime, rows=file.rows, text=text, base64=base64)

    @refusals_told
    def spend(self, ctx: Context[Any, Any]) -> Spend:
        """What the workspace spent at each provider, and what the money limits leave."""
        return spend.sums(self._asking(ctx), Sums())

    @staticmethod
    def _campaign(person: Person, campaign_id: UUID) -> Campaign:
        return campaign_model.of(campaigns.get(person, campaign_id))
