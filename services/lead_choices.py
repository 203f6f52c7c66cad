"""What people can choose from when they filter leads, and how many leads each choice would leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from pipeline.providers.registry import registry
from pipeline.words.categories import label_for
from services.campaigns import UNKNOWN
from services.errors import NotFound
from services.identity import Person
from services.lead_filter import LeadFilter
from store import lead_choices, lead_facets
from store.database import Role, transaction
from store.lead_choices import Choice
from store.lead_facets import NOBODY as NOBODY
from store.lead_facets import Facet as Facet
from store.lead_where import of_book, of_campaign


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadChoices:
    """What there is: categories as tag, words and count; tags; people, campaigns and sources as key and name."""

    categories: tuple[tuple[str, str, int], ...]
    tags: tuple[str, ...]
    people: tuple[tuple[UUID, str], ...]
    campaigns: tuple[tuple[UUID, str], ...]
    sources: tuple[tuple[str, str], ...]


def of_the_book(person: Person) -> LeadChoices:
    """What the book can be filtered by."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        return _choices(lead_choices.of_book(conn, person.workspace_id))


def of_the_campaign(person: Person, campaign_id: UUID) -> LeadChoices:
    """What the leads of a campaign can be filtered by. Raises NotFound."""
    with transaction(Role.WEB, proof=person.proof) as conn:
        found = _choices(lead_choices.of_campaign(conn, (person.workspace_id, campaign_id)))
    if not found.campaigns:
        raise NotFound(UNKNOWN)
    return found


def counts(person: Person, filter: LeadFilter, campaign_id: UUID | None) -> Mapping[str, Facet]:
    """How many leads each value of a filter would leave beside the other filters, by the name of the filter's field;
    of the book without a campaign. Of each filter at most ``store.lead_facets.MOST_READ`` leads are looked at."""
    workspace = person.workspace_id
    scope = of_campaign((workspace, campaign_id)) if campaign_id else of_book(workspace)
    with transaction(Role.WEB, proof=person.proof) as conn:
        return lead_facets.facets(conn, scope, filter.where())


def _choices(found: Sequence[Choice]) -> LeadChoices:
    return LeadChoices(
        categories=tuple(
            (each.value, label_for(each.value), each.leads) for each in found if each.what == "category"
        ),
        tags=tuple(each.value for each in found if each.what == "tag"),
        people=tuple((UUID(each.value), each.label or "") for each in found if each.what == "person"),
        campaigns=tuple((UUID(each.value), each.label or "") for each in found if each.what == "campaign"),
        sources=tuple(
            (origin, registry().origin_label(origin)) for origin in dict.fromkeys(registry().origins())
        ),
    )
