"""A plan as programs read it: the same facts at the command line, in quotes and over HTTP. Money in US dollars."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Usd = Annotated[str, Field(pattern=r"^\d+(\.\d+)?$", examples=["0.0245"])]
"""An amount in US dollars, exactly."""


class Part(BaseModel):
    """What plans are made of."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Alternative(Part):
    """What else a typed type may mean, and how many such businesses are known."""

    label: str
    tags: tuple[str, ...]
    any_of: tuple[tuple[str, ...], ...]
    known: int | None


class PlannedType(Part):
    """What one typed type of business is taken for, how, and what else it may mean. ``tags`` are all that take part;
    those of one list in ``any_of`` together make a kind, and any of the kinds is meant."""

    typed: str
    label: str
    tags: tuple[str, ...]
    any_of: tuple[tuple[str, ...], ...]
    how: str
    words: tuple[str, ...]
    left_out: tuple[str, ...]
    place: str | None
    known: int | None
    alternatives: tuple[Alternative, ...]


class PlaceCandidate(Part):
    """A place that a location may mean, and how many businesses are known there."""

    label: str
    country: str | None
    businesses: int


class PlannedPlace(Part):
    """What the location is taken for, and what it may mean."""

    label: str | None
    country: str | None
    candidates: tuple[PlaceCandidate, ...]


class PlannedCalls(Part):
    """How often a paid provider would be asked, and what that costs."""

    provider: str
    low: int
    high: int
    cost_low_usd: Usd
    cost_high_usd: Usd


class Saved(Part):
    """What leaving out companies of the book saves."""

    look_ups_low: int
    look_ups_high: int
    cost_low_usd: Usd
    cost_high_usd: Usd


class KnownInBook(Part):
    """How many of the businesses known are in the book."""

    known: int
    of: int
    is_whole: bool
    saved: Saved | None


class KnownCustomers(Part):
    """How many of the businesses known are customers."""

    known: int
    of: int
    is_whole: bool


class Range(Part):
    """An amount from low to high."""

    low: Usd
    high: Usd


class Left(Part):
    """What the money limits leave; null without one."""

    day: Usd | None = None
    month: Usd | None = None


class Plan(Part):
    """What an order would find, cost and take. Nothing was started, asked or paid. ``refusals`` say why it would not be
    taken as it is; they stand among the ``warnings`` as well."""

    types: tuple[PlannedType, ...]
    place: PlannedPlace | None
    matching: int = Field(description="Matching businesses that are known, before duplicates are merged.")
    leads_low: int
    leads_high: int
    in_book: KnownInBook | None
    customers: KnownCustomers | None
    calls: tuple[PlannedCalls, ...]
    cost_low_usd: Usd
    cost_high_usd: Usd
    included_usd: Range | None
    left_usd: Left
    duration_low_s: int
    duration_high_s: int
    message: str
    warnings: tuple[str, ...]
    refusals: tuple[str, ...]
