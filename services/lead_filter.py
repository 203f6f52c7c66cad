"""What lists of leads are filtered by: one model for the book, a campaign, exports and what is done to all of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.campaign import MAX_TEXT, clean_text
from pipeline.geo.box import Box, checked, written
from pipeline.lead import EmailStatus
from pipeline.output.notices import counted
from pipeline.providers.registry import registry
from store.book import MOST_COUNTED
from store.lead_where import EmailKind as EmailKind
from store.lead_where import FollowUp as FollowUp
from store.lead_where import LeadWhere, Near
from store.lead_where import TeamStatus as TeamStatus


def _several(given: object) -> object:
    """One value is as good as several: orders and files of before hold one."""
    return (given,) if isinstance(given, str) else () if given is None else given


Text = Annotated[str, BeforeValidator(clean_text), Field(max_length=MAX_TEXT)]
MOST_KM = 500.0
MOST_VALUES = 100
"""Values of one filter; our own choice."""


class NearPlace(BaseModel):
    """So many kilometres around a point (WGS 84 degrees) that people know under a name."""

    model_config = ConfigDict(frozen=True)

    label: Text
    lat: float = Field(ge=-90, le=90)
    lon: float = Field(ge=-180, le=180)
    km: float = Field(gt=0, le=MOST_KM)


class LeadFilter(BaseModel):
    """Which leads to show; everything that is set must hold, and what nobody knows of a lead does not hold.

    Of ``category``, ``status``, ``team_status`` and ``tag`` any of several values may hold. ``owner`` is a person of
    the workspace, ``today`` the day it is for whoever looks. ``ids`` are rows that were chosen one by one: leads of a
    campaign, companies of the book. Money in micro-dollars. The other fields are those of
    ``store.lead_where.LeadWhere``.
    """

    model_config = ConfigDict(frozen=True)

    text: Text | None = None
    place: Text | None = None
    near: NearPlace | None = None
    box: Annotated[Box, BeforeValidator(checked)] | None = None
    category: Annotated[tuple[Text, ...], BeforeValidator(_several)] = Field(
        default=(), max_length=MOST_VALUES
    )
    min_confidence: int = Field(default=0, ge=0, le=100)
    min_reach: int = Field(default=0, ge=0, le=100)
    has_phone: bool | None = None
    has_mobile: bool | None = None
    has_website: bool | None = None
    has_email: bool | None = None
    has_hours: bool | None = None
    is_open: bool | None = None
    has_profile: bool | None = None
    status: Annotated[tuple[EmailStatus, ...], BeforeValidator(_several)] = ()
    email_kind: EmailKind | None = None
    is_chain: bool | None = None
    is_ruled_out: bool | None = None
    is_customer: bool | None = None
    is_exported: bool | None = None
    exported_since: datetime | None = None
    exported_before: datetime | None = None
    is_suppressed: bool | None = None
    source: Text | None = None
    campaign: UUID | None = None
    found_since: datetime | None = None
    found_before: datetime | None = None
    seen_since: datetime | None = None
    seen_before: datetime | None = None
    min_cost_micros: int | None = Field(default=None, ge=0, lt=2**63)
    max_cost_micros: int | None = Field(default=None, ge=0, lt=2**63)
    team_status: Annotated[tuple[TeamStatus, ...], BeforeValidator(_several)] = ()
    owner: UUID | None = None
    has_owner: bool | None = None
    tag: Annotated[tuple[Text, ...], BeforeValidator(_several)] = Field(default=(), max_length=MOST_VALUES)
    follow_up: FollowUp | None = None
    today: date | None = None
    ids: tuple[UUID, ...] = Field(default=(), max_length=MOST_COUNTED)

    def where(self, today: date | None = None) -> LeadWhere:
        """The conditions as the store takes them; ``today`` counts where the filter says none."""
        values = {name: getattr(self, name) for name in LeadFilter.model_fields}
        near = Near(lat=self.near.lat, lon=self.near.lon, km=self.near.km) if self.near else None
        return LeadWhere(**{**values, "near": near, "today": self.today or today})

    def as_kept(self) -> str:
        """As JSON of what is set alone, for a record of what somebody did."""
        return self.model_dump_json(exclude_defaults=True)


def in_words(filter: LeadFilter, everything: str = "every lead of the campaign") -> str:
    """The filter as a person would say it; ``everything`` is what none lets through."""
    parts = [*_of_text(filter), *_of_lead(filter), *_of_team(filter)]
    if filter.ids:
        parts.append(f"{counted(len(filter.ids), 'lead')} chosen one by one")
    given = {
        "phone": filter.has_phone,
        "mobile number": filter.has_mobile,
        "website": filter.has_website,
        "e-mail": filter.has_email,
        "opening hours": filter.has_hours,
        "profile": filter.has_profile,
    }
    parts += [f"{'with' if has else 'without'} {name}" for name, has in given.items() if has is not None]
    return ", ".join(parts) or f"none: {everything}"


def _any(values: Sequence[str]) -> str:
    return " or ".join(values)


def _of_text(filter: LeadFilter) -> list[str]:
    near = filter.near
    return [
        *([f"text “{filter.text}”"] if filter.text else []),
        *([f"place “{filter.place}”"] if filter.place else []),
        *([f"within {near.km:g} km of {near.label}"] if near else []),
        *([f"within the area {written(filter.box)}"] if filter.box else []),
    ]


def _of_lead(filter: LeadFilter) -> list[str]:
    costs = {"at least": filter.min_cost_micros, "at most": filter.max_cost_micros}
    days = {
        "first found from": filter.found_since,
        "first found before": filter.found_before,
        "last found from": filter.seen_since,
        "last found before": filter.seen_before,
        "last in a file from": filter.exported_since,
        "last in a file before": filter.exported_before,
    }
    named = {
        "category": _any(filter.category),
        "e-mail status": _any(filter.status),
        "e-mail address": filter.email_kind,
        "source": registry().origin_label(filter.source) if filter.source else None,
        "campaign": filter.campaign,
    }
    chain = {True: "part of a chain", False: "independent", None: ""}[filter.is_chain]
    open = {True: "open now", False: "closed now", None: ""}[filter.is_open]
    out = {True: "ruled out by criteria", False: "not ruled out by criteria", None: ""}[filter.is_ruled_out]
    return [
        *([f"confidence at least {filter.min_confidence}"] if filter.min_confidence else []),
        *([f"reach at least {filter.min_reach}"] if filter.min_reach else []),
        *(f"{name} {value}" for name, value in named.items() if value),
        *(words for words in (chain, open, out) if words),
        *(f"{words} {moment:%Y-%m-%d %H:%M %Z}" for words, moment in days.items() if moment),
        *(f"cost {words} ${micros / 1e6:g}" for words, micros in costs.items() if micros is not None),
    ]


def _of_team(filter: LeadFilter) -> list[str]:
    either = (
        (filter.has_owner, "with an owner", "without owner"),
        (filter.is_customer, "customers", "no customers"),
        (filter.is_exported, "taken in a file", "in no file yet"),
        (filter.is_suppressed, "on the suppression list", "not on the suppression list"),
    )
    named = {
        "status": _any(filter.team_status),
        "owner": filter.owner,
        "tag": _any(filter.tag),
        "follow-up": filter.follow_up,
    }
    said = [f"{name} {value}" for name, value in named.items() if value]
    return [*said, *(yes if holds else no for holds, yes, no in either if holds is not None)]
