"""What the pipeline needs from outside, as small protocols.

``jobs/`` implements them over Postgres; tests over lists. A new source or enrichment provider implements
``PlaceSearch`` or ``EnrichmentStep`` and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol

from pipeline.campaign import Stage
from pipeline.lead import Business, Lead
from pipeline.place import Area, Place, PlaceQuery


class PlaceSearch(Protocol):
    """A source of businesses. ``name`` is the value of the campaign's ``Source`` it answers for."""

    name: str

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        """The area a typed location means, or None when the source does not know it.

        Raises SpecError when the text can be no location at all.
        """

    def search(self, query: PlaceQuery) -> Iterator[Sequence[Place]]:
        """Batches of places, nearest first; raises SourceError when the source cannot answer."""


class EnrichmentStep(Protocol):
    """One step of the enrichment waterfall: looks at a lead, returns it with what it learnt added.

    The returned lead has exactly one more entry in ``steps``; the step never raises for one lead's data.
    """

    name: str

    def enrich(self, lead: Lead) -> Lead: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """The live figures of a campaign. None means "not known yet" and leaves the stored figure as it is."""

    businesses_found: int | None = None
    qualified_leads: int | None = None
    leads_enriched: int | None = None
    emails_found: int | None = None
    avg_confidence: Decimal | None = None


class Progress(Protocol):
    """How the pipeline tells people where it is."""

    def report(self, stage: Stage, percent: int, metrics: Metrics, message: str | None = None) -> None:
        """Record progress; ``message`` becomes a line of the event log.

        Raises Cancelled or LeaseLost when the campaign must stop.
        """


class CampaignMemory(Protocol):
    """Checkpoints: what a campaign has already stored, so a resumed run repeats nothing."""

    def discovered(self) -> Sequence[Business] | None:
        """The businesses of a finished discovery, best first, or None when discovery has not finished."""

    def save_discovered(self, businesses: Sequence[Business]) -> None:
        """Store all scored businesses and mark discovery finished, in one transaction."""

    def enriched_keys(self) -> frozenset[str]:
        """Keys of the businesses that already are stored leads."""

    def emails_found(self) -> int:
        """How many of the stored leads have an e-mail address."""

    def save_leads(self, leads: Sequence[Lead]) -> None:
        """Store leads as they become ready; storing the same business twice changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPorts:
    """Everything one run needs from outside. ``today`` is the day of the run, which freshness counts from."""

    searches: Sequence[PlaceSearch]
    steps: Sequence[EnrichmentStep]
    memory: CampaignMemory
    progress: Progress
    today: date
