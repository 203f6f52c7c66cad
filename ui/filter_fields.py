"""The filters of a list of leads that are one of several values: what each is called and what it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from services.identity import Person
from services.lead_choices import NOBODY, LeadChoices
from services.saved_views import Listing
from ui.viewer_time import midnight
from ui.words import EMAIL_KIND, EMAIL_STATUS, FOLLOW_UP, TEAM_STATUS

Asked = Mapping[str, object]
"""Fields of ``LeadFilter`` with their values."""
_FREE_MAIL_HELP = "An address at a mailbox provider says nothing of who reads it."
_CHAINS: Mapping[str, Asked] = {"Independent": {"is_chain": False}, "Part of a chain": {"is_chain": True}}
_OPEN: Mapping[str, Asked] = {"Open now": {"is_open": True}, "Closed now": {"is_open": False}}
_OPEN_HELP = (
    "At this moment, by the clock of the place and in a week without holidays. Places whose hours nobody knows, that"
    " cannot be read or that change with the season are neither."
)
_CRITERIA: Mapping[str, Asked] = {
    "Not ruled out": {"is_ruled_out": False},
    "Ruled out": {"is_ruled_out": True},
}
_CRITERIA_HELP = "Whether its own website says that it is not what the order asked for."
_CUSTOMERS: Mapping[str, Asked] = {
    "Customers": {"is_customer": True},
    "Not on a list": {"is_customer": False},
}
_CUSTOMER_HELP = "Whether the company stands on a list of customers that somebody uploaded."
_EXPORTED: Mapping[str, Asked] = {"In a file": {"is_exported": True}, "Not yet": {"is_exported": False}}
_EXPORTED_HELP = "Whether the company ever left in a file that somebody downloaded or had made."
_SUPPRESSED: Mapping[str, Asked] = {"On it": {"is_suppressed": True}, "Not on it": {"is_suppressed": False}}
_COSTS: Mapping[str, Asked] = {
    "Nothing": {"max_cost_micros": 0},
    "Something": {"min_cost_micros": 1},
    "5 cents or more": {"min_cost_micros": 50_000},
}
_DAYS = {"Today": 0, "Last 7 days": 6, "Last 30 days": 29, "Last 90 days": 89}
_LONG_AGO, _LONG_DAYS = "Longer ago than 90 days", 89


@dataclass(frozen=True, slots=True, kw_only=True)
class Pick:
    """One filter.

    ``asks`` says of each value in the address which fields it sets, ``words`` what a value is called when that is not
    itself. ``facet`` is the field whose counts stand beside the values, ``counted`` the value each count is under. Of a
    filter that ``takes_several`` any of the values that are chosen may hold.
    """

    name: str
    label: str
    asks: Mapping[str, Asked]
    words: Mapping[str, str] = field(default_factory=dict)
    facet: str = ""
    counted: Mapping[str, str] = field(default_factory=dict)
    help: str | None = None
    takes_several: bool = False

    @property
    def options(self) -> list[str]:
        return list(self.asks)

    def asked(self, chosen: Sequence[str]) -> dict[str, object]:
        """The fields of ``LeadFilter`` with what is chosen."""
        each = [self.asks[value] for value in chosen if value in self.asks]
        if not self.takes_several:
            return {field: value for asks in each for field, value in asks.items()}
        return {field: tuple(asks[field] for asks in each) for field in (each[0] if each else ())}


def rows(person: Person, listing: Listing, choices: LeadChoices, today: date) -> tuple[tuple[Pick, ...], ...]:
    """The filters of a list, as they stand beside and below each other."""
    return (
        (*_of_business(choices), *_of_email()),
        tuple(_of_team(person, choices)),
        tuple(_of_lists(today)),
        tuple(_of_search(listing, choices, today)),
    )


def _of_business(choices: LeadChoices) -> Iterator[Pick]:
    tags = {label: tag for tag, label, _ in choices.categories}
    asks = {label: {"category": tag} for label, tag in tags.items()}
    yield Pick(
        name="category", label="Category", asks=asks, facet="category", counted=tags, takes_several=True
    )
    yield Pick(name="kind", label="Chain", asks=_CHAINS, help="Independent: no chain is known.")
    yield Pick(name="criteria", label="Criteria", asks=_CRITERIA, help=_CRITERIA_HELP)
    yield Pick(name="open", label="Open", asks=_OPEN, help=_OPEN_HELP)


def _of_email() -> Iterator[Pick]:
    yield Pick(
        name="status",
        label="E-mail status",
        asks={words: {"status": status} for status, words in EMAIL_STATUS.items()},
        facet="status",
        counted={words: status.value for status, words in EMAIL_STATUS.items()},
        takes_several=True,
    )
    yield Pick(
        name="mail",
        label="Kind of address",
        asks={words: {"email_kind": kind} for kind, words in EMAIL_KIND.items()},
        help=_FREE_MAIL_HELP,
    )


def _of_team(person: Person, choices: LeadChoices) -> Iterator[Pick]:
    yield Pick(
        name="state",
        label="Status",
        asks={words: {"team_status": status} for status, words in TEAM_STATUS.items()},
        facet="team_status",
        counted={words: status.value for status, words in TEAM_STATUS.items()},
        takes_several=True,
    )
    people = {"Me": person.id, **{email: user for user, email in choices.people if user != person.id}}
    yield Pick(
        name="owner",
        label="Owner",
        asks={
            "Me": {"owner": person.id},
            "Nobody": {"has_owner": False},
            **{name: {"owner": user} for name, user in people.items()},
        },
        facet="owner",
        counted={"Nobody": NOBODY, **{name: str(user) for name, user in people.items()}},
    )
    asks = {words: {"follow_up": due} for due, words in FOLLOW_UP.items()}
    yield Pick(name="follow", label="Follow-up", asks=asks)
    tags = {tag: {"tag": tag} for tag in choices.tags}
    counted = {tag: tag for tag in tags}
    yield Pick(name="tag", label="Tag", asks=tags, facet="tag", counted=counted, takes_several=True)


def _of_lists(today: date) -> Iterator[Pick]:
    yield Pick(name="customer", label="Customer", asks=_CUSTOMERS, help=_CUSTOMER_HELP)
    yield Pick(name="exported", label="Exported", asks=_EXPORTED, help=_EXPORTED_HELP)
    yield Pick(
        name="taken", label="Last exported", asks=_times(today, "exported"), help="The last file it was in."
    )
    yield Pick(name="suppressed", label="Suppression list", asks=_SUPPRESSED)
    yield Pick(
        name="cost", label="Cost", asks=_COSTS, help="What was paid for the newest lead of the company."
    )


def _of_search(listing: Listing, choices: LeadChoices, today: date) -> Iterator[Pick]:
    sources = dict(choices.sources)
    yield Pick(
        name="source",
        label="Source",
        asks={key: {"source": key} for key in sources},
        words=sources,
        facet="source",
        counted={key: key for key in sources},
    )
    if listing is Listing.BOOK:
        titles = _told_apart(choices.campaigns)
        yield Pick(
            name="by",
            label="Campaign",
            asks={key: {"campaign": UUID(key)} for key in titles},
            words=titles,
            facet="campaign",
            counted={key: str(UUID(key)) for key in titles},
        )
    yield Pick(name="found", label="First found", asks=_times(today, "found"))
    yield Pick(name="seen", label="Last found", asks=_times(today, "seen"))


def _times(today: date, of: str) -> dict[str, Asked]:
    lately: dict[str, Asked] = {
        words: {f"{of}_since": midnight(today, -days)} for words, days in _DAYS.items()
    }
    return {**lately, _LONG_AGO: {f"{of}_before": midnight(today, -_LONG_DAYS)}}


def _told_apart(campaigns: Sequence[tuple[UUID, str]]) -> dict[str, str]:
    """Campaigns by id; a name that several bear gets a number."""
    seen: dict[str, int] = {}
    titles = {}
    for campaign, title in campaigns:
        seen[title] = seen.get(title, 0) + 1
        titles[campaign.hex] = title if seen[title] == 1 else f"{title} ({seen[title]})"
    return titles
