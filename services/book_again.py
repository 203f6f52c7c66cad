"""Having companies of the book looked up again: a list of them, and what its order would cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from pipeline.campaign import (
    CUSTOMERS_ARE_SKIPPED,
    MAX_BUDGET_USD,
    MICROS_PER_USD,
    CampaignSpec,
    KnownCompanies,
)
from pipeline.imports.own_list import MOST_COMPANIES
from pipeline.lead import BOOK_COMPANY
from pipeline.money.order_prices import dearest_price_micros
from pipeline.output.notices import counted
from services import planning, providers
from services.errors import Invalid, NotFound
from services.identity import Person
from services.permissions import Right, require
from store import own_lists, provider_setup
from store.database import Role, transaction
from store.ids import new_id
from store.own_lists import Orderable

MOST_AT_ONCE = MOST_COMPANIES
_MOST_WAITING = 5
"""Lists of one person that wait to be ordered; the oldest goes for the next. Our own choice."""
_CENT_MICROS = MICROS_PER_USD // 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A list of companies to look up again, ready to be ordered, and a budget that is enough for it."""

    list_id: UUID
    companies: int
    budget_usd: Decimal


def choose(person: Person, companies: Sequence[UUID]) -> Chosen:
    """Make a list of companies of the book by what their sources say of them. Nothing is asked or paid before somebody
    orders a campaign of it; a list of which nobody does goes within a day.

    Raises NotAllowed, Invalid for more than ``MOST_AT_ONCE`` companies, and NotFound when none of them can be looked
    up.
    """
    require(person, Right.KEEP_LISTS)
    wanted = tuple(dict.fromkeys(companies))
    if len(wanted) > MOST_AT_ONCE:
        raise Invalid(f"At most {MOST_AT_ONCE:,} companies are looked up at once. Narrow the filters.")
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = own_lists.chosen(conn, person.workspace_id, wanted).businesses
        if not found:
            raise NotFound("None of these companies can be looked up again: they are gone from the book.")
        new = Orderable(
            id=new_id(),
            name=f"Look up again: {counted(len(found), 'company', 'companies')}",
            companies=len(found),
            is_of_book=True,
            left_out=len(wanted) - len(found),
        )
        ids = [UUID(business.details[BOOK_COMPANY]) for business in found]
        own_lists.choose(conn, person.workspace_id, person.id, new, ids)
        own_lists.let_older_go(conn, person.workspace_id, person.id, _MOST_WAITING)
    return Chosen(list_id=new.id, companies=new.companies, budget_usd=_budget_usd(person, new))


def _budget_usd(person: Person, new: Orderable) -> Decimal:
    """The most the usual look-ups of these companies are expected to cost, and one call more, as the last ones on their
    way need it; in whole cents. Nothing for a guest, whose orders cost nothing."""
    if person.is_free:
        return Decimal(0)
    limits = {
        "max_results": new.companies,
        "known_companies": KnownCompanies.REFRESH,
        "skip_customers": CUSTOMERS_ARE_SKIPPED,
        "budget_usd": MAX_BUDGET_USD,
        "waterfall": providers.defaults()[1],
    }
    order = CampaignSpec.model_validate({**new.whom, **limits})
    dearest = planning.estimate(person, order).cost_high_micros
    if not dearest:
        return Decimal(0)
    dearest += dearest_price_micros(providers.chosen_by(order), provider_setup.step_prices)
    return min(MAX_BUDGET_USD, Decimal(-(-dearest // _CENT_MICROS)) / 100)
