"""A list of leads: the book of a workspace, or the leads of one campaign."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services import lead_choices, saved_views
from services.identity import Person
from services.lead_choices import LeadChoices
from services.results import LeadSort
from services.saved_views import Listing, SavedView
from ui.lead_sorts import BY_BOOK_WORDS, BY_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadList:
    """What a list can be filtered by, its orders by their words, and the views that ``person`` sees of it; without a
    ``campaign`` it is the book."""

    person: Person
    listing: Listing
    campaign: UUID | None
    choices: LeadChoices
    sorts: Mapping[str, LeadSort]
    views: Sequence[SavedView]

    @property
    def subject(self) -> str:
        """Names the list: what was typed in another one means nothing here."""
        return f"{self.listing}-{self.campaign}"


def of_book(person: Person, choices: LeadChoices) -> LeadList:
    """Every company of the workspace."""
    return LeadList(
        person=person,
        listing=Listing.BOOK,
        campaign=None,
        choices=choices,
        sorts=BY_BOOK_WORDS,
        views=saved_views.views(person, Listing.BOOK),
    )


def of_campaign(person: Person, campaign: UUID) -> LeadList:
    """The leads of a campaign. Raises NotFound."""
    return LeadList(
        person=person,
        listing=Listing.CAMPAIGN,
        campaign=campaign,
        choices=lead_choices.of_the_campaign(person, campaign),
        sorts=BY_WORDS,
        views=saved_views.views(person, Listing.CAMPAIGN),
    )
