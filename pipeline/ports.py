"""What the pipeline needs from outside, as small protocols.

``jobs/`` implements them over Postgres; tests over lists. A new source or enrichment provider implements
``PlaceSearch`` or ``EnrichmentStep`` and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, runtime_checkable

from pipeline.campaign import Stage
from pipeline.company_keys import Stand
from pipeline.lead import Business, Contact, Lead
from pipeline.money.calls import SuppressionList
from pipeline.place import Area, Place, PlaceQuery
from pipeline.suppression import Listed

KNOWN_FOR_DAYS = 90
"""How long an address verified for this workspace counts as verified without paying again; our own choice."""


class PlaceSearch(Protocol):
    """A source of businesses. ``name`` is the value of the campaign's ``Source`` it answers for.

    A source that ``is_paid`` is asked only for what the free ones leave open.
    """

    name: str
    is_paid: bool

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        """The area a typed location means, or None when the source does not know it.

        Raises SpecError when the text can be no location at all.
        """

    def search(self, query: PlaceQuery) -> Iterator[Sequence[Place]]:
        """Batches of places, nearest first, asked for as they are taken; closing it ends the search.

        Raises SourceError when the source cannot answer, BudgetReached when the next question costs too much.
        """

    def remarks(self) -> Sequence[str]:
        """What a person should know of the last search, such as a limit of the source that was hit."""


class EnrichmentStep(Protocol):
    """One step of the enrichment waterfall: looks at a lead, returns it with what it learnt added.

    The returned lead has exactly one more entry in ``steps``; the step never raises for one lead's data.
    """

    name: str

    def enrich(self, lead: Lead) -> Lead:
        """Safe to call from several threads. Raises Stopped."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What a step for many leads did when it was its turn.

    ``done`` are leads it is through with, each with exactly one more entry in ``steps``. ``work`` is what it has to ask
    now; each piece is called once, on a thread of its own, and leaves what it learnt with the step.
    """

    done: Sequence[Lead] = ()
    work: Sequence[Callable[[], None]] = ()


@runtime_checkable
class BatchStep(Protocol):
    """A step of the waterfall that asks for many leads at once, as verification lists do. One object serves one run."""

    name: str

    def take_turn(self, leads: Sequence[Lead], coming: int | None) -> Turn:
        """Take leads that became ready, and look at what the work of earlier turns came to.

        ``coming``: how many more leads may become ready at most; None while nobody knows. Called by one thread only,
        when leads are ready and after each piece of work. With nothing coming and no work under way no lead may be
        left. A piece of work raises Stopped and nothing else.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """The live figures of a campaign. None means "not known yet" and leaves the stored figure as it is."""

    businesses_found: int | None = None
    qualified_leads: int | None = None
    leads_enriched: int | None = None
    emails_found: int | None = None
    emails_verified: int | None = None
    avg_confidence: Decimal | None = None
    avg_reach: Decimal | None = None


class Progress(Protocol):
    """How the pipeline tells people where it is."""

    def report(self, stage: Stage, percent: int, metrics: Metrics, message: str | None = None) -> None:
        """Record progress; ``message`` becomes a line of the event log.

        Raises Cancelled or LeaseLost when the campaign must stop.
        """


class CampaignMemory(Protocol):
    """Checkpoints: what a campaign has already stored, so a resumed run repeats nothing."""

    def is_discovered(self) -> bool:
        """Whether an earlier attempt finished the discovery."""

    def businesses(self) -> Sequence[Business]:
        """The scored businesses stored so far, in the order they were chosen in."""

    def save_businesses(self, businesses: Sequence[Business]) -> None:
        """Store scored businesses behind those already there; one that is stored stays as it is."""

    def note_left_out(self, left_out: Mapping[Listed, int]) -> None:
        """Keep how many businesses were left out for the suppression list, by entry; the newest count replaces the one
        before."""

    def note_in_book(self, number: int) -> None:
        """Keep how many of the businesses found are in the workspace's book already; the newest count replaces the one
        before."""

    def in_book(self) -> int:
        """What ``note_in_book`` kept; 0 before."""

    def note_customers(self, number: int) -> None:
        """Keep how many of the businesses found are customers; the newest count replaces the one before."""

    def customers(self) -> int:
        """What ``note_customers`` kept; 0 before."""

    def finish_discovery(self) -> None:
        """Mark the discovery as finished."""

    def leads(self) -> Sequence[Lead]:
        """The leads stored so far, finished or not."""

    def save_leads(self, leads: Sequence[Lead]) -> None:
        """Store leads as they become ready; a later state of a lead replaces the earlier."""

    def known_contact(self, domain: str) -> Contact | None:
        """An address of a company's domain that an earlier campaign of this workspace verified, when that is the newest
        verdict anybody has about it."""


class Book(Protocol):
    """The companies that other campaigns of the workspace found."""

    def stands(self, keys: Sequence[bytes]) -> Mapping[bytes, Stand]:
        """Where the companies stand that keys of ``company_keys`` lead to, by key; one that leads to none is not
        there."""


class CustomerLists(Protocol):
    """The companies on the workspace's lists of customers."""

    def named(self, values: Sequence[str]) -> frozenset[str]:
        """Those of the values of ``keys_of_company`` by which a list names a customer."""

    def stands(self, keys: Sequence[bytes]) -> Mapping[bytes, Stand]:
        """As of the book, of its companies that are customers alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPorts:
    """Everything one run needs from outside. ``today`` is the day of the run, which freshness counts from."""

    searches: Sequence[PlaceSearch]
    steps: Sequence[EnrichmentStep | BatchStep]
    memory: CampaignMemory
    progress: Progress
    suppressions: SuppressionList
    book: Book
    customers: CustomerLists
    today: date
