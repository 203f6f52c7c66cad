"""A list of companies to look up: the rows of one that was uploaded, or the companies that were chosen from the book,
are the businesses of the campaign."""

from __future__ import annotations

from pipeline.campaign import LEAD_BOOK, OWN_LIST
from pipeline.ports import PlaceSearch
from pipeline.providers.context import RunContext
from pipeline.providers.declaration import Kind, ProviderSpec


def _build(context: RunContext) -> PlaceSearch:
    return context.own_list


PROVIDERS = (
    ProviderSpec(
        key=OWN_LIST,
        label="Own list",
        kind=Kind.PLACES,
        help="The rows of a list that was uploaded on Lists, which is ordered from there.",
        build=_build,
        origin=OWN_LIST,
        is_offered=False,
        rank=10,
        fields=frozenset({"address", "postcode", "city", "country", "phone", "website", "email"}),
    ),
    ProviderSpec(
        key=LEAD_BOOK,
        label="Your book",
        kind=Kind.PLACES,
        help="Companies chosen on Leads to be looked up again, as their sources know them.",
        build=_build,
        states=frozenset({"rating", "reviews", "founded", "company_size"}),
        is_offered=False,
        rank=10,
    ),
)
