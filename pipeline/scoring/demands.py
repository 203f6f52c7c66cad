"""What an order may demand that only some sources state: a rating, reviews, a year of founding, a size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from pipeline.campaign import CampaignSpec
from pipeline.lead import Business
from pipeline.place_facts import year_of
from pipeline.providers.declaration import ProviderSpec
from pipeline.scoring.switches import Condition, switched_on


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """``fact`` names the field of a lead that has to be stated and ``noun`` what a sentence calls it; ``label`` is that
    of the form, ``loosened`` says how to keep more. Of what the order holds ``said`` makes the words for it, and for
    one and for many businesses that are kept; ``is_met`` compares the value of a business with it."""

    fact: str
    noun: str
    label: str
    loosened: str
    said: Callable[[Any], tuple[str, str, str]]
    is_met: Callable[[str, Any], bool]

    def condition(self, wanted: object) -> Condition:
        """The condition of an order that demands so much."""
        label, one, many = self.said(wanted)
        return Condition(
            label=label,
            one=one,
            many=many,
            loosened=self.loosened,
            keeps=lambda business: (
                (value := business.value(self.fact)) is not None and self.is_met(value, wanted)
            ),
        )


def _rated(stars: float) -> tuple[str, str, str]:
    return f"rating at least {stars:g}", f"is rated {stars:g} or better", f"are rated {stars:g} or better"


def _reviewed(number: int) -> tuple[str, str, str]:
    reviews = f"at least {number:,} review{'' if number == 1 else 's'}"
    return reviews, f"has {reviews}", f"have {reviews}"


def _young(year: int) -> tuple[str, str, str]:
    return f"founded since {year}", f"was founded in {year} or later", f"were founded in {year} or later"


def _sized(sizes: Sequence[str]) -> tuple[str, str, str]:
    either = " or ".join(filter(None, (", ".join(sizes[:-1]), sizes[-1])))
    return f"company size {either}", f"is of {either} size", f"are of {either} size"


DEMANDS: Mapping[str, Demand] = MappingProxyType(
    {
        "min_rating": Demand(
            fact="rating",
            noun="rating",
            label="Minimum rating",
            loosened="lower the rating",
            said=_rated,
            is_met=lambda value, stars: float(value) >= stars,
        ),
        "min_reviews": Demand(
            fact="reviews",
            noun="number of reviews",
            label="Minimum number of reviews",
            loosened="ask for fewer reviews",
            said=_reviewed,
            is_met=lambda value, number: int(value) >= number,
        ),
        "founded_since": Demand(
            fact="founded",
            noun="date of founding",
            label="Founded since",
            loosened="choose an earlier year",
            said=_young,
            is_met=lambda value, year: year_of(value) >= year,
        ),
        "company_sizes": Demand(
            fact="company_size",
            noun="company size",
            label="Company size",
            loosened="choose more sizes",
            said=_sized,
            is_met=lambda value, sizes: value in sizes,
        ),
    }
)
"""By the name of the field of an order, which is empty where nothing is demanded."""

FACTS = frozenset(demand.fact for demand in DEMANDS.values())
"""The fields of a lead they go by."""


def demanded(spec: CampaignSpec) -> Mapping[str, Demand]:
    """Those of an order."""
    return {name: demand for name, demand in DEMANDS.items() if getattr(spec, name)}


def conditions(spec: CampaignSpec) -> tuple[Condition, ...]:
    """All an order asks of businesses, beside the figures they have to come to."""
    wanted = (demand.condition(getattr(spec, name)) for name, demand in demanded(spec).items())
    return (*switched_on(spec), *wanted)


def unstated(spec: CampaignSpec, businesses: Sequence[Business]) -> Mapping[str, int]:
    """Of how many businesses no source states what is demanded, by its noun; each counts once."""
    found: dict[str, int] = {}
    for business in businesses:
        missing = (demand.noun for demand in demanded(spec).values() if business.value(demand.fact) is None)
        if noun := next(missing, None):
            found[noun] = found.get(noun, 0) + 1
    return found


def stated_by_none(spec: CampaignSpec, sources: Sequence[ProviderSpec]) -> Mapping[str, Demand]:
    """What an order demands and none of these sources can state, by the name of its field."""
    stated = frozenset[str]().union(*(source.states for source in sources))
    return {name: demand for name, demand in demanded(spec).items() if demand.fact not in stated}


def in_vain(spec: CampaignSpec, source: ProviderSpec, sources: Sequence[ProviderSpec]) -> tuple[str, ...]:
    """The nouns of what is demanded, where asking this one of the ``sources`` makes no lead: it states nothing of it,
    so that what it adds qualifies without it or never; or something is stated by none of them."""
    wanted = demanded(spec).values()
    if stated_by_none(spec, sources) or not any(demand.fact in source.states for demand in wanted):
        return tuple(demand.noun for demand in wanted)
    return ()
