"""An order as its plan sees it, and what is known of it before anybody is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.campaign import CampaignSpec
from pipeline.money.in_book import Customers, InBook
from pipeline.money.kept import Kept
from pipeline.money.outlook import Candidate, ProviderFigures
from pipeline.money.shares import HARDLY, Share
from pipeline.place import Area
from pipeline.providers.declaration import ProviderSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The same search carried out before: the leads it found, and how often each paid source was asked. ``wanted``
    is how many leads were ordered then."""

    candidates: tuple[Candidate, ...]
    questions: Mapping[str, int]
    wanted: int

    def fills(self, number: int) -> bool:
        """Whether it found so many leads, or all there are."""
        return number <= len(self.candidates) or len(self.candidates) < self.wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is known of an order's businesses without asking anybody.

    ``near`` are places that come near one that is not known, in words. ``known`` counts matching records, None where
    the place is not known. ``candidates`` are the leads that the
    answers at hand make, best first. ``qualified``: how many there are, when not all of them were looked at; their
    shares then tell of the rest. ``is_held`` says of each free source that its answer is at hand. ``familiar``: the
    share of questions about businesses not known yet whose answers may be held; ``running`` counts the workspace's
    other campaigns; ``kept`` how many of the businesses looked at the order keeps; ``in_book`` how many of them are in
    the book, and ``customers`` how many are on a list of customers, None where there is none to compare; customers that
    are left out do not count for the book. ``left_out``: the share of businesses not known yet that will be left out as
    either, None where the order leaves none out. ``stopped``: keys of the providers that an administrator stopped.
    """

    area: Area | None = None
    near: tuple[str, ...] = ()
    known: int | None = None
    candidates: tuple[Candidate, ...] = ()
    qualified: int | None = None
    is_held: Mapping[str, bool] = field(default_factory=dict)
    before: Before | None = None
    familiar: Share = HARDLY
    running: int = 0
    kept: Kept | None = None
    in_book: InBook | None = None
    customers: Customers | None = None
    left_out: Share | None = None
    stopped: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order as the plan sees it: its spec, the sources and steps of it that work here, in the order of a campaign,
    the paid ways to find a place, and the figures of each by its key."""

    spec: CampaignSpec
    types: int = 1
    sources: tuple[ProviderSpec, ...] = ()
    steps: tuple[ProviderSpec, ...] = ()
    locators: tuple[ProviderSpec, ...] = ()
    figures: Mapping[str, ProviderFigures] = field(default_factory=dict)

    @property
    def asks_elsewhere(self) -> bool:
        """Whether a source may know of a place that this installation does not."""
        return any(source.endpoint for source in self.sources)

    def is_known(self, found: Found) -> bool:
        """Whether the number of its businesses is at hand, at least roughly."""
        is_certain = all(found.is_held.get(source.key) for source in self.sources)
        return is_certain or found.before is not None or bool(found.area and found.known)
