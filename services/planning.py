"""What can be ordered, and what an order would find. Asked on every change of the form, so only kept or
indexed figures are used."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.campaign import CampaignSpec
from pipeline.discovery.discover import MAX_CANDIDATES
from pipeline.errors import SpecError
from pipeline.money.estimate import Estimate
from pipeline.money.estimate import estimate as estimated
from pipeline.place import PlaceQuery
from pipeline.words.categories import all_categories, match_types
from services import providers
from services.errors import Invalid
from services.identity import Person
from store import localities, place_imports, places
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
        counts = place_imports.category_counts(conn)
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
    types = match_types(spec.business_types)
    with transaction(Role.WEB, user_id=person.id) as conn:
        try:
            area = localities.locate(conn, spec.location, spec.radius_km)
        except SpecError as error:
            raise Invalid({"location": str(error)}) from None
        query = PlaceQuery(types=types, area=area, limit=MAX_CANDIDATES) if area and types else None
        known = places.count(conn, query) if query else 0
    return estimated(providers.order(spec), area, known)
