"""The ports of a campaign kept in lists, and builders for the values that go through them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from threading import Event

from pipeline.campaign import CampaignSpec, CampaignStatus, Stage
from pipeline.company_keys import Stand, company_keys
from pipeline.discovery.businesses import from_records
from pipeline.discovery.records import is_open, read
from pipeline.enrichment.steps import OpenDataStep
from pipeline.errors import ProspectError
from pipeline.geo.location import KM_PER_DEGREE
from pipeline.lead import Business, Contact, Lead
from pipeline.place import Area, Place, PlaceQuery
from pipeline.ports import BatchStep, CampaignPorts, EnrichmentStep, Metrics
from pipeline.run import Outcome
from pipeline.suppression import Listed, SuppressedBy, SuppressedKind

TODAY = date(2026, 11, 24)
HARBOUR = Area(label="Harbour Town", lat=60.0, lon=25.0, radius_km=5.0, country="FI")
METRE = 1 / (KM_PER_DEGREE * 1000)
"""Degrees of latitude in a metre."""


def place(ref: str = "node/1", /, **values: object) -> Place:
    """A café in the middle of Harbour Town; any field can be given."""
    given: dict[str, object] = {
        "source": "openstreetmap",
        "source_ref": ref,
        "name": "Anchor",
        "category": "amenity=cafe",
        "lat": 60.0,
        "lon": 25.0,
        "observed_on": TODAY,
    }
    return Place(**(given | values))  # type: ignore[arg-type]


def full_place(ref: str = "node/1", /, **values: object) -> Place:
    """A café with everything recorded but the e-mail address and opening hours: 80 points."""
    given: dict[str, object] = {
        "street": "Pier Street",
        "housenumber": "5",
        "postcode": "00100",
        "city": "Harbour Town",
        "phone": "+358 9 1234567",
        "website": "https://anchor.example.com",
    }
    return place(ref, **(given | values))


def from_places(places: Sequence[Place], default_country: str | None, today: date) -> list[Business]:
    """The businesses behind those of the places that are open; ``default_country`` is that of their phone numbers."""
    return from_records([read(place, default_country) for place in places if is_open(place, today)])


def cafes(number: int, **values: object) -> list[Place]:
    """Cafés with full contacts, each with a name and a spot of its own."""
    return [
        full_place(f"node/{n}", **{"name": f"Anchor {n:04}", "lat": 60 + n * 200 * METRE} | values)
        for n in range(number)
    ]


def spec(**values: object) -> CampaignSpec:
    """An order for cafés in Harbour Town that every named café meets."""
    given: dict[str, object] = {
        "business_types": ("cafe",),
        "location": "Harbour Town",
        "min_confidence": 0,
    }
    return CampaignSpec.model_validate(given | values)


def completed(leads: int, notice: str | None = None) -> Outcome:
    """How a campaign ends that asked all its sources."""
    return Outcome(status=CampaignStatus.COMPLETED, reason=None, notice=notice, leads=leads)


@dataclass
class ListSearch:
    """A source that holds a list. ``fails_after`` batches it raises ``failure``; ``taken`` counts its batches."""

    places: Sequence[Place] = ()
    name: str = "open_data"
    is_paid: bool = False
    said: Sequence[str] = ()
    area: Area | None = HARBOUR
    batch: int = 2
    failure: ProspectError | None = None
    fails_after: int = 0
    locating_fails: ProspectError | None = None
    taken: int = 0
    asked: list[PlaceQuery] = field(default_factory=list)
    located: list[tuple[str, float | None]] = field(default_factory=list)

    def locate(self, location: str, radius_km: float | None) -> Area | None:
        self.located.append((location, radius_km))
        if self.locating_fails:
            raise self.locating_fails
        return self.area

    def search(self, query: PlaceQuery) -> Iterator[Sequence[Place]]:
        self.asked.append(query)
        for number, start in enumerate(range(0, len(self.places), self.batch)):
            if self.failure and number == self.fails_after:
                raise self.failure
            self.taken += 1
            yield self.places[start : start + self.batch]
        if self.failure and not self.places:
            raise self.failure

    def remarks(self) -> Sequence[str]:
        return self.said


@dataclass
class ListSuppressions:
    """A suppression list in memory."""

    listed: set[str] = field(default_factory=set)

    def suppressed(self, values: Sequence[str]) -> frozenset[str]:
        return frozenset(value for value in values if self.listed & {value, value.rpartition("@")[2]})

    def entries(self, values: Sequence[str]) -> Mapping[str, Listed]:
        why = Listed(SuppressedKind.DOMAIN, SuppressedBy.TYPED, "asked us")
        return dict.fromkeys(self.suppressed(values), why)

    def suppress(self, value: str, reason: str) -> None:
        self.listed.add(value)


@dataclass
class ListBook:
    """A book of companies in memory; ``asked`` are the batches of keys it was asked for."""

    companies: Sequence[Business] = ()
    asked: list[Sequence[bytes]] = field(default_factory=list)

    def stands(self, keys: Sequence[bytes]) -> Mapping[bytes, Stand]:
        self.asked.append(keys)
        held = {
            key.hashed: Stand(company.lat, company.lon)
            for company in self.companies
            for key in company_keys(company)
        }
        return {key: held[key] for key in keys if key in held}


@dataclass
class ListCustomers:
    """Lists of customers in memory: ``names`` as rows name them, ``companies`` of the book that are marked."""

    names: frozenset[str] = frozenset()
    companies: Sequence[Business] = ()
    asked: list[Sequence[str]] = field(default_factory=list)

    def named(self, values: Sequence[str]) -> frozenset[str]:
        self.asked.append(values)
        return self.names.intersection(values)

    def stands(self, keys: Sequence[bytes]) -> Mapping[bytes, Stand]:
        return ListBook(self.companies).stands(keys)


@dataclass
class ListMemory:
    """What a campaign stored, in lists."""

    found: dict[str, Business] = field(default_factory=dict)
    stored: dict[str, Lead] = field(default_factory=dict)
    contacts: dict[str, Contact] = field(default_factory=dict)
    finished: bool = False
    saves: int = 0
    left_out: Mapping[Listed, int] = field(default_factory=dict)
    known: int = 0
    bought: int = 0

    def is_discovered(self) -> bool:
        return self.finished

    def businesses(self) -> Sequence[Business]:
        return list(self.found.values())

    def save_businesses(self, businesses: Sequence[Business]) -> None:
        for business in businesses:
            self.found.setdefault(business.key, business)

    def note_left_out(self, left_out: Mapping[Listed, int]) -> None:
        self.left_out = left_out

    def note_in_book(self, number: int) -> None:
        self.known = number

    def in_book(self) -> int:
        return self.known

    def note_customers(self, number: int) -> None:
        self.bought = number

    def customers(self) -> int:
        return self.bought

    def finish_discovery(self) -> None:
        self.finished = True

    def leads(self) -> Sequence[Lead]:
        return list(self.stored.values())

    def save_leads(self, leads: Sequence[Lead]) -> None:
        self.saves += 1
        self.stored |= {lead.business.key: lead for lead in leads}

    def known_contact(self, domain: str) -> Contact | None:
        return self.contacts.get(domain)


@dataclass
class ListProgress:
    """Every report in order. Raises ``stop`` once: at report ``stops_at``, or when ``stops_when`` is set."""

    stop: ProspectError | None = None
    stops_at: int = 0
    stops_when: Event = field(default_factory=Event)
    stopped: Event = field(default_factory=Event)
    reports: list[tuple[Stage, int, Metrics]] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)

    def report(self, stage: Stage, percent: int, metrics: Metrics, message: str | None = None) -> None:
        self.reports.append((stage, percent, metrics))
        if message:
            self.messages.append(message)
        is_time = len(self.reports) == self.stops_at or self.stops_when.is_set()
        if self.stop and is_time and not self.stopped.is_set():
            self.stopped.set()
            raise self.stop

    def last(self, figure: str) -> object:
        """The figure as the campaign last reported it."""
        known = [getattr(metrics, figure) for _, _, metrics in self.reports]
        return next((value for value in reversed(known) if value is not None), None)


def ports(
    *searches: ListSearch,
    memory: ListMemory | None = None,
    progress: ListProgress | None = None,
    steps: Sequence[EnrichmentStep | BatchStep] = (OpenDataStep(),),
    suppressions: ListSuppressions | None = None,
    book: ListBook | None = None,
    customers: ListCustomers | None = None,
) -> CampaignPorts:
    """Ports over lists; new ones where none is given."""
    return CampaignPorts(
        searches=searches,
        steps=steps,
        memory=memory or ListMemory(),
        progress=progress or ListProgress(),
        suppressions=suppressions or ListSuppressions(),
        book=book or ListBook(),
        customers=customers or ListCustomers(),
        today=TODAY,
    )
