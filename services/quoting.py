"""Quotes: a plan that is kept for an hour, so that whoever orders by it orders what they were told, within a cap."""

from __future__ import annotations

import hashlib
from decimal import Decimal
from uuid import UUID

from pipeline.campaign import MAX_BUDGET_USD, CampaignSpec
from services import campaigns, limits, plan_facts, planning
from services.errors import Conflict, Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import quotes
from store.database import Role, transaction
from store.ids import new_id
from store.quotes import QuoteRow as QuoteRow


class QuoteOver(Conflict):
    """The hour of a quote is over."""


def quote(person: Person, spec: CampaignSpec) -> QuoteRow:
    """Keep what an order would find, cost and take. Nothing is asked or paid.

    Raises NotAllowed, and Invalid for an order that ``campaigns.submit`` would refuse.
    """
    require(person, Right.RUN_CAMPAIGNS)
    campaigns.check(spec)
    expected, bounds = planning.estimate(person, spec), limits.standing(person)
    told = plan_facts.facts(spec, expected, bounds, plan_facts.refusals(spec, bounds))
    new = quotes.NewQuote(
        id=new_id(),
        spec=spec,
        spec_hash=hashlib.sha256(spec.model_dump_json().encode()).digest(),
        plan=told.model_dump_json(),
        cost_micros=(expected.cost_low_micros, expected.cost_high_micros),
        duration_s=(expected.duration_low_s, expected.duration_high_s),
    )
    with transaction(Role.WEB, proof=person.proof) as conn:
        quotes.add(conn, person.workspace_id, person.id, new)
    return get(person, new.id)


def get(person: Person, quote_id: UUID) -> QuoteRow:
    """A quote of the workspace. Raises NotFound, also for one that is long over."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = quotes.get(conn, person.workspace_id, quote_id)
    if found is None:
        raise NotFound("We can't find that quote. Quotes are kept for a day after their hour.")
    return found


def order(person: Person, quote_id: UUID, amount_usd: Decimal, idem_key: str) -> UUID:
    """Order by a quote, for at most so much; returns the campaign's id, the same for the same ``idem_key``.

    Raises NotFound, QuoteOver, Invalid for a cap beyond the budget that was quoted, and what ``campaigns.submit``
    raises.
    """
    require(person, Right.RUN_CAMPAIGNS)
    found = get(person, quote_id)
    if found.is_over:
        raise QuoteOver("This quote is over: they hold for an hour. Ask for another one.")
    if not 0 <= amount_usd <= min(MAX_BUDGET_USD, found.spec.budget_usd):
        raise Invalid(
            {"budget_usd": f"The cap is at most ${found.spec.budget_usd:,}, the budget that was quoted for."}
        )
    spec = CampaignSpec.model_validate({**found.spec.model_dump(), "budget_usd": amount_usd})
    return campaigns.submit(person, spec, idem_key)
