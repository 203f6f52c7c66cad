"""What can be ordered, and what an order would find. Asked on every change of the form, so only what is at hand is
used: the catalogue, answers that are held, what earlier campaigns taught."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.campaign import CampaignSpec
from pipeline.errors import SpecError
from pipeline.money import plan_words
from pipeline.money.course import course
from pipeline.money.estimate import Estimate
from pipeline.money.estimate import estimate as estimated
from pipeline.money.in_book import InBook
from pipeline.money.kept import Kept, kept_by
from pipeline.money.orders import Found, Order
from pipeline.money.outlook import Candidate
from pipeline.money.saving import saved
from pipeline.money.shares import EITHER, HARDLY
from pipeline.place import TypeMatch
from pipeline.scoring.demands import demanded
from pipeline.scoring.figures import ScoreContext
from pipeline.words.categories import all_categories
from pipeline.words.understanding import match_types
from services import known_companies, prospects, providers, understanding
from services.errors import Invalid
from services.identity import Person
from services.survey import Survey, candidates, survey
from store import category_counts, earlier_orders, localities, provider_stops
from store.database import Role, transaction

__all__ = ["CategoryChoice", "Estimate", "category_choices", "estimate", "location_choices"]

MAX_LOCATIONS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryChoice:
    """A business type to offer: its label, the tags it means, how many such places are known."""

    label: str
    tags: tuple[str, ...]
    known: int


def category_choices() -> tuple[CategoryChoice, ...]:
    """Every category, those with most known places first."""
    with transaction(Role.WEB) as conn:
        counts = category_counts.all_of(conn)
    choices = (
        CategoryChoice(
            label=category.label, tags=category.tags, known=sum(counts.get(tag, 0) for tag in category.tags)
        )
        for category in all_categories()
    )
    return tuple(sorted(choices, key=lambda choice: (-choice.known, choice.label)))


def location_choices() -> tuple[str, ...]:
    """Names of localities in the catalogue, largest first, at most MAX_LOCATIONS."""
    with transaction(Role.WEB) as conn:
        return localities.names(conn, MAX_LOCATIONS)


def estimate(person: Person, spec: CampaignSpec) -> Estimate:
    """What an order would find, cost and take; raises Invalid when its location cannot be one."""
    spec = understanding.ordered(spec)
    order = providers.order(spec)
    types = match_types(spec.business_types, spec.by_name)
    try:
        looked = survey(person, order, types)
    except SpecError as error:
        raise Invalid({"location": str(error)}) from None
    order, found = _known(person, order, looked, types)
    drawn = course(order, found)
    message, warnings = plan_words.told(order, found, drawn)
    return estimated(order, found, drawn, message, warnings)


def _known(person: Person, order: Order, looked: Survey, types: tuple[TypeMatch, ...]) -> tuple[Order, Found]:
    """The order with the figures of its providers, and everything at hand about its businesses."""
    spec = order.spec
    is_certain = all(looked.is_held.get(source.key) for source in order.sources)
    with transaction(Role.WEB, proof=person.proof) as conn:
        customers = known_companies.customers_among(conn, person.workspace_id, looked.businesses)
        rest = _others(looked, customers if spec.skip_customers else None)
        in_book = known_companies.among(conn, person.workspace_id, rest.businesses)
        everybody = candidates(rest, spec, types, in_book or ())
        likely = [each for each in everybody if not (spec.skips_known and each.is_in_book)]
        # What an order found before is in the book: of one for new companies it tells nothing.
        earlier = None if is_certain or spec.skips_known else prospects.before(conn, person, spec)
        stopped = provider_stops.stopped(conn)
        running, was_there = earlier_orders.standing(conn, person.workspace_id, spec)
        leads = earlier.candidates if earlier else tuple(likely[: spec.max_results])
        again = [each for each in everybody[: spec.max_results] if each.is_in_book]
        informed = prospects.informed(conn, person, [*leads, *again])
        learnt = prospects.known(conn, person)
        order = replace(order, figures=prospects.figures(conn, order, learnt, informed))
    chosen, again_informed = informed[: len(leads)], informed[len(leads) :]
    found = Found(
        area=looked.area,
        near=looked.near,
        known=looked.known,
        candidates=chosen,
        qualified=None if looked.is_whole else _of_all(looked, len(likely)),
        is_held=looked.is_held,
        before=replace(earlier, candidates=chosen) if earlier else None,
        # Of a place that was searched before, most answers may be held; of a new one hardly any.
        familiar=EITHER if was_there else HARDLY,
        running=running,
        kept=_kept(order, rest, types, in_book),
        customers=known_companies.told_of_customers(order, looked, customers),
        left_out=known_companies.left_out(spec, in_book, customers, was_there=was_there),
        stopped=stopped,
    )
    return order, replace(found, in_book=_in_book(order, rest, found, in_book, again_informed))


def _others(looked: Survey, customers: frozenset[str] | None) -> Survey:
    """What was found without the customers an order leaves out."""
    if not customers:
        return looked
    return replace(
        looked,
        businesses=tuple(business for business in looked.businesses if business.key not in customers),
    )


def _kept(
    order: Order, looked: Survey, types: tuple[TypeMatch, ...], in_book: frozenset[str] | None
) -> Kept | None:
    """What the settings keep of those that may become leads; what a paid source states is known once it is asked."""
    spec = order.spec
    paid = frozenset(fact for source in order.sources if source.paid for fact in source.states)
    left_out = in_book if in_book and spec.skips_known else frozenset()
    return kept_by(
        spec,
        [business for business in looked.businesses if business.key not in left_out],
        ScoreContext(types=types, today=looked.today),
        is_whole=looked.is_whole,
        asked=frozenset(name for name, demand in demanded(spec).items() if demand.fact in paid),
    )


def _in_book(
    order: Order, looked: Survey, found: Found, known: frozenset[str] | None, again: Sequence[Candidate]
) -> InBook | None:
    """What the plan says of the book. Which of its companies would be leads is only certain when all free sources were
    looked at whole."""
    told = known_companies.told(order, looked, known)
    is_told = looked.is_whole and all(looked.is_held.values()) and bool(looked.businesses)
    return replace(told, saved=saved(order, found, again)) if told and is_told else told


def _of_all(looked: Survey, qualified: int) -> int:
    """How many meet what is asked for, when as many of all do as of those that were looked at."""
    return round((looked.known or 0) * qualified / max(1, len(looked.businesses)))
